import type { Parameter } from "../graph/primitives/step/source.js";
import { normalizeKinds } from "./facts/normalize.js";
import { optimizerKinds } from "./facts/optimizer.js";
import { stepKinds } from "./facts/step.js";
import { type Instruction, instruction, type Place } from "./instruction.js";
import { type Group, type ParameterPlaces, part } from "./memory/segments.js";

/** ‖update‖ ≤ learningRate · (amplification · ‖gradient‖ + constant + decay · ‖parameter‖) */
export interface UpdateBound {
  readonly amplification: number;
  readonly constant: number;
  readonly decay: number;
}

/** Where an optimizer works: parts of the segments, laid out alike. */
export interface UpdatePlaces {
  readonly parameters: Place;
  readonly gradients: Place;
  readonly slots: readonly Place[];
}

/** How a group is updated. */
export type UpdateGroup = Pick<Group, "decay" | "rate" | "since">;

/** What updates the parameters: `src/optimizers/` gives it. */
export interface Update {
  /** Tensors that it keeps for each parameter. */
  readonly slots: number;
  /** Of a group with that weight decay. */
  bound(decay: number): UpdateBound;
  instructions(places: UpdatePlaces, group: UpdateGroup): readonly Instruction[];
  /** What it does once the weights are such as their constraints allow. */
  readonly after?: ((places: UpdatePlaces, group: UpdateGroup) => readonly Instruction[]) | undefined;
}

/** What is done to a gradient before the update; 0 leaves it as it is. */
export interface Clipping {
  /** Norm that the whole gradient is scaled down to. */
  readonly norm: number;
  /** What no element exceeds. */
  readonly value: number;
  /** Norm that the gradient of each parameter is scaled down to. */
  readonly parameterNorm: number;
}

export interface UpdateOptions {
  readonly update: Update;
  readonly clipping: Clipping;
  /** Whether a step has several micro-batches, whose gradients are added up. */
  readonly accumulates: boolean;
  /** Whether the loss is a mean over the rows of a step, or their sum. */
  readonly weighted: boolean;
  /** Parameters for which the step gives a new average. */
  readonly averaged: readonly Parameter[];
}

/**
 * The instructions behind a step's gradients: adding up, the check of their norm, clipping, the update of each group,
 * constraints, averages.
 */
export function updateInstructions(placed: ParameterPlaces, options: UpdateOptions): Instruction[] {
  const { groups, trainedBytes, averagedBytes } = placed;
  const { update, accumulates, weighted } = options;
  if (trainedBytes === 0) return [];
  const movedBytes = trainedBytes + averagedBytes;
  // What the micro-batches add up to lies behind the gradient of the last one.
  const start = accumulates ? movedBytes : 0;
  const sumOf = (offset: number, bytes: number) => part("gradients", start + offset, bytes);
  const accumulate = (offset: number, bytes: number, isMean: boolean) =>
    accumulation(sumOf(offset, bytes), part("gradients", offset, bytes), isMean);
  const places = (offset: number, bytes: number): UpdatePlaces => ({
    parameters: part("parameters", offset, bytes),
    gradients: sumOf(offset, bytes),
    slots: Array.from({ length: update.slots }, (_, i) => part("slots", i * trainedBytes + offset, bytes)),
  });
  const trained = [...placed.places].filter(([, { offset }]) => offset < trainedBytes);
  const gradients = trained.map(([, place]) => ({ ...place, ...sumOf(place.offset, place.bytes) }));
  const ofGroups = (what: Update["after"]) =>
    groups.flatMap((group) => what?.call(update, places(group.offset, group.bytes), group) ?? []);
  const averages = averagedBytes === 0 ? [] : [sumOf(trainedBytes, averagedBytes)];
  return [
    ...(accumulates ? [accumulate(0, trainedBytes, weighted)] : []),
    // A statistic of the rows is a mean, whatever the loss is.
    ...(accumulates && averagedBytes > 0 ? [accumulate(trainedBytes, averagedBytes, true)] : []),
    gradientNorm(sumOf(0, trainedBytes), gradients.length, placed, options),
    ...averages.map(checkFinite),
    ...clipping(sumOf(0, trainedBytes), gradients, options.clipping),
    ...ofGroups(update.instructions),
    ...trained.flatMap(([one, place]) => constrain(one, place)),
    ...ofGroups(update.after),
    ...options.averaged.map((one) => {
      const place = placed.places.get(one) as Place;
      return runningAverage(one, place, { ...place, ...sumOf(place.offset, place.bytes) });
    }),
  ];
}

const layer = "gradient";
const floats = ({ size }: Place) => ({ count: size });

const accumulation = (sum: Place, gradient: Place, isMean: boolean): Instruction =>
  instruction(stepKinds.Accumulate, layer, {
    sum,
    gradient,
    count: floats(gradient),
    weighted: isMean ? 1 : 0,
  });

/** Whether the norm that the whole gradient is clipped by is not that of the gradient as it came. */
const clipsBefore = ({ value, parameterNorm }: Clipping) => value > 0 || parameterNorm > 0;

/** The norm that later clipping leaves at most; 0 when there is none. */
function boundOf(clip: Clipping, count: number, parameters: number): number {
  if (!clipsBefore(clip)) return 0;
  const { norm, value, parameterNorm } = clip;
  const bounds = [norm, value * Math.sqrt(count), parameterNorm * Math.sqrt(parameters)];
  return Math.min(...bounds.filter((one) => one > 0));
}

function gradientNorm(
  gradient: Place,
  count: number,
  { groups, trainedBytes }: ParameterPlaces,
  { update, clipping: clip }: UpdateOptions,
): Instruction {
  const bounds = groups.map(({ decay, rate }) => ({ rate, ...update.bound(decay) }));
  const most = (of: keyof UpdateBound) => Math.max(...bounds.map(({ rate, [of]: one }) => rate * one));
  return instruction(stepKinds.GradientNorm, layer, {
    gradient,
    parameter: part("parameters", 0, trainedBytes),
    count: floats(gradient),
    maximum: { real: clipsBefore(clip) ? 0 : clip.norm },
    bound: { real: boundOf(clip, trainedBytes / 4, count) },
    amplification: { real: most("amplification") },
    constant: { real: most("constant") },
    decay: { real: most("decay") },
  });
}

const checkFinite = (x: Place): Instruction =>
  instruction(stepKinds.CheckFinite, layer, { x, count: floats(x) });

/**
 * Elements first, then single parameters, then the whole gradient: that in the update itself, by a factor, unless its
 * norm is known only behind the others.
 */
function clipping(whole: Place, gradients: readonly Place[], clip: Clipping): Instruction[] {
  const to = (gradient: Place, limit: number, byNorm: number): Instruction =>
    instruction(optimizerKinds.ClipGradient, layer, {
      gradient,
      count: floats(gradient),
      limit: { real: limit },
      byNorm,
    });
  return [
    ...(clip.value > 0 ? [to(whole, clip.value, 0)] : []),
    ...(clip.parameterNorm > 0 ? gradients.map((one) => to(one, clip.parameterNorm, 1)) : []),
    ...(clipsBefore(clip) && clip.norm > 0 ? [to(whole, clip.norm, 1)] : []),
  ];
}

/** The last axis has the units, whose weights are the columns; a vector is one column, as axis 0 is in Keras. */
function constrain({ name, shape, constraint }: Parameter, parameter: Place): Instruction[] {
  if (constraint === undefined) return [];
  const inner = shape.length < 2 ? 1 : (shape.at(-1) as number);
  const { kind, low, high } = constraint;
  const operands = {
    parameter,
    outer: { count: { factor: parameter.size.factor / inner, perRow: false } },
    inner: { count: { factor: inner, perRow: false } },
    kind,
    low: { real: low },
    high: { real: high },
  };
  return [instruction(optimizerKinds.Constrain, name, operands)];
}

const runningAverage = ({ name, average: share = 1 }: Parameter, average: Place, value: Place): Instruction =>
  instruction(normalizeKinds.RunningAverage, name, {
    average,
    value,
    count: floats(average),
    share: { real: share },
  });

import { SUM_SLOTS } from "../../../assembly/isa/limits.js";
import { OptionError, ShapeError } from "../../check/errors.js";
import type { CollectedScore, Finish, NamedLoss, Objective, Reported, Score } from "../../compile/graphs.js";
import { scale } from "../../graph/primitives/elementwise/affine.js";
import { add } from "../../graph/primitives/elementwise/binary.js";
import { fill } from "../../graph/primitives/elementwise/fill.js";
import { mean, sum } from "../../graph/primitives/reduce/sum.js";
import { placeholder } from "../../graph/primitives/step/source.js";
import { formatShape, ROWS, sizeOf } from "../../graph/shape.js";
import { inBuild, inLayer, type Value } from "../../graph/value.js";
import type { Loss, Reduction } from "../../losses/index.js";
import { reduceLosses, weightedMean } from "../../losses/reduction.js";
import type { Judged, Metric } from "../../metrics/engine/metric.js";
import type { Built } from "../../network/build.js";
import type { AnyNetwork } from "../../network/description.js";
import type { TargetForm } from "../../rows/target.js";

/** What is asked of one output. */
export interface OutputSettings {
  readonly name: string;
  /** Its place among the outputs of the network. */
  readonly index: number;
  /** Undefined: it is only predicted. */
  readonly loss: Loss | undefined;
  /** Share of its loss in the whole. */
  readonly weight: number;
  readonly metrics: readonly Metric[];
}

export interface ObjectiveSettings {
  readonly outputs: readonly OutputSettings[];
  /** Whether the one output goes without a name: its scores stand by the whole loss. */
  readonly isSingle: boolean;
  /** Layers that add losses of their own. */
  readonly lossLayers: readonly string[];
}

/** Keys the random ops of losses; no layer of a network has so large a number. */
const LOSS_NODE = 2 ** 23 - 2;

/** What the losses of a network are over the rows of a step. They all are the same. */
export const reductionOf = ({ outputs }: ObjectiveSettings): Reduction =>
  outputs.find(({ loss }) => loss !== undefined)?.loss?.reduction ?? "mean";

/** Whether examples have targets for an output. */
export const hasTarget = ({ loss }: Pick<OutputSettings, "loss">): boolean =>
  loss !== undefined && loss.hasTarget !== false;

/** What training makes small, and what is reported: each sum with the place that a report shows it at. */
export function makeObjective(settings: ObjectiveSettings, forms: readonly TargetForm[]): Objective<Built> {
  const { outputs, isSingle, lossLayers } = settings;
  const scored = outputs.filter(({ loss }) => loss !== undefined);
  const targeted = scored.filter(hasTarget);
  const isWeighted = forms.length > targeted.length;
  const reduction = reductionOf(settings);
  const perRow = reduction === "mean";
  const reportsOf = (built: Built, targets: readonly Value[]) => {
    const losses: (NamedLoss & { readonly weight: number; readonly finish: Finish })[] = [];
    // The first slot is for the loss, which is known last.
    const reports: (Reported | undefined)[] = [undefined];
    const scores: Score[] = [];
    const collected: CollectedScore[] = [];
    let hasWeights = false;
    const report = (value: Value, weighted: boolean) => reports.push({ value, weighted, divisor: 1 }) - 1;
    const finishOf =
      (slot: number): Finish =>
      (sums, rows) =>
        (sums[slot] as number) / (perRow ? rows : 1);
    const quotientOf =
      (losses: number, weights: number): Finish =>
      (sums) =>
        weightedMean(sums[losses] as number, sums[weights] as number);
    scored.forEach((output, i) => {
      const { name, index, weight, metrics } = output;
      const loss = output.loss as Loss;
      const prediction = built.outputs[index] as Value;
      // What has no target is given its own output, which it does not look at.
      const target = targets[targeted.indexOf(output)] ?? prediction;
      const sampleWeights = isWeighted ? targets[targeted.length + i] : undefined;
      const { value, parts } = inLayer("loss", () =>
        reduceLosses(`loss ${loss.name}`, loss.build(prediction, target), reduction, sampleWeights),
      );
      const path = isSingle ? [] : ["outputs", name];
      const finish =
        parts === undefined
          ? // Where no layer adds to it, the loss of a single output is the whole one.
            finishOf(isSingle ? 0 : report(value, perRow))
          : quotientOf(report(parts.losses, false), report(parts.weights, false));
      hasWeights ||= parts !== undefined;
      losses.push({ name: isSingle ? "the output" : `output "${name}"`, value, weight, finish });
      if (!isSingle) scores.push({ path: [...path, "loss"], finish });
      const slots = new Map<string, number>();
      const sumOf: Judged["sum"] = (key, build, isWeighted = false) => {
        const slot = slots.get(key) ?? report(build(), isWeighted);
        slots.set(key, slot);
        return slot;
      };
      for (const { name: metric, measure } of metrics) {
        const judged = { prediction, target, loss, sum: sumOf };
        const measured = inLayer("metrics", () => measure(judged));
        const place = { path: [...path, metric] };
        if ("finish" in measured) scores.push({ ...place, finish: measured.finish });
        else {
          const ends = { output: index, target: targeted.indexOf(output) };
          collected.push({ ...place, ...ends, finish: measured.collect });
        }
      }
    });
    // A layer may add nothing in one of training and evaluation: its sum has a place in both.
    for (const layer of lossLayers) {
      const added = built.added.filter((one) => one.layer === layer);
      const value = inLayer(layer, () => total(added.map((one) => reduceAdded(layer, one.value, reduction))));
      const finish = finishOf(report(value, perRow));
      if (added.length > 0)
        losses.push({ name: `layer "${layer}"`, value, weight: 1, byLayer: true, finish });
      scores.push({ path: ["losses", layer], finish });
    }
    const loss = inLayer("loss", () => total(losses.map(({ value, weight }) => scale(value, weight))));
    reports[0] = { value: loss, weighted: perRow, divisor: 1 };
    // Weights of a loss's own differ from step to step: the mean over steps is that of its parts.
    const sumOfParts: Finish = (sums, rows) =>
      losses.reduce((sum, { finish, weight }) => sum + weight * finish(sums, rows), 0);
    scores.unshift({ path: ["loss"], finish: hasWeights ? sumOfParts : finishOf(0) });
    if (reports.length > SUM_SLOTS) {
      throw new OptionError(
        `compile: losses and metrics take ${reports.length} sums; needs at most ${SUM_SLOTS}. Ask for fewer metrics, or give ` +
          "what predict returns to those of wasmgrad/metrics.",
      );
    }
    return { reports: reports as Reported[], losses, scores, collected };
  };
  return {
    targets: forms.map(({ row }) => row),
    // Random ops of a loss are keyed as those of a layer are, and are the same in every build.
    build: (built, targets, training) =>
      inBuild({ node: LOSS_NODE, training }, () => reportsOf(built, targets)),
  };
}

/** The layers of a network that add losses of their own, in training or without. */
export function lossLayersOf(network: AnyNetwork): string[] {
  const inputs = network.inputs.map(({ shape }, slot) => placeholder(shape, slot));
  const builds = [true, false].map((training) => network.build(inputs, training));
  return [...new Set(builds.flatMap(({ added }) => added.map(({ layer }) => layer)))];
}

/** Sum of scalars; of none, 0. */
const total = ([first, ...others]: readonly Value[]): Value =>
  others.reduce((sum, value) => add(sum, value), first ?? fill({ shape: [], value: 0 }));

/** @throws ShapeError unless a layer's own loss is a scalar or has a number for each row */
function reduceAdded(layer: string, value: Value, reduction: Reduction): Value {
  const { shape } = value;
  if (sizeOf(shape).factor === 1 && !shape.includes(ROWS))
    return sum(value, { axes: shape.map((_, i) => i) });
  if (shape[0] === ROWS) {
    const axes = { axes: shape.map((_, axis) => axis) };
    return reduction === "mean" ? mean(value, axes) : sum(value, axes);
  }
  throw new ShapeError(
    `${layer}: the loss that it adds is ${formatShape(shape)}; needs a scalar, or one number for each row.`,
  );
}

import { SUM_SLOTS } from "../../../assembly/isa/limits.js";
import { OptionError, ShapeError } from "../../check/errors.js";
import type { CollectedScore, Finish, NamedLoss, Objective, Reported, Score } from "../../compile/graphs.js";
import { scale } from "../../graph/primitives/elementwise/affine.js";
import { add } from "../../graph/primitives/elementwise/binary.js";
import { fill } from "../../graph/primitives/elementwise/fill.js";
import { mean, sum } from "../../graph/primitives/reduce/sum.js";
import { formatShape, ROWS, sizeOf } from "../../graph/shape.js";
import { inBuild, inLayer, type Value } from "../../graph/value.js";
import type { Loss, Reduction } from "../../losses/index.js";
import { reduceLosses, weightedMean } from "../../losses/reduction.js";
import type { Judged, Metric } from "../../metrics/engine/metric.js";
import type { Built } from "../../network/build.js";
import type { TargetForm } from "../../rows/target.js";
import { hasTarget, type ObjectiveSettings, type OutputSettings, reductionOf } from "./outputs.js";

/** Keys the random ops of losses; no layer of a network has so large a number. */
const LOSS_NODE = 2 ** 23 - 2;

/** What training makes small, and what is reported: each sum with the place that a report shows it at. */
export function makeObjective(settings: ObjectiveSettings, forms: readonly TargetForm[]): Objective<Built> {
  return {
    targets: forms.map(({ row }) => row),
    // Random ops of a loss are keyed as those of a layer are, and are the same in every build.
    build: (built, targets, training) =>
      inBuild({ node: LOSS_NODE, training }, () => objectiveOf(settings, built, targets)),
  };
}

function objectiveOf(
  { outputs, isSingle, lossLayers }: ObjectiveSettings,
  built: Built,
  targets: readonly Value[],
) {
  const sums = new Sums(reductionOf({ outputs }));
  const scored = outputs.filter(({ loss }) => loss !== undefined) as ScoredOutput[];
  const targeted = scored.filter(hasTarget);
  scored.forEach((output, i) => {
    const prediction = built.outputs[output.index] as Value;
    const target = targeted.indexOf(output);
    sums.addOutput(output, isSingle, {
      prediction,
      // What has no target is given its own output, which it does not look at.
      target: targets[target] ?? prediction,
      // Behind the targets, where rows are weighed.
      sampleWeights: targets[targeted.length + i],
      place: target,
    });
  });
  for (const layer of lossLayers) sums.addLayer(layer, built);
  return sums.finish();
}

type ScoredOutput = OutputSettings & { readonly loss: Loss };

/** What an output is judged by. */
interface Ends {
  readonly prediction: Value;
  readonly target: Value;
  readonly sampleWeights: Value | undefined;
  /** Of its target among the targets. */
  readonly place: number;
}

/** The sums that a build reports, and what is made of them. */
class Sums {
  readonly #reduction: Reduction;
  readonly #losses: (NamedLoss & { readonly weight: number; readonly finish: Finish })[] = [];
  /** The first slot is for the loss, which is known last. */
  readonly #reports: (Reported | undefined)[] = [undefined];
  readonly #scores: Score[] = [];
  readonly #collected: CollectedScore[] = [];
  /** Whether some loss weighs its rows by itself. */
  #hasWeights = false;

  constructor(reduction: Reduction) {
    this.#reduction = reduction;
  }

  get #perRow(): boolean {
    return this.#reduction === "mean";
  }

  /** The slot of a new sum. */
  #report(value: Value, weighted: boolean, more: readonly Value[] = []): number {
    return this.#reports.push({ value, more, weighted, divisor: 1 }) - 1;
  }

  #finishOf(slot: number): Finish {
    const perRow = this.#perRow;
    return (sums, rows) => (sums[slot] as number) / (perRow ? rows : 1);
  }

  addOutput(output: ScoredOutput, isSingle: boolean, ends: Ends): void {
    const { name, loss, weight, metrics } = output;
    if (ends.prediction.op.name === "softmax" && ends.prediction.shape.at(-1) === 1) {
      throw new ShapeError(
        `compile: the output "${name}" is a softmax of one unit, which is 1 whatever it is given; needs sigmoid, or no activation.`,
      );
    }
    const { value, parts } = inLayer("loss", () => {
      const losses = loss.build(ends.prediction, ends.target);
      return reduceLosses(`loss ${loss.name}`, losses, this.#reduction, ends.sampleWeights);
    });
    const path = isSingle ? [] : ["outputs", name];
    const finish =
      parts === undefined
        ? // Where no layer adds to it, the loss of a single output is the whole one.
          this.#finishOf(isSingle ? 0 : this.#report(value, this.#perRow))
        : quotientOf(this.#report(parts.losses, false), this.#report(parts.weights, false));
    this.#hasWeights ||= parts !== undefined;
    this.#losses.push({ name: isSingle ? "the output" : `output "${name}"`, value, weight, finish });
    if (!isSingle) this.#scores.push({ path: [...path, "loss"], finish });
    const sum = this.#shared();
    for (const metric of metrics) this.#addMetric(metric, [...path, metric.name], output, { ...ends, sum });
  }

  /** Sums by their keys: metrics of an output that need the same one share it. */
  #shared(): Judged["sum"] {
    const slots = new Map<string, number>();
    return (key, build, isWeighted = false) => {
      const known = slots.get(key);
      if (known !== undefined) return known;
      const [value, ...more] = [build()].flat() as [Value, ...Value[]];
      const slot = this.#report(value, isWeighted, more);
      slots.set(key, slot);
      return slot;
    };
  }

  #addMetric(
    { measure }: Metric,
    path: readonly string[],
    { index, loss }: ScoredOutput,
    { prediction, target, place, sum }: Ends & Pick<Judged, "sum">,
  ): void {
    const measured = inLayer("metrics", () => measure({ prediction, target, loss, sum }));
    if ("finish" in measured) this.#scores.push({ path, finish: measured.finish });
    else this.#collected.push({ path, output: index, target: place, finish: measured.collect });
  }

  /** A layer may add nothing in one of training and evaluation: its sum has a place in both. */
  addLayer(layer: string, built: Built): void {
    const added = built.added.filter((one) => one.layer === layer);
    const value = inLayer(layer, () =>
      total(added.map((one) => reduceAdded(layer, one.value, this.#reduction))),
    );
    const finish = this.#finishOf(this.#report(value, this.#perRow));
    if (added.length > 0) {
      this.#losses.push({ name: `layer "${layer}"`, value, weight: 1, byLayer: true, finish });
    }
    this.#scores.push({ path: ["losses", layer], finish });
  }

  /** @throws OptionError for more sums than the engine has slots */
  finish() {
    const losses = this.#losses;
    const reports = this.#reports;
    const loss = inLayer("loss", () => total(losses.map(({ value, weight }) => scale(value, weight))));
    reports[0] = { value: loss, weighted: this.#perRow, divisor: 1 };
    // Weights of a loss's own differ from step to step: the mean over steps is that of its parts.
    const sumOfParts: Finish = (sums, rows) =>
      losses.reduce((sum, { finish, weight }) => sum + weight * finish(sums, rows), 0);
    const whole = { path: ["loss"], finish: this.#hasWeights ? sumOfParts : this.#finishOf(0) };
    if (reports.length > SUM_SLOTS) {
      throw new OptionError(
        `compile: losses and metrics take ${reports.length} sums; needs at most ${SUM_SLOTS}. Ask for fewer metrics, or give ` +
          "what predict returns to those of wasmgrad/metrics.",
      );
    }
    const scores = [whole, ...this.#scores];
    return { reports: reports as Reported[], losses, scores, collected: this.#collected };
  }
}

const quotientOf =
  (losses: number, weights: number): Finish =>
  (sums) =>
    weightedMean(sums[losses] as number, sums[weights] as number);

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

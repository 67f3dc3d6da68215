import { SUM_SLOTS } from "../../assembly/isa.js";
import type { NamedLoss, Objective, Reported } from "../compile/graphs.js";
import type { TargetForm } from "../data/target.js";
import { OptionError, ShapeError } from "../errors.js";
import { formatShape, ROWS, sizeOf } from "../graph/shape.js";
import { inLayer, type Value } from "../graph/value.js";
import type { Built } from "../network/build.js";
import type { AnyNetwork } from "../network/description.js";
import { scale } from "../ops/affine.js";
import { add } from "../ops/binary.js";
import { placeholder } from "../ops/source.js";
import { mean, sum } from "../ops/sum.js";
import type { Loss, Reduction } from "./losses.js";
import { chooseMetric, type MetricName } from "./metrics.js";

/** What is asked of one output. */
export interface OutputSettings {
  readonly name: string;
  /** Its place among the outputs of the network. */
  readonly index: number;
  /** Undefined: it is only predicted. */
  readonly loss: Loss | undefined;
  /** Share of its loss in the whole. */
  readonly weight: number;
  readonly metrics: readonly MetricName[];
}

export interface ObjectiveSettings {
  readonly outputs: readonly OutputSettings[];
  /** Whether the one output goes without a name: its scores stand by the whole loss. */
  readonly isSingle: boolean;
}

/** What the losses of a network are over the rows of a step. They all are the same. */
export const reductionOf = ({ outputs }: ObjectiveSettings): Reduction =>
  outputs.find(({ loss }) => loss !== undefined)?.loss?.reduction ?? "mean";

/** What training makes small, and what is reported: each sum with the place that a report shows it at. */
export function makeObjective(settings: ObjectiveSettings, forms: readonly TargetForm[]): Objective<Built> {
  const { outputs, isSingle } = settings;
  const scored = outputs.filter(({ loss }) => loss !== undefined);
  const reduction = reductionOf(settings);
  const perRow = reduction === "mean";
  const lossReport = (value: Value, path: readonly string[]): Reported => ({
    value,
    weighted: perRow,
    divisor: 1,
    score: { path, perRow },
  });
  return {
    targets: forms.map(({ row }) => row),
    build(built, targets) {
      const losses: (NamedLoss & { readonly weight: number })[] = [];
      const reports: Reported[] = [];
      scored.forEach(({ name, index, loss, weight, metrics }, i) => {
        const prediction = built.outputs[index] as Value;
        const target = targets[i] as Value;
        const value = inLayer("loss", () => (loss as Loss).build(prediction, target));
        losses.push({ name: isSingle ? "the output" : `output "${name}"`, value, weight });
        const path = isSingle ? [] : ["outputs", name];
        if (!isSingle) reports.push(lossReport(value, [...path, "loss"]));
        for (const metric of metrics) {
          const measure = inLayer("metrics", () => chooseMetric(metric)(prediction, target, loss as Loss));
          reports.push({
            value: measure.sum,
            weighted: false,
            divisor: measure.perRow,
            score: { path: [...path, metric], perRow: true },
          });
        }
      });
      for (const { layer, value } of built.added) {
        const reduced = inLayer(layer, () => reduceAdded(layer, value, reduction));
        losses.push({ name: `layer "${layer}"`, value: reduced, weight: 1 });
        reports.push(lossReport(reduced, ["losses", layer]));
      }
      const total = inLayer("loss", () =>
        losses.map(({ value, weight }) => scale(value, weight)).reduce((all, value) => add(all, value)),
      );
      reports.unshift(lossReport(total, ["loss"]));
      if (reports.length > SUM_SLOTS) {
        throw new OptionError(
          `compile: there are ${reports.length} losses and metrics to report; needs at most ${SUM_SLOTS}.`,
        );
      }
      return { reports, losses };
    },
  };
}

/** Whether layers of a network add losses of their own. */
export const addsLoss = (network: AnyNetwork): boolean => {
  const inputs = network.inputs.map(({ shape }, slot) => placeholder(shape, slot));
  return network.build(inputs, true).added.length > 0;
};

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

/** Metrics that rank all rows of a pass: they are known when it ends, from outputs and targets that the host collects. */
import { ShapeError } from "../../check/errors.js";
import { softmax } from "../../graph/primitives/reduce/softmax.js";
import { formatShape } from "../../graph/shape.js";
import { exp } from "../../numeric/exactMath.js";
import { prAucOf, rocAucOf } from "../areas.js";
import type { Scored } from "../curves.js";
import { perRow } from "./decisions.js";
import { type Judged, type Measured, unfit } from "./metric.js";

function largest(values: ArrayLike<number>, first: number, count: number): number {
  let best = 0;
  for (let i = 1; i < count; i++) {
    if ((values[first + i] as number) > (values[first + best] as number)) best = i;
  }
  return best;
}

/** Rows of logits as probabilities: ranks of one class among rows depend on the logits of the others. */
function toProbabilities(logits: ArrayLike<number>, columns: number): Float64Array {
  const values = Float64Array.from(logits);
  for (let first = 0; first < values.length; first += columns) {
    const row = values.subarray(first, first + columns);
    const most = row[largest(row, 0, columns)] as number;
    let sum = 0;
    row.forEach((logit, i) => {
      row[i] = exp(logit - most);
      sum += row[i] as number;
    });
    for (let i = 0; i < columns; i++) row[i] = (row[i] as number) / sum;
  }
  return values;
}

/** Classes of targets: labels, rows of which the largest wins, or numbers on either side of one half. */
function toLabels(targets: ArrayLike<number>, rows: number, isBinary: boolean): number[] {
  const columns = targets.length / rows;
  return Array.from({ length: rows }, (_, row) => {
    if (isBinary) return (targets[row] as number) > 0.5 ? 1 : 0;
    return columns === 1 ? (targets[row] as number) : largest(targets, row * columns, columns);
  });
}

/** @throws OptionError, ShapeError where rows do not each have one label */
function ranked(who: string, area: typeof rocAucOf) {
  return (judged: Judged): Measured => {
    const { prediction, loss } = judged;
    const isBinary = loss.decision === "threshold";
    if (!isBinary && loss.decision !== "largest") unfit(who, judged, "crossEntropy or binaryCrossEntropy");
    if (isBinary ? perRow(prediction) !== 1 : prediction.shape.length !== 2) {
      throw new ShapeError(
        `compile: metric "${who}" ranks rows, and the output is ${formatShape(prediction.shape)}; ` +
          `needs ${isBinary ? "one number a row" : "one class a row"}. Give what predict returns to ${who} of wasmgrad/metrics.`,
      );
    }
    const columns = perRow(prediction);
    const isLogits = !isBinary && (prediction.op as unknown) !== softmax;
    return {
      collect: (outputs, targets, rows) => {
        const labels = toLabels(targets, rows, isBinary);
        // No area where a class has no row, or all: as a step of a training that must not end for it.
        if (new Set(labels).size !== Math.max(2, columns)) return Number.NaN;
        const values = isLogits ? toProbabilities(outputs, columns) : outputs;
        const weights = new Float64Array(rows).fill(1);
        const scored: Scored = { scores: { values, rows, columns }, labels, weights };
        return area(who, scored, "macro");
      },
    };
  };
}

export const rocAucMeasure = /* @__PURE__ */ ranked("rocAuc", rocAucOf);
export const prAucMeasure = /* @__PURE__ */ ranked("prAuc", prAucOf);

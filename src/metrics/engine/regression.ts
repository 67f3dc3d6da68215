/** Metrics of numbers that `compile` knows: targets as large as the output, whatever the loss. */
import { divide, maximum, subtract } from "../../graph/primitives/elementwise/binary.js";
import { fill } from "../../graph/primitives/elementwise/fill.js";
import { abs } from "../../graph/primitives/elementwise/unary.js";
import { squaredError } from "../../graph/primitives/loss/loss.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import type { Value } from "../../graph/value.js";
import { SMALLEST_TARGET } from "../regression.js";
import { checkSameShapes, perRow, sumAll } from "./decisions.js";
import type { Judged, Measured } from "./metric.js";

/** Mean over all numbers of an error. */
function meanOf(
  who: string,
  judged: Judged,
  key: string,
  error: (prediction: Value, target: Value) => Value,
): (sums: ArrayLike<number>, rows: number) => number {
  checkSameShapes(who, judged);
  const { prediction, target } = judged;
  const slot = judged.sum(key, () => sumAll(error(prediction, target)));
  const numbers = perRow(prediction);
  return (sums, rows) => (sums[slot] as number) / (rows * numbers);
}

const squares = (who: string, judged: Judged) =>
  // The op sums over the last axis, which must not be that of the rows.
  meanOf(who, judged, "squares", (p, t) => squaredError(withColumns(p), withColumns(t)));

const withColumns = (x: Value): Value => (x.shape.length > 1 ? x : reshape(x, { shape: [...x.shape, 1] }));

export const meanSquaredErrorOf = (judged: Judged): Measured => ({
  finish: squares("meanSquaredError", judged),
});

export function rootMeanSquaredErrorOf(judged: Judged): Measured {
  const meanSquare = squares("rootMeanSquaredError", judged);
  return { finish: (sums, rows) => Math.sqrt(meanSquare(sums, rows)) };
}

export const meanAbsoluteErrorOf = (judged: Judged): Measured => ({
  finish: meanOf("meanAbsoluteError", judged, "differences", (p, t) => abs(subtract(p, t))),
});

export const meanAbsolutePercentageErrorOf = (judged: Judged): Measured => ({
  finish: meanOf("meanAbsolutePercentageError", judged, "shares", (p, t) => {
    const least = fill({ shape: [], value: SMALLEST_TARGET });
    return divide(abs(subtract(p, t)), maximum(abs(t), least));
  }),
});

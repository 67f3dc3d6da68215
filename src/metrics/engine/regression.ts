/** Metrics of numbers that `compile` knows: targets as large as the output, whatever the loss. */
import { SUM_SLOTS } from "../../../assembly/isa/limits.js";
import { OptionError } from "../../check/errors.js";
import { scale } from "../../graph/primitives/elementwise/affine.js";
import { add, divide, maximum, multiply, subtract } from "../../graph/primitives/elementwise/binary.js";
import { fill } from "../../graph/primitives/elementwise/fill.js";
import { abs, square } from "../../graph/primitives/elementwise/unary.js";
import { squaredError } from "../../graph/primitives/loss/loss.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import { mean } from "../../graph/primitives/reduce/sum.js";
import { ROWS } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { rSquaredOf, SMALLEST_TARGET } from "../regression.js";
import { elementOf, sumRows } from "./counting.js";
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

/** Sums of each number of a row. */
const PER_NUMBER = 5;
/** Share of Σ t² that the sums of f32 do not tell from 0: products of 2⁻¹¹ t², each rounded by 2⁻²⁴ of it, and some room. */
const ROUNDING = 2 ** -33;
/** 2¹² + 1: leaves the upper 12 bits of an f32 (Veltkamp; Dekker 1971). */
const SPLITTER = 4097;

/**
 * 1 − Σ (t − p)² / Σ (t − mean)² of each number of a row, and their mean.
 *
 * Σ t² in f32 would lose what targets far from 0 differ by. So each step counts from a center c of its own, near its
 * mean and of so few bits that c² is exact: Σ t = Σ (t − c) + n c and Σ t² = Σ (t − c)(t + c) + n c², added up in f64.
 *
 * What is left of constant targets by rounding is 0: so is what deviates by less than 10⁻⁵ of the mean.
 */
export function rSquaredMeasure(judged: Judged): Measured {
  checkSameShapes("rSquared", judged);
  const numbers = perRow(judged.prediction);
  if (PER_NUMBER * numbers >= SUM_SLOTS) {
    throw new OptionError(
      `compile: metric "rSquared" of ${numbers} numbers a row takes ${PER_NUMBER * numbers} sums; needs fewer than ` +
        `${SUM_SLOTS}. Give what predict returns to rSquared of wasmgrad/metrics.`,
    );
  }
  const asMatrix = (x: Value) => reshape(x, { shape: [ROWS, numbers] });
  const target = () => asMatrix(judged.target);
  const center = () => {
    const average = mean(target(), { axes: [0] });
    const scaled = scale(average, SPLITTER);
    return subtract(scaled, subtract(scaled, average));
  };
  const offset = () => subtract(target(), center());
  const each = (key: string, value: () => Value, isWeighted = false) =>
    Array.from({ length: numbers }, (_, one) =>
      judged.sum(`${key} ${one}`, () => elementOf(value(), one), isWeighted),
    );
  const residuals = each("residual", () => sumRows(square(subtract(asMatrix(judged.prediction), target()))));
  const offsets = each("offset", () => sumRows(offset()));
  const squareOffsets = each("square offset", () => sumRows(multiply(offset(), add(target(), center()))));
  const centers = each("center", center, true);
  const squareCenters = each("square center", () => square(center()), true);
  return {
    finish: (sums, rows) => {
      let total = 0;
      for (let one = 0; one < numbers; one++) {
        const at = (slots: readonly number[]) => sums[slots[one] as number] as number;
        const sum = at(offsets) + at(centers);
        const ofSquares = at(squareOffsets) + at(squareCenters);
        const variation = ofSquares - (sum * sum) / rows;
        total += rSquaredOf(at(residuals), variation > ROUNDING * ofSquares ? variation : 0);
      }
      return total / numbers;
    },
  };
}

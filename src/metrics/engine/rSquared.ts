import { SUM_SLOTS } from "../../../assembly/isa/limits.js";
import { OptionError } from "../../check/errors.js";
import { scale } from "../../graph/primitives/elementwise/affine.js";
import { multiply, subtract } from "../../graph/primitives/elementwise/binary.js";
import { square } from "../../graph/primitives/elementwise/unary.js";
import { reshape } from "../../graph/primitives/move/reshape.js";
import { mean } from "../../graph/primitives/reduce/sum.js";
import { ROWS } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { rSquaredOf } from "../regression.js";
import { elementOf, sumRows } from "./counting.js";
import { checkSameShapes, perRow } from "./decisions.js";
import type { Judged, Measured } from "./metric.js";
import { variationOf } from "./variation.js";

/** Sums of each number of a row. */
const PER_NUMBER = 5;
/** 2¹² + 1: leaves the upper 12 bits of an f32 (Veltkamp 1968; Dekker 1971). */
const SPLITTER = 4097;

const upperBits = (x: Value): Value => {
  const scaled = scale(x, SPLITTER);
  return subtract(scaled, subtract(scaled, x));
};

/** The mean of a step's targets in three parts of 12 bits, the largest first, and what targets differ from it by. */
function centered(targets: Value): { parts: [Value, Value, Value]; differences: Value } {
  let differences = targets;
  const part = () => {
    const upper = upperBits(mean(differences, { axes: [0] }));
    differences = subtract(differences, upper);
    return upper;
  };
  const parts: [Value, Value, Value] = [part(), part(), part()];
  return { parts, differences };
}

/** Twice the product: exact, of parts of 12 bits. */
const twice = (a: Value, b: Value) => scale(multiply(a, b), 2);

/**
 * 1 − Σ (t − p)² / Σ (t − mean)² of each number of a row, and their mean.
 *
 * Σ t² in f32 would lose what targets far from 0 differ by. So each step counts from a center c = a + b + e near its
 * mean, in parts of so few bits that their products are exact in f32: Σ t = n c, up to 2⁻³⁸ of it, and
 * Σ t² = n a² + n (2 a b + 2 a e + b² + 2 b e + e² + mean (t − c)²), which f64 adds up: what is large is exact there.
 * What is left off counts where targets differ by less than 1e-6 of their size, 17 steps of an f32: by up to 1e-5 there.
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
  const target = asMatrix(judged.target);
  const {
    parts: [a, b, e],
    differences,
  } = centered(target);
  const each = (key: string, values: readonly Value[], isWeighted = true) =>
    Array.from({ length: numbers }, (_, one) =>
      judged.sum(`${key} ${one}`, () => values.map((value) => elementOf(value, one)), isWeighted),
    );
  const residuals = each("residual", [sumRows(square(subtract(asMatrix(judged.prediction), target)))], false);
  const largeSums = each("large sum", [a]);
  const smallSums = each("small sum", [b, e]);
  const largeSquares = each("large square", [square(a)]);
  const smallSquares = each("small square", [
    ...[twice(a, b), twice(a, e), square(b), twice(b, e), square(e)],
    mean(square(differences), { axes: [0] }),
  ]);
  return {
    finish: (sums, rows) => {
      let total = 0;
      for (let one = 0; one < numbers; one++) {
        const at = (slots: readonly number[]) => sums[slots[one] as number] as number;
        const variation = variationOf({
          rows,
          sum: [at(largeSums), at(smallSums)],
          squares: [at(largeSquares), at(smallSquares)],
        });
        total += rSquaredOf(at(residuals), variation);
      }
      return total / numbers;
    },
  };
}

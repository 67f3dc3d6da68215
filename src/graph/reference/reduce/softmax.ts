/** Softmax along the last axis, and what is made of it. */
import type { Definition } from "../definition.js";
import { fromLines, lines, type NdArray } from "../ndArray.js";

type Line = Float64Array;

export const total = (line: Line) => line.reduce((sum, value) => sum + value, 0);

/** ln Σ eˣ, without overflow. */
export function logSumExp(x: Line): number {
  const most = Math.max(...x);
  return most + Math.log(total(x.map((value) => Math.exp(value - most))));
}

export const probabilities = (x: Line): Line => {
  const normalizer = logSumExp(x);
  return x.map((value) => Math.exp(value - normalizer));
};

export const perLine =
  (f: (...line: Line[]) => Line): Definition<unknown> =>
  (inputs: readonly NdArray[], shape) => {
    const all = inputs.map(lines);
    return fromLines(
      shape,
      all[0]!.map((_, row) => f(...all.map((one) => one[row]!))),
    );
  };

export const softmax = perLine((x) => probabilities(x!));

/** Softmax and its logarithm along the last axis, and their adjoints in terms of the saved output. */
import type { Definition } from "../definition.js";
import { fromLines, lines, type Tensor } from "../tensor.js";

type Line = Float64Array;

const total = (line: Line) => line.reduce((sum, value) => sum + value, 0);

/** ln Σ eˣ, without overflow. */
export function logSumExp(x: Line): number {
  const most = Math.max(...x);
  return most + Math.log(total(x.map((value) => Math.exp(value - most))));
}

export const probabilities = (x: Line): Line => {
  const normalizer = logSumExp(x);
  return x.map((value) => Math.exp(value - normalizer));
};

const perLine =
  (f: (...line: Line[]) => Line): Definition<unknown> =>
  (inputs: readonly Tensor[], shape) => {
    const all = inputs.map(lines);
    return fromLines(
      shape,
      all[0]!.map((_, row) => f(...all.map((one) => one[row]!))),
    );
  };

export const softmax = perLine((x) => probabilities(x!));

export const logSoftmax = perLine((x) => {
  const normalizer = logSumExp(x!);
  return x!.map((value) => value - normalizer);
});

export const softmaxGrad = perLine((y, dy) => {
  const dot = total(y!.map((value, i) => value * dy![i]!));
  return y!.map((value, i) => value * (dy![i]! - dot));
});

export const logSoftmaxGrad = perLine((y, dy) => {
  const sum = total(dy!);
  return y!.map((value, i) => dy![i]! - Math.exp(value) * sum);
});

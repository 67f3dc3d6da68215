/** The logarithm of softmax along the last axis, and both adjoints in terms of the saved output. */
import { logSumExp, perLine, total } from "../reduce/softmax.js";

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

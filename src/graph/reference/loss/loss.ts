/** Losses, one for each row along the last axis, and their gradients by the prediction. */
import type { Definition } from "../definition.js";
import { fromLines, lines } from "../ndArray.js";
import { logSumExp, probabilities } from "../reduce/softmax.js";

type Line = Float64Array;

/** `f` is given a row of the prediction and of the target: a line, or one label. */
const loss =
  (f: (prediction: Line, target: Line) => number, labels = false): Definition<unknown> =>
  ([prediction, target], shape) => {
    const targets = labels ? Array.from(target!.data, (label) => Float64Array.of(label)) : lines(target!);
    return { shape, data: Float64Array.from(lines(prediction!), (line, row) => f(line, targets[row]!)) };
  };

const lossGrad =
  (f: (prediction: Line, target: Line) => Line, labels = false): Definition<unknown> =>
  ([prediction, target, dloss], shape) => {
    const targets = labels ? Array.from(target!.data, (label) => Float64Array.of(label)) : lines(target!);
    const rows = lines(prediction!).map((line, row) =>
      f(line, targets[row]!).map((value) => value * dloss!.data[row]!),
    );
    return fromLines(shape, rows);
  };

const sumOver = (line: Line, f: (value: number, i: number) => number) =>
  line.reduce((sum, value, i) => sum + f(value, i), 0);

export const squaredError = loss((p, t) => sumOver(p, (value, i) => (value - t[i]!) ** 2));
export const squaredErrorGrad = lossGrad((p, t) => p.map((value, i) => 2 * (value - t[i]!)));

export const crossEntropy = loss((x, [label]) => logSumExp(x) - x[label!]!, true);
export const crossEntropyGrad = lossGrad(
  (x, [label]) => probabilities(x).map((p, i) => (i === label ? p - 1 : p)),
  true,
);

export const crossEntropyOneHot = loss((x, t) => {
  const normalizer = logSumExp(x);
  return sumOver(t, (weight, i) => weight * (normalizer - x[i]!));
});
export const crossEntropyOneHotGrad = lossGrad((x, t) => {
  const weight = sumOver(t, (value) => value);
  return probabilities(x).map((p, i) => p * weight - t[i]!);
});

/** −t ln σ(x) − (1 − t) ln σ(−x): as it is defined, without the kernel's rearrangement. */
export const binaryCrossEntropy = loss((x, t) =>
  sumOver(x, (value, i) => t[i]! * Math.log1p(Math.exp(-value)) + (1 - t[i]!) * Math.log1p(Math.exp(value))),
);
export const binaryCrossEntropyGrad = lossGrad((x, t) =>
  x.map((value, i) => 1 / (1 + Math.exp(-value)) - t[i]!),
);

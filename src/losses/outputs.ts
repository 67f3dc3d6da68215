/** What losses ask of outputs and targets. */

import { ShapeError } from "../check/errors.js";
import { sigmoid } from "../graph/primitives/elementwise/unary.js";
import { reshape } from "../graph/primitives/move/reshape.js";
import { softmax } from "../graph/primitives/reduce/softmax.js";
import { logSoftmax } from "../graph/primitives/transcendental/softmax.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import type { TargetForm } from "../rows/target.js";

export const lastAxis = (shape: Shape): number => shape.at(-1) as number;

/** [rows, 1] of [rows]: the ops sum over the last axis, which must not be that of the rows. */
export const withColumns = (x: Value): Value =>
  x.shape.length > 1 ? x : reshape(x, { shape: [...x.shape, 1] });

/** Whether targets are as large as the output, and not labels. */
export const areRows = (prediction: Value, target: Value): boolean =>
  target.shape.length === prediction.shape.length;

/**
 * The logits behind a probability, which lead to the stable form of the loss; any other value is taken as logits.
 *
 * @throws ShapeError when the value is a probability of another kind, or one that something was done to since
 */
function logitsOf(
  who: string,
  value: Value,
  probability: Value["op"],
  unfit: Value["op"],
  mend: string,
): Value {
  if (value.op === probability) return value.inputs[0] as Value;
  let behind: Value | undefined = value;
  while (behind !== undefined && (behind.op.view || behind.op.name === "dropout")) behind = behind.inputs[0];
  if (behind?.op === unfit || behind?.op === probability) {
    throw new ShapeError(
      `${who}: the output is ${value === behind ? "" : "made from "}a ${behind.op.name} of layer "${behind.layer}"; ` +
        `needs ${probability.name} as the last activation, or logits. ${mend}`,
    );
  }
  return value;
}

const opOf = (op: unknown) => op as Value["op"];

/** The logits behind a softmax. @throws ShapeError for a sigmoid */
export function softmaxLogits(who: string, prediction: Value, mend: string): Value {
  return logitsOf(who, prediction, opOf(softmax), opOf(sigmoid), mend);
}

/** The logits behind a softmax or its logarithm, which is its own logarithm's logits. @throws ShapeError for a sigmoid */
export function logSoftmaxLogits(who: string, prediction: Value, mend: string): Value {
  if (prediction.op === opOf(logSoftmax)) return prediction.inputs[0] as Value;
  return softmaxLogits(who, prediction, mend);
}

/** The logits behind a sigmoid. @throws ShapeError for a softmax */
export function sigmoidLogits(who: string, prediction: Value, mend: string): Value {
  return logitsOf(who, prediction, opOf(sigmoid), opOf(softmax), mend);
}

/** Targets as large as the output. */
export const sameAsOutput = (output: Shape): readonly TargetForm[] => [{ row: output.slice(1) }];

const isShare = (value: number) => value >= 0 && value <= 1;

/** Rows of class probabilities. */
export const distributions = (output: Shape): TargetForm => ({
  row: output.slice(1),
  fault: (value) => (isShare(value) ? undefined : "needs a probability from 0 to 1"),
  sumsToOne: true,
});

/** Each from 0 to 1. */
export const shares = (output: Shape): readonly TargetForm[] => [
  {
    row: output.slice(1),
    fault: (value) => (isShare(value) ? undefined : "needs a target from 0 to 1"),
  },
];

/**
 * Labels, or rows of class probabilities.
 *
 * @throws ShapeError for an output of fewer than two classes
 */
export function classTargets(who: string, output: Shape, mend: string): readonly TargetForm[] {
  const classes = lastAxis(output);
  checkClasses(who, output, mend);
  const isLabel = (value: number) => Number.isInteger(value) && value >= 0 && value < classes;
  return [
    {
      row: output.slice(1, -1),
      fault: (value) => (isLabel(value) ? undefined : `needs an integer class from 0 to ${classes - 1}`),
    },
    distributions(output),
  ];
}

/** @throws ShapeError for an output of fewer than two classes */
export function checkClasses(who: string, output: Shape, mend: string): void {
  if (output.length > 1 && lastAxis(output) >= 2) return;
  throw new ShapeError(
    `${who}: output is ${formatShape(output)}; needs at least two classes in its last axis. ` +
      `For one output that says yes or no, ${mend}.`,
  );
}

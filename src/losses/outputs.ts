/** What losses ask of outputs and targets. */

import { ShapeError } from "../check/errors.js";
import { flag, optional } from "../check/kinds.js";
import type { Kind } from "../check/schema.js";
import { add } from "../graph/primitives/elementwise/binary.js";
import { sigmoid } from "../graph/primitives/elementwise/unary.js";
import { matmul } from "../graph/primitives/matmul/matmul.js";
import { reshape } from "../graph/primitives/move/reshape.js";
import { softmax } from "../graph/primitives/reduce/softmax.js";
import { logSoftmax } from "../graph/primitives/transcendental/softmax.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import type { TargetForm } from "../rows/target.js";
import { loadedKinds } from "./late.js";

export const lastAxis = (shape: Shape): number => shape.at(-1) as number;

/** [rows, 1] of [rows]: the ops sum over the last axis, which must not be that of the rows. */
export const withColumns = (x: Value): Value =>
  x.shape.length > 1 ? x : reshape(x, { shape: [...x.shape, 1] });

/** Whether targets are as large as the output, and not labels. */
export const areRows = (prediction: Value, target: Value): boolean =>
  target.shape.length === prediction.shape.length;

/** The option of losses of probabilities. */
export const LOGITS: { readonly fromLogits: Kind<boolean | undefined> } = {
  fromLogits: /* @__PURE__ */ optional(flag()),
};

type Question = Parameters<ReturnType<typeof loadedKinds>["logitsFor"]>[0];

const opOf = (op: unknown) => op as Value["op"];

/** What a dense layer makes, without an activation: any number. */
const isLinear = ({ op, inputs }: Value): boolean => (op === opOf(add) ? inputs[0]?.op : op) === opOf(matmul);

/** The logits of an output. The common forms are known here, the others where they are looked into. */
function logitsOf(question: Question, probability: unknown): Value {
  const { output, fromLogits, who } = question;
  const isSure = output.op === opOf(probability);
  const logits = isSure ? (output.inputs[0] as Value) : output;
  // Of logits that are called probabilities, and the other way round, it is for others to say something.
  return isLinear(logits) && fromLogits !== isSure ? logits : loadedKinds(who).logitsFor(question);
}

/** The logits behind a softmax. @throws ShapeError */
export const softmaxLogits = (
  who: string,
  output: Value,
  mend: string,
  fromLogits: boolean | undefined,
): Value => logitsOf({ who, output, probability: "softmax", fromLogits, mend }, softmax);

/** The logits behind a softmax or its logarithm, which is its own logarithm's logits. @throws ShapeError */
export function logSoftmaxLogits(
  who: string,
  output: Value,
  mend: string,
  fromLogits: boolean | undefined,
): Value {
  if (output.op === opOf(logSoftmax)) return output.inputs[0] as Value;
  return softmaxLogits(who, output, mend, fromLogits);
}

/** The logits behind a sigmoid. @throws ShapeError */
export const sigmoidLogits = (
  who: string,
  output: Value,
  mend: string,
  fromLogits: boolean | undefined,
): Value => logitsOf({ who, output, probability: "sigmoid", fromLogits, mend }, sigmoid);

/** Whether an output is probabilities: by what its loss was told, or by the graph. */
export function areShares(who: string, output: Value, fromLogits: unknown): boolean {
  if (output.op === opOf(sigmoid)) return true;
  if (typeof fromLogits === "boolean") return !fromLogits;
  return !isLinear(output) && loadedKinds(who).isProbability(output);
}

/** The squares of what is beyond, and their sums, leave the range of f32. */
const FARTHEST = 1e15;

/** Targets as large as the output. */
export const sameAsOutput = (output: Shape): readonly TargetForm[] => [
  {
    row: output.slice(1),
    fault: (value) =>
      Math.abs(value) <= FARTHEST ? undefined : "needs a target within ±1e15; bring it to the order of 1",
  },
];

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

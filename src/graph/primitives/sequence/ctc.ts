/** Connectionist temporal classification (Graves et al. 2006): −ln P(labels | logits), over all alignments. */

import { ShapeError } from "../../../check/errors.js";
import { sequenceKinds } from "../../../compile/facts/sequence.js";
import { defineOp } from "../../op.js";
import { formatShape, type Shape } from "../../shape.js";
import type { Value } from "../../value.js";
import { count } from "../operands.js";

export interface CtcAttributes {
  /** The class that stands for no label. */
  readonly blank: number;
}

const axis = (shape: Shape, i: number) => shape[i] as number;

/** What each record holds of the shapes. */
const sizes = (x: Value, target: Value) => ({
  rows: count(x.shape.slice(0, 1)),
  time: axis(x.shape, 1),
  labels: axis(target.shape, 1),
});

/**
 * alpha [rows, time + 1, 2, 2 · labels + 1]: [t, 0, s] is the probability of being in state s at time t, given the labels;
 * [time, 0, 0] is the loss; all else is 0. Even states are blanks, state 2i + 1 is label i.
 *
 * x is [rows, time, classes], logits; target is [rows, labels], a row's classes and then −1.
 */
export const ctcAlpha = defineOp<[Value, Value], CtcAttributes>({
  name: "ctcAlpha",
  shape: ([x, target]) => {
    if (x.shape.length !== 3 || target.shape.length !== 2 || x.shape[0] !== target.shape[0]) {
      throw new ShapeError(
        `ctc: the output is ${formatShape(x.shape)} and the target ${formatShape(target.shape)}; ` +
          "needs [rows, time, classes] and [rows, labels].",
      );
    }
    return [axis(x.shape, 0), axis(x.shape, 1) + 1, 2, 2 * axis(target.shape, 1) + 1];
  },
  vjp: "none",
  lower: (emit, [x, target], alpha, { blank }) => {
    const { rows, time, labels } = sizes(x, target);
    const classes = axis(x.shape, 2);
    emit(sequenceKinds.CtcAlpha, { alpha, x, target, rows, time, classes, labels, blank });
  },
});

/** dx = (softmax(x) − the probabilities of the classes given the labels) · dloss. */
export const ctcGrad = defineOp<[Value, Value, Value, Value], CtcAttributes>({
  name: "ctcGrad",
  shape: ([x]) => x.shape,
  vjp: "none",
  lower: (emit, [x, alpha, target, dloss], dx, { blank }) => {
    const { rows, time, labels } = sizes(x, target);
    const classes = axis(x.shape, 2);
    emit(sequenceKinds.CtcGrad, { dx, x, alpha, target, dloss, rows, time, classes, labels, blank });
  },
  inPlace: [0],
});

/** loss [rows] of x and target, alpha being what ctcAlpha made of the two: its gradient is one by x. */
export const ctcLoss = defineOp<[Value, Value, Value], CtcAttributes>({
  name: "ctcLoss",
  shape: ([x]) => x.shape.slice(0, 1),
  vjp: ([x, alpha, target], _, dloss, attributes) => [
    ctcGrad(x, alpha, target, dloss, attributes),
    null,
    null,
  ],
  lower: (emit, [x, alpha, target], loss) =>
    emit(sequenceKinds.CtcLoss, { loss, alpha, target, ...sizes(x, target) }),
});

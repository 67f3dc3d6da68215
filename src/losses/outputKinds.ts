/**
 * Whether an output is logits or probabilities, by the graph: the logits behind a probability that was only moved,
 * probabilities where it must lie between 0 and 1, logits where it may be any number. Nothing is guessed.
 */
import { ShapeError } from "../check/errors.js";
import { clip } from "../graph/primitives/choice/piecewise.js";
import { affine, negate } from "../graph/primitives/elementwise/affine.js";
import { add } from "../graph/primitives/elementwise/binary.js";
import type { ops } from "../graph/primitives/index.js";
import { log } from "../graph/primitives/transcendental/exponential.js";
import { type Reach, reachOf } from "../graph/reach.js";
import { makeValue, type Value } from "../graph/value.js";

export interface Question {
  /** What errors call the loss. */
  readonly who: string;
  readonly output: Value;
  /** What makes the probabilities that the loss is about. */
  readonly probability: "softmax" | "sigmoid";
  /** As the user says; undefined: by the graph. */
  readonly fromLogits: boolean | undefined;
  /** Which loss fits what does not fit this one. */
  readonly mend: string;
}

/** Ops that only put elements elsewhere, and whether those along the last axis stay together. */
const MOVES: { readonly [K in keyof typeof ops]?: (value: Value) => boolean } = {
  reshape: () => true,
  slice: () => true,
  transpose: ({ attributes, shape }) =>
    (attributes as { permutation: readonly number[] }).permutation.at(-1) === shape.length - 1,
  concat: ({ attributes, shape }) => (attributes as { axis: number }).axis !== shape.length - 1,
};

/** What is behind a probability, moved as it was; undefined for what is none, or something else was done to. */
function behind(value: Value, probability: Question["probability"]): Value | undefined {
  const { op, inputs, shape, attributes } = value;
  if (op.name === probability) return inputs[0];
  const keepsRows = MOVES[op.name as keyof typeof MOVES];
  if (keepsRows === undefined) return undefined;
  const isKept =
    probability === "sigmoid" ||
    (keepsRows(value) && inputs.every((one) => one.shape.at(-1) === shape.at(-1)));
  const found = isKept ? inputs.map((one) => behind(one, probability)) : [undefined];
  return found.includes(undefined) ? undefined : makeValue(op, found as Value[], attributes);
}

/** As the textbooks clip probabilities before their logarithm: Keras' epsilon. */
const EPSILON = 1e-7;
/** Room for rounding: three thirds of what reaches to 1. */
const TOLERANCE = 1e-6;

const isShare = ([low, high]: Reach) => low >= 0 && high <= 1 + TOLERANCE;
const isAny = ([low, high]: Reach) => low === Number.NEGATIVE_INFINITY && high === Number.POSITIVE_INFINITY;

/** What the softmax, or the sigmoid, is that share of: ln p, or ln p − ln (1 − p). A softmax divides by Σ p. */
function logitsOfShares(p: Value, probability: Question["probability"]): Value {
  if (probability === "softmax") return log(clip(p, { low: EPSILON, high: Number.MAX_VALUE }));
  const within = clip(p, { low: EPSILON, high: 1 - EPSILON });
  return add(log(within), negate(log(affine(within, { scale: -1, offset: 1 }))));
}

const named = ({ op: { name }, layer }: Value) =>
  `${/^[aeiou]/.test(name) ? "an" : "a"} ${name} of layer "${layer}"`;

/** The logits of an output, whatever form it has. @throws ShapeError for nonsense, and for what may be either */
export function logitsFor(question: Question): Value {
  const { who, output, probability, fromLogits, mend } = question;
  const logits = behind(output, probability);
  if (logits !== undefined) {
    checkOnce(question, logits);
    return logits;
  }
  if (fromLogits !== undefined) return fromLogits ? output : logitsOfShares(output, probability);
  const unfit = probability === "softmax" ? "sigmoid" : "softmax";
  if (behind(output, unfit) !== undefined) {
    throw new ShapeError(
      `${who}: the output is ${named(output)}; needs ${probability} as the last activation, or logits. ${mend}`,
    );
  }
  const reach = reachOf(output);
  if (isShare(reach)) return logitsOfShares(output, probability);
  // The softmax of a log-softmax is that softmax.
  if (isAny(reach) || (probability === "softmax" && output.op.name === "logSoftmax")) return output;
  throw new ShapeError(
    `${who}: the output, ${named(output)}, lies between ${shown(reach[0])} and ${shown(reach[1])}; needs ${probability} ` +
      "as the last activation, or none. Where it is meant, say by the loss's option what it is: fromLogits: true for " +
      `logits, false for probabilities. ${mend}`,
  );
}

/** Three digits, and no exponent where none is needed. */
const shown = (end: number) => String(Number(end.toPrecision(3)));

/** @throws ShapeError for the probability of a probability, or one that is called logits */
function checkOnce({ who, output, probability, fromLogits }: Question, logits: Value): void {
  if (fromLogits) {
    throw new ShapeError(
      `${who}: fromLogits is true, and the output is ${named(output)}; needs no activation. Leave it out, or fromLogits.`,
    );
  }
  if (behind(logits, "softmax") === undefined && behind(logits, "sigmoid") === undefined) return;
  throw new ShapeError(
    `${who}: the output is ${named(output)}, and what it is given is ${named(logits)}: its probabilities would hardly ` +
      `differ. Leave one of them out; ${probability} belongs last.`,
  );
}

/** Whether the numbers of an output are probabilities, and not logits or other scores. */
export const isProbability = (output: Value): boolean => isShare(reachOf(output));

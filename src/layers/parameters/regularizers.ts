/**
 * Penalties of weights and activations, which layers add to the loss, as in Keras: they are in the loss that is reported,
 * in training and in evaluation, and in `losses` by layer.
 *
 * An optimizer's `weightDecay` adds λ · w to the gradient and nothing to the loss. l2(λ / 2), whose gradient is λ · w, does the
 * same to the weights with sgd; adaptive optimizers scale either, unless the decay is decoupled (Loshchilov & Hutter 2019).
 * Penalties are of the parameters that they are given for; weightDecay is of all.
 */
import { OptionError } from "../../check/errors.js";
import { notNegative } from "../../check/kinds.js";
import { choose, describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { scale } from "../../graph/primitives/elementwise/affine.js";
import { add } from "../../graph/primitives/elementwise/binary.js";
import { abs, square } from "../../graph/primitives/elementwise/unary.js";
import { sum } from "../../graph/primitives/reduce/sum.js";
import type { Value } from "../../graph/value.js";
import type { BuildContext } from "../layer.js";

/** A penalty of l1 · Σ |w| + l2 · Σ w²: plain data, which `l1l2` makes again. */
export interface Regularizer {
  readonly l1: number;
  readonly l2: number;
}

export interface L1L2Options {
  /** Of the sum of magnitudes, at least 0; default 0.01. */
  readonly l1?: number;
  /** Of the sum of squares, at least 0; default 0.01. */
  readonly l2?: number;
}

/** The regularizers that an option may name. */
export type RegularizerName = "l1" | "l2" | "l1l2";

/** A regularizer by its name, with its defaults, or as configured. */
export type RegularizerOption = RegularizerName | Regularizer;

/**
 * Of the layers that have a kernel and a bias. Where the losses are sums over rows, as `sumOfSquares` is, the penalty of a
 * parameter is added once for each micro-batch.
 */
export interface RegularizerOptions {
  /** Penalty of the kernel, once for each step, however often the layer is used; default none. */
  readonly kernelRegularizer?: RegularizerOption;
  /** Penalty of the bias; default none. */
  readonly biasRegularizer?: RegularizerOption;
  /**
   * Penalty of the result, activation included, for each use of the layer: summed over a row and averaged over the rows
   * of the batch, or added up over them where the losses are sums; default none.
   */
  readonly activityRegularizer?: RegularizerOption;
}

/** rate · Σ |w|, which makes weights exactly 0 that matter little (Tibshirani 1996). @throws OptionError for a rate below 0 */
export function l1(rate = 0.01): Regularizer {
  checkSurplus("l1", arguments, 1);
  return { l1: notNegative()("l1", "rate", rate), l2: 0 };
}

/** rate · Σ w², which keeps weights small: its gradient is 2 · rate · w. @throws OptionError for a rate below 0 */
export function l2(rate = 0.01): Regularizer {
  checkSurplus("l2", arguments, 1);
  return { l1: 0, l2: notNegative()("l2", "rate", rate) };
}

/** l1 · Σ |w| + l2 · Σ w² (Zou & Hastie 2005, the elastic net). @throws OptionError for options outside their domain */
export function l1l2(options: L1L2Options = {}): Regularizer {
  checkSurplus("l1l2", arguments, 1);
  return checked("l1l2", options);
}

const checked = (who: string, options: L1L2Options): Regularizer =>
  take(who, options, { l1: notNegative(0.01), l2: notNegative(0.01) });

const REGULARIZERS: Readonly<Record<RegularizerName, () => Regularizer>> = { l1, l2, l1l2 };

/** A regularizer by its name or as configured; none when there is none. @throws OptionError with the nearest known name */
export function toRegularizer(who: string, given: RegularizerOption | undefined): Regularizer | undefined {
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null) return choose(who, "regularizer", given, REGULARIZERS)();
  if ("l1" in given && "l2" in given) return checked(`${who}: regularizer`, given);
  throw new OptionError(`${who}: the regularizer is ${describe(given)}; needs a name, or l1l2({ l1, l2 }).`);
}

/** The kind of options that are regularizers: their names stay, so that they are what the user wrote. */
export const regularizerOption: Kind<RegularizerOption | undefined> = (who, name, given) => {
  const made = toRegularizer(`${who}: ${name}`, given);
  return typeof given === "string" ? given : made;
};

/** What a layer adds to the loss. */
export interface Penalties {
  /** The penalty of a parameter: once, however often the layer is used. */
  ofParameter(context: BuildContext, value: Value | undefined, regularizer: Regularizer | undefined): void;
  /** The penalty of what a layer makes of each row. */
  ofActivity(context: BuildContext, value: Value, regularizer: Regularizer | undefined): void;
}

/** Penalties of one layer. */
export function penalties(): Penalties {
  // Uses of a layer share the values of its parameters, which each graph has anew.
  const known = new WeakSet<Value>();
  return {
    ofParameter: (context, value, regularizer) => {
      if (value === undefined || known.has(value)) return;
      known.add(value);
      addPenalty(context, value, regularizer, 0);
    },
    ofActivity: (context, value, regularizer) => addPenalty(context, value, regularizer, 1),
  };
}

/** Adds l1 · Σ |x| + l2 · Σ x² over the axes from `first` on. */
function addPenalty(context: BuildContext, x: Value, regularizer: Regularizer | undefined, first: 0 | 1) {
  if (regularizer === undefined) return;
  const axes = x.shape.map((_, axis) => axis).slice(first);
  const parts = [
    ...(regularizer.l1 > 0 ? [scale(sum(abs(x), { axes }), regularizer.l1)] : []),
    ...(regularizer.l2 > 0 ? [scale(sum(square(x), { axes }), regularizer.l2)] : []),
  ];
  // A rate of 0 is no penalty: there is no loss that it could be reported as.
  const [one, other] = parts;
  if (one !== undefined) context.addLoss(other === undefined ? one : add(one, other));
}

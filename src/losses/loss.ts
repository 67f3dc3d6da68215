import type { Configured } from "../check/schema.js";
import type { Value } from "../graph/value.js";
import type { Targeted } from "../rows/target.js";

/** What training makes small. */
export interface Loss extends Targeted, Configured {
  /**
   * The losses of a step, before they are reduced to one.
   *
   * @internal
   */
  build(prediction: Value, target: Value): LossTerms;
  /** What it is over the rows of a step. */
  readonly reduction: Reduction;
  /** false: the output alone says what it costs, and there is no y for it. Default true. */
  readonly hasTarget?: false;
  /** Which accuracy fits: the largest output wins, or each output is compared with a threshold. */
  readonly decision: "largest" | "threshold" | "none";
  /** Whether it is a function of the user's, who knows what its targets are. Default false. */
  readonly isCustom?: true;
  /**
   * What its least mean follows from for a network that gives one answer to all rows; left out where it is not known.
   *
   * @internal
   */
  readonly constantAnswer?: ConstantAnswer;
}

/** The entropy of the classes, or of yes and no, or the variance of the targets: see constantAnswer.ts. */
export interface ConstantAnswer {
  readonly by: "classEntropy" | "binaryEntropy" | "variance";
  /** Share of the targets that is spread evenly; default 0. */
  readonly smoothing?: number;
}

/** The losses of a step. */
export interface LossTerms {
  /** The rows first; or a scalar, for the whole step. */
  readonly losses: Value;
  /** As many as losses: each counts so often, and a mean is divided by their sum instead of their number. */
  readonly weights?: Value | undefined;
  /** The losses are multiplied by the weights already, which only divide the mean. */
  readonly isWeighted?: true;
  /** Divides what the losses are reduced to; default 1. */
  readonly divisor?: number;
}

export type Reduction = "mean" | "sum";
export interface ReductionOptions {
  /** Over all elements of the step; default `mean`. */
  readonly reduction?: Reduction;
}

/** One number for each class of the last axis. */
export type PerClass = ArrayLike<number>;

export interface ClassWeightOptions {
  /** How much a row of each class counts, at least 0: one for each class. Default: all alike. */
  readonly classWeights?: PerClass;
}

/** The option of losses of probabilities. */
export interface LogitsOptions {
  /**
   * Whether the output is logits (true) or probabilities (false), where the graph does not show it. Default: behind a
   * softmax or sigmoid it is the logits; what may be any number is logits; what must lie between 0 and 1, as a mean or
   * product of probabilities, is probabilities; anything else is refused.
   */
  readonly fromLogits?: boolean;
}

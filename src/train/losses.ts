import type { Targeted } from "../data/target.js";
import { ShapeError } from "../errors.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import * as lossOps from "../ops/loss.js";
import { reshape } from "../ops/reshape.js";
import { softmax } from "../ops/softmax.js";
import { sigmoid } from "../ops/unary.js";
import { checkKeys, choose } from "../options.js";
import { REDUCTIONS } from "./reduction.js";

/** What training makes small. */
export interface Loss extends Targeted {
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
}

/** The losses of a step. */
export interface LossTerms {
  /** The rows first; or a scalar, for the whole step. */
  readonly losses: Value;
  /** As many as losses: each counts so often, and a mean is divided by their sum instead of their number. */
  readonly weights?: Value | undefined;
  /** Divides what the losses are reduced to; default 1. */
  readonly divisor?: number;
}

export type Reduction = "mean" | "sum";
export interface ReductionOptions {
  /** Over all elements of the step; default `mean`. */
  readonly reduction?: Reduction;
}

function chooseReduction(who: string, options: ReductionOptions): Reduction {
  checkKeys(who, options, ["reduction"]);
  const { reduction = "mean" } = options;
  choose(who, "reduction", reduction, REDUCTIONS);
  return reduction;
}

const lastAxis = (shape: Shape) => shape.at(-1) as number;

/** [rows, 1] of [rows]: the ops sum over the last axis, which must not be that of the rows. */
const withColumns = (x: Value): Value => (x.shape.length > 1 ? x : reshape(x, { shape: [...x.shape, 1] }));

/**
 * Mean over all elements of (prediction − target)², or their sum.
 *
 * @throws OptionError for options that do not exist
 */
export function meanSquaredError(options: ReductionOptions = {}): Loss {
  const reduction = chooseReduction("meanSquaredError", options);
  return {
    name: "meanSquaredError",
    reduction,
    decision: "none",
    targets: (output) => [{ row: output.slice(1) }],
    build: (prediction, target) => {
      const columns = withColumns(prediction);
      const losses = lossOps.squaredError(columns, withColumns(target));
      return { losses, divisor: reduction === "mean" ? lastAxis(columns.shape) : 1 };
    },
  };
}

/** ½ Σ (prediction − target)² over all elements: the sum-of-squares error (Bishop 2006, eq. 5.14). */
export function sumOfSquares(): Loss {
  return {
    name: "sumOfSquares",
    reduction: "sum",
    decision: "none",
    targets: (output) => [{ row: output.slice(1) }],
    build: (prediction, target) => ({ losses: lossOps.squaredError(prediction, target), divisor: 2 }),
  };
}

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

/**
 * −ln p[label], the mean over rows. Labels are integer classes, or rows of class probabilities (one-hot).
 *
 * On a softmax output it works on the logits behind it, which is stable; any other output is taken as logits, but a
 * sigmoid is refused.
 *
 * @throws OptionError for options that do not exist
 */
export function crossEntropy(options: ReductionOptions = {}): Loss {
  const reduction = chooseReduction("crossEntropy", options);
  return {
    name: "crossEntropy",
    reduction,
    decision: "largest",
    targets: (output) => {
      const classes = lastAxis(output);
      if (classes < 2) {
        throw new ShapeError(
          `crossEntropy: output is ${formatShape(output)}; needs at least two classes in its last axis. ` +
            'For one output that says yes or no, use "binaryCrossEntropy".',
        );
      }
      const isLabel = (value: number) => Number.isInteger(value) && value >= 0 && value < classes;
      const isShare = (value: number) => value >= 0 && value <= 1;
      return [
        {
          row: output.slice(1, -1),
          fault: (value) => (isLabel(value) ? undefined : `needs an integer class from 0 to ${classes - 1}`),
        },
        {
          row: output.slice(1),
          fault: (value) => (isShare(value) ? undefined : "needs a probability from 0 to 1"),
          sumsToOne: true,
        },
      ];
    },
    build: (prediction, target) => {
      const mend = 'For outputs that each say yes or no, use "binaryCrossEntropy".';
      const logits = logitsOf("crossEntropy", prediction, opOf(softmax), opOf(sigmoid), mend);
      const isOneHot = target.shape.length === logits.shape.length;
      return { losses: (isOneHot ? lossOps.crossEntropyOneHot : lossOps.crossEntropy)(logits, target) };
    },
  };
}

/**
 * −t ln p − (1 − t) ln(1 − p), the mean over all elements; targets from 0 to 1.
 *
 * On a sigmoid output it works on the logits behind it, which is stable; any other output is taken as logits, but a
 * softmax is refused.
 *
 * @throws OptionError for options that do not exist
 */
export function binaryCrossEntropy(options: ReductionOptions = {}): Loss {
  const reduction = chooseReduction("binaryCrossEntropy", options);
  return {
    name: "binaryCrossEntropy",
    reduction,
    decision: "threshold",
    targets: (output) => [
      {
        row: output.slice(1),
        fault: (value) => (value >= 0 && value <= 1 ? undefined : "needs a target from 0 to 1"),
      },
    ],
    build: (prediction, target) => {
      const mend = 'For classes of which one is right, use "crossEntropy".';
      const logits = withColumns(
        logitsOf("binaryCrossEntropy", prediction, opOf(sigmoid), opOf(softmax), mend),
      );
      const losses = lossOps.binaryCrossEntropy(logits, withColumns(target));
      return { losses, divisor: reduction === "mean" ? lastAxis(logits.shape) : 1 };
    },
  };
}

/** The losses that `compile` knows by name, each with its defaults. */
export type LossName = "meanSquaredError" | "sumOfSquares" | "crossEntropy" | "binaryCrossEntropy";

const LOSSES: Readonly<Record<LossName, () => Loss>> = {
  meanSquaredError,
  sumOfSquares,
  crossEntropy,
  binaryCrossEntropy,
};

/** A loss by its name, with its defaults, or as configured. */
export function chooseLoss(given: LossName | Loss): Loss {
  if (isLoss(given)) return given;
  return choose("compile", "loss", given, LOSSES)();
}

/** Whether a function is one that makes a loss, which was not called. */
export const isFactory = (given: unknown): boolean =>
  Object.values(LOSSES).some((factory) => factory === given);

/** Whether something is a loss as configured. An output may be named like one of its fields. */
export const isLoss = (given: unknown): given is Loss =>
  typeof given === "object" &&
  given !== null &&
  "build" in given &&
  typeof given.build === "function" &&
  "decision" in given;

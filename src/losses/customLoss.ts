import { inContext, OptionError, ShapeError } from "../check/errors.js";
import { functionOf, optional, text } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { isValue } from "../graph/op.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../graph/shape.js";
import { inBuild, type Value } from "../graph/value.js";
import { isLoss, type Loss, type Reduction } from "./index.js";

/** The loss of each row, or of the whole step as a scalar, written with the functions of `wasmgrad/ops`. */
export type LossFunction = (prediction: Value, target: Value) => Value;

export interface CustomLossOptions {
  /** What errors call it; default the name of the function. */
  readonly name?: string;
  /** Shape of one row of the target, from that of the output; default the same. */
  readonly targetShape?: (output: Shape) => Shape;
  /** What is done with a result that has a number for each row; default `mean`. */
  readonly reduction?: Reduction;
}

const meanOrSum: Kind<Reduction, Reduction | undefined> = (who, name, given = "mean") => {
  if (given === "mean" || given === "sum") return given;
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs "mean" or "sum".`);
};

/**
 * A loss from a function of prediction and target; its gradient follows from the ops.
 *
 * The prediction is [rows, …] as the output, the target [rows, …] as `targetShape` says. The result is a scalar, or
 * has the rows first and is averaged (`reduction`) over all its elements.
 *
 * @throws OptionError for options that do not exist; at `compile`, ShapeError for a result of another shape
 */
export function customLoss(build: LossFunction, options: CustomLossOptions = {}): Loss {
  checkSurplus("customLoss", arguments, 2);
  functionOf()("customLoss", "the loss", build);
  const settled = take("customLoss", options, {
    name: text(build.name || "customLoss"),
    targetShape: optional(functionOf<(output: Shape) => Shape>()),
    reduction: meanOrSum,
  });
  const { name, targetShape, reduction } = settled;
  return {
    name,
    given: [build],
    options: settled,
    reduction,
    decision: "none",
    isCustom: true,
    targets: (output) => [{ row: rowOf(name, output.slice(1), targetShape) }],
    build: (prediction, target) => {
      const result = inBuild({ isUsers: true }, () =>
        inContext(`loss ${name}`, () => build(prediction, target)),
      );
      if (!isValue(result)) {
        throw new ShapeError(
          `loss ${name}: returns ${describe(result)}; needs a value. ` +
            "Write it with functions of wasmgrad/ops: (p, t) => mean(square(subtract(p, t))).",
        );
      }
      const { shape } = result;
      if (shape.length > 0 && shape[0] !== ROWS && sizeOf(shape).factor !== 1) {
        throw new ShapeError(
          `loss ${name}: returns ${formatShape(shape)}; needs a scalar, or one number for each row.`,
        );
      }
      return { losses: result };
    },
  };
}

/** Shape of one row of the target. @throws ShapeError for what is no shape */
function rowOf(name: string, output: Shape, targetShape: CustomLossOptions["targetShape"]): Shape {
  const shape: unknown = targetShape === undefined ? output : targetShape(output);
  if (Array.isArray(shape) && shape.every((axis) => Number.isSafeInteger(axis) && axis >= 1)) return shape;
  const got = Array.isArray(shape) ? formatShape(shape) : describe(shape);
  throw new ShapeError(`loss ${name}: targetShape gives ${got}; needs an array of sizes without the rows.`);
}

/** A loss from a function that `compile` was given; undefined for one that makes a loss, which was not called. */
export const lossOf = (given: LossFunction): Loss | undefined =>
  isFactory(given) ? undefined : customLoss(given);

/** Whether a function is one that makes a loss, which was not called: it does so of nothing. */
function isFactory(given: LossFunction | (() => unknown)): boolean {
  if (given.length > 0) return false;
  try {
    return isLoss((given as () => unknown)());
  } catch {
    // A function of the rest of its arguments, which needs them.
    return false;
  }
}

import { inContext, OptionError, ShapeError } from "../check/errors.js";
import { checkKeys, checkType, describe } from "../check/options.js";
import { isValue } from "../graph/op.js";
import { formatShape, ROWS, type Shape, sizeOf } from "../graph/shape.js";
import { inBuild, type Value } from "../graph/value.js";
import { chooseLoss, isFactory, type Loss, type LossName, type Reduction } from "./index.js";

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

/**
 * A loss from a function of prediction and target; its gradient follows from the ops.
 *
 * The prediction is [rows, …] as the output, the target [rows, …] as `targetShape` says. The result is a scalar, or
 * has the rows first and is averaged (`reduction`) over all its elements.
 *
 * @throws OptionError for options that do not exist; at `compile`, ShapeError for a result of another shape
 */
export function customLoss(build: LossFunction, options: CustomLossOptions = {}): Loss {
  checkType("customLoss", "the loss", build, "function");
  checkKeys("customLoss", options, ["name", "targetShape", "reduction"]);
  const { name = build.name || "customLoss", reduction = "mean", targetShape } = options;
  checkType("customLoss", "name", name, "string");
  if (targetShape !== undefined) checkType("customLoss", "targetShape", targetShape, "function");
  if (reduction !== "mean" && reduction !== "sum") {
    throw new OptionError(`customLoss: reduction is ${describe(reduction)}; needs "mean" or "sum".`);
  }
  return {
    name,
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

/** A loss as `compile` takes it: by its name, as configured, or a function. */
export function toLoss(given: LossName | Loss | LossFunction): Loss {
  return typeof given === "function" && !isFactory(given)
    ? customLoss(given)
    : chooseLoss(given as LossName | Loss);
}

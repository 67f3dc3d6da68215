/** Layers that join several inputs into one. */
import { ShapeError } from "../../check/errors.js";
import { integer } from "../../check/kinds.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { minimum as minimumOp } from "../../graph/primitives/choice/comparison.js";
import { scale } from "../../graph/primitives/elementwise/affine.js";
import * as binary from "../../graph/primitives/elementwise/binary.js";
import { concat } from "../../graph/primitives/move/concat.js";
import { formatShape, ROWS, type Shape, sameShape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, layerTitle, makeLayer, NAME, type NameOptions } from "../layer.js";

type Join = (inputs: readonly [Value, ...Value[]]) => Value;

/** A layer that works element by element on inputs of one shape. */
function elementwise(kind: string, options: NameOptions, join: Join): Layer {
  const who = layerTitle(kind, options?.name);
  return makeLayer({
    kind,
    options: take(who, options, NAME),
    arity: "many",
    layout: "elementwise",
    shape: (inputs) => {
      const [first] = inputs as [Shape];
      const odd = inputs.find((shape) => !sameShape(shape, first));
      if (odd === undefined) return first;
      throw new ShapeError(
        `${who}: inputs are ${formatShape(first)} and ${formatShape(odd)}; needs equal shapes.`,
      );
    },
    parameters: () => [],
    build: (inputs) => join(inputs as [Value, ...Value[]]),
  });
}

const fold =
  (op: (a: Value, b: Value) => Value): Join =>
  ([first, ...others]) =>
    others.reduce((joined, x) => op(joined, x), first);

/** y = Σ of its inputs, all of one shape: the joint of a residual connection, `add()(x, branch)`. */
export function add(options: NameOptions = {}): Layer {
  checkSurplus("add", arguments, 1);
  return elementwise("add", options, fold(binary.add));
}

/** y = Π of its inputs, element by element, all of one shape: a gate. */
export function multiply(options: NameOptions = {}): Layer {
  checkSurplus("multiply", arguments, 1);
  return elementwise("multiply", options, fold(binary.multiply));
}

/** y = a − b, element by element; `subtract()(a, b)`. */
export function subtract(options: NameOptions = {}): Layer {
  checkSurplus("subtract", arguments, 1);
  return elementwise("subtract", options, fold(binary.subtract));
}

/** y = the largest of its inputs, element by element. */
export function maximum(options: NameOptions = {}): Layer {
  checkSurplus("maximum", arguments, 1);
  return elementwise("maximum", options, fold(binary.maximum));
}

/** y = the smallest of its inputs, element by element. */
export function minimum(options: NameOptions = {}): Layer {
  checkSurplus("minimum", arguments, 1);
  return elementwise("minimum", options, fold(minimumOp));
}

/** y = the mean of its inputs, element by element. */
export function average(options: NameOptions = {}): Layer {
  checkSurplus("average", arguments, 1);
  return elementwise("average", options, (inputs) => scale(fold(binary.add)(inputs), 1 / inputs.length));
}

export interface ConcatenateOptions extends NameOptions {
  /** Along which axis, the rows being axis 0; below 0 it counts from the end. Default −1. */
  readonly axis?: number;
}

const axisBehindRows: Kind<number, number | undefined> = (who, name, given = -1) => {
  // What is no number stays what it is: Math.abs would make a number of text.
  if (given !== -1) integer(1)(who, name, typeof given === "number" ? Math.abs(given) : given);
  return given;
};

/**
 * Its inputs one behind the other along an axis: [rows, a] and [rows, b] become [rows, a + b].
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError for inputs that differ in other axes
 */
export function concatenate(options: ConcatenateOptions = {}): Layer {
  checkSurplus("concatenate", arguments, 1);
  const who = layerTitle("concatenate", options?.name);
  const settled = take(who, options, { ...NAME, axis: axisBehindRows });
  const { axis } = settled;
  const place = (rank: number) => (axis < 0 ? axis + rank : axis);
  return makeLayer({
    kind: "concatenate",
    options: settled,
    arity: "many",
    layout: "concatenation",
    shape: (inputs) => {
      const [first] = inputs as [Shape];
      const at = place(first.length);
      if (at < 1 || at >= first.length) {
        throw new ShapeError(
          `${who}: axis is ${axis} for inputs of ${formatShape(first)}; needs one behind the rows.`,
        );
      }
      if (first[at] === ROWS) {
        throw new ShapeError(
          `${who}: axis ${at} of ${formatShape(first)} is the rows, which cannot be joined; needs another axis.`,
        );
      }
      const others = (shape: Shape) => shape.with(at, 0);
      const odd = inputs.find(
        (shape) => shape.length !== first.length || !sameShape(others(shape), others(first)),
      );
      if (odd !== undefined) {
        throw new ShapeError(
          `${who}: inputs are ${formatShape(first)} and ${formatShape(odd)}; needs shapes that differ in axis ${at} only.`,
        );
      }
      return first.with(
        at,
        inputs.reduce((sum, shape) => sum + (shape[at] as number), 0),
      );
    },
    parameters: () => [],
    build: (inputs) => {
      const axis = place((inputs[0] as Value).shape.length);
      return inputs.length === 1
        ? (inputs[0] as Value)
        : concat(...(inputs as [Value, ...Value[]]), { axis });
    },
  });
}

import { DataError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { isList } from "../../rows/nesting.js";

/** Numbers with a shape, as `weights()` and `gradients()` give them. */
export interface PlottedTensor {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Tensors by name: weights, gradients. */
export type PlottedTensors = Readonly<Record<string, PlottedTensor>>;

/** @throws OptionError for what is no object of them, DataError for one whose numbers do not fit its shape */
export function checkTensors(who: string, what: string, given: unknown): PlottedTensors {
  if (typeof given !== "object" || given === null || Symbol.iterator in given) {
    throw new OptionError(
      `${who}: ${what} is ${describe(given)}; needs an object of { shape, data } by name, as model.weights() gives.`,
    );
  }
  for (const [name, one] of Object.entries(
    given as Readonly<Record<string, Partial<PlottedTensor> | null>>,
  )) {
    const shape = one?.shape;
    const data: unknown = one?.data;
    const isShape =
      Array.isArray(shape) && [...shape].every((axis) => Number.isSafeInteger(axis) && axis >= 0);
    if (!isShape || !isList(data)) {
      throw new DataError(`${who}: ${what}: "${name}" is ${describe(one)}; needs { shape, data }.`);
    }
    const elements = shape.reduce((product, axis) => product * axis, 1);
    if (data.length === elements) continue;
    throw new DataError(
      `${who}: ${what}: "${name}" has ${data.length} numbers; needs ${elements}, for [${shape.join(", ")}].`,
    );
  }
  return given as PlottedTensors;
}

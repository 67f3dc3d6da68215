/** Tensors to be written, checked. */
import { arrayKind } from "../../check/arrayKind.js";
import { OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { formatShape } from "../../graph/shape.js";
import type { Dtype } from "../safetensors/dtypes.js";
import { type AnyNumbers, bytesOfNumbers, converted, dtypeOfKind, isDtype } from "./numbers.js";

/** A tensor to be written, as `weights()` and `read` give them. */
export interface GivenTensor {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly data:
    | readonly number[]
    | AnyNumbers
    | Float32Array
    | Float64Array
    | Int8Array
    | Uint8Array
    | Uint8ClampedArray
    | Int16Array
    | Uint16Array
    | Int32Array
    | Uint32Array
    | BigInt64Array
    | BigUint64Array;
  /** The type that it is written as; default that of the data, `F32` of plain numbers. */
  readonly dtype?: Dtype;
}

export type GivenTensors = { readonly [name: string]: GivenTensor };

/** A tensor as it is written. */
export interface TensorBytes {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** @throws OptionError for what is no tensor; DataError for a number that the type does not hold */
export function tensorBytes(who: string, name: string, given: unknown): TensorBytes {
  const at = `${who}: ${describe(name)}`;
  const { shape, data, dtype } = Object(given) as Partial<GivenTensor>;
  const kind = arrayKind(data);
  const own = Array.isArray(data) ? "F32" : dtypeOfKind(kind);
  if (own === undefined || !Array.isArray(shape)) {
    throw new OptionError(
      `${at} is ${describe(given)}; needs { shape, data }, data being a typed array or numbers.`,
    );
  }
  const to = dtype ?? own;
  if (!isDtype(to)) {
    throw new OptionError(
      `${at}: dtype is ${describe(to)}; needs a type of numbers: "F32", "I64", "BOOL" ….`,
    );
  }
  const numbers = data as AnyNumbers;
  const isShape = shape.every((axis) => Number.isSafeInteger(axis) && axis >= 0);
  const needed = shape.reduce((product, axis) => product * axis, 1);
  if (!isShape || needed !== numbers.length) {
    const needs = isShape ? `${needed} numbers` : "a shape of sizes";
    throw new OptionError(`${at} is ${formatShape(shape)} with ${numbers.length} numbers; needs ${needs}.`);
  }
  const isSame = !Array.isArray(data) && to === own && kind !== "Float16Array";
  const held = isSame ? numbers : converted(at, numbers as ArrayLike<number | bigint>, to);
  return { name, dtype: to, shape, bytes: bytesOfNumbers(to, held) };
}

/** @throws OptionError, DataError */
export function allTensorBytes(who: string, given: GivenTensors): TensorBytes[] {
  if (Object(given) !== given || Array.isArray(given) || ArrayBuffer.isView(given)) {
    throw new OptionError(
      `${who}: got ${describe(given)}; needs an object of tensors by name: { w: { shape, data } }.`,
    );
  }
  return Object.entries(given).map(([name, one]) => tensorBytes(who, name, one));
}

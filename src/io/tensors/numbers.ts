/** Numbers of files as typed arrays, and from one type to another. */
import { DataError, FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { DTYPE_BYTES, type Dtype } from "../safetensors/dtypes.js";
import { fromBfloat, fromHalf, toBfloat, toHalf } from "./half.js";

/** The typed array that numbers of a type come as: those of 16 bits as f32, which holds each of them. */
export interface Numbers {
  readonly BOOL: Uint8Array<ArrayBuffer>;
  readonly U8: Uint8Array<ArrayBuffer>;
  readonly I8: Int8Array<ArrayBuffer>;
  readonly U16: Uint16Array<ArrayBuffer>;
  readonly I16: Int16Array<ArrayBuffer>;
  readonly F16: Float32Array<ArrayBuffer>;
  readonly BF16: Float32Array<ArrayBuffer>;
  readonly U32: Uint32Array<ArrayBuffer>;
  readonly I32: Int32Array<ArrayBuffer>;
  readonly F32: Float32Array<ArrayBuffer>;
  readonly U64: BigUint64Array<ArrayBuffer>;
  readonly I64: BigInt64Array<ArrayBuffer>;
  readonly F64: Float64Array<ArrayBuffer>;
}

export type AnyNumbers = Numbers[Dtype];

type Make = new (from: number | ArrayBuffer) => AnyNumbers;
const ARRAYS: { readonly [D in Dtype]: Make } = {
  BOOL: Uint8Array,
  U8: Uint8Array,
  I8: Int8Array,
  U16: Uint16Array,
  I16: Int16Array,
  F16: Float32Array,
  BF16: Float32Array,
  U32: Uint32Array,
  I32: Int32Array,
  F32: Float32Array,
  U64: BigUint64Array,
  I64: BigInt64Array,
  F64: Float64Array,
};

/** How a type is called that a typed array has by itself. */
const KINDS: Readonly<Record<string, Dtype>> = {
  Uint8Array: "U8",
  Uint8ClampedArray: "U8",
  Int8Array: "I8",
  Uint16Array: "U16",
  Int16Array: "I16",
  Float16Array: "F16",
  Float32Array: "F32",
  Uint32Array: "U32",
  Int32Array: "I32",
  BigUint64Array: "U64",
  BigInt64Array: "I64",
  Float64Array: "F64",
};

/** Of a typed array by its name, as "Float32Array". */
export const dtypeOfKind = (kind: string | undefined): Dtype | undefined =>
  kind !== undefined && Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;

export const isDtype = (given: unknown): given is Dtype =>
  typeof given === "string" && Object.hasOwn(DTYPE_BYTES, given);

/** What integers of a type lie within. */
const RANGES: Partial<Record<Dtype, readonly [least: bigint, most: bigint]>> = {
  BOOL: [0n, 1n],
  U8: [0n, 255n],
  I8: [-128n, 127n],
  U16: [0n, 65_535n],
  I16: [-32_768n, 32_767n],
  U32: [0n, 4_294_967_295n],
  I32: [-2_147_483_648n, 2_147_483_647n],
  U64: [0n, 18_446_744_073_709_551_615n],
  I64: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
};

const isBig = (dtype: Dtype) => dtype === "U64" || dtype === "I64";

/**
 * Little-endian bytes as numbers. They become those of the result where that can be.
 *
 * @throws FormatError for a BOOL that is neither 0 nor 1
 */
export function numbersOfBytes(who: string, dtype: Dtype, bytes: Uint8Array<ArrayBuffer>): AnyNumbers {
  if (dtype === "F16" || dtype === "BF16") {
    const from = dtype === "F16" ? fromHalf : fromBfloat;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return Float32Array.from({ length: bytes.length / 2 }, (_, i) => from(view.getUint16(2 * i, true)));
  }
  const isWhole = bytes.byteOffset === 0 && bytes.length === bytes.buffer.byteLength;
  const numbers = new ARRAYS[dtype](isWhole ? bytes.buffer : bytes.slice().buffer);
  const odd = dtype === "BOOL" ? bytes.findIndex((one) => one > 1) : -1;
  if (odd < 0) return numbers;
  throw new FormatError(`${who}: [${odd}] is ${bytes[odd]}, of BOOL; needs 0 or 1.`);
}

/**
 * Numbers of one type as those of another. Floats go to the nearest; what becomes an integer must be one of its range.
 *
 * @throws DataError naming the first number that the type does not hold
 */
export function converted<D extends Dtype>(
  who: string,
  numbers: ArrayLike<number | bigint>,
  to: D,
): Numbers[D] {
  const made = new ARRAYS[to](numbers.length);
  const range = RANGES[to];
  const narrowed = to === "F16" ? (x: number) => fromHalf(toHalf(x)) : (x: number) => fromBfloat(toBfloat(x));
  const isNarrow = to === "F16" || to === "BF16";
  for (let i = 0; i < numbers.length; i++) {
    const one = numbers[i] as number | bigint;
    if (range !== undefined) {
      const isWhole = typeof one === "bigint" || Number.isInteger(one);
      const whole = isWhole ? BigInt(one) : 0n;
      if (!isWhole || whole < range[0] || whole > range[1]) {
        throw new DataError(
          `${who}: [${i}] is ${typeof one === "bigint" ? one : describe(one)}; ${to} needs an integer from ${range[0]} to ${range[1]}.`,
        );
      }
      (made as Record<number, number | bigint>)[i] = isBig(to) ? whole : Number(whole);
    } else {
      const x = Number(one);
      (made as Record<number, number>)[i] = isNarrow ? narrowed(x) : x;
    }
  }
  return made as Numbers[D];
}

/** Numbers that a type holds, as little-endian bytes: a view of them where that can be. */
export function bytesOfNumbers(dtype: Dtype, numbers: AnyNumbers): Uint8Array {
  if (dtype !== "F16" && dtype !== "BF16")
    return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const bytes = new Uint8Array(numbers.length * 2);
  const view = new DataView(bytes.buffer);
  const to = dtype === "F16" ? toHalf : toBfloat;
  (numbers as Float32Array).forEach((one, i) => {
    view.setUint16(2 * i, to(one), true);
  });
  return bytes;
}

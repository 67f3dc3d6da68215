/**
 * Reads a safetensors file (https://github.com/huggingface/safetensors, "Format"):
 *
 *     u64 length of the header | header: JSON as UTF-8 | the bytes of all tensors
 *
 * The header has for each tensor `{ dtype, shape, data_offsets: [begin, end] }`, counted from the first byte behind it,
 * and under `__metadata__` strings by name. The tensors leave no hole, do not overlap and end with the file.
 */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { checkRule, type Rule } from "../rules.js";
import { parseStrict } from "../strictJson.js";
import { DTYPE_BYTES, type Dtype } from "./dtypes.js";
import type { Limits } from "./limits.js";

/** What a file says of a tensor. */
export interface TensorInfo {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

/** A tensor of a file, and its bytes there. */
export interface FileTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface TensorFile {
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  readonly tensors: readonly FileTensor[];
}

/** Bytes before the header. */
export const LENGTH_BYTES = 8;

/** The key of the strings of a header. */
export const METADATA = "__metadata__";
const SIZE = "an integer from 0 to 2^53 - 1";

/** How many tensors and axes there are follows from the bytes of the header, which are limited. */
export const HEADER: Rule = {
  [`${METADATA}?`]: { "*": "a string" },
  "*": { dtype: "a string", shape: [SIZE, 0, 64], data_offsets: [SIZE, 2, 2] },
};

/**
 * The header's own bytes: what is checked before anything else is looked at.
 *
 * @throws FormatError for bytes that are no such file, or fewer than they say
 */
export function headerOf(
  who: string,
  bytes: Uint8Array<ArrayBuffer>,
  { headerBytes }: Limits,
): Uint8Array<ArrayBuffer> {
  const length = bytes.length > LENGTH_BYTES ? Number(new DataView(bytes.buffer).getBigUint64(0, true)) : 0;
  const header = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  const isOne = header[0] === 0x7b;
  if (isOne && header.length === length && length <= headerBytes) return header;
  throw new FormatError(
    !isOne || length <= headerBytes
      ? `${who}: these ${bytes.length} bytes are ${isOne ? "cut short" : "no safetensors file"}; needs a whole one, read as bytes.`
      : `${who}: the header has ${length} bytes; needs at most ${headerBytes}.`,
  );
}

/** @throws FormatError for what breaks a rule of the format, naming the field */
export function readTensors(who: string, bytes: Uint8Array<ArrayBuffer>, limits: Limits): TensorFile {
  const header = headerOf(who, bytes, limits);
  const parsed = parseStrict(who, "the header", header, limits.depth) as Readonly<Record<string, never>>;
  checkRule(who, HEADER, parsed);
  const listed = Object.entries<TensorInfo>(parsed).filter(([name]) => name !== METADATA);
  if (listed.length > limits.tensors) {
    throw new FormatError(
      `${who}: the header lists ${listed.length} tensors; needs at most ${limits.tensors}.`,
    );
  }
  return {
    metadata: parsed[METADATA] ?? {},
    tensors: placed(who, listed, bytes.subarray(LENGTH_BYTES + header.length)),
  };
}

/** Tensors in the order of their bytes. @throws FormatError for holes, overlaps, and sizes that are not those of the shapes */
export function placed(
  who: string,
  infos: readonly (readonly [name: string, info: TensorInfo])[],
  data: Uint8Array<ArrayBuffer>,
): FileTensor[] {
  let end = 0;
  const byPlace = (
    [, { data_offsets: a }]: (typeof infos)[number],
    [, { data_offsets: b }]: (typeof infos)[number],
  ) => a[0] - b[0] || a[1] - b[1];
  const tensors = [...infos].sort(byPlace).map(([name, { dtype, shape, data_offsets }]) => {
    const begin = end;
    end += bytesOfShape(dtype, shape);
    if (data_offsets[0] === begin && data_offsets[1] === end) {
      return { name, dtype, shape, bytes: data.subarray(begin, end) };
    }
    const needs = Number.isNaN(end)
      ? "a dtype and a shape that there are"
      : `[${begin}, ${end}] by dtype and shape`;
    throw new FormatError(
      `${who}: ${describe(name)}.data_offsets is [${data_offsets.join(", ")}]; needs ${needs}.`,
    );
  });
  if (end === data.length) return tensors;
  const what = end > data.length ? "cut short" : "too long";
  throw new FormatError(`${who}: the file is ${what}: it has ${data.length} bytes of tensors; needs ${end}.`);
}

/** Bytes of a tensor; NaN where no file has so many, or that type. */
export function bytesOfShape(dtype: Dtype, shape: readonly number[]): number {
  let bytes: number = Object.hasOwn(DTYPE_BYTES, dtype) ? DTYPE_BYTES[dtype] : Number.NaN;
  for (const axis of shape) {
    bytes *= axis;
    // A product that was rounded, or will be multiplied by 0, is none.
    if (!Number.isSafeInteger(bytes)) return Number.NaN;
  }
  return bytes;
}

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
import { checkFields, count, type Field, fieldOf, listOf, mapOf, object, recordOf, string } from "../fields.js";
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
export interface FileTensor extends Omit<TensorInfo, "data_offsets"> {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface TensorFile {
  /** The header as it is written. */
  readonly header: Uint8Array<ArrayBuffer>;
  readonly metadata: ReadonlyMap<string, string>;
  /** In the order of their bytes. */
  readonly tensors: readonly FileTensor[];
}

/** Bytes before the header. */
export const LENGTH_BYTES = 8;

const TENSOR: Field<TensorInfo> = /* @__PURE__ */ recordOf<TensorInfo>({
  dtype: /* @__PURE__ */ fieldOf<Dtype>(`one of ${Object.keys(DTYPE_BYTES).join(", ")}`, (x) =>
    Object.hasOwn(DTYPE_BYTES, x as string),
  ),
  shape: /* @__PURE__ */ listOf(/* @__PURE__ */ count()),
  data_offsets: /* @__PURE__ */ listOf(/* @__PURE__ */ count(), 2, 2) as Field<TensorInfo["data_offsets"] & number[]>,
});

/**
 * The header's own bytes: what is checked before anything else is looked at.
 *
 * @throws FormatError for bytes that are no such file, or fewer than they say
 */
export function headerOf(who: string, bytes: Uint8Array<ArrayBuffer>, limits: Limits): Uint8Array<ArrayBuffer> {
  const no = (what: string) => new FormatError(`${who}: ${what} Needs a whole file, read as bytes and not as text.`);
  if (bytes.length <= LENGTH_BYTES) throw no(`it has ${bytes.length} bytes, which are no safetensors file.`);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
  if (header[0] !== 0x7b) throw no("these bytes are no safetensors file.");
  if (length > limits.headerBytes) {
    throw new FormatError(`${who}: the header has ${length} bytes; needs at most ${limits.headerBytes}.`);
  }
  if (header.length < length) {
    throw no(`the file is cut short: it has ${bytes.length} bytes, and its header ends at ${LENGTH_BYTES + length}.`);
  }
  return header;
}

/** @throws FormatError for what breaks a rule of the format, naming the field */
export function readTensors(who: string, bytes: Uint8Array<ArrayBuffer>, limits: Limits): TensorFile {
  const header = headerOf(who, bytes, limits);
  const what = "the header";
  const parsed = checkFields(who, object, parseStrict(who, what, textOf(who, header), limits.depth), what);
  const listed = Object.entries(parsed).filter(([name]) => name !== METADATA);
  if (listed.length > limits.tensors) {
    throw new FormatError(`${who}: ${what} lists ${listed.length} tensors; needs at most ${limits.tensors}.`);
  }
  const strings = Object.hasOwn(parsed, METADATA) ? parsed[METADATA] : {};
  const metadata = checkFields(who, mapOf(string), strings, METADATA);
  const infos = listed.map(([name, info]) => ({ ...checkFields(who, TENSOR, info, describe(name)), name }));
  return { header, metadata, tensors: placed(who, infos, bytes.subarray(LENGTH_BYTES + header.length)) };
}

const METADATA = "__metadata__";

export function textOf(who: string, header: Uint8Array<ArrayBuffer>): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(header);
  } catch (cause) {
    throw new FormatError(`${who}: the header is no UTF-8; the bytes were changed.`, { cause });
  }
}

/** Tensors in the order of their bytes. @throws FormatError for holes, overlaps, and sizes that are not those of the shapes */
export function placed(
  who: string,
  infos: readonly (TensorInfo & { readonly name: string })[],
  data: Uint8Array<ArrayBuffer>,
): FileTensor[] {
  let end = 0;
  const sorted = [...infos].sort((a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
  const tensors = sorted.map(({ name, dtype, shape, data_offsets }) => {
    const [begin, size] = [end, sizeOf(dtype, shape)];
    end += size;
    if (data_offsets[0] === begin && data_offsets[1] === end) {
      return { name, dtype, shape, bytes: data.subarray(begin, end) };
    }
    throw new FormatError(
      `${who}: ${describe(name)}.data_offsets is [${data_offsets.join(", ")}]; needs [${begin}, ${end}], by its dtype and ` +
        "shape and what lies before it.",
    );
  });
  if (end === data.length) return tensors;
  throw new FormatError(
    `${who}: the file is ${end > data.length ? "cut short" : "too long"}: its tensors have ${data.length} bytes; needs ` +
      `${end}. Read it whole, as bytes and not as text.`,
  );
}

/** Bytes of a tensor; NaN where no file has so many. */
export function sizeOf(dtype: Dtype, shape: readonly number[]): number {
  let bytes: number = DTYPE_BYTES[dtype];
  for (const axis of shape) {
    bytes *= axis;
    // A product that was rounded, or will be multiplied by 0, is none.
    if (!Number.isSafeInteger(bytes)) return Number.NaN;
  }
  return bytes;
}

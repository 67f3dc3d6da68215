/** Writes a safetensors file with checksums: see SNAPSHOT.md. */
import { OptionError } from "../../check/errors.js";
import { BEFORE_DIGITS, DIGITS, digitsOf, headerDigits } from "./checksums.js";
import type { Dtype } from "./dtypes.js";
import { HEADER_BYTES } from "./limits.js";
import { LENGTH_BYTES } from "./read.js";

/** A tensor to be written. */
export interface NewTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Its bytes, or a view of its numbers. */
  readonly values: ArrayBufferView;
}

/** Where tensors may begin, so that numbers of every type are aligned. */
const ALIGNMENT = 8;

/**
 * The bytes of a file: its tensors one behind the other, as given.
 *
 * @param metadata strings by name, which must not be `crc32c`
 * @throws OptionError for a header that would not be read
 */
export function writeTensors(
  who: string,
  tensors: readonly NewTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  let end = 0;
  const entries = tensors.map(({ name, dtype, shape, values }) => {
    const begin = end;
    end += values.byteLength;
    return `,${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [begin, end] })}`;
  });
  const empty = "0".repeat(DIGITS * (1 + tensors.length));
  const others = Object.entries(metadata).map(
    ([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  const text = `${BEFORE_DIGITS}${empty}"${others.join("")}}${entries.join("")}}`;
  const encoder = new TextEncoder();
  const header = encoder.encode(text);
  if (header.length > HEADER_BYTES) {
    throw new OptionError(
      `${who}: the header has ${header.length} bytes, with all that is attached; needs at most ${HEADER_BYTES}. Attach less.`,
    );
  }
  const start = Math.ceil((LENGTH_BYTES + header.length) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(start + end);
  new DataView(bytes.buffer).setUint32(0, start - LENGTH_BYTES, true);
  bytes.fill(0x20, LENGTH_BYTES, start);
  bytes.set(header, LENGTH_BYTES);
  let at = start;
  for (const { values } of tensors) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  const place = LENGTH_BYTES + BEFORE_DIGITS.length;
  at = start;
  for (const [i, { values }] of tensors.entries()) {
    const digits = digitsOf(bytes.subarray(at, at + values.byteLength));
    bytes.set(encoder.encode(digits), place + DIGITS * (1 + i));
    at += values.byteLength;
  }
  bytes.set(encoder.encode(headerDigits(bytes.subarray(LENGTH_BYTES, start))), place);
  return bytes;
}

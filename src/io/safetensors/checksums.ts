/**
 * Checksums within a safetensors file: `__metadata__.crc32c`, which comes first in the header, has eight hexadecimal digits
 * for the header, computed without these eight, and eight for each tensor in the order of their bytes.
 */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { crc32c } from "../crc32c.js";
import type { TensorFile } from "./read.js";

/** What the header of every file with checksums begins with: the digits follow. */
export const BEFORE_DIGITS = '{"__metadata__":{"crc32c":"';
export const DIGITS = 8;

/** Of bytes, and those before them, in digits. */
export const digitsOf = (bytes: Uint8Array, before?: number): string =>
  crc32c(bytes, before).toString(16).padStart(DIGITS, "0");

/** The checksum of a header, whatever its digits are now. */
export const headerDigits = (header: Uint8Array): string =>
  digitsOf(header.subarray(BEFORE_DIGITS.length + DIGITS), crc32c(header.subarray(0, BEFORE_DIGITS.length)));

/** @throws FormatError for a header with another checksum, or with none */
export function checkHeader(who: string, header: Uint8Array<ArrayBuffer>): void {
  const text = new TextDecoder().decode(header.subarray(0, BEFORE_DIGITS.length + DIGITS));
  if (text === BEFORE_DIGITS + headerDigits(header)) return;
  const what = text.startsWith(BEFORE_DIGITS)
    ? "the checksum of the header is another; the bytes were changed"
    : "a safetensors file, but none of wasmgrad: its header begins with no checksum";
  throw new FormatError(`${who}: ${what}.`);
}

/** @throws FormatError naming a tensor with another checksum */
export function checkTensors(who: string, { metadata, tensors }: TensorFile): void {
  const digits = metadata.crc32c ?? "";
  const bad = tensors.findIndex(({ bytes }, i) => !digits.startsWith(digitsOf(bytes), DIGITS * (i + 1)));
  if (bad < 0 && digits.length === DIGITS * (tensors.length + 1)) return;
  throw new FormatError(
    `${who}: the checksum of ${describe(tensors[bad]?.name)} is another; the bytes were changed.`,
  );
}

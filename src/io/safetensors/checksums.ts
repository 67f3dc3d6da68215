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

const digits = (checksum: number) => checksum.toString(16).padStart(DIGITS, "0");

export const sumOf = (bytes: Uint8Array): string => digits(crc32c(bytes));

/** The checksum of a header, whatever its digits are now. */
export function headerSum(header: Uint8Array): string {
  const place = BEFORE_DIGITS.length;
  return digits(crc32c(header.subarray(place + DIGITS), crc32c(header.subarray(0, place))));
}

/** @throws FormatError for a header with another checksum, or with none */
export function checkHeader(who: string, header: Uint8Array<ArrayBuffer>): void {
  const place = BEFORE_DIGITS.length;
  const text = new TextDecoder().decode(header.subarray(0, place + DIGITS));
  if (text === BEFORE_DIGITS + headerSum(header)) return;
  const hasNone = !text.startsWith(BEFORE_DIGITS);
  throw new FormatError(
    hasNone
      ? `${who}: a safetensors file, but none of wasmgrad: its header does not begin with a checksum.`
      : `${who}: the header's checksum is another; the bytes were changed.`,
  );
}

/** @throws FormatError naming a tensor with another checksum */
export function checkTensors(who: string, { metadata, tensors }: TensorFile): void {
  const given = metadata.get("crc32c") ?? "";
  const needs = DIGITS * (1 + tensors.length);
  if (given.length !== needs) {
    throw new FormatError(`${who}: __metadata__.crc32c has ${given.length} digits; needs ${needs}.`);
  }
  tensors.forEach(({ name, bytes }, i) => {
    if (given.startsWith(sumOf(bytes), DIGITS * (1 + i))) return;
    throw new FormatError(`${who}: the checksum of ${describe(name)} is another; its bytes were changed.`);
  });
}

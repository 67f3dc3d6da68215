/**
 * The header of an array of NumPy (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html):
 *
 *     "\x93NUMPY" | u8 version, 1 to 3 | u8 0 | u16 or, from version 2 on, u32 length | a dictionary of Python, and a line's end
 *
 * Version 3 is UTF-8, the others Latin-1.
 */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { checkRule, type Rule } from "../rules.js";
import { DTYPE_BYTES, type Dtype } from "../safetensors/dtypes.js";
import type { Limits } from "../safetensors/limits.js";
import { bytesOfShape } from "../safetensors/read.js";
import { parseLiteral } from "./literal.js";

export const MAGIC = "\x93NUMPY";
/** Bytes by which the length of the header is known. */
export const PREFIX_BYTES = 12;

/** What a header says. */
export interface NpyHeader {
  /** Of a type that this version reads. */
  readonly dtype: Dtype | undefined;
  /** As NumPy writes it: `<f4`. */
  readonly descr: string;
  readonly shape: readonly number[];
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  /** Where the numbers begin. */
  readonly start: number;
  /** Bytes of the numbers; undefined of types that are not read. */
  readonly bytes: number | undefined;
}

const SIZE = "an integer from 0 to 2^53 - 1";
const HEADER: Rule = { descr: "anything", fortran_order: "true or false", shape: [SIZE, 0, 64] };
const DTYPES: Readonly<Record<string, Dtype>> = {
  b1: "BOOL",
  i1: "I8",
  u1: "U8",
  i2: "I16",
  u2: "U16",
  f2: "F16",
  i4: "I32",
  u4: "U32",
  f4: "F32",
  i8: "I64",
  u8: "U64",
  f8: "F64",
};

/** How NumPy calls a type; undefined of BF16, which it has not. */
export const descrOf = (dtype: Dtype): string | undefined => {
  const [code] = Object.entries(DTYPES).find(([, one]) => one === dtype) ?? [];
  return code && `${DTYPE_BYTES[dtype] === 1 ? "|" : "<"}${code}`;
};

/**
 * Where the header ends, by the first `PREFIX_BYTES` of a file.
 *
 * @throws FormatError for what is no array of NumPy, is of another version, or has too long a header
 */
export function headerEnd(who: string, bytes: Uint8Array, { headerBytes }: Limits): number {
  const isOne = [...MAGIC].every((letter, i) => bytes[i] === letter.charCodeAt(0));
  if (!isOne || bytes.length < PREFIX_BYTES) {
    throw new FormatError(
      `${who}: these bytes are no array of NumPy; needs a whole one, as numpy.save writes it.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [version, minor] = [bytes[6] as number, bytes[7]];
  if (version < 1 || version > 3 || minor !== 0) {
    throw new FormatError(`${who}: the version is ${version}.${minor}; needs 1.0, 2.0 or 3.0.`);
  }
  const [length, before] = version === 1 ? [view.getUint16(8, true), 10] : [view.getUint32(8, true), 12];
  if (length <= headerBytes) return before + length;
  throw new FormatError(`${who}: the header has ${length} bytes; needs at most ${headerBytes}.`);
}

/** @param bytes up to the header's end @throws FormatError naming the field that is wrong */
export function npyHeader(who: string, bytes: Uint8Array, limits: Limits): NpyHeader {
  const version = bytes[6] as number;
  const label = version === 3 ? "utf-8" : "latin1";
  const parsed = parseLiteral(who, textOf(who, bytes.subarray(version === 1 ? 10 : 12), label), limits.depth);
  checkRule(who, HEADER, parsed);
  const { descr, fortran_order, shape } = parsed as {
    readonly descr: unknown;
    readonly fortran_order: boolean;
    readonly shape: readonly number[];
  };
  const [, order, code = ""] = (typeof descr === "string" ? /^([<>|=])(\w+)$/.exec(descr) : null) ?? [];
  const dtype = Object.hasOwn(DTYPES, code) ? DTYPES[code] : undefined;
  const size = dtype && bytesOfShape(dtype, shape);
  if (Number.isNaN(size)) {
    throw new FormatError(`${who}: shape is [${shape.join(", ")}]; needs sizes whose product there can be.`);
  }
  return {
    dtype,
    descr: typeof descr === "string" ? descr : describe(descr),
    shape,
    isBigEndian: order === ">",
    isFortran: fortran_order,
    start: bytes.length,
    bytes: size,
  };
}

function textOf(who: string, bytes: Uint8Array, label: string): string {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FormatError(`${who}: the header is no UTF-8.`, { cause });
  }
}

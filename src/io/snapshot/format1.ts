/**
 * Files of format 1, which are read and no longer written:
 *
 *     "wgss" | u32 format | u32 length of the header | u32 checksum | header: JSON as UTF-8, padded to 4 | f32 …
 *
 * The numbers are for each parameter its values, then those of its slots. Bytes behind the checksum are what it is of:
 * FNV-1a, 32 bits at a time, which does not find the change of two signs.
 */
import { FormatError } from "../../check/errors.js";
import { checkRule, type Rule } from "../rules.js";
import type { Limits } from "../safetensors/limits.js";
import { bytesOfShape, placed, type TensorInfo } from "../safetensors/read.js";
import { parseStrict } from "../strictJson.js";
import { checkState, FORMAT, type SavedParameter, type Snapshot } from "./state.js";
import { tensorName } from "./tensors.js";

const MAGIC = 0x73736777;
const PREAMBLE_BYTES = 16;

export const isFormat1 = (bytes: Uint8Array<ArrayBuffer>): boolean =>
  bytes.length >= 4 && new DataView(bytes.buffer).getUint32(0, true) === MAGIC;

function checksum(bytes: Uint8Array<ArrayBuffer>): number {
  let hash = 0x811c9dc5;
  for (const word of new Uint32Array(bytes.buffer, PREAMBLE_BYTES, (bytes.length - PREAMBLE_BYTES) >> 2)) {
    hash = Math.imul(hash ^ word, 0x01000193);
  }
  return hash >>> 0;
}

interface Shaped extends SavedParameter {
  readonly shape: readonly number[];
}

const SIZE = "an integer from 0 to 2^53 - 1";
/** The rest is checked as of every format. */
const HEADER: Rule = {
  parameters: [{ "*": "anything", shape: [SIZE, 0, 64], slots: SIZE }, 0, 65_536],
  "*": "anything",
};

/** @throws FormatError */
export function readFormat1(who: string, bytes: Uint8Array<ArrayBuffer>, limits: Limits): Snapshot {
  const words = new DataView(bytes.buffer);
  const [format, length] =
    bytes.length < PREAMBLE_BYTES
      ? [1, bytes.length]
      : ([4, 8].map((at) => words.getUint32(at, true)) as [number, number]);
  const start = PREAMBLE_BYTES + length;
  const wrong =
    format !== 1
      ? `has format ${format}; this version reads 1 and ${FORMAT}`
      : bytes.length < start || length > limits.headerBytes
        ? `is cut short, or its header of ${length} bytes too long`
        : words.getUint32(12, true) !== checksum(bytes)
          ? "has another checksum; the bytes were changed"
          : "";
  if (wrong) throw new FormatError(`${who}: the snapshot ${wrong}.`);
  const header = parseStrict(who, "the header", bytes.subarray(PREAMBLE_BYTES, start), limits.depth);
  checkRule(who, HEADER, header);
  const { parameters } = header as { readonly parameters: readonly Shaped[] };
  const state = checkState(who, {
    rateFactor: 1,
    ...(header as object),
    format: FORMAT,
    kind: "snapshot",
    parameters: parameters.map(({ shape: _, ...rest }) => rest),
  });
  const infos: (readonly [string, TensorInfo])[] = [];
  const data = bytes.subarray(start);
  let end = 0;
  for (const { name, shape, slots } of parameters) {
    // Each has a number at least: there are no more of them than the file has numbers.
    for (let i = 0; i <= slots && infos.length * 4 <= data.length; i++) {
      const begin = end;
      end += bytesOfShape("F32", shape);
      infos.push([tensorName(name, i), { dtype: "F32", shape, data_offsets: [begin, end] }]);
    }
  }
  return { state, tensors: placed(who, infos, data) };
}

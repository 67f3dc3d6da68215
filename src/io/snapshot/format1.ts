/**
 * Files of format 1, which are read and no longer written:
 *
 *     "wgss" | u32 format | u32 length of the header | u32 checksum | header: JSON as UTF-8, padded to 4 | f32 …
 *
 * The numbers are for each parameter its values, then those of its slots. Bytes behind the checksum are what it is of:
 * FNV-1a, 32 bits at a time, which does not find the change of two signs.
 */
import { FormatError } from "../../check/errors.js";
import { checkFields, count, type Field, listOf, object, recordOf, string } from "../fields.js";
import type { Limits } from "../safetensors/limits.js";
import { type FileTensor, placed, sizeOf, type TensorInfo, textOf } from "../safetensors/read.js";
import { parseStrict } from "../strictJson.js";
import type { Snapshot } from "./read.js";
import { checkState, FORMAT } from "./state.js";
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

interface Shaped {
  readonly name: string;
  readonly shape: readonly number[];
  readonly slots: number;
  readonly since: number;
}

const SHAPED: Field<Shaped> = /* @__PURE__ */ recordOf<Shaped>({
  name: string,
  shape: /* @__PURE__ */ listOf(/* @__PURE__ */ count()),
  slots: /* @__PURE__ */ count(),
  since: /* @__PURE__ */ count(),
});

/** @throws FormatError */
export function readFormat1(who: string, bytes: Uint8Array<ArrayBuffer>, limits: Limits): Snapshot {
  const view = new DataView(bytes.buffer);
  const start = bytes.length < PREAMBLE_BYTES ? PREAMBLE_BYTES : PREAMBLE_BYTES + view.getUint32(8, true);
  if (bytes.length < start) {
    throw new FormatError(`${who}: the snapshot is cut short: it has ${bytes.length} bytes; needs at least ${start}.`);
  }
  checkFields(who, count(1, 1), view.getUint32(4, true), "format");
  checkFields(who, count(0, limits.headerBytes), start - PREAMBLE_BYTES, "the length of the header");
  if (view.getUint32(12, true) !== checksum(bytes)) {
    throw new FormatError(`${who}: the snapshot's checksum is another; the bytes were changed.`);
  }
  const text = textOf(who, bytes.subarray(PREAMBLE_BYTES, start));
  const header = checkFields(who, object, parseStrict(who, "the header", text, limits.depth), "the header");
  const parameters = checkFields(who, listOf(SHAPED), header.parameters, "parameters");
  const state = checkState(who, {
    rateFactor: 1,
    ...header,
    format: FORMAT,
    kind: "snapshot",
    parameters: parameters.map(({ shape, ...rest }) => rest),
  });
  return { state, tensors: tensorsOf(who, parameters, bytes.subarray(start), limits) };
}

/** @throws FormatError for more tensors than there may be, and for sizes that are not those of the shapes */
function tensorsOf(
  who: string,
  parameters: readonly Shaped[],
  data: Uint8Array<ArrayBuffer>,
  limits: Limits,
): FileTensor[] {
  const infos: (TensorInfo & { readonly name: string })[] = [];
  let end = 0;
  for (const { name, shape, slots } of parameters) {
    checkFields(who, count(0, limits.tensors), infos.length + 1 + slots, "tensors");
    for (let i = 0; i <= slots; i++) {
      const begin = end;
      end += sizeOf("F32", shape);
      infos.push({ name: tensorName(name, i), dtype: "F32", shape, data_offsets: [begin, end] });
    }
  }
  return placed(who, infos, data);
}

/** A safetensors file of whoever wrote it, opened by its header alone. */
import { FormatError } from "../../check/errors.js";
import { checkRule } from "../rules.js";
import { parseStrict } from "../strictJson.js";
import { numbersOfBytes } from "../tensors/numbers.js";
import type { Source } from "../tensors/source.js";
import type { Entry } from "../tensors/tensorFile.js";
import type { Limits } from "./limits.js";
import { checkCount, type ListedTensor, listedTensors } from "./list.js";
import { HEADER, LENGTH_BYTES, METADATA, type TensorInfo } from "./read.js";

export interface OpenedSafetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
}

/** @throws FormatError for a header that is too long, or says what cannot be */
export async function openSafetensors(
  who: string,
  source: Source,
  limits: Limits,
): Promise<OpenedSafetensors> {
  const header = await headerOf(who, source, limits);
  const parsed = parseStrict(who, "the header", header, limits.depth);
  // The number of tensors before what is said of them.
  checkCount(who, Object.keys(Object(parsed) as object).filter((name) => name !== METADATA).length, limits);
  checkRule(who, HEADER, parsed);
  const { __metadata__: metadata = {}, ...infos } = parsed as {
    readonly __metadata__?: Record<string, string>;
  };
  const start = LENGTH_BYTES + header.length;
  const listed = listedTensors(who, infos as Record<string, TensorInfo>, source.size - start, limits);
  return { metadata, entries: listed.map((one) => entryOf(source, start, one)) };
}

function entryOf(source: Source, start: number, { begin, ...tensor }: ListedTensor): Entry {
  return {
    ...tensor,
    numbers: async (at, dtype) => numbersOfBytes(at, dtype, await source.read(start + begin, tensor.bytes)),
  };
}

/** @throws FormatError */
async function headerOf(
  who: string,
  { size, read }: Source,
  limits: Limits,
): Promise<Uint8Array<ArrayBuffer>> {
  const none = (is: string) =>
    new FormatError(`${who}: these ${size} bytes are ${is}; needs a whole safetensors file.`);
  if (size <= LENGTH_BYTES) throw none("no safetensors file");
  const start = await read(0, LENGTH_BYTES + 1);
  const length = Number(new DataView(start.buffer).getBigUint64(0, true));
  if (start[LENGTH_BYTES] !== 0x7b) throw none("no safetensors file");
  if (length > limits.headerBytes) {
    throw new FormatError(`${who}: the header has ${length} bytes; needs at most ${limits.headerBytes}.`);
  }
  if (length > size - LENGTH_BYTES) throw none("cut short");
  return read(LENGTH_BYTES, length);
}

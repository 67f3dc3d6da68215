/** Safetensors files as every tool writes and reads them: without checksums of our own. */
import { OptionError } from "../../check/errors.js";
import { later } from "../../check/kinds.js";
import { checkKeys, describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { allTensorBytes, type GivenTensors, type TensorBytes } from "../tensors/newTensor.js";
import { DTYPE_BYTES } from "./dtypes.js";
import { HEADER_BYTES } from "./limits.js";
import { LENGTH_BYTES, METADATA } from "./read.js";

export interface WriteSafetensorsOptions {
  /** Strings by name, kept under `__metadata__`; Hugging Face's libraries want `{ format: "pt" }`. */
  readonly metadata?: { readonly [name: string]: string };
}

const ALIGNMENT = 8;

/** Wide numbers first, so that each tensor is aligned to its own; of one width by name: as the reference implementation has it. */
const inOrder = (a: TensorBytes, b: TensorBytes) =>
  DTYPE_BYTES[b.dtype] - DTYPE_BYTES[a.dtype] || (a.name < b.name ? -1 : 1);

export function writeSafetensors(
  given: GivenTensors,
  options: WriteSafetensorsOptions = {},
): Uint8Array<ArrayBuffer> {
  const who = "writeSafetensors";
  const { metadata } = take(who, options, { metadata: later<WriteSafetensorsOptions["metadata"]>() });
  const tensors = allTensorBytes(who, given).sort(inOrder);
  if (tensors.some(({ name }) => name === METADATA)) {
    throw new OptionError(
      `${who}: a tensor is called ${METADATA}, which files have for strings; needs another name.`,
    );
  }
  let end = 0;
  const infos = tensors.map(({ name, dtype, shape, bytes }) => {
    const begin = end;
    end += bytes.length;
    return [name, { dtype, shape, data_offsets: [begin, end] }] as const;
  });
  const strings = metadata === undefined ? [] : [[METADATA, stringsOf(who, metadata)] as const];
  // Written one by one: an object would have names that are numbers first, and none that is __proto__.
  const fields = [...strings, ...infos].map(
    ([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`,
  );
  const header = new TextEncoder().encode(`{${fields.join(",")}}`);
  if (header.length > HEADER_BYTES) {
    throw new OptionError(`${who}: the header has ${header.length} bytes; needs at most ${HEADER_BYTES}.`);
  }
  const start = Math.ceil((LENGTH_BYTES + header.length) / ALIGNMENT) * ALIGNMENT;
  const file = new Uint8Array(start + end);
  new DataView(file.buffer).setUint32(0, start - LENGTH_BYTES, true);
  file.fill(0x20, LENGTH_BYTES, start);
  file.set(header, LENGTH_BYTES);
  tensors.forEach(({ bytes }, i) => {
    file.set(bytes, start + ((infos[i]?.[1].data_offsets[0] as number) ?? 0));
  });
  return file;
}

/** @throws OptionError for what are no strings */
function stringsOf(who: string, metadata: object): object {
  checkKeys(`${who}: metadata`, metadata, Object.keys(metadata ?? {}));
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value === "string") continue;
    throw new OptionError(`${who}: metadata.${name} is ${describe(value)}; needs a string.`);
  }
  return metadata;
}

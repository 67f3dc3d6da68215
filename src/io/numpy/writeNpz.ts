import { OptionError } from "../../check/errors.js";
import { flag } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { allTensorBytes, type GivenTensors } from "../tensors/newTensor.js";
import { crc32 } from "./crc32.js";
import { npyBytes } from "./writeNpy.js";
import { isUnsafe } from "./zip.js";

export interface WriteNpzOptions {
  /** true: deflated, as `numpy.savez_compressed` does; default false. */
  readonly compress?: boolean;
}

/** What there is room for without fields of 64 bits. */
const MOST_BYTES = 2 ** 32 - 2;
const MOST_ENTRIES = 65_534;
/** 1 January 1980: the least that there is, so that equal arrays make equal files. */
const DATE = 33;

/** Little-endian numbers of so many bytes. */
function fields(...list: readonly (readonly [value: number, bytes: 2 | 4])[]): Uint8Array {
  const made = new Uint8Array(list.reduce((sum, [, bytes]) => sum + bytes, 0));
  const view = new DataView(made.buffer);
  let at = 0;
  for (const [value, bytes] of list) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return made;
}

export async function writeNpz(
  given: GivenTensors,
  options: WriteNpzOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const who = "writeNpz";
  const { compress } = take(who, options, { compress: flag(false) });
  const tensors = allTensorBytes(who, given);
  if (tensors.length > MOST_ENTRIES) {
    throw new OptionError(`${who}: got ${tensors.length} arrays; needs at most ${MOST_ENTRIES}.`);
  }
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let end = 0;
  const add = (to: Uint8Array[], ...more: Uint8Array[]) => {
    to.push(...more);
    end += more.reduce((sum, { length }) => sum + length, 0);
  };
  for (const tensor of tensors) {
    if (isUnsafe(`${tensor.name}.npy`)) {
      throw new OptionError(
        `${who}: an array is called ${describe(tensor.name)}; needs a name that leads nowhere: no "..", "\\" or root.`,
      );
    }
    const file = npyBytes(who, tensor);
    const packed = compress ? await deflated(file) : file;
    const name = new TextEncoder().encode(`${tensor.name}.npy`);
    const offset = end;
    // Version 2.0, names in UTF-8, the method, time and date.
    const shared = fields(
      [20, 2],
      [0x800, 2],
      [compress ? 8 : 0, 2],
      [0, 2],
      [DATE, 2],
      [crc32(file), 4],
      [packed.length, 4],
      [file.length, 4],
      [name.length, 2],
      [0, 2],
    );
    add(parts, fields([0x04034b50, 4]), shared, name, packed);
    if (end > MOST_BYTES)
      throw new OptionError(
        `${who}: the file has more than 4 GiB; needs less. Write several, or safetensors.`,
      );
    directory.push(
      fields([0x02014b50, 4], [20, 2]),
      shared,
      fields([0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]),
      name,
    );
  }
  const start = end;
  for (const part of directory) add(parts, part);
  const count = tensors.length;
  add(
    parts,
    fields([0x06054b50, 4], [0, 2], [0, 2], [count, 2], [count, 2], [end - start, 4], [start, 4], [0, 2]),
  );
  const made = new Uint8Array(end);
  let at = 0;
  for (const part of parts) {
    made.set(part, at);
    at += part.length;
  }
  return made;
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

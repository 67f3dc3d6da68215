/** What entries of a ZIP archive unpack to: never more than they say, and a part of it without the rest. */
import { FormatError, UnsupportedError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { Source } from "../tensors/source.js";
import type { AllLimits } from "../tensors/tensorFile.js";
import { crc32 } from "./crc32.js";
import type { Npy } from "./npy.js";
import { LOCAL_BYTES, type Zipped } from "./zip.js";

const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
/** More than so many times its size nothing deflates (zlib's technical details). */
const MOST_TIMES = 1032;
/** Bytes that are unpacked at a time, and where only the first are wanted: some runtimes unpack a piece in one go. */
const PIECE_BYTES = 2 ** 16;
const FIRST_BYTES = 2 ** 10;

/**
 * An entry as a file of its own; its sums are checked where all of it is read.
 *
 * @throws FormatError for an entry that is packed in another way, encrypted, larger than the limits let or than it can be
 */
export function unpacking(who: string, source: Source, zipped: Zipped, { unpackedBytes }: AllLimits): Npy {
  const { name, method, isEncrypted, packed, size } = zipped;
  const at = `${who}: ${describe(name)}`;
  const wrong = (says: string) => new FormatError(`${at} ${says}.`);
  if (isEncrypted) throw wrong("is encrypted; needs an entry that is not");
  if (method !== STORED && method !== DEFLATED)
    throw wrong(`is packed by method ${method}; needs 0, stored, or 8, deflated`);
  if (size > unpackedBytes) throw wrong(`unpacks to ${size} bytes; needs at most ${unpackedBytes}`);
  if (method === STORED && packed !== size)
    throw wrong(`is stored in ${packed} bytes, of ${size}; needs as many`);
  if (size > MOST_TIMES * packed + 64)
    throw wrong(`is said to unpack from ${packed} bytes to ${size}; that cannot be`);
  const begins = async () => {
    const local = await source.read(zipped.offset, LOCAL_BYTES);
    const view = new DataView(local.buffer);
    const start = zipped.offset + LOCAL_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
    if (
      view.getUint32(0, true) === LOCAL &&
      view.getUint16(8, true) === method &&
      start + packed <= zipped.limit
    )
      return start;
    throw wrong(`has no header at ${zipped.offset} that fits what the directory says`);
  };
  const all = async () => {
    const start = await begins();
    const bytes =
      method === STORED
        ? await source.read(start, size)
        : await inflated(at, source, { start, packed, size });
    if (crc32(bytes) === zipped.crc) return bytes;
    throw wrong("has another checksum; the bytes were changed");
  };
  const first = async (length: number) => {
    const start = await begins();
    return method === STORED
      ? source.read(start, length)
      : inflated(at, source, { start, packed, size }, length);
  };
  return {
    size,
    async read(offset, length) {
      if (length === 0) return new Uint8Array(0);
      // Headers are read before it is known whether the numbers will be.
      if (offset === 0 && length < size) return first(length);
      return (await all()).slice(offset, offset + length);
    },
  };
}

interface Packed {
  readonly start: number;
  readonly packed: number;
  readonly size: number;
}

/** @param length so many of the first bytes; default all of them @throws FormatError; UnsupportedError */
async function inflated(
  at: string,
  source: Source,
  { start, packed, size }: Packed,
  length = size,
): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof DecompressionStream !== "function") {
    throw new UnsupportedError(
      `${at} is deflated, and there is no DecompressionStream here; needs an archive that is not: numpy.savez.`,
    );
  }
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  const ignore = () => undefined;
  let failure: unknown;
  const feed = async () => {
    const most = length < size ? FIRST_BYTES : PIECE_BYTES;
    for (let place = 0; place < packed; place += most) {
      const piece = await source.read(start + place, Math.min(most, packed - place));
      await writer.write(piece);
    }
    await writer.close();
  };
  const fed = feed().catch((error: unknown) => {
    failure ??= error;
    return writer.abort(error).catch(ignore);
  });
  writer.closed.catch(ignore);
  const bytes = new Uint8Array(length);
  let end = 0;
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) break;
      if (end + value.length > size)
        throw new FormatError(`${at} unpacks to more than ${size} bytes, as it is said to.`);
      bytes.set(value.subarray(0, length - end), end);
      end += value.length;
      if (length < size && end >= length) {
        end = length;
        break;
      }
    }
  } catch (error) {
    const cause = failure instanceof FormatError ? failure : error;
    if (cause instanceof FormatError) throw cause;
    throw new FormatError(`${at} cannot be unpacked: the bytes were changed.`, { cause });
  } finally {
    // Whoever stops before the end lets go of the rest.
    await reader.cancel().catch(ignore);
    await fed;
  }
  if (end === length) return bytes;
  throw new FormatError(`${at} unpacks to ${end} bytes; needs ${size}, as it is said to.`);
}

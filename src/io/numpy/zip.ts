/**
 * What a ZIP archive lists (PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.5.3): read from its end. Entries must not overlap, so
 * that what unpacks is of bytes that each count once (Fifield 2019, "A better zip bomb").
 */
import { FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { Limits } from "../safetensors/limits.js";
import type { Source } from "../tensors/source.js";

/** An entry of an archive. */
export interface Zipped {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Of its local header. */
  readonly offset: number;
  /** Where the next one begins, or the directory. */
  readonly limit: number;
}

const END_BYTES = 22;
/** The end's comment has as many at most. */
const MOST_COMMENT = 65_535;
const DIRECTORY_BYTES = 46;
export const LOCAL_BYTES = 30;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const DIRECTORY = 0x02014b50;

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.length);

interface End {
  readonly entries: number;
  readonly size: number;
  readonly offset: number;
}

/** @throws FormatError */
async function endOf(who: string, { size, read }: Source): Promise<End> {
  const length = Math.min(size, END_BYTES + MOST_COMMENT);
  const bytes = await read(size - length, length);
  const view = viewOf(bytes);
  let at = length - END_BYTES;
  while (
    at >= 0 &&
    (view.getUint32(at, true) !== END || at + END_BYTES + view.getUint16(at + 20, true) !== length)
  )
    at--;
  if (at < 0) throw new FormatError(`${who}: the ZIP archive has no end; it is cut short.`);
  const end = {
    entries: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  const isLarge = end.entries === 0xffff || end.size === 0xffffffff || end.offset === 0xffffffff;
  const place = size - length + at - 20;
  if (!isLarge || place < 0) return end;
  const locator = viewOf(await read(place, 20));
  if (locator.getUint32(0, true) !== LOCATOR64) return end;
  const found = whole(locator, 8);
  if (!(found >= 0 && found + 56 <= place)) {
    throw new FormatError(
      `${who}: the end of the ZIP archive is at ${found}, by its locator; needs a place before that.`,
    );
  }
  const large = viewOf(await read(found, 56));
  if (large.getUint32(0, true) !== END64)
    throw new FormatError(`${who}: the ZIP archive has no end at ${found}, where its locator says.`);
  return { entries: whole(large, 32), size: whole(large, 40), offset: whole(large, 48) };
}

const whole = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));

/** All entries in the order of their bytes. @throws FormatError naming the field that is wrong */
export async function zipEntries(who: string, source: Source, limits: Limits): Promise<Zipped[]> {
  const end = await endOf(who, source);
  if (end.entries > limits.tensors) {
    throw new FormatError(
      `${who}: the ZIP archive lists ${end.entries} entries; needs at most ${limits.tensors}.`,
    );
  }
  if (end.size > limits.headerBytes) {
    throw new FormatError(
      `${who}: the directory has ${end.size} bytes; needs at most ${limits.headerBytes}.`,
    );
  }
  if (end.offset + end.size > source.size || end.entries * DIRECTORY_BYTES > end.size) {
    throw new FormatError(
      `${who}: the directory has ${end.size} bytes from ${end.offset} on and ${end.entries} entries, the file ${source.size} bytes: it cannot be there.`,
    );
  }
  const bytes = await source.read(end.offset, end.size);
  const entries: Omit<Zipped, "limit">[] = [];
  let at = 0;
  for (let i = 0; i < end.entries; i++) {
    const { entry, next } = directoryEntry(who, bytes, at, i);
    entries.push(entry);
    at = next;
  }
  checkNames(who, entries);
  return bounded(who, entries, end.offset);
}

function directoryEntry(who: string, bytes: Uint8Array, at: number, i: number) {
  const wrong = (what: string) => new FormatError(`${who}: entry ${i} of the ZIP archive ${what}.`);
  const view = viewOf(bytes);
  if (at + DIRECTORY_BYTES > bytes.length || view.getUint32(at, true) !== DIRECTORY)
    throw wrong("is not in its directory");
  const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) =>
    view.getUint16(at + field, true),
  ) as [number, number, number];
  const extra = at + DIRECTORY_BYTES + nameBytes;
  const next = extra + extraBytes + commentBytes;
  if (next > bytes.length) throw wrong("goes on behind its directory");
  const large = largeFields(bytes.subarray(extra, extra + extraBytes));
  const sized = (field: number, what: string): number => {
    const value = view.getUint32(at + field, true);
    if (value !== 0xffffffff) return value;
    const found = large.shift();
    if (found !== undefined && Number.isSafeInteger(found)) return found;
    throw wrong(`has no ${what} that there can be: ${found}`);
  };
  // In this order, each where the field before has no room.
  const size = sized(24, "size");
  const packed = sized(20, "packed size");
  const offset = sized(42, "offset");
  const flags = view.getUint16(at + 8, true);
  let name: string;
  try {
    const text = bytes.subarray(at + DIRECTORY_BYTES, extra);
    name = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(text);
  } catch (cause) {
    throw new FormatError(`${who}: the name of entry ${i} of the ZIP archive is no UTF-8.`, { cause });
  }
  const entry = {
    name,
    method: view.getUint16(at + 10, true),
    isEncrypted: (flags & 1) === 1,
    crc: view.getUint32(at + 16, true),
    packed,
    size,
    offset,
  };
  return { entry, next };
}

/** The numbers of an extra field of 64 bits. */
function largeFields(extra: Uint8Array): number[] {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; ) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      const count = Math.min(3, length >> 3, (extra.length - at - 4) >> 3);
      return Array.from({ length: count }, (_, i) => whole(view, at + 4 + 8 * i));
    }
    at += 4 + length;
  }
  return [];
}

/** @throws FormatError for a name that comes twice, or leads out of a folder */
function checkNames(who: string, entries: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    const shown = describe(name);
    if (seen.has(name)) throw new FormatError(`${who}: the ZIP archive has the name ${shown} twice.`);
    if (isUnsafe(name)) {
      throw new FormatError(
        `${who}: the ZIP archive has the name ${shown}; needs one that leads nowhere: no "..", "\\" or root.`,
      );
    }
    seen.add(name);
  }
}

/** Whether a name is none, or absolute, or leads out of where it lies. */
export const isUnsafe = (name: string): boolean =>
  name === "" || /[\\\p{Cc}]|^\/|^[a-z]:|(^|\/)\.\.?(\/|$)/iu.test(name);

/** @throws FormatError for entries that overlap, or lie behind the directory */
function bounded(who: string, entries: readonly Omit<Zipped, "limit">[], directory: number): Zipped[] {
  const ordered = [...entries].sort((a, b) => a.offset - b.offset);
  return ordered.map((one, i) => {
    const limit = ordered[i + 1]?.offset ?? directory;
    const { name, offset, packed } = one;
    if (offset + LOCAL_BYTES + packed <= limit) return { ...one, limit };
    throw new FormatError(
      `${who}: ${describe(name)} has ${packed} bytes from ${offset} on; needs to end before ${limit}, where the next part of the ZIP archive begins.`,
    );
  });
}

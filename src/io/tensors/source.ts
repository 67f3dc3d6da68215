/** Where the bytes of a file come from, piece by piece: a large file is never wholly in memory. */
import { FormatError, OptionError, UnsupportedError } from "../../check/errors.js";
import { describe } from "../../check/options.js";

/** What reads pieces of a file, wherever it lies: `{ size, read: (offset, length) => bytes }`. */
export interface RangeReader {
  /** Bytes of the whole file. */
  readonly size: number;
  /** Exactly so many bytes from there on. */
  read(offset: number, length: number): Uint8Array | ArrayBuffer | Promise<Uint8Array | ArrayBuffer>;
}

/** A file that is open: of `open` of `node:fs/promises` in Node and Bun, or a `Deno.FsFile`. */
export interface OpenedFile {
  stat(): Promise<{ readonly size: number }>;
}

interface NodeFile extends OpenedFile {
  read(
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>;
}

interface DenoFile extends OpenedFile {
  seek(offset: number, whence: 0): Promise<number>;
  read(buffer: Uint8Array): Promise<number | null>;
}

/**
 * A file: its bytes, a `Blob` or `File`, a path or `file:` URL in Node, Deno and Bun, a file that these have opened, or what
 * reads ranges of it.
 */
export type TensorSource = Uint8Array | ArrayBuffer | Blob | string | URL | OpenedFile | RangeReader;

/** Bytes by their place. */
export interface Source {
  readonly size: number;
  /** A copy of bytes that there are. @throws FormatError where fewer come */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
  /** Lets go of what it has opened itself. */
  close(): Promise<void>;
}

const NOTHING = async () => undefined;

const viewOf = (given: unknown): Uint8Array | undefined => {
  if (ArrayBuffer.isView(given)) return new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  try {
    return new Uint8Array(ArrayBuffer.prototype.slice.call(given, 0));
  } catch {
    return undefined;
  }
};

const fieldsOf = (given: unknown): Readonly<Record<string, unknown>> =>
  Object(given) as Readonly<Record<string, unknown>>;

/** @throws OptionError for what no bytes come from; UnsupportedError for a path where there are no files */
export async function sourceOf(who: string, given: unknown): Promise<Source> {
  const bytes = viewOf(given);
  if (bytes !== undefined)
    return ranges(who, bytes.length, (offset, length) => bytes.slice(offset, offset + length));
  if (typeof given === "string" || given instanceof URL) return openPath(who, given);
  const { arrayBuffer, slice, size, read, stat, seek } = fieldsOf(given);
  if (typeof arrayBuffer === "function" && typeof slice === "function") {
    const blob = given as Blob;
    return ranges(who, blob.size, (offset, length) => blob.slice(offset, offset + length).arrayBuffer());
  }
  if (typeof read === "function" && typeof stat === "function") {
    const own = typeof seek === "function" ? ofDeno(given as DenoFile) : ofNode(given as NodeFile);
    return ranges(who, (await (given as OpenedFile).stat()).size, own);
  }
  if (typeof read === "function" && Number.isSafeInteger(size) && (size as number) >= 0) {
    return ranges(who, size as number, (offset, length) => (given as RangeReader).read(offset, length));
  }
  throw new OptionError(
    `${who}: got ${describe(given)}; needs the bytes of a file, a Blob, a path, an open file, or { size, read }.`,
  );
}

function ranges(
  who: string,
  size: number,
  read: (offset: number, length: number) => unknown,
  close: () => Promise<void> = NOTHING,
): Source {
  return {
    size,
    close,
    async read(offset, length) {
      const given = await read(offset, length);
      const bytes = viewOf(given);
      if (bytes?.length === length) return bytes.slice();
      const got = bytes === undefined ? describe(given) : `${bytes.length} bytes`;
      throw new FormatError(
        `${who}: reading ${length} bytes from ${offset} on gave ${got}; needs all of them. The file was changed, or is cut short.`,
      );
    },
  };
}

const ofNode =
  (file: NodeFile) =>
  async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length);
    let end = 0;
    while (end < length) {
      const { bytesRead } = await file.read(bytes, end, length - end, offset + end);
      if (bytesRead === 0) break;
      end += bytesRead;
    }
    return bytes.subarray(0, end);
  };

/** Its place is one for all who read: one reads after the other. */
function ofDeno(file: DenoFile): (offset: number, length: number) => Promise<Uint8Array> {
  let last: Promise<unknown> = Promise.resolve();
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length);
    await file.seek(offset, 0);
    let end = 0;
    while (end < length) {
      const count = await file.read(bytes.subarray(end));
      if (count === null) break;
      end += count;
    }
    return bytes.subarray(0, end);
  };
  return (offset, length) => {
    const next = last.then(() => read(offset, length));
    last = next.catch(NOTHING);
    return next;
  };
}

interface Scope {
  readonly process?: { getBuiltinModule?(name: string): unknown };
}
interface Files {
  open(path: string | URL): Promise<NodeFile & { close(): Promise<void> }>;
}

/** A path that `node:fs` knows, which Deno and Bun have too. */
async function openPath(who: string, path: string | URL): Promise<Source> {
  const shown = describe(String(path));
  if (/^(?!file:)[a-z][a-z\d+.-]+:/i.test(String(path))) {
    throw new OptionError(
      `${who}: got the address ${shown}; needs a path, or bytes. Give new Uint8Array(await (await fetch(address)).arrayBuffer()), ` +
        "or { size, read } that asks for ranges.",
    );
  }
  const files = (globalThis as Scope).process?.getBuiltinModule?.("node:fs/promises") as Files | undefined;
  if (files === undefined) {
    throw new UnsupportedError(
      `${who}: got the path ${shown}; there are no files here. Give bytes, a Blob, or { size, read }.`,
    );
  }
  const isUrl = typeof path === "string" && path.startsWith("file:");
  const file = await files.open(isUrl ? new URL(path) : path).catch((cause: Error) => {
    throw new OptionError(`${who}: the file ${shown} cannot be opened: ${cause.message}.`, { cause });
  });
  const { size } = await file.stat();
  return ranges(who, size, ofNode(file), () => file.close());
}

import { FormatError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { Signal } from "../../train/abort.js";
import { diskHere } from "../stores/fileSystem.js";
import { storageError, told } from "../stores/store.js";
import { isAddress, pathOf, protocolOf } from "./disk.js";
import type {
  AddressLike,
  BlobLike,
  FileHandleLike,
  Loaded,
  ResponseLike,
  Source,
  StreamLike,
} from "./place.js";

export interface ReadOptions {
  /** Bytes at most. */
  readonly most: number;
  readonly onProgress?: ((loaded: Loaded) => unknown) | undefined;
  readonly signal?: Signal | undefined;
}

/** A file that was read. */
export interface Read {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What errors call it. */
  readonly name: string;
}

/**
 * All bytes of a file, wherever it is.
 *
 * @throws StorageError when it cannot be read; FormatError for one of more bytes than there may be; OptionError for what is no
 *   place; the signal's reason
 */
export async function readPlace(who: string, given: Source, options: ReadOptions): Promise<Read> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    const read = await readAny(who, given, options);
    signal?.throwIfAborted();
    return read;
  } catch (error) {
    // Whatever the system makes of it, it was aborted.
    signal?.throwIfAborted();
    throw error;
  }
}

async function readAny(who: string, given: Source, options: ReadOptions): Promise<Read> {
  const is = (method: string) =>
    typeof (Object(given) as Readonly<Record<string, unknown>>)[method] === "function";
  if (typeof given === "string") {
    // In a page there are no files: what stands there is an address, from the page on.
    const isFetched = /^(https?|blob|data):$/.test(protocolOf(given) ?? (diskHere() ? "file:" : "https:"));
    return isFetched ? fetched(who, given, options) : ofDisk(who, given, options);
  }
  if (isAddress(given)) {
    return given.protocol === "file:" ? ofDisk(who, given, options) : fetched(who, given.href, options);
  }
  if (is("getFile")) {
    const { name } = given as FileHandleLike;
    const file = await told(`${who}: ${name} could not be opened`, () => (given as FileHandleLike).getFile());
    return ofBlob(who, file, options);
  }
  if (is("stream")) return ofBlob(who, given as BlobLike, options);
  if (typeof Object(given).headers?.get === "function")
    return ofResponse(who, given as ResponseLike, options);
  throw new OptionError(
    `${who}: got ${describe(given)}; needs bytes, a path, a URL, a File or Blob, or a Response.`,
  );
}

async function ofDisk(
  who: string,
  place: string | AddressLike,
  { most, onProgress }: ReadOptions,
): Promise<Read> {
  const [disk, path] = pathOf(who, place, "Give a URL, a File or bytes.");
  const file = await told(`${who}: ${path} could not be read`, () => disk.files.readFile(path));
  checkSize(`${who}: ${path}`, file.length, most);
  await onProgress?.({ loaded: file.length, total: file.length });
  return { bytes: new Uint8Array(file.buffer, file.byteOffset, file.length), name: path };
}

async function fetched(who: string, address: string, options: ReadOptions): Promise<Read> {
  const { signal } = options;
  const response = await told(`${who}: ${short(address)} could not be fetched`, () =>
    fetch(address, signal === undefined ? {} : { signal: signal as AbortSignal }),
  );
  return ofResponse(who, response as ResponseLike, options, short(address));
}

async function ofResponse(
  who: string,
  response: ResponseLike,
  options: ReadOptions,
  name = short(response.url || "the response"),
): Promise<Read> {
  const { ok, status, statusText, headers, body } = response;
  if (!ok) {
    const said = `${name} answered ${status}${statusText && ` ${statusText}`}; needs the file`;
    throw storageError(who, new Error(said));
  }
  if (body === null) return { bytes: new Uint8Array(0), name };
  // Of what was compressed, the length is that of other bytes.
  const length = headers.get("content-encoding") === null ? headers.get("content-length") : null;
  const total = length === null ? undefined : Number(length);
  return { bytes: await collected(who, name, body, total, options), name };
}

async function ofBlob(who: string, blob: BlobLike, options: ReadOptions): Promise<Read> {
  const { name = "the blob", size } = blob;
  checkSize(`${who}: ${name}`, size, options.most);
  return { bytes: await collected(who, name, blob.stream(), size, options), name };
}

/** The chunks of a stream as one. */
async function collected(
  who: string,
  name: string,
  stream: StreamLike,
  total: number | undefined,
  { most, onProgress, signal }: ReadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const at = `${who}: ${name}`;
  if (total !== undefined) checkSize(at, total, most);
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  try {
    for (;;) {
      const { done, value } = await told(`${at} could not be read to its end`, () => reader.read());
      signal?.throwIfAborted();
      if (done || value === undefined) break;
      chunks.push(value);
      loaded += value.length;
      checkSize(at, loaded, most);
      await onProgress?.({ loaded, total });
    }
  } catch (error) {
    // Nobody wants the rest.
    await reader.cancel().catch(() => undefined);
    throw error;
  }
  const bytes = new Uint8Array(loaded);
  let end = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, end);
    end += chunk.length;
  }
  return bytes;
}

function checkSize(at: string, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new FormatError(`${at} has ${bytes} bytes or more; needs at most ${most}, as limits.fileBytes says.`);
}

/** A data: address may be the whole file. */
const short = (address: string): string => (address.length > 120 ? `${address.slice(0, 120)}…` : address);

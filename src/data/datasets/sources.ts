/** What a Dataset can be made of: each gives a new iterator for each pass, and lets go of its source at the end. */
import { arrayKind } from "../../check/arrayKind.js";
import { DataError } from "../../check/errors.js";
import { describe } from "../../check/options.js";

/** What the reader of a web stream does, in any runtime. */
export interface StreamReader<T> {
  read(): Promise<{ readonly done: boolean; readonly value?: T | undefined }>;
  cancel(reason?: unknown): Promise<unknown>;
  releaseLock(): void;
}

/** A web `ReadableStream`. */
export interface StreamLike<T> {
  getReader(): StreamReader<T>;
}

/** What a stream is of: what can be written where it is piped to. Its own reader has overloads that hide it. */
export type ChunkOf<S> = S extends { pipeTo(destination: infer W, options?: never): unknown }
  ? W extends { getWriter(): { write(chunk?: infer T): unknown } }
    ? T
    : unknown
  : S extends StreamLike<infer T>
    ? T
    : unknown;

/** A `Blob`, `File` or `Response`'s blob: bytes that can be read as often as one likes. */
export interface BlobLike {
  stream(): StreamLike<Uint8Array>;
}

/** Elements, a promise of them, or a function that makes them anew for each pass. */
export type Elements<T> =
  | Iterable<T>
  | AsyncIterable<T>
  | ((epoch: number) => Iterable<T> | AsyncIterable<T> | Promise<Iterable<T> | AsyncIterable<T>>);

type Opened<T> = Iterator<T> | AsyncIterator<T>;

interface Iterables<T> {
  [Symbol.asyncIterator]?(): AsyncIterator<T>;
  [Symbol.iterator]?(): Iterator<T>;
}

const isIterable = (given: unknown): boolean =>
  typeof given === "object" && given !== null && (Symbol.asyncIterator in given || Symbol.iterator in given);

/** @throws DataError unless it can be iterated */
function checkIterable(who: string, given: unknown): void {
  if (isIterable(given)) return;
  throw new DataError(`${who}: got ${describe(given)}; needs an iterable, or a function that makes one.`);
}

function iteratorOf<T>(who: string, given: unknown): Opened<T> {
  checkIterable(who, given);
  const iterable = given as Iterables<T>;
  return (iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]?.()) as Opened<T>;
}

/** Generators are their own iterator: they run once. */
const runsOnce = (elements: unknown): boolean =>
  /Generator|Iterator/.test(Object.prototype.toString.call(elements)) ||
  typeof (elements as { next?: unknown } | null)?.next === "function";

/** Opens what a user gave, once or for each pass. */
export function openerOf<T>(who: string, elements: unknown): (epoch: number) => Promise<Opened<T>> {
  if (typeof elements === "function") {
    return async (epoch) => iteratorOf(who, await (elements as (epoch: number) => unknown)(epoch));
  }
  // Now, so that what cannot be iterated is refused where it was given.
  checkIterable(who, elements);
  if (!runsOnce(elements)) return async () => iteratorOf(who, elements);
  return once(who, "a generator", async () => iteratorOf(who, elements));
}

/** An opener that refuses to open again what was used up. */
export function once<T>(who: string, what: string, open: () => Promise<T>): () => Promise<T> {
  let isUsed = false;
  return async () => {
    if (isUsed) {
      throw new DataError(
        `${who}: ${what} runs once, and was used up by the pass before. Pass the function that makes it.`,
      );
    }
    isUsed = true;
    return open();
  };
}

export const notStream = (who: string, given: unknown): DataError =>
  new DataError(
    `${who}: got ${describe(given)}; needs a ReadableStream, or a function that makes one. ` +
      "Of a stream of Node's, Readable.toWeb makes one.",
  );

/** The chunks of a web stream, which is canceled when they are not all wanted. */
export async function* chunksOf<T>(who: string, stream: StreamLike<T>): AsyncGenerator<T, void, undefined> {
  if (typeof stream?.getReader !== "function") throw notStream(who, stream);
  const reader = stream.getReader();
  let isDone = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        isDone = true;
        return;
      }
      yield value as T;
    }
  } catch (error) {
    // A stream that failed has nothing left to cancel.
    isDone = true;
    throw error;
  } finally {
    if (!isDone) await reader.cancel();
    reader.releaseLock();
  }
}

/**
 * Lines of UTF-8 bytes, without their ends, which are \n or \r\n. What follows the last end is a line unless it is
 * empty. A byte order mark is no part of the first.
 *
 * @throws DataError for bytes that are no UTF-8, naming the line
 */
export async function* linesOf(
  who: string,
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  let line = 0;
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch (error) {
      throw new DataError(`${who}: line ${line}, or one soon after it, is no UTF-8; needs text.`, {
        cause: error,
      });
    }
  };
  for await (const chunk of bytes) {
    if (arrayKind(chunk) !== "Uint8Array") {
      const mend = typeof chunk === "string" ? " Leave out what decodes them: it is done here." : "";
      throw new DataError(`${who}: the stream gave ${describe(chunk)}; needs bytes, as Uint8Array.${mend}`);
    }
    const lines = decode(chunk).split("\n");
    lines[0] = rest + lines[0];
    rest = lines.pop() as string;
    for (const one of lines) {
      yield one.endsWith("\r") ? one.slice(0, -1) : one;
      line++;
    }
  }
  rest += decode();
  if (rest !== "") yield rest;
}

/**
 * The stages of a Dataset: each takes elements from the one before it, and asks for no more than it gives. A stage that
 * is stopped early stops the one before it, down to the source: `for await` and `finally` see to it.
 */
import { DataError } from "../../check/errors.js";
import type { Draw } from "../splits/draws.js";
import { kept } from "./kept.js";

/** One pass over elements. */
export type Pass<T> = AsyncGenerator<T, void, undefined>;

/** An error with the number of the element at which it came, counted from 0. An abort stays what it is. */
function atElement(who: string, element: number, error: unknown): unknown {
  if ((error as Error | null)?.name === "AbortError") return error;
  const message = error instanceof Error ? error.message : String(error);
  // Its own errors say where already.
  if (error instanceof DataError && message.startsWith(`${who}: `)) return error;
  return new DataError(`${who}: element ${element}: ${message}`, { cause: error });
}

/** The elements that a source gives, closed when no more are wanted. */
export async function* elementsOf<T>(
  who: string,
  open: () => Promise<Iterator<T> | AsyncIterator<T>>,
): Pass<Awaited<T>> {
  const iterator = await open();
  let isOpen = true;
  try {
    for (let element = 0; ; element++) {
      // One that threw has ended, as one that is done.
      isOpen = false;
      const next = await pull(who, iterator, element);
      if (next === undefined) return;
      isOpen = true;
      yield next.value;
    }
  } finally {
    if (isOpen) await iterator.return?.();
  }
}

async function pull<T>(who: string, iterator: Iterator<T> | AsyncIterator<T>, element: number) {
  try {
    const result = await iterator.next();
    return result.done ? undefined : { value: await result.value };
  } catch (error) {
    throw atElement(who, element, error);
  }
}

/** What a user's function makes of each element. */
export async function* mapped<T, U>(
  who: string,
  upstream: AsyncIterable<T>,
  change: (element: T, index: number, epoch: number) => U,
  epoch = 0,
): Pass<Awaited<U>> {
  let index = 0;
  for await (const element of upstream) {
    let result: Awaited<U>;
    try {
      result = await change(element, index, epoch);
    } catch (error) {
      throw atElement(who, index, error);
    }
    index++;
    yield result;
  }
}

/** The elements that a user's function answers true to. */
export async function* filtered<T>(
  who: string,
  upstream: AsyncIterable<T>,
  keeps: (element: T, index: number) => unknown,
): Pass<T> {
  const judged = mapped(who, upstream, async (element, index) => ({
    element,
    kept: await keeps(element, index),
  }));
  for await (const { element, kept } of judged) if (kept) yield element;
}

/** Elements in groups of `size`, the last of fewer unless the remainder is dropped. */
export async function* grouped<T, U>(
  upstream: AsyncIterable<T>,
  { size, dropRemainder }: { readonly size: number; readonly dropRemainder: boolean },
  stack: (group: readonly T[], first: number) => U,
): Pass<U> {
  let group: T[] = [];
  let first = 0;
  for await (const element of upstream) {
    group.push(kept(element));
    if (group.length < size) continue;
    const full = group;
    group = [];
    yield stack(full, first);
    first += full.length;
  }
  if (group.length > 0 && !dropRemainder) yield stack(group, first);
}

/** The parts of each element, one after the other. */
export async function* flattened<T, U>(
  upstream: AsyncIterable<T>,
  partsOf: (element: T, index: number) => Iterable<U>,
): Pass<U> {
  let index = 0;
  for await (const element of upstream) yield* partsOf(element, index++);
}

/** Each element is a random one of a buffer, whose place the next element takes. */
export async function* shuffled<T>(upstream: AsyncIterable<T>, bufferSize: number, draw: Draw): Pass<T> {
  const buffer: T[] = [];
  for await (const element of upstream) {
    if (buffer.length < bufferSize) {
      buffer.push(kept(element));
      continue;
    }
    const chosen = draw(bufferSize);
    const given = buffer[chosen] as T;
    buffer[chosen] = kept(element);
    yield given;
  }
  while (buffer.length > 0) {
    const chosen = draw(buffer.length);
    const given = buffer[chosen] as T;
    buffer[chosen] = buffer[buffer.length - 1] as T;
    buffer.pop();
    yield given;
  }
}

/** Passes one after the other; ends at one that is empty, which would come again for ever. */
export async function* repeated<T>(open: (pass: number) => AsyncIterable<T>, count: number): Pass<T> {
  for (let pass = 0; pass < count; pass++) {
    let isEmpty = true;
    for await (const element of open(pass)) {
      isEmpty = false;
      yield element;
    }
    if (isEmpty) return;
  }
}

/** The first elements; the next one is not asked for. */
export async function* taken<T>(upstream: AsyncIterable<T>, count: number): Pass<T> {
  let left = count;
  if (left === 0) return;
  for await (const element of upstream) {
    yield element;
    if (--left === 0) return;
  }
}

/** The elements behind the first ones. */
export async function* skipped<T>(upstream: AsyncIterable<T>, count: number): Pass<T> {
  let left = count;
  for await (const element of upstream) {
    if (left > 0) left--;
    else yield element;
  }
}

/** The elements of one pass, then those of the other. */
export async function* joined<T>(first: AsyncIterable<T>, second: () => AsyncIterable<T>): Pass<T> {
  yield* first;
  yield* second();
}

/** An element of each, until one ends; the others are closed then. */
export async function* zipped(iterators: readonly AsyncIterator<unknown>[]): Pass<unknown[]> {
  const open = new Set(iterators);
  try {
    for (;;) {
      const row: unknown[] = [];
      for (const iterator of iterators) {
        // One that throws has ended.
        open.delete(iterator);
        const result = await iterator.next();
        if (result.done) return;
        open.add(iterator);
        row.push(result.value);
      }
      yield row;
    }
  } finally {
    await Promise.all(Array.from(open, (iterator) => iterator.return?.()));
  }
}

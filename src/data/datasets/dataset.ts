import { bindMembers } from "../../check/bindMembers.js";
import { DataError, OptionError } from "../../check/errors.js";
import { flag, functionOf, integer } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { drawsOf, Use } from "../splits/draws.js";
import { countRows, ROWS, type RowOptions } from "./exampleRows.js";
import { prefetched } from "./prefetch.js";
import {
  type BlobLike,
  type ChunkOf,
  chunksOf,
  type Elements,
  linesOf,
  notStream,
  once,
  openerOf,
  type StreamLike,
} from "./sources.js";
import { type Batched, rowOf, stackExamples, type Unbatched, unstack } from "./stack.js";
import * as stages from "./stages.js";

export interface BatchOptions {
  /** Whether a last batch of fewer examples is left out; default false. */
  readonly dropRemainder?: boolean;
}

export interface ShuffleOptions {
  /** Elements among which each is drawn; at least as many as there are makes every order equally likely. */
  readonly bufferSize: number;
  /** Seed of the order; default 0. */
  readonly seed?: number;
  /** Whether each pass has an order of its own; default true. */
  readonly reshuffle?: boolean;
}

/** Opens the pass of an epoch, counted from 0. */
type Open<T> = (epoch: number) => AsyncIterator<T>;

/** The element types of datasets that are zipped. */
export type Zipped<D> = { -readonly [K in keyof D]: D[K] extends Dataset<infer T> ? T : never };

/**
 * Elements, given one after the other when they are asked for, as often as one likes: `tf.data.Dataset` in small. Each
 * method gives a new dataset and reads nothing; each pass opens the source, and closes it at its end, or when it is
 * stopped before. Elements are counted from 0 in errors.
 *
 * `fit`, `evaluate` and `validation` take a dataset of batches as it is. A pass is an epoch: what a dataset draws depends
 * on its seed and the number of the epoch alone. `fit` tells that number, so that a training which is resumed sees the
 * order that it would have seen.
 *
 * @example
 * const digits = Dataset.fromArrays({ x, y }).shuffle({ bufferSize: 1000, seed: 1 }).batch(32).prefetch(2);
 * await model.fit(digits, { epochs: 5 });
 */
export class Dataset<T> implements AsyncIterable<T> {
  // As fields, not as a call: who makes no dataset does not carry this class either.
  /** @internal */
  static readonly name = "Dataset";
  /** @internal */
  get [Symbol.toStringTag](): string {
    return "Dataset";
  }
  readonly #open: Open<T>;
  #epoch: number;

  private constructor(open: Open<T>, epoch = 0) {
    // To JavaScript nothing says that this is private.
    if (typeof open !== "function") {
      throw new OptionError(
        "Dataset: is made with new; needs Dataset.fromArrays, fromIterable, fromStream or fromFile.",
      );
    }
    this.#open = open;
    this.#epoch = epoch;
    bindMembers(this);
  }

  /**
   * The rows of `{ x, y }`, of named inputs, sample weights and whatever else has as many rows: nested arrays, or flat
   * typed arrays with the number of `rows`.
   *
   * @throws DataError for unequal numbers of rows
   */
  static fromArrays<D extends object>(data: D, options: RowOptions = {}): Dataset<Unbatched<D>> {
    checkSurplus("Dataset.fromArrays", arguments, 2);
    const who = "Dataset.fromArrays";
    const rows = countRows(who, data, take(who, options, ROWS).rows);
    return new Dataset(async function* () {
      for (let row = 0; row < rows; row++) yield rowOf(data, row, rows) as Unbatched<D>;
    });
  }

  /**
   * The elements of an iterable or async iterable, or of the one that a function makes for each pass. A generator runs
   * once, so pass the function: it is called with the number of the epoch.
   */
  static fromIterable<T>(elements: Elements<T>): Dataset<Awaited<T>> {
    checkSurplus("Dataset.fromIterable", arguments, 1);
    const who = "Dataset.fromIterable";
    const open = openerOf<T>(who, elements);
    return new Dataset((epoch) => stages.elementsOf(who, () => open(epoch)));
  }

  /** The chunks of a web `ReadableStream`, which runs once; or of the one that a function makes for each pass. */
  static fromStream<S extends StreamLike<unknown>>(
    stream: S | (() => S | Promise<S>),
  ): Dataset<Awaited<ChunkOf<S>>> {
    checkSurplus("Dataset.fromStream", arguments, 1);
    const who = "Dataset.fromStream";
    return new Dataset(
      openStream(who, stream as StreamLike<ChunkOf<S>>, async function* (chunks) {
        yield* chunks;
      }),
    );
  }

  /**
   * The lines of a text file in UTF-8: of a `Blob` or `File`, or of a function that gives a `ReadableStream` of bytes.
   * A line ends with \n or \r\n. What a line means is for `map`: a parser of CSV, `JSON.parse`.
   *
   * @example
   * import { openAsBlob } from "node:fs"; // in Node; a page has the files of an input element
   * const rows = Dataset.fromFile(await openAsBlob("houses.csv"))
   *   .skip(1)
   *   .map((line) => line.split(",").map((cell) => (cell === "" ? Number.NaN : Number(cell)))) // an empty cell is no 0
   *   .map(([price, ...x]) => ({ x, y: price }));
   */
  static fromFile(
    file: BlobLike | (() => StreamLike<Uint8Array> | Promise<StreamLike<Uint8Array>>),
  ): Dataset<string> {
    checkSurplus("Dataset.fromFile", arguments, 1);
    const who = "Dataset.fromFile";
    const isBlob = typeof file === "object" && file !== null && typeof file.stream === "function";
    if (!isBlob && typeof file !== "function") {
      throw new DataError(
        `${who}: got ${describe(file)}; needs a Blob or File, or a function that gives a ReadableStream of bytes.`,
      );
    }
    const stream = typeof file === "function" ? file : () => file.stream();
    return new Dataset(openStream(who, stream, (bytes) => linesOf(who, bytes)));
  }

  /** An element of each dataset, in a list or by name, until one of them ends. */
  static zip<const D extends readonly Dataset<unknown>[] | { readonly [name: string]: Dataset<unknown> }>(
    datasets: D,
  ): Dataset<Zipped<D>> {
    checkSurplus("Dataset.zip", arguments, 1);
    const who = "Dataset.zip";
    const entries = Object.entries(datasets ?? {}) as [string, unknown][];
    for (const [name, one] of entries) checkDataset(who, `"${name}"`, one);
    if (entries.length === 0) throw new DataError(`${who}: there are none; needs at least one dataset.`);
    const shape = (row: unknown[]) =>
      Array.isArray(datasets)
        ? row
        : Object.fromEntries(row.map((one, i) => [(entries[i] as [string, unknown])[0], one]));
    return new Dataset((epoch) => {
      const passes = entries.map(([, one]) => (one as Dataset<unknown>).#open(epoch));
      return stages.mapped(who, stages.zipped(passes), shape) as AsyncIterator<Zipped<D>>;
    });
  }

  /** A pass; the next one is the next epoch. */
  [Symbol.asyncIterator](): AsyncIterator<T> {
    return this.#open(this.#epoch++);
  }

  /** The same elements, with passes counted from this epoch on. `fit` does it by itself. */
  atEpoch(epoch: number): Dataset<T> {
    checkSurplus("Dataset.atEpoch", arguments, 1);
    integer(0)("Dataset.atEpoch", "epoch", epoch);
    return new Dataset(this.#open, epoch);
  }

  /**
   * What a function makes of each element, or promises to; the next element waits for it. It is told the number of the
   * element and that of the epoch, of which what it draws by chance should follow.
   */
  map<U>(change: (element: T, index: number, epoch: number) => U): Dataset<Awaited<U>> {
    checkSurplus("Dataset.map", arguments, 1);
    functionOf()("Dataset.map", "the argument", change);
    return this.#then((upstream, epoch) => stages.mapped("Dataset.map", upstream, change, epoch));
  }

  /** The elements to which a function answers true, or promises to. */
  filter(keeps: (element: T, index: number) => unknown): Dataset<T> {
    checkSurplus("Dataset.filter", arguments, 1);
    functionOf()("Dataset.filter", "the argument", keeps);
    return this.#then((upstream) => stages.filtered("Dataset.filter", upstream, keeps));
  }

  /**
   * Examples in batches of `size`, the last of those that are left: numbers, rows of numbers and nested rows become flat
   * typed arrays, field by field, as `fit` takes them. Bytes stay bytes; text becomes an array.
   *
   * @throws DataError from the pass, for examples unlike the first of their batch
   */
  batch(size: number, options: BatchOptions = {}): Dataset<Batched<T>> {
    checkSurplus("Dataset.batch", arguments, 2);
    integer(1)("Dataset.batch", "size", size);
    const { dropRemainder } = take("Dataset.batch", options, { dropRemainder: flag(false) });
    const stack = (group: readonly T[], first: number) => stackExamples("Dataset.batch", group, first);
    return this.#then((upstream) => stages.grouped(upstream, { size, dropRemainder }, stack));
  }

  /**
   * The examples of batches, one after the other: of those that `batch` made, or whose rows are nested arrays. A row of
   * one number is that number.
   *
   * @throws DataError from the pass, for flat typed arrays that nothing tells the number of rows of
   */
  unbatch(): Dataset<Unbatched<T>> {
    checkSurplus("Dataset.unbatch", arguments, 0);
    const parts = (batch: T, index: number) => unstack(`Dataset.unbatch: element ${index}`, batch);
    return this.#then((upstream) => stages.flattened(upstream, parts));
  }

  /**
   * Elements in a random order: each is drawn from a buffer, whose place the next element takes. Every epoch has an order
   * of its own unless `reshuffle` is false.
   */
  shuffle(options: ShuffleOptions): Dataset<T> {
    checkSurplus("Dataset.shuffle", arguments, 1);
    const who = "Dataset.shuffle";
    const { bufferSize, seed, reshuffle } = take(who, options, {
      bufferSize: integer(1),
      seed: integer(0, 0),
      reshuffle: flag(true),
    });
    return this.#then((upstream, epoch) =>
      stages.shuffled(upstream, bufferSize, drawsOf(seed, reshuffle ? epoch : 0, Use.Buffer)),
    );
  }

  /** All elements so many times; without a number, for ever, for `fit` with `maxSteps`. Each time counts as an epoch. */
  repeat(count = Number.POSITIVE_INFINITY): Dataset<T> {
    checkSurplus("Dataset.repeat", arguments, 1);
    if (count !== Number.POSITIVE_INFINITY) integer(0)("Dataset.repeat", "count", count);
    const first = (epoch: number) => (Number.isFinite(count) ? epoch * count : epoch);
    return new Dataset((epoch) => stages.repeated((pass) => this.#pass(first(epoch) + pass), count));
  }

  /** Fetches up to `count` elements ahead, while those before are worked on. */
  prefetch(count: number): Dataset<T> {
    checkSurplus("Dataset.prefetch", arguments, 1);
    integer(1)("Dataset.prefetch", "count", count);
    return new Dataset((epoch) => prefetched(this.#open(epoch), count));
  }

  /** The first elements. */
  take(count: number): Dataset<T> {
    checkSurplus("Dataset.take", arguments, 1);
    integer(0)("Dataset.take", "count", count);
    return this.#then((upstream) => stages.taken(upstream, count));
  }

  /** The elements behind the first ones. */
  skip(count: number): Dataset<T> {
    checkSurplus("Dataset.skip", arguments, 1);
    integer(0)("Dataset.skip", "count", count);
    return this.#then((upstream) => stages.skipped(upstream, count));
  }

  /** The elements of this one, then those of another. */
  concatenate<U>(other: Dataset<U>): Dataset<T | U> {
    checkSurplus("Dataset.concatenate", arguments, 1);
    checkDataset("Dataset.concatenate", "the argument", other);
    return new Dataset<T | U>((epoch) => stages.joined<T | U>(this.#pass(epoch), () => other.#pass(epoch)));
  }

  /** All elements of a pass, in an array. */
  async toArray(): Promise<T[]> {
    checkSurplus("Dataset.toArray", arguments, 0);
    const all: T[] = [];
    for await (const element of this) all.push(element);
    return all;
  }

  #pass(epoch: number): AsyncIterable<T> {
    return { [Symbol.asyncIterator]: () => this.#open(epoch) };
  }

  #then<U>(stage: (upstream: AsyncIterable<T>, epoch: number) => AsyncIterator<U>): Dataset<U> {
    return new Dataset((epoch) => stage(this.#pass(epoch), epoch));
  }
}

function checkDataset(who: string, what: string, value: unknown): void {
  if (value instanceof Dataset) return;
  throw new DataError(`${who}: ${what} is ${describe(value)}; needs a Dataset.`);
}

/** Passes over a stream: over one that is given, once. */
function openStream<T, U>(
  who: string,
  stream: StreamLike<T> | (() => StreamLike<T> | Promise<StreamLike<T>>),
  read: (chunks: AsyncIterable<T>) => AsyncIterator<U>,
): Open<Awaited<U>> {
  if (typeof stream !== "function" && typeof stream?.getReader !== "function") throw notStream(who, stream);
  const open =
    typeof stream === "function" ? async () => stream() : once(who, "a stream", async () => stream);
  return () => stages.elementsOf(who, async () => read(chunksOf(who, await open())));
}

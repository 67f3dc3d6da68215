import { DataError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { align } from "../../compile/instruction.js";
import { stageChunk } from "../../model/chunks.js";
import {
  type ExampleShapes,
  type Examples,
  type ExampleTables,
  isExamples,
  toExamples,
} from "../../rows/examples.js";
import { type TargetForm, targetColumns } from "../../rows/target.js";
import type { Machine, Staged } from "../../runtime/machine.js";
import { type Awaitable, isPromise, whenGrown } from "../../runtime/port.js";
import { type Signal, unlessAborted } from "../abort.js";

/** Batches to train on: each is one step. */
export type Batches<E = Examples> = Iterable<E> | AsyncIterable<E>;

/** An epoch's rows, staged slab after slab. */
export interface Slabs {
  /** Epochs that can be staged together. */
  readonly epochsAtOnce: number;
  /** Starts `epochs` epochs, the first after `skipped` rows; its number keys the shuffling. */
  start(epoch: number, epochs: number, skipped: number): void;
  /** Stages the next slab; undefined at the end. Rows of a slab are cut into steps of `batchRows`. */
  next(): Staged | undefined | Promise<Staged | undefined>;
  /** Ends an epoch that is left in its midst, so that another can start; arrays have nothing to end. */
  leave?(): Promise<void>;
  readonly batchRows: number;
}

/** The method that starts an iteration. @throws DataError for what is not iterable */
function opener(who: string, batches: Batches): () => Iterator<Examples> | AsyncIterator<Examples> {
  const open =
    (batches as AsyncIterable<Examples>)?.[Symbol.asyncIterator] ??
    (batches as Iterable<Examples>)?.[Symbol.iterator];
  // Text is iterable too, letter by letter, and so are numbers.
  const isFlat = typeof batches === "string" || ArrayBuffer.isView(batches);
  if (typeof open === "function" && !isFlat) return open;
  throw new DataError(
    `${who}: the data is ${describe(batches)}; needs { x, y }, or an iterable of batches of that form.`,
  );
}

/** Batches whose order depends on the epoch, as those of a Dataset: who tells its number gets the same ones again. */
interface ByEpoch {
  atEpoch(epoch: number): Batches;
}

const ofEpoch = (batches: Batches, epoch: number): Batches =>
  "atEpoch" in batches ? (batches as Batches & ByEpoch).atEpoch(epoch) : batches;

/** Generators, the iterators of collections, web and Node streams. Asking one for its iterator would lock it. */
const runsOnce = (data: Batches): boolean =>
  /Generator|Iterator|Stream/.test(Object.prototype.toString.call(data)) || "pipe" in data;

/** Of a training that may begin epochs anew: nobody knows how many it takes. */
export const ANY_EPOCHS = Number.POSITIVE_INFINITY;

/**
 * A function is asked only when its batches are wanted.
 *
 * @throws DataError unless `data` can give batches, and as often as there are epochs
 */
export function checkBatches(who: string, data: Batches | (() => Batches), epochs: number): void {
  if (Array.isArray(data) && data.length > 0 && !isExamples(data[0])) {
    throw new DataError(
      `${who}: the data is ${describe(data)} whose first entry is no { x, y }. Give { x, y }.`,
    );
  }
  if (typeof data === "function") return;
  opener(who, data);
  if (epochs > 1 && runsOnce(data)) {
    const needs =
      epochs === ANY_EPOCHS
        ? 'onDivergence is "rollBack", which begins an epoch anew'
        : `there are ${epochs} epochs`;
    throw new DataError(
      `${who}: the data runs once, as a generator or a stream does, and ${needs}. ` +
        "Pass the function that makes it.",
    );
  }
}

const notIterator = (who: string, what: string, got: unknown) =>
  new DataError(
    `${who}: ${what} of the data's iterator is ${describe(got)}; needs { value, done }, as generators give.`,
  );

/** Asks an iterator for its next value. @throws DataError for what is none */
function nextOf<T>(who: string, iterator: Iterator<T> | AsyncIterator<T>) {
  if (typeof iterator?.next === "function") return iterator.next();
  throw notIterator(who, "next", iterator?.next);
}

/** The batches of a stream, one after the other: none is asked for before the last was trained on. */
export class BatchStream {
  readonly #data: Batches | (() => Batches);
  readonly #shapes: ExampleShapes;
  readonly #who: string;
  readonly #signal: Signal | undefined;
  /** Undefined once it has ended or failed: then it must not be told to. */
  #iterator: Iterator<Examples> | AsyncIterator<Examples> | undefined;
  #isAsked = false;
  #batch = 0;

  constructor(
    who: string,
    data: Batches | (() => Batches),
    shapes: ExampleShapes,
    signal: Signal | undefined,
    epochs: number,
  ) {
    checkBatches(who, data, epochs);
    this.#who = who;
    this.#data = data;
    this.#shapes = shapes;
    this.#signal = signal;
  }

  /** @param epoch its number over the life of the model; validation always sees the first */
  start(epoch = 0): void {
    const given = typeof this.#data === "function" ? this.#data() : this.#data;
    opener(this.#who, given);
    const batches = ofEpoch(given, epoch);
    this.#iterator = opener(this.#who, batches).call(batches);
    this.#batch = 0;
  }

  async next(): Promise<ExampleTables | undefined> {
    const result = await this.#ask();
    if (result === undefined) {
      if (this.#batch > 0) return undefined;
      throw new DataError(
        `${this.#who}: the iterable gave no batches. A generator runs only once: for several epochs pass the ` +
          "function that makes it.",
      );
    }
    this.#batch++;
    if (!isExamples(result)) {
      throw new DataError(`${this.#who}: batch ${this.#batch} is ${describe(result)}; needs { x, y }.`);
    }
    const single = (["x", "y"] as const).find((name) => typeof result[name] === "number");
    if (single !== undefined) {
      throw new DataError(
        `${this.#who}: batch ${this.#batch}: ${single} is the number ${result[single]}, so it is one example; needs rows ` +
          "of them. Put examples into batches: a Dataset does by .batch(32).",
      );
    }
    return toExamples(`${this.#who}: batch ${this.#batch}`, result, this.#shapes);
  }

  /** The next value; undefined at the end. @throws the signal's reason as soon as it aborts, what the iterable throws */
  async #ask(): Promise<Examples | undefined> {
    const iterator = this.#iterator;
    if (iterator === undefined) return undefined;
    this.#isAsked = true;
    try {
      const result = await unlessAborted(Promise.resolve(nextOf(this.#who, iterator)), this.#signal);
      this.#isAsked = false;
      if (typeof result !== "object" || result === null) throw notIterator(this.#who, "next()", result);
      if (!result.done) return result.value;
    } catch (error) {
      if (this.#signal?.aborted) throw error;
      this.#iterator = undefined;
      throw error;
    }
    this.#iterator = undefined;
    return undefined;
  }

  /**
   * Tells an iterable that has not ended that no more is wanted. As in `for await`, what it throws then is dropped:
   * the error that stopped training is the one to report.
   */
  async close(): Promise<void> {
    const iterator = this.#iterator;
    this.#iterator = undefined;
    const ignore = () => undefined;
    const closed = (async () => iterator?.return?.())().catch(ignore);
    // A generator that still waits for its batch hears of it only afterwards; whoever aborts does not wait for that.
    if (!this.#isAsked) await closed;
  }

  /** @throws DataError unless the batches that training passes over end where it stopped: `rows` are left of them */
  checkSkipped(rows: number): void {
    if (rows === 0) return;
    const where = rows < 0 ? `${-rows} rows behind` : `${rows} rows before`;
    throw new DataError(
      `${this.#who}: resume: the stream's batches are others: one of them ends ${where} where training stopped. ` +
        "Give the same batches, or leave resume out.",
    );
  }

  /** @throws DataError when a batch has more rows than `limit`, or targets of another form than the first */
  check(batch: ExampleTables, first: ExampleTables, limit: number | undefined): void {
    const who = `${this.#who}: batch ${this.#batch}`;
    if (batch.rows > (limit ?? batch.rows)) {
      throw new DataError(
        `${who}: has ${batch.rows} rows; batchSize is ${limit}. Give batchSize: ${batch.rows}, or none.`,
      );
    }
    if (batch.forms.length !== first.forms.length) {
      const [has, had] = batch.forms.length > first.forms.length ? ["has", "had none"] : ["has no", "had it"];
      throw new DataError(
        `${who}: ${has} sampleWeight; the first batch ${had}. Give it in all batches or in none.`,
      );
    }
    batch.forms.forEach((form, i) => {
      const [columns, expected] = [targetColumns(form), targetColumns(first.forms[i] as TargetForm)];
      if (columns === expected) return;
      const { name } = this.#shapes.targets[i] as { name: string };
      const label = this.#shapes.single.output ? "y" : `y.${name}`;
      throw new DataError(`${who}: ${label} has ${columns} numbers a row; the first batch had ${expected}.`);
    });
  }
}

/** Loads the program for batches of so many rows, of which `staged` bytes are staged. */
export type PrepareBatches = (batch: ExampleTables, rows: number, staged: number) => Awaitable<Machine>;

/**
 * Stages a stream batch by batch, from the one on that was read to learn its form.
 *
 * @param limit rows that a batch may have; without it, the plan grows with the batches
 */
export async function streamSlabs(
  prepare: PrepareBatches,
  stream: BatchStream,
  first: ExampleTables,
  limit: number | undefined,
): Promise<Slabs> {
  let room = 0;
  let address = 0;
  let machine: Machine;
  let roomBytes = 0;
  const makeRoom = async (batch: ExampleTables) => {
    const rows = Math.max(room, limit ?? batch.rows);
    const bytes = batch.tables.reduce(
      (sum, { columns, staging }) => sum + align(staging?.bytes(rows) ?? rows * columns * 4),
      0,
    );
    if (batch.rows <= room && bytes <= roomBytes) return;
    const preparing = prepare(batch, rows, bytes);
    machine = isPromise(preparing) ? await preparing : preparing;
    address = await whenGrown(() => machine.reserve(bytes));
    room = rows;
    roomBytes = bytes;
  };
  stream.check(first, first, limit);
  await makeRoom(first);
  let pending: ExampleTables | undefined = first;
  let skipping = 0;
  return {
    get batchRows() {
      return room;
    },
    epochsAtOnce: 1,
    start(epoch, _epochs, skipped) {
      if (pending === undefined) stream.start(epoch);
      skipping = skipped;
    },
    leave: () => stream.close(),
    async next() {
      let batch = pending ?? (await stream.next());
      pending = undefined;
      // The batches before were trained on already: they are asked for again, and passed over.
      for (; batch !== undefined && skipping > 0; batch = await stream.next()) skipping -= batch.rows;
      stream.checkSkipped(skipping);
      if (batch === undefined) return undefined;
      stream.check(batch, first, limit);
      await makeRoom(batch);
      return stageChunk(machine, address, batch.tables, 0, batch.rows, room);
    },
  };
}

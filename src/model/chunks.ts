/** Rows that pass through linear memory, as many at a time as the plan has room for. */

import { type Method, SourceKind } from "../../assembly/isa/control.js";
import { DataError } from "../check/errors.js";
import { align, type Place } from "../compile/instruction.js";
import type { Table } from "../rows/table.js";
import type { Machine, Pass, Staged } from "../runtime/machine.js";
import { type Awaitable, isPromise, type RunReply } from "../runtime/port.js";
import type { Signal } from "../train/abort.js";
import type { Slices } from "../train/feed/slices.js";
import type { ModelState } from "./state.js";

export const kindOf = ({ values }: Table): SourceKind =>
  values instanceof Uint8Array ? SourceKind.U8 : SourceKind.F32;

/** @throws DataError when the memory of a table was given away after the call that took it */
export function checkThere({ values, rows, columns, checkAgain }: Table): void {
  if (values.length >= rows * columns) return;
  // It knows what the table is called.
  checkAgain?.(values, (row) => row);
  throw new DataError(
    "data: the memory of an array was given away while it was read; needs it until the call is over. Transfer a copy.",
  );
}

/** Bytes that any so many rows of tables take, one table behind the other. */
export const stagedRoom = (tables: readonly Table[], rows: number): number =>
  tables.reduce(
    (sum, one) => sum + align(one.staging?.bytes(rows) ?? rows * one.columns * elementBytes(one)),
    0,
  );

/** Words that a row is to be planned with for any so many of its table to fit; numbers of a row, where these are as they are. */
export const wordsOf = ({ columns, staging }: Table, rows: number): number =>
  staging === undefined ? columns : Math.ceil(staging.bytes(rows) / (4 * rows));

/** Bytes of one element of a table. */
export const elementBytes = ({ values }: Table) => values.BYTES_PER_ELEMENT;

/**
 * Stages rows `first` … `first + rows` of each table, one table behind the other, from `address` on.
 *
 * @param rowsOfRoom rows for which there is room
 */
export function stageChunk(
  machine: Machine,
  address: number,
  tables: readonly Table[],
  first: number,
  rows: number,
  rowsOfRoom: number,
): Staged {
  let at = address;
  const sources = tables.map((table) => {
    const { values, columns } = table;
    checkThere(table);
    const isWhole = rows === table.rows;
    const source = { address: at, kind: kindOf(table) };
    const read =
      table.staging?.pack(rows, (row) => first + row) ??
      (isWhole ? values : values.subarray(first * columns, (first + rows) * columns));
    table.checkAgain?.(read, (row) => first + row);
    machine.port.write(at, read);
    at += align(table.staging ? read.length : rowsOfRoom * columns * elementBytes(table));
    return source;
  });
  return { rows, rowsBefore: first, epochRows: 0, sources, order: 0 };
}

/** A result of the program, by its place, and how many floats of each row it has. */
interface Read {
  readonly place: number;
  readonly columns: number;
}

interface ChunkRun {
  readonly pass: Pass;
  readonly method: Method;
  /** Results to read of a chunk. */
  readonly reads?: readonly Read[];
}

/** Runs a method over the rows from `first` on that the plan has room for. */
export function runChunk(
  state: ModelState,
  who: string,
  tables: readonly Table[],
  first: number,
  { pass, method, reads = [] }: ChunkRun,
): { readonly rows: number; readonly running: Awaitable<RunReply> } {
  const machine = state.machine(who);
  const { rows: room, results, chunks } = machine.program;
  let rows = Math.min(room, (tables[0] as Table).rows - first);
  tables.forEach(({ staging }, i) => {
    if (staging) rows = staging.fitting(first, rows, chunks[i] as number);
  });
  const staged = stageChunk(machine, machine.layout.chunk, tables, first, rows, room);
  const readOf = ({ place, columns }: Read) => ({ place: results[place] as Place, count: rows * columns });
  pass.cursor = 0;
  const run = { staged, pass, batchRows: room, steps: 1, reads: reads.map(readOf) };
  return { rows, running: machine.run(method, run) };
}

interface ChunkOptions extends ChunkRun {
  readonly slices: Slices;
  readonly signal: Signal | undefined;
  beforeChunk?(): Awaitable<void>;
  /** Takes what was read. */
  afterChunk?(first: number, results: readonly Float32Array[]): void;
}

/** Runs a method over tables, as many rows at a time as the plan has room for. */
export async function eachChunk(
  state: ModelState,
  who: string,
  tables: readonly Table[],
  options: ChunkOptions,
): Promise<void> {
  const { slices, signal } = options;
  const { rows } = tables[0] as Table;
  for (let first = 0; first < rows; ) {
    signal?.throwIfAborted();
    const prepared = options.beforeChunk?.();
    if (isPromise(prepared)) await prepared;
    const { rows: done, running } = runChunk(state, who, tables, first, options);
    const reply = isPromise(running) ? await running : running;
    options.afterChunk?.(first, reply.reads);
    first += done;
    if (slices.isOver) await slices.yield();
  }
}

import { LOG_EPOCHS, LOG_STEPS } from "../../../assembly/isa/limits.js";
import { align } from "../../compile/instruction.js";
import { checkThere, elementBytes, kindOf } from "../../model/chunks.js";
import { shuffledOrder } from "../../numeric/random.js";
import type { ExampleTables } from "../../rows/examples.js";
import type { Table } from "../../rows/table.js";
import type { Machine } from "../../runtime/machine.js";
import type { Slabs } from "./slabs.js";

export interface ArraySlabsOptions {
  readonly batchRows: number;
  readonly shuffle: boolean;
  readonly seed: number;
  /** Epochs that will be asked for. */
  readonly epochs: number;
  /** Bytes that staged rows may take. */
  readonly dataMemory: number;
}

type TableValues = Table["values"];

/** How much is staged at a time. */
interface Staging {
  /** All rows stay in memory; else they pass through it. */
  readonly isResident: boolean;
  /** Rows that there is room for. */
  readonly rows: number;
  /** Epochs whose orders are staged together; 0 when rows are copied in their order. */
  readonly epochs: number;
}

/** Rows whose orders are drawn in one go: so few that nobody waits for it. */
const ROWS_AT_ONCE = 2 ** 16;

const rowsOf = (tables: readonly Table[]) => (tables[0] as Table).rows;

function stagingOf(tables: readonly Table[], { batchRows, dataMemory, epochs }: ArraySlabsOptions): Staging {
  const rows = rowsOf(tables);
  const bytes = (count: number) => tables.reduce((sum, table) => sum + plainBytes(table, count), 0);
  const orders = Math.floor((dataMemory - bytes(rows)) / (rows * 4));
  if (orders < 1) {
    const batches = Math.max(1, Math.floor(dataMemory / bytes(1) / batchRows));
    return { isResident: false, rows: Math.min(batches * batchRows, rows), epochs: 0 };
  }
  const short = Math.min(LOG_EPOCHS, Math.floor(LOG_STEPS / Math.ceil(rows / batchRows)));
  const atOnce = Math.max(1, Math.min(orders, epochs, short, Math.floor(ROWS_AT_ONCE / rows)));
  return { isResident: true, rows, epochs: atOnce };
}

/** Bytes of any so many rows of a table. */
const plainBytes = (table: Table, rows: number) =>
  table.staging?.bytes(rows) ?? rows * table.columns * elementBytes(table);

const tableBytes = (table: Table, rows: number) => align(plainBytes(table, rows));
const orderBytes = ({ rows, epochs }: Staging) => align(rows * epochs * 4);

const bytesOf = (tables: readonly Table[], staging: Staging) =>
  tables.reduce((sum, table) => sum + tableBytes(table, staging.rows), orderBytes(staging));

/** Bytes that `arraySlabs` will reserve. */
export const stagedBytes = ({ tables }: ExampleTables, options: ArraySlabsOptions): number =>
  bytesOf(tables, stagingOf(tables, options));

/** Bytes that rounding up each table and the orders may take beyond their numbers. */
export const stagingOverhead = ({ tables }: ExampleTables): number => align(1) * (tables.length + 1);

/** Where the rows of arrays lie, and the order of those that are staged. */
interface Room {
  readonly sources: readonly { readonly address: number; readonly kind: number }[];
  readonly orderAddress: number;
}

/** Room for the rows of each table, behind room for their orders. */
function reserveRoom(machine: Machine, tables: readonly Table[], staging: Staging): Room {
  const orderAddress = machine.reserve(bytesOf(tables, staging));
  let at = orderAddress + orderBytes(staging);
  const sources = tables.map((table) => {
    const address = at;
    at += tableBytes(table, staging.rows);
    return { address, kind: kindOf(table) };
  });
  return { sources, orderAddress };
}

/**
 * Rows of arrays, shuffled by seed and epoch. What fits into `dataMemory` is staged once and then only reordered;
 * else whole batches are staged as many as fit. Either way the steps are the same.
 */
export function arraySlabs(machine: Machine, examples: ExampleTables, options: ArraySlabsOptions): Slabs {
  const { tables } = examples;
  const staging = stagingOf(tables, options);
  // A full batch has no order.
  const ordered = { ...options, shuffle: options.shuffle && options.batchRows < examples.rows };
  return (staging.isResident ? residentSlabs : passingSlabs)(machine, tables, staging, ordered);
}

/** All rows stay in memory. The orders of several epochs are staged together when the epochs are short. */
function residentSlabs(
  machine: Machine,
  tables: readonly Table[],
  staging: Staging,
  { batchRows, shuffle, seed }: ArraySlabsOptions,
): Slabs {
  const { rows, epochs: epochsAtOnce } = staging;
  const { sources, orderAddress } = reserveRoom(machine, tables, staging);
  tables.forEach(checkThere);
  tables.forEach((table, i) => {
    table.checkAgain?.(table.values, (row) => row);
    const staged = table.staging?.pack(rows, (row) => row) ?? table.values;
    machine.port.write((sources[i] as { address: number }).address, staged);
  });
  const order = new Uint32Array(rows * epochsAtOnce).map((_, i) => i % rows);
  let staged = 0;
  let cursor = 0;
  return {
    batchRows,
    epochsAtOnce,
    start(epoch, together, skipped) {
      staged = rows * together;
      cursor = skipped;
      for (let i = 0; shuffle && i < together; i++) {
        shuffledOrder(order.subarray(i * rows, (i + 1) * rows), seed, epoch + i);
      }
    },
    next() {
      if (staged === 0) return undefined;
      const slab = {
        rows: staged,
        epochRows: staged > rows ? rows : 0,
        sources,
        order: orderAddress,
        cursor,
      };
      machine.port.write(orderAddress, order.subarray(0, staged));
      staged = 0;
      return slab;
    },
  };
}

/** Rows are copied in, in the order of the epoch, as many at a time as there is room for. */
function passingSlabs(
  machine: Machine,
  tables: readonly Table[],
  staging: Staging,
  { batchRows, shuffle, seed }: ArraySlabsOptions,
): Slabs {
  const rows = rowsOf(tables);
  const capacity = staging.rows;
  const { sources } = reserveRoom(machine, tables, staging);
  const order = new Uint32Array(rows).map((_, i) => i);
  const rowsInOrder = tables.map(({ values, columns }): TableValues => {
    const length = capacity * columns;
    return values instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  });
  let next = rows;
  return {
    batchRows,
    epochsAtOnce: 1,
    start(epoch, _, skipped) {
      if (shuffle) shuffledOrder(order, seed, epoch);
      next = skipped;
    },
    next() {
      const chosen = order.subarray(next, next + capacity);
      if (chosen.length === 0) return undefined;
      next += chosen.length;
      tables.forEach((table, i) => {
        checkThere(table);
        const { address } = sources[i] as { address: number };
        const packed = table.staging?.pack(chosen.length, (row) => chosen[row] as number);
        if (packed) return machine.port.write(address, packed);
        const ordered = (rowsInOrder[i] as TableValues).subarray(0, chosen.length * table.columns);
        copyRows(ordered, table, chosen);
        table.checkAgain?.(ordered, (row) => chosen[row] as number);
        machine.port.write(address, ordered);
      });
      return { rows: chosen.length, epochRows: 0, sources, order: 0 };
    },
  };
}

function copyRows(target: TableValues, { values, columns }: Table, chosen: Uint32Array): void {
  let to = 0;
  for (const row of chosen) {
    const from = row * columns;
    if (columns < WIDE_ROW) for (let i = 0; i < columns; i++) target[to + i] = values[from + i] as number;
    else target.set(values.subarray(from, from + columns), to);
    to += columns;
  }
}

/** Numbers in a row from which a view on it costs less than copying them one by one. */
const WIDE_ROW = 32;

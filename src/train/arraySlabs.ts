import { LOG_EPOCHS, LOG_STEPS } from "../../assembly/isa.js";
import { align } from "../compile/instruction.js";
import type { ExampleTables } from "../data/examples.js";
import type { Table } from "../data/table.js";
import { shuffledOrder } from "../random.js";
import type { Machine } from "../runtime/machine.js";
import { elementBytes, kindOf, write } from "./chunks.js";
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

/** Where the rows of arrays lie, and the order of those that are staged. */
interface Room {
  readonly sources: readonly { readonly address: number; readonly kind: number }[];
  readonly orderAddress: number;
}

/** Room for `rows` rows of each table, behind room for the order of `ordered` of them. */
function reserveRoom(machine: Machine, tables: readonly Table[], rows: number, ordered: number): Room {
  const tableBytes = tables.map((table) => align(rows * table.columns * elementBytes(table)));
  const orderBytes = align(ordered * 4);
  const orderAddress = machine.reserve(tableBytes.reduce((sum, bytes) => sum + bytes, orderBytes));
  let at = orderAddress + orderBytes;
  const sources = tables.map((table, i) => {
    const address = at;
    at += tableBytes[i] as number;
    return { address, kind: kindOf(table) };
  });
  return { sources, orderAddress };
}

/**
 * Rows of arrays, shuffled by seed and epoch. What fits into `dataMemory` is staged once and then only reordered;
 * else whole batches are staged as many as fit. Either way the steps are the same.
 */
export function arraySlabs(machine: Machine, { x, y }: ExampleTables, options: ArraySlabsOptions): Slabs {
  const { batchRows, dataMemory } = options;
  const rowBytes = [x, y].reduce((sum, table) => sum + table.columns * elementBytes(table), 0);
  // A full batch has no order.
  const ordered = { ...options, shuffle: options.shuffle && batchRows < x.rows };
  const orders = Math.floor((dataMemory - x.rows * rowBytes) / (x.rows * 4));
  if (orders >= 1) return residentSlabs(machine, [x, y], orders, ordered);
  const batches = Math.max(1, Math.floor(dataMemory / rowBytes / batchRows));
  return passingSlabs(machine, [x, y], batches * batchRows, ordered);
}

const rowsOf = (tables: readonly Table[]) => (tables[0] as Table).rows;

/** Rows whose orders are drawn in one go: so few that nobody waits for it. */
const ROWS_AT_ONCE = 2 ** 16;

/** All rows stay in memory. The orders of several epochs are staged together when the epochs are short. */
function residentSlabs(
  machine: Machine,
  tables: readonly Table[],
  orders: number,
  { batchRows, shuffle, seed, epochs }: ArraySlabsOptions,
): Slabs {
  const rows = rowsOf(tables);
  const stepsPerEpoch = Math.ceil(rows / batchRows);
  const short = Math.min(LOG_EPOCHS, Math.floor(LOG_STEPS / stepsPerEpoch), Math.floor(ROWS_AT_ONCE / rows));
  const epochsAtOnce = Math.max(1, Math.min(orders, epochs, short));
  const { sources, orderAddress } = reserveRoom(machine, tables, rows, rows * epochsAtOnce);
  tables.forEach((table, i) => write(machine, (sources[i] as { address: number }).address, table.values));
  const order = new Uint32Array(rows * epochsAtOnce).map((_, i) => i % rows);
  let staged = 0;
  return {
    batchRows,
    epochsAtOnce,
    start(epoch, together) {
      staged = rows * together;
      for (let i = 0; shuffle && i < together; i++) {
        shuffledOrder(order.subarray(i * rows, (i + 1) * rows), seed, epoch + i);
      }
    },
    next() {
      if (staged === 0) return undefined;
      const slab = { rows: staged, epochRows: staged > rows ? rows : 0, sources, order: orderAddress };
      machine.engine.u32.set(order.subarray(0, staged), orderAddress >>> 2);
      staged = 0;
      return slab;
    },
  };
}

/** Rows are copied in, in the order of the epoch, `capacity` at a time. */
function passingSlabs(
  machine: Machine,
  tables: readonly Table[],
  capacity: number,
  options: ArraySlabsOptions,
): Slabs {
  const { batchRows, shuffle, seed } = options;
  const rows = rowsOf(tables);
  const { sources } = reserveRoom(machine, tables, Math.min(capacity, rows), 0);
  const order = new Uint32Array(rows).map((_, i) => i);
  let next = rows;
  return {
    batchRows,
    epochsAtOnce: 1,
    start(epoch) {
      if (shuffle) shuffledOrder(order, seed, epoch);
      next = 0;
    },
    next() {
      const chosen = order.subarray(next, next + capacity);
      if (chosen.length === 0) return undefined;
      next += chosen.length;
      tables.forEach((table, i) =>
        copyRows(machine, (sources[i] as { address: number }).address, table, chosen),
      );
      return { rows: chosen.length, epochRows: 0, sources, order: 0 };
    },
  };
}

function copyRows(machine: Machine, address: number, table: Table, chosen: Uint32Array): void {
  const { values, columns } = table;
  const isBytes = values instanceof Uint8Array;
  const target = isBytes ? machine.engine.u8 : machine.engine.f32;
  let to = isBytes ? address : address >>> 2;
  for (const row of chosen) {
    const from = row * columns;
    if (columns < WIDE_ROW) for (let i = 0; i < columns; i++) target[to + i] = values[from + i] as number;
    else target.set(values.subarray(from, from + columns), to);
    to += columns;
  }
}

/** Numbers in a row from which a view on it costs less than copying them one by one. */
const WIDE_ROW = 32;

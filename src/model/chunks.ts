import { SourceKind } from "../../assembly/isa/control.js";
import { align } from "../compile/instruction.js";
import type { Table } from "../rows/table.js";
import type { Machine, Staged } from "../runtime/machine.js";

export const kindOf = ({ values }: Table): SourceKind =>
  values instanceof Uint8Array ? SourceKind.U8 : SourceKind.F32;

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
    const source = { address: at, kind: kindOf(table) };
    machine.port.write(at, table.values.subarray(first * table.columns, (first + rows) * table.columns));
    at += align(rowsOfRoom * table.columns * elementBytes(table));
    return source;
  });
  return { rows, epochRows: 0, sources, order: 0 };
}

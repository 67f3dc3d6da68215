import { peakOf } from "./memory/live.js";
import type { Lifetime } from "./memory/plan.js";

export interface PictureOptions {
  /** Buffers that are drawn: the largest. */
  readonly most?: number;
  /** Characters for all instructions. */
  readonly columns?: number;
}

/**
 * A plan as a picture: a line for each buffer, in the order in which they begin, whose bar covers the instructions
 * during which it is in use. Long methods are drawn to scale; a bar covers every column that it touches.
 *
 *     layer   op          bytes  offset  instructions 0 to 23
 *     input   source       8192       0  ####################....
 *     hidden  linear      32768    8192  .#################......
 *     output  linear       4096   40960  ..########..............
 *     output  matmul      32768   45056  ..........########......
 *     and 3 smaller ones    192
 *     needed at one time  73792          ..........^.............
 */
export function drawLifetimes(
  lifetimes: readonly Lifetime[],
  { most = 40, columns = 64 }: PictureOptions = {},
): string {
  const end = lifetimes.reduce((latest, { last }) => Math.max(latest, last), 0) + 1;
  const width = Math.min(columns, end);
  const column = (instruction: number) => Math.floor((instruction * width) / end);
  const bar = (first: number, last: number, mark: string) =>
    ".".repeat(column(first)) +
    mark.repeat(column(last) - column(first) + 1) +
    ".".repeat(width - 1 - column(last));

  const largest = lifetimes.toSorted((a, b) => b.bytes - a.bytes || a.first - b.first);
  const drawn = largest.slice(0, most).sort((a, b) => a.first - b.first || a.offset - b.offset);
  const left = largest.slice(most);
  const peak = peakOf(lifetimes);
  const rows: Row[] = [
    ["layer", "op", "bytes", "offset", `instructions 0 to ${end - 1}`],
    ...drawn.map(
      ({ layer, op, bytes, offset, first, last }): Row => [
        layer,
        op,
        String(bytes),
        String(offset),
        bar(first, last, "#"),
      ],
    ),
  ];
  if (left.length > 0) {
    const bytes = left.reduce((sum, one) => sum + one.bytes, 0);
    rows.push([`and ${left.length} smaller ones`, "", String(bytes), "", ""]);
  }
  rows.push(["needed at one time", "", String(peak.bytes), "", bar(peak.instruction, peak.instruction, "^")]);
  return align(rows);
}

/** Layer, op, bytes, offset, bar. Where there is no op, the first text may run into its column. */
type Row = readonly [string, string, string, string, string];

function align(rows: readonly Row[]): string {
  const widest = (of: (row: Row) => number) => rows.reduce((most, row) => Math.max(most, of(row)), 0);
  const layers = widest(([layer, op]) => (op === "" ? 0 : layer.length));
  const names = Math.max(
    widest(([, op]) => (op === "" ? 0 : layers + 2 + op.length)),
    widest(([layer, op]) => (op === "" ? layer.length : 0)),
  );
  const bytes = widest((row) => row[2].length);
  const offsets = widest((row) => row[3].length);
  return rows
    .map(([layer, op, size, offset, bar]) => {
      const name = op === "" ? layer : `${layer.padEnd(layers)}  ${op}`;
      return `${name.padEnd(names)}  ${size.padStart(bytes)}  ${offset.padStart(offsets)}  ${bar}`.trimEnd();
    })
    .join("\n");
}

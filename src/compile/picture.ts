import { inColumns } from "../check/columns.js";
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
 *     layer               op      bytes  offset  instructions 0 to 23
 *     input               source   8192       0  ####################....
 *     hidden              linear  32768    8192  .#################......
 *     output              linear   4096   40960  ..########..............
 *     output              matmul  32768   45056  ..........########......
 *     and 3 smaller ones            192
 *     needed at one time          73792          ..........^.............
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
  const rows = [
    ["layer", "op", "bytes", "offset", `instructions 0 to ${end - 1}`],
    ...drawn.map(({ layer, op, bytes, offset, first, last }) => [
      layer,
      op,
      bytes,
      offset,
      bar(first, last, "#"),
    ]),
  ];
  if (left.length > 0) {
    const bytes = left.reduce((sum, one) => sum + one.bytes, 0);
    rows.push([`and ${left.length} smaller ones`, "", bytes, "", ""]);
  }
  rows.push(["needed at one time", "", peak.bytes, "", bar(peak.instruction, peak.instruction, "^")]);
  return inColumns(rows);
}

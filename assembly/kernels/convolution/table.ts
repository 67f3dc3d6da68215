/** Where the terms of a sum lie, from its first on: what the tiles walk along. */
import { MATMUL_KC } from "../../isa/limits";
import { Pass } from "./pass";

/**
 * Offsets in bytes, one for each term in the order of the sum: [taps · terms].
 *
 * @param row   bytes from one row of the source to the next
 * @param pixel bytes from one column to the next
 */
export function tapTable(table: usize, pass: Pass, row: usize, pixel: usize): void {
  for (let a: u32 = 0; a < pass.tapRows; a++) {
    for (let b: u32 = 0; b < pass.tapColumns; b++) {
      const tap = a * pass.rowJump * row + b * pass.columnJump * pixel;
      for (let t: u32 = 0; t < pass.terms; t++, table += 4) store<u32>(table, <u32>(tap + (<usize>t << 2)));
    }
  }
}

/**
 * The same as runs of floats that lie side by side, each an offset and a length in bytes. None crosses a multiple of
 * MATMUL_KC terms, where sums are split.
 *
 * @param starts out: the address of the first run of each part of the sum, and of the end
 */
export function segmentTable(table: usize, starts: usize, pass: Pass, row: usize, pixel: usize): void {
  const part = MATMUL_KC << 2;
  let left: usize = 0;
  let end: usize = 0;
  let at = table - 8;
  for (let a: u32 = 0; a < pass.tapRows; a++) {
    for (let b: u32 = 0; b < pass.tapColumns; b++) {
      let offset = a * pass.rowJump * row + b * pass.columnJump * pixel;
      let bytes = <usize>pass.terms << 2;
      while (bytes) {
        const isStart = left == 0;
        if (isStart) {
          left = part;
          store<u32>(starts, <u32>(at + 8));
          starts += 4;
        }
        const taken = min(bytes, left);
        if (!isStart && offset == end) store<u32>(at, load<u32>(at, 4) + <u32>taken, 4);
        else {
          at += 8;
          store<u32>(at, <u32>offset);
          store<u32>(at, <u32>taken, 4);
        }
        offset += taken;
        end = offset;
        bytes -= taken;
        left -= taken;
      }
    }
  }
  store<u32>(starts, <u32>(at + 8));
}

import { Form, MATMUL_KC, MATMUL_MC, MATMUL_NC } from "../isa";
import { matmulSettle, matmulTile16x2, matmulTile8x4 } from "./matmulNarrow";
import { matmulPackStraight, matmulPackTransposed } from "./matmulPack";
import { matmulTile4x8 } from "./matmulTile";
import { LOWEST, ZEROS } from "./matmulConstants";

/**
 * The columns that are left over after the panels of 8, for one block of packed rows: y[rows, columns], columns < 8.
 */
function matmulRest(
  y: usize, a: usize, b: usize, bias: usize, floor: usize,
  rows: u32, columns: u32, k: u32, yRow: usize, accumulate: bool, tile: usize,
): void {
  const panel = <usize>k << 4;
  for (let j: u32 = 0; j < columns; j += 4) {
    const at = <usize>j << 2;
    const width = min<u32>(4, columns - j);
    const height: u32 = width > 2 ? 8 : 16;
    for (let i: u32 = 0; i < rows; i += height) {
      // A panel that the block lacks is read from the last one; what it gives is not stored.
      const last = (rows - i - 1) >> 2;
      const a0 = a + (i >> 2) * panel;
      const a1 = a0 + min<u32>(1, last) * panel;
      if (width > 2) matmulTile8x4(tile, a0, a1, b + at, k);
      else matmulTile16x2(tile, a0, a1, a0 + min<u32>(2, last) * panel, a0 + min<u32>(3, last) * panel, b + at, k);
      matmulSettle(
        y + i * yRow + at, tile, bias + at, floor,
        min<u32>(height, rows - i), width, yRow, 4, <usize>height << 2, accumulate,
      );
    }
  }
}

/**
 * The packed product: for each block of NC columns and KC of the sum, b is packed once, and a in blocks of MC rows.
 *
 * @param floor   [1]: the least value that y may take
 * @param scratch packed a, packed b and one tile: see matmul
 */
export function matmulBlocked(
  form: u32, y: usize, a: usize, b: usize, bias: usize, floor: usize, m: u32, n: u32, k: u32, scratch: usize,
): void {
  const yRow = <usize>n << 2;
  const aRow = <usize>(form == Form.AtB ? m : k) << 2;
  const bRow = <usize>(form == Form.ABt ? k : n) << 2;
  const packedA = scratch;
  const packedB = packedA + <usize>min<u32>(k, MATMUL_KC) * ((min<u32>(m, MATMUL_MC) + 3) & ~3) * 4;
  const tile = packedB + <usize>min<u32>(k, MATMUL_KC) * ((min<u32>(n, MATMUL_NC) + 7) & ~7) * 4;

  for (let j: u32 = 0; j < n; j += MATMUL_NC) {
    const columns = min<u32>(MATMUL_NC, n - j);
    const whole = columns & ~7;
    for (let p: u32 = 0; p < k; p += MATMUL_KC) {
      const depth = min<u32>(MATMUL_KC, k - p);
      const last = p + depth == k;
      const least = last ? floor : LOWEST;
      const accumulate = p > 0;
      if (form == Form.ABt) {
        matmulPackTransposed(packedB, b + j * bRow + (<usize>p << 2), columns, depth, bRow, 8);
      } else {
        matmulPackStraight(packedB, b + p * bRow + (<usize>j << 2), columns, depth, bRow, 8);
      }
      for (let i: u32 = 0; i < m; i += MATMUL_MC) {
        const rows = min<u32>(MATMUL_MC, m - i);
        if (form == Form.AtB) {
          matmulPackStraight(packedA, a + p * aRow + (<usize>i << 2), rows, depth, aRow, 4);
        } else {
          matmulPackTransposed(packedA, a + i * aRow + (<usize>p << 2), rows, depth, aRow, 4);
        }
        const restRows = rows & 3;
        const restA = packedA + <usize>(rows - restRows) * depth * 4;
        const at = y + i * yRow + (<usize>j << 2);
        const restAt = at + (rows - restRows) * yRow;
        for (let c: u32 = 0; c < whole; c += 8) {
          const offset = <usize>c << 2;
          const panelB = packedB + offset * depth;
          const panelBias = last && bias ? bias + (<usize>j << 2) + offset : ZEROS;
          matmulTile4x8(at + offset, packedA, panelB, panelBias, least, rows >> 2, depth, yRow, 16, <usize>depth << 4, 32, accumulate);
          if (restRows) {
            matmulTile4x8(tile, restA, panelB, ZEROS, LOWEST, 1, depth, 32, 16, 0, 32, false);
            matmulSettle(restAt + offset, tile, panelBias, least, restRows, 8, yRow, 32, 4, accumulate);
          }
        }
        if (whole < columns) {
          const offset = <usize>whole << 2;
          const restBias = last && bias ? bias + (<usize>j << 2) + offset : ZEROS;
          matmulRest(at + offset, packedA, packedB + offset * depth, restBias, least, rows, columns - whole, depth, yRow, accumulate, tile);
        }
      }
    }
  }
}

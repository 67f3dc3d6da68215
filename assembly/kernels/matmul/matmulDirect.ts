import { Form } from "../../isa/matmul";
import { matmulDirect1x1, matmulDirect1x4, matmulDirect2x16, matmulDirect4x8 } from "./matmulDirectTile";

/**
 * The unpacked product for few rows or few terms: a·b and aᵀ·b. Needs no scratch.
 *
 * Where n is no multiple of the tile, the last tile is moved back to end at the edge: the elements that two tiles
 * share are computed twice, to the same bits.
 *
 * @param biasStep 1, or 0 if the 16 floats at bias serve every column
 * @param floor    [1]: the least value that y may take
 */
export function matmulDirect(
  form: u32,
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  biasStep: usize,
  floor: usize,
  m: u32,
  n: u32,
  k: u32,
): void {
  const bRow = <usize>n << 2;
  const aRow: usize = form == Form.AtB ? 4 : <usize>k << 2;
  const aStep: usize = form == Form.AtB ? <usize>m << 2 : 4;
  if (m == 2 && n >= 16) {
    for (let j: u32 = 0; j < n; j += 16) {
      const at = <usize>min<u32>(j, n - 16) << 2;
      matmulDirect2x16(y + at, a, b + at, bias + at * biasStep, floor, k, aRow, aStep, bRow);
    }
    return;
  }
  if (m > 1 && n >= 8) {
    if (form == Form.AtB || n <= 32) {
      // Few terms or columns: b stays in the cache, so a and y go by row after row.
      for (let i: u32 = 0; i < m; i += 4) {
        const ai = a + <usize>i * aRow, yi = y + <usize>i * bRow;
        for (let j: u32 = 0; j < n; j += 8) {
          const at = <usize>min<u32>(j, n - 8) << 2;
          matmulDirect4x8(yi + at, ai, b + at, bias + at * biasStep, floor, m - i, k, aRow, aStep, bRow);
        }
      }
    } else {
      for (let j: u32 = 0; j < n; j += 8) {
        const at = <usize>min<u32>(j, n - 8) << 2;
        for (let i: u32 = 0; i < m; i += 4) {
          const ai = a + <usize>i * aRow, yi = y + <usize>i * bRow;
          matmulDirect4x8(yi + at, ai, b + at, bias + at * biasStep, floor, m - i, k, aRow, aStep, bRow);
        }
      }
    }
    return;
  }
  if (n >= 4) {
    for (let j: u32 = 0; j < n; j += 4) {
      const at = <usize>min<u32>(j, n - 4) << 2;
      for (let i: usize = 0; i < m; i++) {
        matmulDirect1x4(y + i * bRow + at, a + i * aRow, b + at, bias + at * biasStep, floor, k, aStep, bRow);
      }
    }
    return;
  }
  for (let at: usize = 0; at < bRow; at += 4) {
    for (let i: usize = 0; i < m; i++) {
      matmulDirect1x1(y + i * bRow + at, a + i * aRow, b + at, bias + at * biasStep, floor, k, aStep, bRow);
    }
  }
}

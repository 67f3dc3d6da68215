/** packed[k, 4] = four rows of a matrix in which k runs along the row, one vector each packedStep bytes. */
function packTransposed4(packed: usize, packedStep: usize, row0: usize, row1: usize, row2: usize, row3: usize, k: u32): void {
  for (; k >= 4; k -= 4) {
    const r0 = v128.load(row0), r1 = v128.load(row1), r2 = v128.load(row2), r3 = v128.load(row3);
    const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
    const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
    v128.store(packed, v128.shuffle<i64>(low01, low23, 0, 2));
    packed += packedStep;
    v128.store(packed, v128.shuffle<i64>(low01, low23, 1, 3));
    packed += packedStep;
    v128.store(packed, v128.shuffle<i64>(high01, high23, 0, 2));
    packed += packedStep;
    v128.store(packed, v128.shuffle<i64>(high01, high23, 1, 3));
    packed += packedStep;
    row0 += 16; row1 += 16; row2 += 16; row3 += 16;
  }
  for (; k > 0; k--) {
    store<f32>(packed, load<f32>(row0));
    store<f32>(packed, load<f32>(row1), 4);
    store<f32>(packed, load<f32>(row2), 8);
    store<f32>(packed, load<f32>(row3), 12);
    packed += packedStep;
    row0 += 4; row1 += 4; row2 += 4; row3 += 4;
  }
}

/**
 * Packs rows along which k runs (a of a·b, b of a·bᵀ) into k-major panels of `width` rows, 4 or 8.
 * The last row stands in for those that a panel of four lacks: what they give is never stored.
 *
 * @param packed [ceil(rows / width), k, width] out
 * @param source [rows, k], rows sourceRow bytes apart
 */
export function matmulPackTransposed(packed: usize, source: usize, rows: u32, k: u32, sourceRow: usize, width: u32): void {
  const step = <usize>width << 2;
  for (let i: u32 = 0; i < rows; i += 4) {
    const row = source + i * sourceRow;
    const last = rows - i - 1;
    packTransposed4(
      packed + <usize>(i - i % width) * k * 4 + <usize>(i % width) * 4, step,
      row, row + min<u32>(1, last) * sourceRow, row + min<u32>(2, last) * sourceRow, row + min<u32>(3, last) * sourceRow, k,
    );
  }
}

/**
 * Packs rows that each belong to one k (a of aᵀ·b, b of a·b) into k-major panels of `width` columns, 4 or 8.
 * Columns that the last panel lacks are zero.
 *
 * @param packed [ceil(columns / width), k, width] out
 * @param source [k, columns], rows sourceRow bytes apart
 */
export function matmulPackStraight(packed: usize, source: usize, columns: u32, k: u32, sourceRow: usize, width: u32): void {
  const whole = columns - columns % width;
  const panel = <usize>width * k << 2;
  let j: u32 = 0;
  if (width == 8) {
    for (; j < whole; j += 8, packed += panel) {
      for (let p = k, from = source + (<usize>j << 2), to = packed; p > 0; p--, from += sourceRow, to += 32) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      }
    }
  } else {
    for (; j < whole; j += 4, packed += panel) {
      for (let p = k, from = source + (<usize>j << 2), to = packed; p > 0; p--, from += sourceRow, to += 16) {
        v128.store(to, v128.load(from));
      }
    }
  }
  if (j == columns) return;
  for (let from = source + (<usize>j << 2); k > 0; k--, from += sourceRow) {
    for (let i: u32 = 0; i < width; i++, packed += 4) {
      store<f32>(packed, j + i < columns ? load<f32>(from + (<usize>i << 2)) : 0);
    }
  }
}

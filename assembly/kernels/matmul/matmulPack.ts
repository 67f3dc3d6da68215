import { matmulLoadTail } from "./matmulTail";

/** packed[k, 4] = four rows of a matrix in which k runs along the row, one vector each `step` bytes. */
@inline
function packTransposed4(
  packed: usize,
  step: usize,
  row0: usize,
  row1: usize,
  row2: usize,
  row3: usize,
  k: u32,
): void {
  for (; k >= 4; k -= 4) {
    const r0 = v128.load(row0), r1 = v128.load(row1), r2 = v128.load(row2), r3 = v128.load(row3);
    const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
    const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
    v128.store(packed, v128.shuffle<i64>(low01, low23, 0, 2));
    packed += step;
    v128.store(packed, v128.shuffle<i64>(low01, low23, 1, 3));
    packed += step;
    v128.store(packed, v128.shuffle<i64>(high01, high23, 0, 2));
    packed += step;
    v128.store(packed, v128.shuffle<i64>(high01, high23, 1, 3));
    packed += step;
    row0 += 16;
    row1 += 16;
    row2 += 16;
    row3 += 16;
  }
  for (; k > 0; k--) {
    store<f32>(packed, load<f32>(row0));
    store<f32>(packed, load<f32>(row1), 4);
    store<f32>(packed, load<f32>(row2), 8);
    store<f32>(packed, load<f32>(row3), 12);
    packed += step;
    row0 += 4;
    row1 += 4;
    row2 += 4;
    row3 += 4;
  }
}

/** Where the vector of columns j … j + 3 stands in panels of `width` columns, 4 or 8. */
@inline
function vectorAt(packed: usize, j: usize, k: usize, width: usize): usize {
  const inside = j & (width - 1);
  return packed + (((j - inside) * k + inside) << 2);
}

/**
 * Packs rows along which k runs (a of a·b, b of a·bᵀ) into k-major panels of `width` rows, 4 or 8.
 * The last row stands in for those that a panel of four lacks: what they give is never stored.
 *
 * @param packed [ceil(rows / width), k, width] out
 * @param source [rows, k], rows sourceRow bytes apart
 */
export function matmulPackTransposed(
  packed: usize,
  source: usize,
  rows: u32,
  k: u32,
  sourceRow: usize,
  width: usize,
): void {
  const step = width << 2;
  for (let i: usize = 0; i < rows; i += 4, source += sourceRow << 2) {
    const last = <usize>rows - i - 1;
    packTransposed4(
      vectorAt(packed, i, k, width),
      step,
      source,
      source + min<usize>(1, last) * sourceRow,
      source + min<usize>(2, last) * sourceRow,
      source + min<usize>(3, last) * sourceRow,
      k,
    );
  }
}

/**
 * Packs rows that each belong to one k (a of aᵀ·b, b of a·b) into k-major panels of `width` columns, 4 or 8.
 * The columns that a vector lacks are zero; a panel's second vector is not written where the columns end before it.
 *
 * @param packed [ceil(columns / width), k, width] out
 * @param source [k, columns], rows sourceRow bytes apart
 */
export function matmulPackStraight(
  packed: usize,
  source: usize,
  columns: u32,
  k: u32,
  sourceRow: usize,
  width: usize,
): void {
  const step = width << 2;
  let j: usize = 0;
  // A whole cache line at a time: rows that lie a power of two apart evict each other from the first-level cache.
  for (; j + 16 <= columns; j += 16, source += 64) {
    let to0 = vectorAt(packed, j, k, width), to1 = vectorAt(packed, j + 4, k, width);
    let to2 = vectorAt(packed, j + 8, k, width), to3 = vectorAt(packed, j + 12, k, width);
    for (let p = k, from = source; p > 0; p--, from += sourceRow) {
      v128.store(to0, v128.load(from));
      v128.store(to1, v128.load(from, 16));
      v128.store(to2, v128.load(from, 32));
      v128.store(to3, v128.load(from, 48));
      to0 += step;
      to1 += step;
      to2 += step;
      to3 += step;
    }
  }
  for (; j + 4 <= columns; j += 4, source += 16) {
    let to = vectorAt(packed, j, k, width);
    for (let p = k, from = source; p > 0; p--, from += sourceRow, to += step) v128.store(to, v128.load(from));
  }
  if (j == columns) return;
  let to = vectorAt(packed, j, k, width);
  const rest = columns & 3;
  for (; k > 0; k--, source += sourceRow, to += step) v128.store(to, matmulLoadTail(source, rest));
}

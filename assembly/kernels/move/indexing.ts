/**
 * Places along the middle axis of [outer, length, inner], taken by index.
 *
 * An index is a whole number below the length, as f32. All are looked at first: where one is not, the kernel returns
 * false and has written nothing.
 */

import { loadTail, storeTail } from "../../lanes/simd";

/** Whether n indices are whole numbers from 0 to length − 1; NaN is none. */
function areWithin(index: usize, n: u32, length: u32): bool {
  for (const end = index + (<usize>n << 2); index < end; index += 4) {
    const value = load<f32>(index);
    // 2³² is the first float that a u32 does not hold.
    if (!(value >= 0 && value < 4294967296)) return false;
    const place = <u32>value;
    if (place >= length || <f32>place != value) return false;
  }
  return true;
}

/** Bytes from the start of a matrix to the row that an index names. */
@inline
function rowOf(index: usize, c: u32, row: usize): usize {
  return <usize>(<u32>load<f32>(index + (<usize>c << 2))) * row;
}

/** y = x over n floats. */
@inline
function copyRow(y: usize, x: usize, n: u32): void {
  for (const end = y + (<usize>(n & ~3) << 2); y < end; x += 16, y += 16) v128.store(y, v128.load(x));
  storeTail(y, loadTail(x, n & 3, f32x4.splat(0)), n & 3);
}

/** y += x over n floats. */
@inline
function addRow(y: usize, x: usize, n: u32): void {
  for (const end = y + (<usize>(n & ~3) << 2); y < end; x += 16, y += 16) {
    v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
  }
  const tail = n & 3;
  storeTail(y, f32x4.add(loadTail(y, tail, f32x4.splat(0)), loadTail(x, tail, f32x4.splat(0))), tail);
}

/**
 * y[o, c, i] = x[o, index[c], i]
 *
 * @param y     [outer, n, inner] out
 * @param x     [outer, length, inner]
 * @param index [n]
 * @returns whether every index is a place of x
 */
export function take(y: usize, x: usize, index: usize, outer: u32, n: u32, length: u32, inner: u32): bool {
  if (!areWithin(index, n, length)) return false;
  const row = <usize>inner << 2;
  for (let o: u32 = 0; o < outer; o++, x += row * length) {
    for (let c: u32 = 0; c < n; c++, y += row) {
      copyRow(y, x + rowOf(index, c, row), inner);
    }
  }
  return true;
}

/**
 * dx[o, t, i] = Σ dy[o, c, i] over the c at which index[c] = t, in the order of c: the adjoint of take.
 *
 * @param dx    [outer, length, inner] out
 * @param dy    [outer, n, inner]
 * @param index [n]
 * @returns whether every index is a place of dx
 */
export function scatterAdd(
  dx: usize,
  dy: usize,
  index: usize,
  outer: u32,
  n: u32,
  length: u32,
  inner: u32,
): bool {
  if (!areWithin(index, n, length)) return false;
  const row = <usize>inner << 2;
  const matrix = row * length;
  memory.fill(dx, 0, matrix * outer);
  for (let o: u32 = 0; o < outer; o++, dx += matrix) {
    for (let c: u32 = 0; c < n; c++, dy += row) {
      addRow(dx + rowOf(index, c, row), dy, inner);
    }
  }
  return true;
}

/**
 * y[c, d] = index[c] = d ? 1 : 0
 *
 * @param y     [n, depth] out
 * @param index [n]
 * @returns whether every index is below depth
 */
export function oneHot(y: usize, index: usize, n: u32, depth: u32): bool {
  if (!areWithin(index, n, depth)) return false;
  const row = <usize>depth << 2;
  memory.fill(y, 0, row * n);
  for (let c: u32 = 0; c < n; c++, y += row) store<f32>(y + rowOf(index, c, 4), 1);
  return true;
}

/** Copies, repetitions, permutations, parts: whatever puts floats elsewhere and changes none. */
import { MOVE_AXES } from "../../isa/limits";
import { storeLanes } from "../../lanes/simd";

/** Runs at least this wide are copied by memory.copy; below, its call costs more than the copy. */
const WIDE: u32 = 64;

/**
 * Rows of y that a transposition has in work, so that a cache line of x is read whole. Rows a multiple of 2048 bytes
 * apart fall into two sets of the first cache or one, which keep no more than a few: 8 instead of 32 are then twice to
 * four times as fast (measured on [1024, 1024], [4096, 64] and [64, 128, 96] reversed).
 */
const ROWS_AT_ONCE: u32 = 32;
const COLLIDING_ROWS_AT_ONCE: u32 = 8;
const COLLISION: usize = 2048;

/** Byte offsets between the sizes, the strides of y and the strides of x. */
const STRIDES: usize = <usize>MOVE_AXES << 2;

/** Size or stride of an axis; `run` is 0, STRIDES or 2 · STRIDES. */
@inline
function word(axes: usize, run: usize, axis: i32): u32 {
  return load<u32>(axes + run + (<usize>axis << 2));
}

/** y = x over n floats. */
@inline
function copyRun(y: usize, x: usize, n: u32): void {
  if (n >= WIDE) {
    memory.copy(y, x, <usize>n << 2);
    return;
  }
  for (const end = y + ((<usize>n & ~3) << 2); y < end; y += 16, x += 16) v128.store(y, v128.load(x));
  for (let left = n & 3; left > 0; left--, y += 4, x += 4) store<u32>(y, load<u32>(x));
}

/** y = value over n floats. */
@inline
function fillRun(y: usize, value: v128, n: u32): void {
  for (let i: u32 = 0; i < n; i += 4, y += 16) storeLanes(y, value, n - i);
}

/** y[i, j] = x[i, j] at any strides, here in bytes, over [m, n]. */
function scatter(y: usize, x: usize, m: u32, n: u32, yi: usize, xi: usize, yj: usize, xj: usize): void {
  for (let i: u32 = 0; i < m; i++, y += yi, x += xi) {
    let to = y, from = x;
    for (let j: u32 = 0; j < n; j++, to += yj, from += xj) store<u32>(to, load<u32>(from));
  }
}

/** y[i, j] = x[j, i] of 4 × 4 floats, whose rows are yi and xj bytes apart. */
@inline
function transposeBlock(y: usize, x: usize, yi: usize, xj: usize): void {
  const x0 = v128.load(x), x1 = v128.load(x + xj);
  const x2 = v128.load(x + 2 * xj), x3 = v128.load(x + 3 * xj);
  const low01 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
  const low23 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
  v128.store(y, v128.shuffle<i64>(low01, low23, 0, 2));
  v128.store(y + yi, v128.shuffle<i64>(low01, low23, 1, 3));
  v128.store(y + 2 * yi, v128.shuffle<i64>(high01, high23, 0, 2));
  v128.store(y + 3 * yi, v128.shuffle<i64>(high01, high23, 1, 3));
}

/** y[i, j] = x[j, i] over [m, n], the last axis of each being dense; rows are yi and xj bytes apart. */
function transposePlane(y: usize, x: usize, m: u32, n: u32, yi: usize, xj: usize): void {
  const m4 = m & ~3, n4 = n & ~3;
  const atOnce = yi & (COLLISION - 1) ? ROWS_AT_ONCE : COLLIDING_ROWS_AT_ONCE;
  for (let first: u32 = 0; first < m4; first += atOnce) {
    const end = min(first + atOnce, m4);
    for (let j: u32 = 0; j < n4; j += 4) {
      let to = y + <usize>first * yi + (<usize>j << 2), from = x + <usize>j * xj + (<usize>first << 2);
      for (let i = first; i < end; i += 4, to += 4 * yi, from += 16) transposeBlock(to, from, yi, xj);
    }
  }
  const right = <usize>n4 << 2, below = <usize>m4 << 2;
  scatter(y + right, x + <usize>n4 * xj, m4, n - n4, yi, 4, 4, xj);
  scatter(y + <usize>m4 * yi, x + below, m - m4, n, yi, 4, 4, xj);
}

/** The two innermost axes, by the way that suits their strides. */
function movePlane(y: usize, x: usize, axes: usize): void {
  const m = word(axes, 0, MOVE_AXES - 2), n = word(axes, 0, MOVE_AXES - 1);
  const yi = <usize>word(axes, STRIDES, MOVE_AXES - 2) << 2,
    xi = <usize>word(axes, 2 * STRIDES, MOVE_AXES - 2) << 2;
  const yj = <usize>word(axes, STRIDES, MOVE_AXES - 1) << 2,
    xj = <usize>word(axes, 2 * STRIDES, MOVE_AXES - 1) << 2;
  const isDense = yj == 4 && n >= 4;
  if (isDense && xj == 4) {
    for (let i: u32 = 0; i < m; i++, y += yi, x += xi) copyRun(y, x, n);
  } else if (isDense && xj == 0) {
    for (let i: u32 = 0; i < m; i++, y += yi, x += xi) fillRun(y, v128.load32_splat(x), n);
  } else if (isDense && xi == 4) {
    transposePlane(y, x, m, n, yi, xj);
  } else {
    scatter(y, x, m, n, yi, xi, yj, xj);
  }
}

function moveAxis(y: usize, x: usize, axes: usize, axis: i32): void {
  while (axis < MOVE_AXES - 2 && word(axes, 0, axis) == 1) axis++;
  if (axis >= MOVE_AXES - 2) {
    movePlane(y, x, axes);
    return;
  }
  const size = word(axes, 0, axis);
  const yStride = <usize>word(axes, STRIDES, axis) << 2, xStride = <usize>word(axes, 2 * STRIDES, axis) << 2;
  for (let i: u32 = 0; i < size; i++, y += yStride, x += xStride) moveAxis(y, x, axes, axis + 1);
}

/**
 * y[Σ iₐ · yₐ] = x[Σ iₐ · xₐ] for all indices i below the sizes: bits are copied, whatever they mean.
 *
 * Fast where the innermost axis is dense in y, and in x dense, repeated, or dense along the axis before it.
 *
 * @param y    out, may not overlap x; what no index meets stays as it is
 * @param x    may be met by several indices, or by none where a size is 0
 * @param axes u32: MOVE_AXES sizes, then the strides of y, then those of x, in floats; the innermost last
 */
export function move(y: usize, x: usize, axes: usize): void {
  moveAxis(y, x, axes, 0);
}

/**
 * Maxima and minima of x [outer, inner] along one axis. A maximum of nothing is −Infinity, a minimum of nothing Infinity;
 * a NaN among the elements gives NaN. They are exact, so that their order does not matter.
 */

import { loadLanes, storeLanes } from "../../lanes/simd";

/** Rows that go past in one go, so that their pages are still at hand for the next columns. */
const BLOCK_ROWS: u32 = 256;

/** A fold with its neutral element. Stateless. */
@unmanaged
abstract class FoldLane {
  abstract neutral(): v128;
  abstract fold(total: v128, x: v128): v128;
}

@unmanaged
class Maximum extends FoldLane {
  @inline
  neutral(): v128 {
    return f32x4.splat(-Infinity);
  }

  @inline
  fold(total: v128, x: v128): v128 {
    return f32x4.max(total, x);
  }
}

@unmanaged
class Minimum extends FoldLane {
  @inline
  neutral(): v128 {
    return f32x4.splat(Infinity);
  }

  @inline
  fold(total: v128, x: v128): v128 {
    return f32x4.min(total, x);
  }
}

/** y[o] = fold over i of x[o, i] */
@inline
function foldInner<F extends FoldLane>(y: usize, x: usize, outer: u32, inner: u32): void {
  const lane = changetype<F>(0); // a type, never a pointer: methods are @inline and ignore `this`
  for (let row: u32 = 0; row < outer; row++, y += 4, x += <usize>inner << 2) {
    let total = lane.neutral();
    let total1 = total;
    let total2 = total;
    let total3 = total;
    let i: u32 = 0;
    // Four chains: one waits for the three instructions of each f32x4.max.
    for (; i + 16 <= inner; i += 16) {
      const at = x + (<usize>i << 2);
      total = lane.fold(total, v128.load(at));
      total1 = lane.fold(total1, v128.load(at, 16));
      total2 = lane.fold(total2, v128.load(at, 32));
      total3 = lane.fold(total3, v128.load(at, 48));
    }
    total = lane.fold(lane.fold(total, total1), lane.fold(total2, total3));
    for (; i < inner; i += 4) total = lane.fold(total, loadLanes(x + (<usize>i << 2), inner - i, total));
    total = lane.fold(total, v128.shuffle<i32>(total, total, 2, 3, 0, 1));
    total = lane.fold(total, v128.shuffle<i32>(total, total, 1, 0, 3, 2));
    v128.store32_lane(y, total, 0);
  }
}

/** y[o] = max_i x[o, i] */
export function maxInner(y: usize, x: usize, outer: u32, inner: u32): void {
  foldInner<Maximum>(y, x, outer, inner);
}

/** y[o] = min_i x[o, i] */
export function minInner(y: usize, x: usize, outer: u32, inner: u32): void {
  foldInner<Minimum>(y, x, outer, inner);
}

/** y[i] = fold over the rows of x, BLOCK_ROWS of them at a time, the blocks in order. */
@inline
function foldOuter<F extends FoldLane>(y: usize, x: usize, outer: u32, inner: u32): void {
  const lane = changetype<F>(0); // a type, never a pointer: methods are @inline and ignore `this`
  for (let i: u32 = 0; i < inner; i += 4) storeLanes(y + (<usize>i << 2), lane.neutral(), inner - i);
  for (let row: u32 = 0; row < outer; row += BLOCK_ROWS) {
    foldBlock<F>(y, x, min<u32>(outer - row, BLOCK_ROWS), inner);
    x += (<usize>BLOCK_ROWS * inner) << 2;
  }
}

/** y[i] = fold(y[i], fold over rows of x[o, i]), 16 columns in registers while their rows stream past. */
function foldBlock<F extends FoldLane>(y: usize, x: usize, rows: u32, inner: u32): void {
  const lane = changetype<F>(0);
  const stride = <usize>inner << 2;
  const bytes = <usize>rows * stride;
  let column: u32 = 0;
  for (; column + 16 <= inner; column += 16, x += 64, y += 64) {
    let total0 = lane.neutral();
    let total1 = total0;
    let total2 = total0;
    let total3 = total0;
    for (let row = x, end = x + bytes; row < end; row += stride) {
      total0 = lane.fold(total0, v128.load(row));
      total1 = lane.fold(total1, v128.load(row, 16));
      total2 = lane.fold(total2, v128.load(row, 32));
      total3 = lane.fold(total3, v128.load(row, 48));
    }
    v128.store(y, lane.fold(v128.load(y), total0));
    v128.store(y, lane.fold(v128.load(y, 16), total1), 16);
    v128.store(y, lane.fold(v128.load(y, 32), total2), 32);
    v128.store(y, lane.fold(v128.load(y, 48), total3), 48);
  }
  for (; column < inner; column += 4, x += 16, y += 16) {
    const left = inner - column;
    let total = lane.neutral();
    for (let row = x, end = x + bytes; row < end; row += stride) {
      total = lane.fold(total, loadLanes(row, left, lane.neutral()));
    }
    storeLanes(y, lane.fold(loadLanes(y, left, total), total), left);
  }
}

/** y[i] = max_o x[o, i] */
export function maxOuter(y: usize, x: usize, outer: u32, inner: u32): void {
  foldOuter<Maximum>(y, x, outer, inner);
}

/** y[i] = min_o x[o, i] */
export function minOuter(y: usize, x: usize, outer: u32, inner: u32): void {
  foldOuter<Minimum>(y, x, outer, inner);
}

/**
 * Elementwise functions of two operands with broadcasting:
 *
 *     y[o, i] = f(a[o · aOuter + i · aInner], b[o · bOuter + i · bInner])     y [outer, inner]
 *
 * Strides are in floats. An inner stride is 0 or 1; an outer one is anything: `inner` for the same shape as y, 0 for a
 * row vector, 1 (with an inner stride of 0) for a column, 0 and 0 for a scalar.
 * y may alias an operand that has the shape of y.
 */

import { loadTail, storeRest, storeTail } from "../../lanes/simd";

/** One elementwise function of two operands. Stateless; see mapBinary. */
@unmanaged
export abstract class BinaryLane {
  abstract forward(a: v128, b: v128): v128;
}

/** y = F(a, b) over n floats. Reads padding, does not write it. */
@inline
function mapFlat<F extends BinaryLane>(y: usize, a: usize, b: usize, n: u32): void {
  const lane = changetype<F>(0); // a type, never a pointer: methods are @inline and ignore `this`
  const end = a + ((<usize>n & ~3) << 2);
  for (; a < end; y += 16, a += 16, b += 16) {
    v128.store(y, lane.forward(v128.load(a), v128.load(b)));
  }
  if (n & 3) storeRest(y, lane.forward(v128.load(a), v128.load(b)), n & 3);
}

/** y = F(a, b) over n floats, where an operand with stride 0 is one float. Reads no padding: rows may end anywhere. */
@inline
function mapRow<F extends BinaryLane>(
  y: usize,
  a: usize,
  b: usize,
  n: u32,
  aStride: u32,
  bStride: u32,
): void {
  const lane = changetype<F>(0);
  const a4 = n ? v128.load32_splat(a) : f32x4.splat(0);
  const b4 = n ? v128.load32_splat(b) : f32x4.splat(0);
  const whole = <usize>(n & ~3) << 2;
  let at: usize = 0;
  // One loop for each pair of strides: a branch in each turn takes twice as long (measured, bench/kernels).
  if (aStride & bStride) {
    for (; at < whole; at += 16) {
      v128.store(y + at, lane.forward(v128.load(a + at), v128.load(b + at)));
    }
  } else if (aStride) {
    for (; at < whole; at += 16) v128.store(y + at, lane.forward(v128.load(a + at), b4));
  } else if (bStride) {
    for (; at < whole; at += 16) v128.store(y + at, lane.forward(a4, v128.load(b + at)));
  } else {
    for (; at < whole; at += 16) v128.store(y + at, lane.forward(a4, b4));
  }
  const left = n & 3;
  if (!left) return;
  const aTail = aStride ? loadTail(a + at, left, a4) : a4;
  const bTail = bStride ? loadTail(b + at, left, b4) : b4;
  storeTail(y + at, lane.forward(aTail, bTail), left);
}

/** The whole of y: flat where both operands are, else row by row. */
@inline
export function mapBinary<F extends BinaryLane>(
  y: usize,
  a: usize,
  b: usize,
  outer: u32,
  inner: u32,
  aOuter: u32,
  aInner: u32,
  bOuter: u32,
  bInner: u32,
): void {
  const whole = outer < 2;
  if (aInner & bInner && (whole || (aOuter == inner && bOuter == inner))) {
    mapFlat<F>(y, a, b, outer * inner);
    return;
  }
  // A column is one row, its elements one stride apart.
  const column = inner == 1 && aOuter < 2 && bOuter < 2;
  const rows: u32 = column ? 1 : outer;
  const length = column ? outer : inner;
  for (let row: u32 = 0; row < rows; row++) {
    mapRow<F>(y, a, b, length, column ? aOuter : aInner, column ? bOuter : bInner);
    y += <usize>length << 2;
    a += <usize>aOuter << 2;
    b += <usize>bOuter << 2;
  }
}

@unmanaged
class Add extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}

@unmanaged
class Subtract extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}

@unmanaged
class Multiply extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}

@unmanaged
class Divide extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}

@unmanaged
class Maximum extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}

@unmanaged
class Equal extends BinaryLane {
  @inline
  forward(a: v128, b: v128): v128 {
    return v128.and(f32x4.eq(a, b), f32x4.splat(1));
  }
}

/** y = a + b */
// prettier-ignore
export function add(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<Add>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** y = a − b */
// prettier-ignore
export function subtract(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<Subtract>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** y = a · b */
// prettier-ignore
export function multiply(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<Multiply>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** y = a / b */
// prettier-ignore
export function divide(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<Divide>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** y = max(a, b); NaN if either is */
// prettier-ignore
export function maximum(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<Maximum>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** y = a == b ? 1 : 0; NaN equals nothing */
// prettier-ignore
export function equal(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {
  mapBinary<Equal>(y, a, b, outer, inner, aOuter, aInner, bOuter, bInner);
}

/** The lane vocabulary that the kernels share. */

/** a · b + c: one rounding in the relaxed build where the processor fuses, two in the exact build. */
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(f32x4.mul(a, b), c);
}

/** (x0 + x2) + (x1 + x3): the order of this sum is fixed so that results repeat in every engine. */
@inline
export function sumLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Stores the first n < 4 lanes of x: the tail of an elementwise kernel, which never writes padding. */
@inline
export function storeTail(y: usize, x: v128, n: u32): void {
  if (n & 2) {
    v128.store64_lane(y, x, 0);
    if (n & 1) v128.store32_lane(y, x, 2, 8);
  } else if (n & 1) {
    v128.store32_lane(y, x, 0);
  }
}

/**
 * storeTail as a call, for kernels that have one tail in all: a third of the bytes, and 2 ns. In the loop of a row it
 * would be dear: V8 then spills what the loop keeps in registers, and softmax of 100 columns takes 1.6 × (measured).
 */
export function storeRest(y: usize, x: v128, n: u32): void {
  storeTail(y, x, n);
}

/** The first n lanes from x, which is not read beyond them, the others from rest; all four where n ≥ 4. */
@inline
export function loadLanes(x: usize, n: u32, rest: v128): v128 {
  return n >= 4 ? v128.load(x) : loadTail(x, n, rest);
}

/** loadLanes for n < 4. */
@inline
export function loadTail(x: usize, n: u32, rest: v128): v128 {
  if (n & 2) {
    const pair = v128.load64_lane(x, rest, 0);
    return n & 1 ? v128.load32_lane(x, pair, 2, 8) : pair;
  }
  return n & 1 ? v128.load32_lane(x, rest, 0) : rest;
}

/** loadLanes as a call: see storeRest. */
export function loadSome(x: usize, n: u32, rest: v128): v128 {
  return loadLanes(x, n, rest);
}

/** Stores the first n lanes of x; all four where n ≥ 4. */
@inline
export function storeLanes(y: usize, x: v128, n: u32): void {
  if (n >= 4) v128.store(y, x);
  else storeTail(y, x, n);
}

/** x, or 0 where it is subnormal: wasm has no flush-to-zero, and subnormals slow down whatever reads them. */
@inline
export function flush(x: v128): v128 {
  return v128.and(x, i32x4.gt_s(f32x4.abs(x), i32x4.splat(0x007fffff)));
}

/** x0, x1 in f64 */
@inline
export function lowPair(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** x2, x3 in f64 */
@inline
export function highPair(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 2, 3));
}

/** Four f32 lanes of two pairs of f64. */
@inline
export function joinPairs(pair01: v128, pair23: v128): v128 {
  return v128.shuffle<i32>(f32x4.demote_f64x2_zero(pair01), f32x4.demote_f64x2_zero(pair23), 0, 1, 4, 5);
}

/** (x0 + x2, x1 + x3) in f64: what a long sum accumulates. */
@inline
export function sumPairs(x: v128): v128 {
  const high = v128.shuffle<i32>(x, x, 2, 3, 2, 3);
  return f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(high));
}

/** x0 + x1 of two f64 lanes. */
@inline
export function sumDoubles(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** x · factor for lanes 0, 1 and 2, 3, worked in f64: neither the factor nor the product needs to be a normal f32. */
@inline
export function scaleWide(x: v128, factor01: v128, factor23: v128): v128 {
  const high = v128.shuffle<i32>(x, x, 2, 3, 2, 3);
  const y01 = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(x), factor01));
  const y23 = f32x4.demote_f64x2_zero(f64x2.mul(f64x2.promote_low_f32x4(high), factor23));
  return v128.shuffle<i64>(y01, y23, 0, 2);
}

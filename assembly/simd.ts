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
export function storeTail(y: usize, x: v128, n: u32): void {
  if (n & 2) {
    v128.store64_lane(y, x, 0);
    if (n & 1) v128.store32_lane(y, x, 2, 8);
  } else if (n & 1) {
    v128.store32_lane(y, x, 0);
  }
}

/**
 * WebAssembly has no flush-to-zero, and arithmetic on subnormals is 35 to 180 times slower (shared/FACTS.md, trap 1).
 * The optimizers flush well above the smallest normal number, so that products with a learning rate, a momentum or
 * 1 − beta stay normal too.
 */

// Where four lanes lie, because a folded v128.const is built again at each use (measured, shared/FACTS.md, trap 2).
/** Four lanes of 2⁻¹⁰⁰ ≈ 7.9e−31: a gradient or a moment below it moves no weight that is not itself negligible. */
export const NEGLIGIBLE = memory.data<u32>([0x0d800000, 0x0d800000, 0x0d800000, 0x0d800000], 16);

/** Four lanes of all bits but the sign: one instruction, where V8 11 makes three of f32x4.abs. */
export const MAGNITUDE = memory.data<u32>([0x7fffffff, 0x7fffffff, 0x7fffffff, 0x7fffffff], 16);

/** x, or +0 in each lane where |x| is below `smallest`. An integer comparison: free of subnormals, keeps NaN. */
@inline
export function flushBelow(x: v128, smallest: v128, magnitude: v128): v128 {
  return v128.andnot(x, i32x4.lt_s(v128.and(x, magnitude), smallest));
}

/** x, or +0 in each lane whose `size`, |x| or what stands for it, is below `smallest`: flushBelow of a known size. */
@inline
export function above(x: v128, size: v128, smallest: v128): v128 {
  return v128.andnot(x, i32x4.lt_s(size, smallest));
}

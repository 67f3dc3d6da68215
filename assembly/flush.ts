/**
 * WebAssembly has no flush-to-zero, and arithmetic on subnormals is 35 to 180 times slower (shared/FACTS.md, trap 1).
 * The optimizers flush well above the smallest normal number, so that products with a learning rate, a momentum or
 * 1 − beta stay normal too.
 */

/** 2⁻¹⁰⁰ ≈ 7.9e−31 as f32 bits: a gradient or a moment below it moves no weight that is not itself negligible. */
export const NEGLIGIBLE: u32 = 0x0d800000;

/** x, or +0 in each lane where |x| is below the f32 whose bits are `smallest`. An integer comparison: keeps NaN. */
@inline
export function flush(x: v128, smallest: v128): v128 {
  return v128.andnot(x, i32x4.lt_s(f32x4.abs(x), smallest));
}

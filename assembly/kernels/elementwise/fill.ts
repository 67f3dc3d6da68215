import { storeRest } from "../../lanes/simd";

/**
 * y = value over n floats.
 *
 * @param y [n] out
 */
export function fill(y: usize, n: u32, value: f32): void {
  const lanes = f32x4.splat(value);
  const end = y + ((<usize>n & ~3) << 2);
  for (; y < end; y += 16) v128.store(y, lanes);
  storeRest(y, lanes, n & 3);
}

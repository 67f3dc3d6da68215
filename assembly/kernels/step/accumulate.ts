import { storeRest } from "../../lanes/simd";

/**
 * sum = gradient · share, plus the sum that there is unless this is the first, which need not hold numbers.
 * Multiplied and added, never fused: gradients have the same bits in every build.
 *
 * @param sum      [n] out and in; may not alias gradient
 * @param gradient [n]
 */
export function accumulate(sum: usize, gradient: usize, n: u32, share: f32, isFirst: u32): void {
  const share4 = f32x4.splat(share);
  const kept = i32x4.splat(isFirst ? 0 : -1);
  const end = gradient + ((<usize>n & ~3) << 2);
  for (; gradient < end; sum += 16, gradient += 16) {
    v128.store(sum, f32x4.add(v128.and(v128.load(sum), kept), f32x4.mul(v128.load(gradient), share4)));
  }
  if (n & 3) {
    storeRest(sum, f32x4.add(v128.and(v128.load(sum), kept), f32x4.mul(v128.load(gradient), share4)), n & 3);
  }
}

import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../flush";
import { storeTail } from "../simd";

/**
 * average += share · (value − average), elementwise. From a share of ½ on it is worked from the other end, as
 * value + (share − 1) · (value − average), so that a share of 1 gives the value to the bit (as torch.lerp does).
 * What falls below 2⁻¹⁰⁰ counts as zero: an average of zeros does not decay into the subnormals.
 *
 * @param average [n] in place; may be value, which leaves it as it is
 * @param value   [n]
 * @param share   in [0, 1]
 */
export function runningAverage(average: usize, value: usize, n: u32, share: f32): void {
  const isNear = share >= 0.5;
  const factors = f32x4.splat(isNear ? share - 1 : share), near = i32x4.splat(isNear ? -1 : 0);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let left = n;
  if (!left) return;
  // A loop that tests at its end, because V8 computes whatever is constant in one that tests first in every turn.
  do {
    const a = v128.load(average), x = v128.load(value);
    const base = v128.bitselect(x, a, near);
    const next = flushBelow(f32x4.add(base, f32x4.mul(factors, f32x4.sub(x, a))), negligible, magnitude);
    if (left < 4) {
      storeTail(average, next, left);
      return;
    }
    v128.store(average, next);
    average += 16;
    value += 16;
    left -= 4;
  } while (left);
}

import { flushBelow, MAGNITUDE, NEGLIGIBLE } from "../../lanes/flush";
import { storeTail } from "../../lanes/simd";

/** from + share · (to − from), flushed of what is negligible. */
@inline
function between(from: usize, to: usize, shares: v128, negligible: v128, magnitude: v128): v128 {
  const start = v128.load(from);
  const way = f32x4.mul(shares, f32x4.sub(v128.load(to), start));
  return flushBelow(f32x4.add(start, way), negligible, magnitude);
}

/** y = from + share · (to − from) over n floats; y may be either. */
function interpolate(y: usize, from: usize, to: usize, n: u32, share: f32): void {
  const shares = f32x4.splat(share);
  const negligible = v128.load(NEGLIGIBLE), magnitude = v128.load(MAGNITUDE);
  let left = n;
  if (left >= 16) {
    // Loops that test at their end, because V8 computes whatever is constant in one that tests first in every turn.
    do {
      v128.store(y, between(from, to, shares, negligible, magnitude));
      v128.store(y, between(from + 16, to + 16, shares, negligible, magnitude), 16);
      v128.store(y, between(from + 32, to + 32, shares, negligible, magnitude), 32);
      v128.store(y, between(from + 48, to + 48, shares, negligible, magnitude), 48);
      y += 64;
      from += 64;
      to += 64;
      left -= 16;
    } while (left >= 16);
  }
  if (!left) return;
  do {
    const next = between(from, to, shares, negligible, magnitude);
    if (left < 4) {
      storeTail(y, next, left);
      return;
    }
    v128.store(y, next);
    y += 16;
    from += 16;
    to += 16;
    left -= 4;
  } while (left);
}

/**
 * average += share · (value − average), elementwise. From a share of ½ on it is worked from the other end, as
 * value + (1 − share) · (average − value), so that a share of 1 gives the value to the bit (as torch.lerp does).
 * What falls below 2⁻¹⁰⁰ counts as zero: an average of zeros does not decay into the subnormals.
 *
 * @param average [n] in place; may be value, which leaves it as it is
 * @param value   [n]
 * @param share   in [0, 1]
 */
export function runningAverage(average: usize, value: usize, n: u32, share: f32): void {
  if (share < 0.5) interpolate(average, average, value, n, share);
  else interpolate(average, value, average, n, <f32>(1.0 - <f64>share));
}

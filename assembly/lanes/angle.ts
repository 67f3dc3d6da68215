/** Large angles, reduced exactly (Payne & Hanek, "Radian reduction for trigonometric functions", SIGNUM 1983). */

/** One zero word, then the first 224 bits of 2/π. */
const TWO_OVER_PI = memory.data<u32>([
  0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab,
]);

/** 32 bits of the table from bit `at` on. */
@inline
function bitsFrom(at: u32): u64 {
  const address = TWO_OVER_PI + ((<usize>at >> 5) << 2);
  const pair = (<u64>load<u32>(address) << 32) | <u64>load<u32>(address, 4);
  return (pair << (at & 31)) >> 32;
}

/**
 * x · 2/π modulo 4, in units of 2^-62, truncated: of x = m · 2^e only the 96 bits of 2/π count that lie from 2^(1−e) on,
 * since m times those before is a multiple of 4. No f32 is nearer than 1.6e-9 to a multiple of π/2 (tests/kernels/
 * transcendental.spec.ts), so 2^-62 is near enough.
 *
 * @param x an f32 with 2^15 ≤ |x| < ∞; garbage for another
 */
export function quarterTurns(x: f64): i64 {
  const bits = reinterpret<u32>(<f32>x);
  const mantissa = <u64>((bits & 0x007fffff) | 0x00800000);
  // Bit j of 2/π has the weight 2^-(j+1), and 32 zero bits stand before: e − 2 + 32, where e is the exponent − 150.
  const at = min<u32>(((bits >> 23) & 0xff) - 120, 134);
  const high = (mantissa * bitsFrom(at)) << 32;
  const turns = high + mantissa * bitsFrom(at + 32) + ((mantissa * bitsFrom(at + 64)) >> 32);
  return bits >> 31 ? -(<i64>turns) : <i64>turns;
}

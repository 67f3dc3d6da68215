import { Purpose } from "../../isa/purpose";
import { mapRandom, RandomLane } from "../../lanes/random";

@unmanaged
export class Uniform extends RandomLane {
  // The threshold carries the bits of `low`. 24 bits of a word are exact in f32.
  @inline
  map(words: v128, _x: v128, low: v128, step: v128): v128 {
    return f32x4.add(f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), step), low);
  }
}

/**
 * y[e] = low + (word e >>> 8) · ((high − low) · 2⁻²⁴): uniform over [low, high), in f32, from the Philox stream
 * (seed, 0, node). Rounding may bring the topmost values up to `high`.
 *
 * @param y [n] out
 */
export function uniform(y: usize, n: u32, low: f32, high: f32, seedLow: u32, seedHigh: u32, node: u32): void {
  const step = (high - low) * <f32>(1.0 / 16777216.0);
  mapRandom<Uniform>(y, y, n, reinterpret<u32>(low), step, seedLow, seedHigh, 0, 0, node, Purpose.Uniform);
}

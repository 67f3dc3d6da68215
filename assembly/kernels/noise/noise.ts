import { Purpose } from "../../isa/purpose";
/** Numbers that are drawn anew in each step, from the Philox streams (seed, step, node): see random.ts. */
import { cosineNear0, logPair, sineNear0 } from "../../lanes/doubles";
import { mapRandom, RandomLane } from "../../lanes/random";
import { Uniform } from "../random/uniformLane";

const TURN = memory.data<f64>([
  2.3283064365386963e-10, // 2^-32
  9.313225746154785e-10, // 2^-30
  1.5707963267948966, // π/2
]);

/**
 * Four numbers of a normal distribution from a block of four words, by Box and Muller (1958), in f64:
 *
 *     √(−2 ln((w0 + ½) 2⁻³²)) · (cos, sin)(2π w1 2⁻³²)
 *
 * and the same of w2 and w3. None is beyond 6.77 deviations.
 */
export function normalLanes(words: v128, mean: v128, deviation: v128): v128 {
  const first = v128.shuffle<u32>(words, words, 0, 2, 0, 2);
  const second = v128.shuffle<u32>(words, words, 1, 3, 1, 3);
  const chance = f64x2.mul(
    f64x2.add(f64x2.convert_low_i32x4_u(first), f64x2.splat(0.5)),
    v128.load64_splat(TURN),
  );
  const radius = f64x2.sqrt(f64x2.mul(logPair(chance), f64x2.splat(-2)));
  const angle = f64x2.mul(f64x2.convert_low_i32x4_u(second), v128.load64_splat(TURN, 8));
  const quarter = f64x2.nearest(angle);
  const r = f64x2.mul(f64x2.sub(angle, quarter), v128.load64_splat(TURN, 16));
  const sine = sineNear0(r);
  const cosine = cosineNear0(r);
  // 0 to 4 quarters: an odd one exchanges the two, 1 and 2 negate the cosine, 2 and 3 the sine.
  const isOdd = v128.or(f64x2.eq(quarter, f64x2.splat(1)), f64x2.eq(quarter, f64x2.splat(3)));
  const upper = f64x2.ge(quarter, f64x2.splat(1));
  const left = v128.and(upper, f64x2.le(quarter, f64x2.splat(2)));
  const below = v128.and(f64x2.ge(quarter, f64x2.splat(2)), f64x2.le(quarter, f64x2.splat(3)));
  const signBit = f64x2.splat(-0.0);
  const x = v128.xor(v128.bitselect(sine, cosine, isOdd), v128.and(left, signBit));
  const y = v128.xor(v128.bitselect(cosine, sine, isOdd), v128.and(below, signBit));
  const scale = f64x2.mul(radius, f64x2.promote_low_f32x4(deviation));
  const mean2 = f64x2.promote_low_f32x4(mean);
  const x2 = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(x, scale), mean2));
  const y2 = f32x4.demote_f64x2_zero(f64x2.add(f64x2.mul(y, scale), mean2));
  return v128.shuffle<i32>(x2, y2, 0, 4, 1, 5);
}

@unmanaged
export class Normal extends RandomLane {
  // The threshold carries the bits of the mean.
  @inline
  map(words: v128, _x: v128, mean: v128, deviation: v128, _purpose: u32): v128 {
    return normalLanes(words, mean, deviation);
  }
}

/**
 * y[e] = low + (word e >>> 8) · ((high − low) · 2⁻²⁴): uniform over [low, high), as uniform.ts has it.
 *
 * @param y [n] out
 * @param firstBlock of the stream: see blocksBefore in record.ts
 */
export function uniformNoise(
  y: usize,
  n: u32,
  low: f32,
  high: f32,
  firstBlock: u32,
  seedLow: u32,
  seedHigh: u32,
  step: u32,
  node: u32,
): void {
  const unit = (high - low) * <f32>(1.0 / 16777216.0);
  const bits = reinterpret<u32>(low);
  mapRandom<Uniform>(y, y, n, bits, unit, seedLow, seedHigh, firstBlock, step, node, Purpose.UniformNoise);
}

/**
 * y = mean + deviation · z, where z is normal: see normalLanes.
 *
 * @param y [n] out
 * @param firstBlock of the stream: see blocksBefore in record.ts
 */
export function normalNoise(
  y: usize,
  n: u32,
  mean: f32,
  deviation: f32,
  firstBlock: u32,
  seedLow: u32,
  seedHigh: u32,
  step: u32,
  node: u32,
): void {
  const bits = reinterpret<u32>(mean);
  mapRandom<Normal>(y, y, n, bits, deviation, seedLow, seedHigh, firstBlock, step, node, Purpose.NormalNoise);
}

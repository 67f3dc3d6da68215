import { Purpose } from "../../isa/purpose";
import { mapRandom, RandomLane } from "../../lanes/random";
import { affine } from "../elementwise/unary";
import { Normal, normalLanes } from "./noise";

/** An element has this many chances to fall within the limit; at two deviations a second is rare. */
const ATTEMPTS: u32 = 4096;

@unmanaged
class DrawAgain extends RandomLane {
  // The threshold carries the bits of the limit.
  @inline
  map(words: v128, x: v128, limit: v128, scale: v128, _purpose: u32): v128 {
    return v128.bitselect(normalLanes(words, f32x4.splat(0), scale), x, f32x4.gt(f32x4.abs(x), limit));
  }
}

/** Whether any of n floats is beyond ±limit. */
function reachesBeyond(y: usize, n: u32, limit: f32): bool {
  for (const end = y + (<usize>n << 2); y < end; y += 4) {
    if (abs(load<f32>(y)) > limit) return true;
  }
  return false;
}

/**
 * y[e] = mean + deviation · z, where z is normal: element e of the Philox stream (seed, attempt, node), see normalLanes.
 * Where a limit above 0 is given, the first attempt counts of which |z| is within it: so a truncated normal
 * distribution, whatever is drawn at other places.
 *
 * @param y [n] out
 * @param limit in deviations; 0 for none, else not much below 1, as what never falls within it is left as it is
 */
export function normal(
  y: usize,
  n: u32,
  mean: f32,
  deviation: f32,
  limit: f32,
  seedLow: u32,
  seedHigh: u32,
  node: u32,
): void {
  mapRandom<Normal>(y, y, n, 0, 1, seedLow, seedHigh, 0, 0, node, Purpose.Normal);
  const bits = reinterpret<u32>(limit);
  for (let attempt: u32 = 1; limit > 0 && attempt < ATTEMPTS && reachesBeyond(y, n, limit); attempt++) {
    mapRandom<DrawAgain>(y, y, n, bits, 1, seedLow, seedHigh, 0, attempt, node, Purpose.Normal);
  }
  affine(y, y, n, deviation, mean);
}

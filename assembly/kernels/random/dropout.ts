import { Purpose } from "../../isa/purpose";
import { mapRandom } from "../../lanes/random";
import { DropoutOrUniform } from "./draw";

/**
 * y = keep ? x / (1 − rate) : 0, where keep is word ≥ ⌊rate · 2³²⌋ of the Philox stream (seed, step, node).
 * Since nothing but these decides the mask, the same call takes dy to dx.
 *
 * The scale is 1 / (1 − rate) in f64, rounded to f32. Rate 0 copies.
 *
 * @param y [n] out, may alias x
 * @param x [n]
 * @param rate 0 ≤ rate < 1
 * @param firstBlock of the stream: see blocksBefore in record.ts
 */
export function dropout(
  y: usize,
  x: usize,
  n: u32,
  rate: f32,
  firstBlock: u32,
  seedLow: u32,
  seedHigh: u32,
  step: u32,
  node: u32,
): void {
  if (rate == 0) {
    memory.copy(y, x, <usize>n << 2);
    return;
  }
  const threshold = <u32>(<f64>rate * 4294967296.0);
  const scale = <f32>(1.0 / (1.0 - <f64>rate));
  // prettier-ignore
  mapRandom<DropoutOrUniform>(y, x, n, threshold, scale, seedLow, seedHigh, firstBlock, step, node, Purpose.Dropout);
}

import { Purpose } from "../../isa/purpose";
import { mapRandom } from "../../lanes/random";
import { DropoutOrUniform } from "./draw";

/**
 * y[e] = low + (word e >>> 8) · ((high − low) · 2⁻²⁴): uniform over [low, high), in f32, from the Philox stream
 * (seed, 0, node). Rounding may bring the topmost values up to `high`.
 *
 * @param y [n] out
 */
export function uniform(y: usize, n: u32, low: f32, high: f32, seedLow: u32, seedHigh: u32, node: u32): void {
  const step = (high - low) * <f32>(1.0 / 16777216.0);
  const bits = reinterpret<u32>(low);
  mapRandom<DropoutOrUniform>(y, y, n, bits, step, seedLow, seedHigh, 0, 0, node, Purpose.Uniform);
}

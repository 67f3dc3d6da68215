/** What the specs of long sums share: lengths around the ends of chunks, and chunks worked in another order. */
import { chunksOf, combine, FLOATS } from "../../assembly/kernels/reduce/chunks";
import { longSum, longSumChunk, NUMBER_BYTES, Terms } from "../../assembly/kernels/reduce/longSum";
import { buffer, guarded } from "./floats";

/** Floats of the scratch of a long sum. */
const FLOATS_OF_PARTIALS: u32 = 64;

/** The lengths at which a sum of that grain changes its chunks, with those on both sides, and some tails. */
export function lengthsAround(grain: u32): StaticArray<u32> {
  const full = 16 * grain;
  return [
    1,
    grain - 1,
    grain,
    grain + 1,
    2 * grain - 1,
    2 * grain,
    2 * grain + 15,
    7 * grain + 3,
    15 * grain + 1,
    full - 1,
    full,
    full + 1,
    17 * grain + 13,
    2 * full,
    2 * full + 7,
  ];
}

/** The i-th number of chunks in an order that is not theirs: 23 has no divisor in common with up to 16. */
export function shuffled(i: u32, chunks: u32): u32 {
  return (i * 23 + 5) % chunks;
}

/** Whether the sum has the bits of its partials, worked in another order at another place; nothing beyond them is written. */
export function isOfChunks<T extends Terms>(n: u32, a: usize, b: usize, c: usize, factor: f64): bool {
  const partials = buffer(FLOATS_OF_PARTIALS), others = buffer(FLOATS_OF_PARTIALS);
  const sum = longSum<T>(partials, n, a, b, c, factor);
  const chunks = chunksOf(n, FLOATS);
  for (let i: u32 = 0; i < chunks; i++) longSumChunk<T>(others, shuffled(i, chunks), n, a, b, c, factor);
  combine(others, chunks, NUMBER_BYTES);
  const same = reinterpret<u64>(load<f64>(others)) == reinterpret<u64>(sum);
  const kept = guarded(partials, FLOATS_OF_PARTIALS) && guarded(others, FLOATS_OF_PARTIALS);
  heap.free(partials);
  heap.free(others);
  return same && kept;
}

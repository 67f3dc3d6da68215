/**
 * Random numbers that depend on their place only, never on the order of calls: Philox 4x32-10.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; proved against the
 * known answers of the authors' library, Random123. src/numeric/random.ts is the same generator for the host.
 *
 *     key      (seedLow, seedHigh)
 *     counter  (block, step, node, purpose)
 *
 * Word e of a stream is word e & 3 of the block e >> 2.
 */
import { storeRest } from "./simd";

// Read from memory, because V8 13 reloads a folded v128.const at each use (measured, shared/FACTS.md).
/** M0 and M1 of the paper, as lanes (M0, M1, M0, M1). */
const MULTIPLIERS = memory.data<u32>([0xd2511f53, 0xcd9e8d57, 0xd2511f53, 0xcd9e8d57], 16);
/** What each round adds to the key: the golden ratio and √3 − 1. */
const WEYL = memory.data<u32>([0x9e3779b9, 0xbb67ae85, 0x9e3779b9, 0xbb67ae85], 16);
/** A group of four blocks further: only the first counter word moves. */
const GROUP = memory.data<u32>([4, 0, 4, 0], 16);

/** What becomes of four random words and the four floats at their place. Stateless; see mapRandom. */
@unmanaged
export abstract class RandomLane {
  abstract map(words: v128, x: v128, threshold: v128, scale: v128, purpose: u32): v128;
}

/** (c0, c2) of two blocks after a round: the products' high halves, crossed, with (c1, c3) and the key. */
@inline
function crossHigh(a: v128, b: v128, odd: v128, key: v128): v128 {
  return v128.xor(v128.xor(v128.shuffle<u32>(a, b, 3, 1, 7, 5), odd), key);
}

/** (c1, c3) of two blocks after a round: the products' low halves, crossed. */
@inline
function crossLow(a: v128, b: v128): v128 {
  return v128.shuffle<u32>(a, b, 2, 0, 6, 4);
}

/** Stores lane.map(words, x) for the up to four elements that are left. */
function emit<L extends RandomLane>(
  y: usize,
  x: usize,
  left: i32,
  words: v128,
  threshold: v128,
  scale: v128,
  purpose: u32,
): void {
  const lanes = changetype<L>(0).map(words, v128.load(x), threshold, scale, purpose);
  if (left >= 4) v128.store(y, lanes);
  else storeRest(y, lanes, left);
}

/**
 * y[e] = L(word e of the stream, x[e]) over n elements. Four blocks at a time: `even` holds (c0, c2) and `odd`
 * (c1, c3) of two blocks each, so that one extended multiply makes both products of a block, and the words of a
 * block come out side by side.
 *
 * @param y [n] out, may alias x
 * @param x [n]
 */
export function mapRandom<L extends RandomLane>(
  y: usize,
  x: usize,
  n: u32,
  threshold: u32,
  scale: f32,
  seedLow: u32,
  seedHigh: u32,
  firstBlock: u32,
  step: u32,
  node: u32,
  purpose: u32,
): void {
  const lane = changetype<L>(0);
  const thresholds = i32x4.splat(threshold);
  const scales = f32x4.splat(scale);
  const multipliers = v128.load(MULTIPLIERS);
  const weyl = v128.load(WEYL);
  const group = v128.load(GROUP);
  const seed = i64x2.splat((<i64>seedHigh << 32) | <i64>seedLow);
  const tail = i64x2.splat((<i64>purpose << 32) | <i64>step);
  let counter01 = i64x2.splat((<i64>node << 32) | <i64>firstBlock);
  counter01 = i32x4.replace_lane(counter01, 2, firstBlock + 1);
  let counter23 = i32x4.replace_lane(counter01, 0, firstBlock + 2);
  counter23 = i32x4.replace_lane(counter23, 2, firstBlock + 3);

  let left = <i32>n;
  // Loops that test at their end, because V8 computes whatever is constant in one that tests first in every turn.
  if (left <= 0) return;
  do {
    let even01 = counter01, odd01 = tail, even23 = counter23, odd23 = tail, key = seed;
    let round = 10;
    do {
      const product0 = i64x2.extmul_low_i32x4_u(even01, multipliers);
      const product1 = i64x2.extmul_high_i32x4_u(even01, multipliers);
      const product2 = i64x2.extmul_low_i32x4_u(even23, multipliers);
      const product3 = i64x2.extmul_high_i32x4_u(even23, multipliers);
      even01 = crossHigh(product0, product1, odd01, key);
      even23 = crossHigh(product2, product3, odd23, key);
      odd01 = crossLow(product0, product1);
      odd23 = crossLow(product2, product3);
      key = i32x4.add(key, weyl);
    } while (--round);
    const words0 = v128.shuffle<u32>(even01, odd01, 0, 4, 1, 5);
    const words1 = v128.shuffle<u32>(even01, odd01, 2, 6, 3, 7);
    const words2 = v128.shuffle<u32>(even23, odd23, 0, 4, 1, 5);
    const words3 = v128.shuffle<u32>(even23, odd23, 2, 6, 3, 7);
    if (left >= 16) {
      v128.store(y, lane.map(words0, v128.load(x), thresholds, scales, purpose));
      v128.store(y, lane.map(words1, v128.load(x, 16), thresholds, scales, purpose), 16);
      v128.store(y, lane.map(words2, v128.load(x, 32), thresholds, scales, purpose), 32);
      v128.store(y, lane.map(words3, v128.load(x, 48), thresholds, scales, purpose), 48);
    } else {
      emit<L>(y, x, left, words0, thresholds, scales, purpose);
      if (left > 4) emit<L>(y + 16, x + 16, left - 4, words1, thresholds, scales, purpose);
      if (left > 8) emit<L>(y + 32, x + 32, left - 8, words2, thresholds, scales, purpose);
      if (left > 12) emit<L>(y + 48, x + 48, left - 12, words3, thresholds, scales, purpose);
    }
    counter01 = i32x4.add(counter01, group);
    counter23 = i32x4.add(counter23, group);
    x += 64;
    y += 64;
    left -= 16;
  } while (left > 0);
}

@unmanaged
class Words extends RandomLane {
  @inline
  map(words: v128, _x: v128, _threshold: v128, _scale: v128, _purpose: u32): v128 {
    return words;
  }
}

/**
 * The first n words of the stream from `firstBlock` on. The block number wraps around without a carry.
 *
 * @param y [n] u32 out, 16-byte padded
 */
export function randomWords(
  y: usize,
  n: u32,
  seedLow: u32,
  seedHigh: u32,
  firstBlock: u32,
  step: u32,
  node: u32,
  purpose: u32,
): void {
  mapRandom<Words>(y, y, n, 0, 0, seedLow, seedHigh, firstBlock, step, node, purpose);
}

/**
 * Random numbers that depend on their place only, never on the order of calls: Philox 4x32-10, the same generator as
 * assembly/lanes/random.ts, for what the host draws: the order of the rows.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 *
 *     key      (low word of the seed, high word of the seed)
 *     counter  (block, step, node, purpose)
 *
 * Word e of a stream is word e & 3 of the block e >> 2.
 */
import { Purpose } from "../../assembly/isa/purpose.js";

export { Purpose };

/** A stream of 32-bit words, each a function of its index alone. */
export interface RandomStream {
  /** Word `index`, uniform over 0 … 2³² − 1. The index is a whole number below 2³⁴. */
  uint32(index: number): number;
}

const TWO_32 = 2 ** 32;
const ROUNDS = 10;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
/** What each round adds to the key: the golden ratio and √3 − 1. */
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/** ⌊a · b / 2³²⌋ of two unsigned words, without BigInt: the schoolbook product of 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // Neither sum reaches 2³², so both are exact.
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) >>> 0;
}

/** Encrypts the counter (c0, c1, c2, c3) by the key (k0, k1) into the four words of `out`. */
export function philox(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/**
 * The two words of a seed: its low 32 and its high 21 bits.
 *
 * @throws RangeError unless the seed is a whole number from 0 to 2⁵³ − 1
 */
export function splitSeed(seed: number): readonly [low: number, high: number] {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(
      `seed is ${String(seed)}; needs a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`,
    );
  }
  return [seed >>> 0, Math.floor(seed / TWO_32)];
}

/** The stream of (seed, step, node) for one purpose. Keeps its last block, so reading in order costs a quarter. */
export function randomStream(seed: number, step: number, node: number, purpose: Purpose): RandomStream {
  const [seedLow, seedHigh] = splitSeed(seed);
  const words = new Uint32Array(4);
  let lastBlock = -1;
  return {
    uint32(index) {
      const block = Math.floor(index / 4);
      if (block !== lastBlock) {
        philox(words, block, step, node, purpose, seedLow, seedHigh);
        lastBlock = block;
      }
      return words[index & 3] as number;
    },
  };
}

/**
 * A permutation of 0 … n − 1 that depends on seed and epoch alone, by Fisher and Yates (Knuth, TAOCP 2, 3.4.2 P).
 *
 * Each of the draws takes one word: ⌊word · bound / 2³²⌋. Its probabilities differ from 1 / bound by less than 2⁻³²,
 * so by a relative 2.4e−4 at a million rows.
 */
export function shuffledOrder(out: Uint32Array, seed: number, epoch: number): void {
  const stream = randomStream(seed, epoch, 0, Purpose.Shuffle);
  for (let i = 0; i < out.length; i++) out[i] = i;
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor((stream.uint32(i) * (i + 1)) / TWO_32);
    const held = out[i] as number;
    out[i] = out[j] as number;
    out[j] = held;
  }
}

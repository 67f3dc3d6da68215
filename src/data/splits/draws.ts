/** Random choices of the host, each a function of seed and place alone. */
import { Purpose, randomStream } from "../../numeric/random.js";

/** Keeps the draws of different uses apart, and from the order of rows in `fit`, which is node 0. */
export const Use = {
  Buffer: 1,
  Sample: 2,
  Split: 3,
  Folds: 4,
  Validation: 5,
  Augment: 6,
  Mixup: 7,
} as const;
export type Use = (typeof Use)[keyof typeof Use];

const TWO_32 = 2 ** 32;

/** Draws whole numbers below a bound, one after the other. */
export type Draw = (bound: number) => number;

/** The draws of a use and step; each takes one word, as in `shuffledOrder`. */
export function drawsOf(seed: number, step: number, use: Use): Draw {
  const stream = randomStream(seed, step, use, Purpose.Shuffle);
  let index = 0;
  return (bound) => Math.floor((stream.uint32(index++) * bound) / TWO_32);
}

/** Puts entries into a random order, in place: Fisher and Yates (Knuth, TAOCP 2, 3.4.2 P). */
export function shuffleInPlace<T extends { readonly length: number; [index: number]: number }>(
  list: T,
  draw: Draw,
): T {
  for (let i = list.length - 1; i > 0; i--) {
    const j = draw(i + 1);
    const held = list[i] as number;
    list[i] = list[j] as number;
    list[j] = held;
  }
  return list;
}

/** 0 … n − 1. */
export const range = (n: number): Uint32Array<ArrayBuffer> => new Uint32Array(n).map((_, i) => i);

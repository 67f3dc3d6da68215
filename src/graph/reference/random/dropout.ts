import { Purpose, randomStream } from "../../../numeric/random.js";
import type { Definition } from "../definition.js";
import { ndArray } from "../ndArray.js";

/** Element e is kept iff word e & 3 of block e >> 2 of the stream is at least ⌊rate · 2³²⌋. */
export const dropout: Definition<{ rate: number; node: number }> = ([x], shape, attributes, feed) => {
  const rate = Math.fround(attributes.rate);
  const words = randomStream(feed.seed ?? 0, feed.step ?? 0, attributes.node, Purpose.Dropout);
  const threshold = Math.floor(rate * 2 ** 32);
  return ndArray(shape, (_, i) => (words.uint32(i) >= threshold ? x!.data[i]! / (1 - rate) : 0));
};

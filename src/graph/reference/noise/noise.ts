/** Numbers that are drawn in each step, from the words of the stream (seed, step, node). */
import { Purpose, randomStream } from "../../../numeric/random.js";
import type { Definition } from "../definition.js";
import { ndArray } from "../ndArray.js";

export const uniformNoise: Definition<{ low: number; high: number; node: number }> = (
  _,
  shape,
  attributes,
  { seed = 0, step = 0 },
) => {
  const words = randomStream(seed, step, attributes.node, Purpose.UniformNoise);
  const [low, high] = [Math.fround(attributes.low), Math.fround(attributes.high)];
  return ndArray(shape, (_index, e) => low + ((words.uint32(e) >>> 8) / 2 ** 24) * (high - low));
};

/** Box and Muller (1958): each pair of words makes a radius and an angle, and they a pair of numbers. */
export const normalNoise: Definition<{ mean: number; deviation: number; node: number }> = (
  _,
  shape,
  attributes,
  { seed = 0, step = 0 },
) => {
  const words = randomStream(seed, step, attributes.node, Purpose.NormalNoise);
  const [mean, deviation] = [Math.fround(attributes.mean), Math.fround(attributes.deviation)];
  return ndArray(shape, (_index, e) => {
    const first = e - (e % 2);
    const radius = Math.sqrt(-2 * Math.log((words.uint32(first) + 0.5) / 2 ** 32));
    const angle = (2 * Math.PI * words.uint32(first + 1)) / 2 ** 32;
    return mean + deviation * radius * (e % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
};

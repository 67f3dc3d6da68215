/** Houses by a formula with products of features, and noise from the package's own generator: a table to regress on. */
import { Purpose, randomStream } from "../../src/numeric/random.js";

/** Half the width of the uniform noise on a price, in thousands. */
export const NOISE = 10;

/**
 * Rows of [area, rooms, age, distance, garden] in their own units (m², 1, years, km, m²), and prices in thousands:
 *
 *     price = 2 · area · (1 + 4 / (1 + distance)) + 0.2 · garden · [distance > 5] − 0.02 · area · age · [age < 40]
 *
 * plus U(−10, 10). A square metre costs the more the nearer the center: no sum over the features can say so.
 */
export function houses(count: number, seed: number): { features: number[][]; prices: number[] } {
  const stream = randomStream(seed, 0, 0, Purpose.Shuffle);
  let drawn = 0;
  const uniform = (low: number, high: number) => low + ((high - low) * stream.uint32(drawn++)) / 2 ** 32;
  const features: number[][] = [];
  const prices: number[] = [];
  for (let i = 0; i < count; i++) {
    const area = uniform(40, 200);
    const rooms = Math.round(area / 30 + uniform(0, 2));
    const age = uniform(0, 100);
    const distance = uniform(0, 20);
    const garden = uniform(0, 600);
    const location = 2 * area * (1 + 4 / (1 + distance));
    const wear = age < 40 ? 0.02 * area * age : 0;
    features.push([area, rooms, age, distance, garden]);
    prices.push(location + (distance > 5 ? 0.2 * garden : 0) - wear + uniform(-NOISE, NOISE));
  }
  return { features, prices };
}

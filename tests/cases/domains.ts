/** Where the numbers of a case come from: each fills a tensor, given a stream of chance. */

/** Uniform over [0, 1). */
export type Chance = () => number;
export type Domain = (values: Float32Array, chance: Chance) => void;

/** Mulberry32 (Tommy Ettinger 2017): enough for test data, and the same everywhere. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const each =
  (f: (chance: Chance) => number): Domain =>
  (values, chance) => {
    for (let i = 0; i < values.length; i++) values[i] = f(chance);
  };

export const uniform = (low: number, high: number): Domain => each((chance) => low + (high - low) * chance());

/** Either sign, at least `least` away from 0: where |x|, 1 / x and relu are smooth. */
export const awayFromZero = (least: number, most: number): Domain =>
  each((chance) => (chance() < 0.5 ? -1 : 1) * (least + (most - least) * chance()));

/** Whole numbers from 0 to n − 1. */
export const integers = (n: number): Domain => each((chance) => Math.floor(chance() * n));

/** offset + multiples of a tenth, no two alike: where a maximum is smooth. */
export const distinct =
  (offset = 0): Domain =>
  (values, chance) => {
    for (let i = 0; i < values.length; i++) values[i] = offset + (i - values.length / 2) / 10;
    for (let i = values.length - 1; i > 0; i--) {
      const j = Math.floor(chance() * (i + 1));
      [values[i], values[j]] = [values[j]!, values[i]!];
    }
  };

const EXTREMES = [0, -0, 1, -1, 1e30, -1e30, 3.4e38, -3.4e38, 1e-40, -1e-40, 1.5e-45, Infinity, -Infinity];

/** Ordinary numbers with ties, zeros of both signs, subnormals and the ends of the range among them. */
export const anything: Domain = each((chance) => {
  const kind = chance();
  if (kind < 0.15) return EXTREMES[Math.floor(chance() * EXTREMES.length)]!;
  if (kind < 0.4) return Math.floor(chance() * 5) - 2;
  return 6 * chance() - 3;
});

/** Either sign, and sizes from 10^-12 to 10^38. */
export const wide: Domain = (values, chance) => {
  for (let i = 0; i < values.length; i++) values[i] = (chance() < 0.5 ? -1 : 1) * 10 ** (50 * chance() - 12);
};

/** 1 at one place in every `classes`, which is what one-hot rows look like. */
export const oneHot =
  (classes: number): Domain =>
  (values, chance) => {
    for (let row = 0; row + classes <= values.length; row += classes) {
      values[row + Math.floor(chance() * classes)] = 1;
    }
  };

/** Where weights start: the distribution of each initializer, by its statistics, and what the shaped ones promise. */
import { describe, expect, it } from "vitest";
import {
  compile,
  constant,
  dense,
  type InitializerName,
  identity,
  input,
  normal,
  OptionError,
  orthogonal,
  sequential,
  truncatedNormal,
  uniform,
  varianceScaling,
} from "../../../src/index.ts";
import { fansOf } from "../../../src/layers/parameters/initializers.ts";
import { Purpose } from "../../../src/numeric/random.ts";
import { errorOf } from "../../given/errorOf.ts";
import { FAN_IN, FAN_OUT, kernelOf, meanOf, type Start } from "../../given/firstValues.ts";

/** Φ, by the series of Abramowitz and Stegun, 26.2.11. */
function normalShare(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}

interface Distribution {
  readonly share: (x: number) => number;
  readonly mean: number;
  readonly variance: number;
  /** E (x − mean)⁴ / variance² */
  readonly kurtosis: number;
  /** Nothing is beyond. */
  readonly bounds: readonly [number, number];
}

const evenly = (low: number, high: number): Distribution => ({
  share: (x) => Math.min(Math.max((x - low) / (high - low), 0), 1),
  mean: (low + high) / 2,
  variance: (high - low) ** 2 / 12,
  kurtosis: 9 / 5,
  bounds: [low, high],
});

const bell = (mean: number, deviation: number): Distribution => ({
  share: (x) => normalShare((x - mean) / deviation),
  mean,
  variance: deviation ** 2,
  kurtosis: 3,
  // Box and Muller's numbers of 32 bits end there.
  bounds: [mean - 6.77 * deviation, mean + 6.77 * deviation],
});

const PHI_2 = Math.exp(-2) / Math.sqrt(2 * Math.PI);
const INSIDE = 2 * normalShare(2) - 1;
/** Variance of a normal distribution that is truncated at ±2: 1 − 4 φ(2) / (2 Φ(2) − 1), and its fourth moment. */
const TRUNCATED = 1 - (4 * PHI_2) / INSIDE;
const TRUNCATED_FOURTH = 3 * TRUNCATED - (16 * PHI_2) / INSIDE;

/** Of that deviation before it is truncated. */
const cut = (mean: number, deviation: number): Distribution => ({
  share: (x) => {
    const z = Math.min(Math.max((x - mean) / deviation, -2), 2);
    return (normalShare(z) - normalShare(-2)) / INSIDE;
  },
  mean,
  variance: TRUNCATED * deviation ** 2,
  kurtosis: TRUNCATED_FOURTH / TRUNCATED ** 2,
  bounds: [mean - 2 * deviation, mean + 2 * deviation],
});

const AVERAGE = (FAN_IN + FAN_OUT) / 2;
const scaled = (scale: number, fan: number) => Math.sqrt(scale / fan);

const distributions: readonly (readonly [string, Start, Distribution])[] = [
  ["glorotUniform", "glorotUniform", evenly(-scaled(3, AVERAGE), scaled(3, AVERAGE))],
  ["glorotNormal", "glorotNormal", bell(0, scaled(1, AVERAGE))],
  ["heUniform", "heUniform", evenly(-scaled(6, FAN_IN), scaled(6, FAN_IN))],
  ["heNormal", "heNormal", bell(0, scaled(2, FAN_IN))],
  ["lecunUniform", "lecunUniform", evenly(-scaled(3, FAN_IN), scaled(3, FAN_IN))],
  ["lecunNormal", "lecunNormal", bell(0, scaled(1, FAN_IN))],
  ["uniform", "uniform", evenly(-1, 1)],
  ["uniform from 2 to 3", uniform({ low: 2, high: 3 }), evenly(2, 3)],
  ["normal", "normal", bell(0, 1)],
  ["normal around 1", normal({ mean: 1, deviation: 0.25 }), bell(1, 0.25)],
  ["truncatedNormal", "truncatedNormal", cut(0, 1)],
  ["truncatedNormal around −1", truncatedNormal({ mean: -1, deviation: 0.05 }), cut(-1, 0.05)],
  ["varianceScaling", varianceScaling(), cut(0, scaled(1, FAN_IN) / Math.sqrt(TRUNCATED))],
  [
    "varianceScaling, normal, by the outputs",
    varianceScaling({ scale: 3, mode: "fanOut", distribution: "normal" }),
    bell(0, scaled(3, FAN_OUT)),
  ],
  [
    "varianceScaling, uniform, by both",
    varianceScaling({ scale: 0.5, mode: "fanAverage", distribution: "uniform" }),
    evenly(-scaled(1.5, AVERAGE), scaled(1.5, AVERAGE)),
  ],
];

/** Kolmogorov's statistic: the largest distance between the share of numbers below a value and the distribution. */
function distance(sorted: Float32Array, share: (x: number) => number): number {
  return sorted.reduce((worst, x, i) => {
    const right = share(x);
    return Math.max(worst, Math.abs(right - i / sorted.length), Math.abs(right - (i + 1) / sorted.length));
  }, 0);
}

describe("the numbers of", () => {
  it.each(distributions)("%s have the distribution that they are named for", async (_, start, expected) => {
    const { share, mean, variance, kurtosis, bounds } = expected;
    const values = await kernelOf(start);
    const n = values.length;
    expect(n).toBe(FAN_IN * FAN_OUT);
    const found = meanOf(values);
    const spread = meanOf(values, (x) => (x - found) ** 2);
    const fourth = meanOf(values, (x) => (x - found) ** 4) / spread ** 2;
    // Five standard errors, which are √(variance / n) and variance · √((kurtosis − 1) / n).
    expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt(variance / n));
    expect(Math.abs(spread - variance)).toBeLessThan(5 * variance * Math.sqrt((kurtosis - 1) / n));
    // √(24 / n) is the standard error of the kurtosis of a normal distribution, the largest of these.
    expect(Math.abs(fourth - kurtosis)).toBeLessThan(5 * Math.sqrt(24 / n));
    const sorted = values.slice().sort();
    const room = 1e-6 * Math.sqrt(variance) + 6e-8 * Math.abs(mean);
    expect(sorted[0]).toBeGreaterThanOrEqual(bounds[0] - room);
    expect(sorted.at(-1)).toBeLessThanOrEqual(bounds[1] + room);
    // 1.95 / √n is what the statistic exceeds once in a thousand.
    expect(distance(sorted, share)).toBeLessThan(1.95 / Math.sqrt(n));
  });

  it("a truncated normal reach close to their bounds", async () => {
    const values = await kernelOf("truncatedNormal");
    expect(Math.max(...values)).toBeGreaterThan(1.999);
    expect(Math.min(...values)).toBeLessThan(-1.999);
  });

  it.each<[string, Start]>([
    ["normal", "normal"],
    ["truncatedNormal", "truncatedNormal"],
    ["orthogonal", "orthogonal"],
  ])("%s follow from the seed, and differ from layer to layer", async (_, start) => {
    const of = async (seed: number) => {
      const layers = ["one", "two"].map((name) => dense(4, { kernelInitializer: start, name }));
      const model = await compile(sequential(input(4), ...layers), { seed });
      return ["one", "two"].map((name) => model.weights()[`${name}/kernel`]!.data);
    };
    const [first, second] = await Promise.all([of(1), of(1)]);
    expect(first).toEqual(second);
    expect(first![0]).not.toEqual(first![1]);
    expect(await of(2)).not.toEqual(first);
  });

  it("a truncated normal are those of the normal one where these lie within", async () => {
    const [drawn, kept] = await Promise.all([kernelOf("normal"), kernelOf("truncatedNormal")]);
    let again = 0;
    drawn.forEach((value, i) => {
      if (Math.abs(value) <= 2) expect(kept[i]).toBe(value);
      else again++;
    });
    expect(again / drawn.length).toBeCloseTo(1 - INSIDE, 2);
  });

  it("initializers come from streams of their own", () => {
    expect(new Set(Object.values(Purpose)).size).toBe(Object.keys(Purpose).length);
  });
});

describe("fans", () => {
  it.each<[number[], number, number]>([
    [[7, 5], 7, 5],
    [[3, 3, 16, 32], 144, 288],
    [[5, 8, 4], 40, 20],
    [[6], 1, 6],
    [[], 1, 1],
  ])("of %o are %d and %d", (shape, fanIn, fanOut) => {
    expect(fansOf(shape)).toEqual({ fanIn, fanOut });
  });
});

describe("kernels that do not depend on chance", () => {
  it.each<[string, Start, (row: number, column: number) => number]>([
    ["zeros", "zeros", () => 0],
    ["ones", "ones", () => 1],
    ["constant", constant(-0.5), () => -0.5],
    ["identity", "identity", (row, column) => (row === column ? 1 : 0)],
    ["identity with a gain", identity({ gain: 0.5 }), (row, column) => (row === column ? 0.5 : 0)],
    ["a normal distribution without deviation", normal({ mean: 3, deviation: 0 }), () => 3],
    ["a uniform distribution of one number", uniform({ low: 2, high: 2 }), () => 2],
  ])("%s", async (_, start, expected) => {
    for (const [rows, columns] of [
      [3, 3],
      [2, 5],
      [5, 2],
      [1, 1],
    ] as const) {
      const found = await kernelOf(start, { rows, columns });
      expect(found).toEqual(found.map((__, at) => expected(Math.floor(at / columns), at % columns)));
    }
  });

  it("biases too", async () => {
    const network = sequential(input(3), dense(4, { biasInitializer: constant(0.1) }));
    const bias = (await compile(network)).weights()["dense/bias"]!;
    expect(bias.data).toEqual(new Float32Array(4).fill(0.1));
  });
});

describe("an initializer is refused", () => {
  const layerWith = (kernelInitializer: unknown) => () =>
    dense(3, { kernelInitializer: kernelInitializer as InitializerName });

  it.each<[string, () => unknown, string]>([
    [
      "for a misspelled name",
      layerWith("heNorml"),
      'dense: there is no initializer "heNorml". Did you mean "heNormal"?',
    ],
    ["when it was not called", layerWith(orthogonal), "there is no initializer a function. Call it"],
    ["for a number", layerWith(3), "dense: there is no initializer 3."],
    ["for null", layerWith(null), "dense: there is no initializer null."],
    [
      "that is orthogonal, for a bias",
      () => dense(3, { biasInitializer: "orthogonal" }),
      "dense: orthogonal is for kernels of two axes or more; got [3].",
    ],
    [
      "that is the identity, for a bias",
      () => dense(3, { biasInitializer: identity() }),
      "dense: identity is for kernels of two axes; got [3].",
    ],
    [
      "for a gain that is no number",
      () => orthogonal({ gain: Number.NaN }),
      "orthogonal: gain is NaN; needs a finite number.",
    ],
    [
      "for a misspelled option",
      () => orthogonal({ gian: 2 } as never),
      'there is no option "gian". Did you mean "gain"?',
    ],
    ["for Keras's word", () => normal({ stddev: 2 } as never), 'normal: there is no option "stddev".'],
    [
      "for a negative deviation",
      () => truncatedNormal({ deviation: -1 }),
      "truncatedNormal: deviation is -1; needs a number of at least 0.",
    ],
    [
      "for bounds in the wrong order",
      () => uniform({ low: 2 }),
      "uniform: low is 2 and high 1; needs low ≤ high.",
    ],
    [
      "for a scale of 0",
      () => varianceScaling({ scale: 0 }),
      "varianceScaling: scale is 0; needs a number above 0.",
    ],
    ["for an unknown mode", () => varianceScaling({ mode: "fanin" as "fanIn" }), 'Did you mean "fanIn"?'],
    [
      "for an unknown distribution",
      () => varianceScaling({ distribution: "norm" as "normal" }),
      'there is no distribution "norm". Did you mean "normal"?',
    ],
    [
      "for a constant beyond f32",
      () => constant(1e39),
      "constant: value is 1e+39, in f32 Infinity; needs a finite number.",
    ],
  ])("%s", (_, build, says) => {
    const error = errorOf(build);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(says);
  });
});

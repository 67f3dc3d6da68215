/** What the random functions draw: by whom it is keyed, when, and how it is distributed. */
import { describe, expect, it } from "vitest";
import { ops } from "../../src/graph/primitives/index.ts";
import { inBuild, type Value } from "../../src/graph/value.ts";
import { dropout, randomNormal, randomUniform } from "../../src/ops/random.ts";
import { GraphProgram, sameBits } from "../cases/run.ts";

const N = 40_000;

/** The numbers of values that are built together, of the node 5 unless it is another, at a step. */
function drawn(build: () => Value[], { node = 5, step = 3, seed = 9 } = {}): Float32Array[] {
  const values = inBuild({ node }, build);
  const [first, ...others] = new GraphProgram(values, { maxRows: 1 }).run({ rows: 1, seed, step });
  return [first!, ...others].map((numbers) => numbers.slice());
}

const mean = (values: Iterable<number>) => {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
};

/** sup |F̂ − F|, the statistic of Kolmogorov and Smirnov. */
function distance(values: Float32Array, distribution: (x: number) => number): number {
  const n = values.length;
  return values
    .toSorted()
    .reduce((worst, x, i) => Math.max(worst, distribution(x) - i / n, (i + 1) / n - distribution(x)), 0);
}

/** Exceeded by chance once in a million: √(ln(2 · 10⁶) / 2n). */
const BOUND = Math.sqrt(Math.log(2e6) / (2 * N));

/** Φ by the series of Abramowitz and Stegun, 26.2.11; beyond 7 it is 0 or 1 to 1e−12. */
function normal(x: number): number {
  if (Math.abs(x) > 7) return x > 0 ? 1 : 0;
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17; n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

describe.each([
  ["randomNormal", () => randomNormal([N])],
  ["randomUniform", () => randomUniform([N])],
  ["dropout", () => dropout(ops.fill({ shape: [N], value: 1 }), 0.5)],
] as const)("%s", (_, build) => {
  const both = () => [build(), build()];
  const [first, second] = drawn(both);

  it("draws other numbers in each call, the same again in the next build", () => {
    expect(sameBits(first!, second!)).toBe(false);
    const [again, andAgain] = drawn(both);
    expect(sameBits(first!, again!) && sameBits(second!, andAgain!)).toBe(true);
  });

  it.each([{ node: 6 }, { step: 4 }, { seed: 10 }])("draws other numbers where %o", (other) => {
    expect(sameBits(first!, drawn(both, other)[0]!)).toBe(false);
  });
});

describe("randomNormal", () => {
  const [standard, scaled] = drawn(() => [
    randomNormal([N]),
    randomNormal([N / 8, 8], { mean: 3, deviation: 0.5 }),
  ]);

  it("is distributed as its name says", () => {
    expect(distance(standard!, normal)).toBeLessThan(BOUND);
    expect(distance(scaled!, (x) => normal((x - 3) / 0.5))).toBeLessThan(BOUND);
  });

  it("has the moments of it, to five standard errors", () => {
    const moment = (power: number) => mean(standard!.map((x) => x ** power));
    const errors = [1, 2, 15, 96].map((variance) => 5 * Math.sqrt(variance / N));
    [0, 1, 0, 3].forEach((expected, i) => {
      expect(Math.abs(moment(i + 1) - expected)).toBeLessThan(errors[i]!);
    });
  });
});

describe("randomUniform", () => {
  it("is distributed as its name says", () => {
    const [numbers] = drawn(() => [randomUniform([N], { low: -1, high: 4 })]);
    expect(distance(numbers!, (x) => (x + 1) / 5)).toBeLessThan(BOUND);
  });
});

describe("dropout", () => {
  it("keeps 1 − rate of the elements and their mean, to five standard errors", () => {
    const rate = 0.3;
    const [numbers] = drawn(() => [dropout(ops.fill({ shape: [N], value: 1 }), rate)]);
    expect(new Set(numbers)).toEqual(new Set([0, Math.fround(1 / (1 - Math.fround(rate)))]));
    expect(Math.abs(mean(numbers!) - 1)).toBeLessThan(5 * Math.sqrt(rate / (1 - rate) / N));
  });

  it("does nothing but while training", () => {
    const x = ops.fill({ shape: [4], value: 1 });
    expect(inBuild({ training: false }, () => dropout(x, 0.5))).toBe(x);
    expect(inBuild({ training: true, node: 1 }, () => dropout(x, 0.5))).not.toBe(x);
  });

  it("takes its number while it does nothing, so that noise behind it stays the same", () => {
    const x = ops.fill({ shape: [4], value: 1 });
    const behind = (training: boolean) =>
      inBuild({ training, node: 1 }, () => {
        dropout(x, 0.5);
        return randomNormal([4]).attributes;
      });
    expect(behind(true)).toEqual(behind(false));
  });
});

/** Scores of reports of numbers far from 0 are as exact as those of whole arrays. */
import { describe, expect, it } from "vitest";
import { compile, dense, input, type MetricName, sequential } from "../../../src/index.ts";
import * as scores from "../../../src/metrics/index.ts";
import { howMany } from "../../given/depth.js";
import { still, wave } from "./kinds.js";

const NUMBERS = [
  "rSquared",
  "meanSquaredError",
  "rootMeanSquaredError",
  "meanAbsoluteError",
  "meanAbsolutePercentageError",
] as const satisfies readonly MetricName[];

interface Spread {
  readonly center: number;
  readonly spread: number;
  readonly rows?: number;
  readonly batchSize?: number;
  /** Whether the first rows are the smallest: then the means of batches differ. */
  readonly isSorted?: boolean;
}

/** Reports of a model that says 0.9 of what targets differ by, and what wasmgrad/metrics makes of its predictions. */
async function scored({ center, spread, rows = 301, batchSize = 16, isSorted = false }: Spread) {
  const steps = Array.from({ length: rows }, (_, i) => 2 * wave(i, 31 + (i % 5)));
  if (isSorted) steps.sort((a, b) => a - b);
  const y = Float32Array.from(steps, (step) => center + spread * step);
  const model = await compile(sequential(input(1), dense(1)), {
    loss: "meanSquaredError",
    metrics: NUMBERS,
    optimizer: still,
    batchSize,
    seed: 1,
  });
  model.setWeights({ "dense/kernel": [[0.9 * spread]], "dense/bias": [center] });
  const data = { x: Float32Array.from(steps), y };
  const predicted = await model.predict(data.x);
  const [trained] = await model.fit(data, { batchSize, shuffle: false, health: false });
  return {
    whole: Object.fromEntries(NUMBERS.map((name) => [name, { ...scores }[name](predicted, y)])),
    reports: [await model.evaluate(data), trained] as unknown[] as Record<string, number>[],
  };
}

async function check(given: Spread) {
  const { whole, reports } = await scored(given);
  for (const report of reports) {
    for (const name of NUMBERS) {
      const [got, expected] = [report[name] as number, whole[name] as number];
      // Each step is rounded to f32 once, by 2⁻²⁴ of it.
      const tolerance = 2e-7 * (name === "rSquared" ? Math.max(1, Math.abs(expected)) : expected);
      expect(Math.abs(got - expected), `${name} of ${JSON.stringify(given)}`).toBeLessThanOrEqual(tolerance);
    }
  }
  return whole;
}

describe("scores of reports", () => {
  it.each([
    { center: 0, spread: 1 },
    { center: 2e5, spread: 1 },
    { center: 1.7e9, spread: 1e4 },
    { center: -2e5, spread: 1, isSorted: true },
    { center: 1e6, spread: 0.25, batchSize: 1 },
    { center: 1e3, spread: 1e-3, rows: 5000, batchSize: 7 },
    { center: 2 ** 24, spread: 3, isSorted: true, batchSize: 100 },
    { center: 1e12, spread: 1e6 },
    { center: -3e-9, spread: 1e-14 },
    { center: 5, spread: 1e4 },
  ])("are exact of targets $center ± $spread", async (given) => {
    const { rSquared } = await check(given);
    // Not the 0 that was reported, nor anything else that says nothing.
    if (given.spread > Math.abs(given.center) * 2 ** -18) expect(rSquared).toBeGreaterThan(0.98);
  });

  it("are exact of random spreads", async () => {
    for (let i = 1; i <= howMany(6, 200); i++) {
      const center = 10 ** (12 * wave(i, 37)) * (i % 2 ? 1 : -1);
      // By 17 steps of an f32 at least: see rSquaredMeasure.
      const spread = Math.abs(center) * 10 ** (-6 * Math.abs(2 * wave(i, 53)));
      await check({ center, spread, rows: 50 + 7 * i, batchSize: 1 + (i % 40), isSorted: i % 3 === 0 });
    }
  });

  it("repeat to the bit", async () => {
    const [one, other] = [await scored({ center: 2e5, spread: 1 }), await scored({ center: 2e5, spread: 1 })];
    expect(one.reports[0]).toEqual(other.reports[0]);
  });
});

/** Loss and metrics as reports give them, and what they must not depend on. */
import { describe, expect, it } from "vitest";
import {
  compile,
  dense,
  input,
  type Loss,
  type Model,
  meanSquaredError,
  sequential,
  sgd,
  sumOfSquares,
} from "../../src/index.ts";

const rows = 64;
const x = Float32Array.from({ length: rows * 3 }, (_, i) => ((i * 29) % 23) / 23 - 0.4);
const y = Float32Array.from({ length: rows * 2 }, (_, i) => ((i * 13) % 19) / 19);

const regression = (loss: Loss, batchSize: number) =>
  compile(sequential(input(3), dense(2)), {
    loss,
    optimizer: sgd({ learningRate: 1e-3 }),
    seed: 4,
    batchSize,
  });

/** Σ (prediction − target)², in f64 from the model's own predictions. */
async function squares(model: Model): Promise<number> {
  const predictions = await model.predict(x);
  return predictions.reduce((sum, p, i) => sum + (p - (y[i] as number)) ** 2, 0);
}

const near = (value: number, expected: number) => Math.abs(value - expected) <= 1e-5 * Math.abs(expected);

describe("evaluate", () => {
  it.each([1, 4, 7, 64, 100])("sums a summed loss over all rows, %d of them at a time", async (batchSize) => {
    for (const [loss, factor] of [
      [sumOfSquares(), 0.5],
      [meanSquaredError({ reduction: "sum" }), 1],
    ] as const) {
      const model = await regression(loss, batchSize);
      const expected = factor * (await squares(model));
      expect(expected).toBeGreaterThan(1);
      expect(near((await model.evaluate({ x, y })).loss, expected)).toBe(true);
    }
  });

  it.each([1, 4, 7, 64, 100])("takes the mean of a mean loss, %d rows at a time", async (batchSize) => {
    const model = await regression(meanSquaredError(), batchSize);
    const expected = (await squares(model)) / (rows * 2);
    expect(near((await model.evaluate({ x, y })).loss, expected)).toBe(true);
  });
});

describe("fit", () => {
  it.each([8, 64])("adds up a summed loss over the steps of an epoch, %d rows each", async (batchSize) => {
    const model = await regression(sumOfSquares(), batchSize);
    const steps: number[] = [];
    const [report] = await model.fit({ x, y }, { batchSize, onStep: ({ loss }) => steps.push(loss) });
    const sum = steps.reduce((one, other) => one + other, 0);
    expect(steps).toHaveLength(rows / batchSize);
    expect(near(report?.loss ?? 0, sum)).toBe(true);
  });

  it.each([7, 64])("gives the same weights whatever dataMemory is, in batches of %d", async (batchSize) => {
    const trained = async (dataMemory: number) => {
      const model = await regression(meanSquaredError(), batchSize);
      await model.fit({ x, y }, { epochs: 3, batchSize, dataMemory });
      return [...(model.weights()["dense/kernel"]?.data ?? [])];
    };
    const whole = await trained(2 ** 20);
    for (const dataMemory of [1, 700, 1280, 1536, 1600, 2000])
      expect(await trained(dataMemory)).toEqual(whole);
  });

  it("holds no order of more epochs than it was asked for", async () => {
    const many = 100_000;
    const model = await compile(sequential(input(1), dense(1)), {
      loss: "meanSquaredError",
      batchSize: many / 2,
    });
    const planned = model.memory.planned;
    const dataMemory = 2 ** 21;
    await model.fit(
      { x: new Float32Array(many), y: new Float32Array(many) },
      { epochs: 1, batchSize: many / 2, dataMemory },
    );
    expect(model.memory.total).toBeLessThanOrEqual(planned + dataMemory + 2 ** 16);
  });

  it("trains on several short epochs at once as it does on one after the other", async () => {
    const trained = async (onEpoch?: () => void) => {
      const model = await regression(meanSquaredError(), 8);
      const options = { epochs: 300, batchSize: 10, ...(onEpoch && { onEpoch }) };
      const reports = await model.fit({ x, y }, options);
      const scores = reports.map(({ epoch, loss, steps, learningRate }) => ({
        epoch,
        loss,
        steps,
        learningRate,
      }));
      return { scores, weights: [...(model.weights()["dense/kernel"]?.data ?? [])] };
    };
    const watched = await trained(() => undefined);
    expect(await trained()).toEqual(watched);
    expect(watched.scores).toHaveLength(300);
    expect(watched.scores.every(({ steps }) => steps === 7)).toBe(true);
  });
});

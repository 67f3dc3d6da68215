/** The learning-rate range test: its curve, what it suggests, and that it leaves no trace. */
import { describe, expect, it } from "vitest";
import {
  adam,
  type Batches,
  BusyError,
  compile,
  DataError,
  dense,
  dropout,
  input,
  learningRateRangeTest,
  type Model,
  OptionError,
  type RangeTestOptions,
  sequential,
  sgd,
} from "../../src/index.ts";
import { rejectionOf, rowsOf, weightBits } from "../given/models.ts";

const data = { x: rowsOf(60, 4), y: rowsOf(60, 2, 2) };
const model = () =>
  compile(sequential(input(4), dense(8, "tanh"), dropout(0.2), dense(2)), {
    loss: "meanSquaredError",
    optimizer: adam({ learningRate: (step) => 0.01 / (1 + step) }),
    seed: 4,
  });

describe("the curve of a range test", () => {
  it("grows by one factor from step to step", async () => {
    const { curve } = await learningRateRangeTest(await model(), data, { from: 1e-5, to: 0.1, steps: 41 });
    expect(curve).toHaveLength(41);
    curve.forEach(({ learningRate }, i) => {
      expect(learningRate / 10 ** (-5 + i / 10)).toBeCloseTo(1, 12);
    });
  });

  it("has the losses of a training with these rates, whatever the optimizer's own rate and its factor", async () => {
    const rate = (step: number) => 1e-4 * 10 ** (step / 10);
    const optimizer = sgd({ learningRate: rate });
    const twin = await compile(sequential(input(4), dense(2)), { loss: "meanSquaredError", optimizer });
    const losses: number[] = [];
    const options = { batchSize: 10, epochs: 5, maxSteps: 30 };
    await twin.fit(data, { ...options, onStep: ({ loss }) => losses.push(loss) });
    const tested = await compile(sequential(input(4), dense(2)), {
      loss: "meanSquaredError",
      optimizer: "sgd",
    });
    tested.state.rateFactor = 0.125;
    const range = { from: 1e-4, to: rate(29), steps: 30, batchSize: 10, stopFactor: 1e9 };
    const { curve } = await learningRateRangeTest(tested, data, range);
    expect(curve.map(({ loss }) => loss)).toEqual(losses);
  });

  it("is smoothed by the mean of the losses so far, each with the share that is left of it", async () => {
    const smoothing = 0.75;
    const { curve } = await learningRateRangeTest(await model(), data, { steps: 20, smoothing });
    curve.forEach(({ smoothed }, i) => {
      const shares = curve.slice(0, i + 1).map((_, j) => smoothing ** (i - j));
      const sum = shares.reduce((total, share, j) => total + share * (curve[j]?.loss as number), 0);
      const whole = shares.reduce((total, share) => total + share, 0);
      expect(smoothed).toBeCloseTo(sum / whole, 12);
    });
  });

  it("ends where the smoothed loss is above its least by stopFactor", async () => {
    const wild = await compile(sequential(input(4), dense(2)), {
      loss: "meanSquaredError",
      optimizer: "sgd",
    });
    const options = { from: 1e-3, to: 1e3, steps: 200, smoothing: 0.95, stopFactor: 3 };
    const { curve } = await learningRateRangeTest(wild, data, options);
    expect(curve.length).toBeLessThan(200);
    const least = (points: typeof curve) => Math.min(...points.map(({ smoothed }) => smoothed));
    expect(curve.at(-1)?.smoothed).toBeGreaterThan(3 * least(curve));
    const before = curve.slice(0, -1);
    expect(before.at(-1)?.smoothed).toBeLessThanOrEqual(3 * least(before));
  });

  it("ends where the training diverges, instead of an error", async () => {
    const wild = await compile(sequential(input(4), dense(2)), {
      loss: "meanSquaredError",
      optimizer: "sgd",
    });
    const before = wild.snapshot();
    const options = { from: 1, to: 1e30, steps: 50, stopFactor: 1e38 };
    const { curve } = await learningRateRangeTest(wild, data, options);
    expect(curve.length).toBeGreaterThan(1);
    expect(curve.length).toBeLessThan(50);
    expect(wild.snapshot()).toEqual(before);
  });

  it("of a stream goes round and round", async () => {
    let rounds = 0;
    const stream = function* () {
      rounds++;
      for (let row = 0; row < 60; row += 20) {
        yield { x: data.x.slice(row, row + 20), y: data.y.slice(row, row + 20) };
      }
    } as () => Batches;
    const { curve } = await learningRateRangeTest(await model(), stream, { steps: 10 });
    expect([curve.length, rounds]).toEqual([10, 4]);
  });
});

describe("the suggestion of a range test", () => {
  it("is a rate that trains: ½ (wx)² is made small by rates below 2 / x², best by 1 / x²", async () => {
    // One weight, one row: w ← w (1 − η x²), so the loss falls for η below 2 / x² = 0.5 only.
    const line = await compile(sequential(input(1), dense(1, { useBias: false })), {
      loss: "sumOfSquares",
      optimizer: "sgd",
    });
    line.setWeights({ "dense/kernel": [3] });
    const options = { from: 1e-4, to: 10, steps: 60, smoothing: 0 };
    const { curve, steepest, minimum, suggestion } = await learningRateRangeTest(
      line,
      { x: [[2]], y: [[0]] },
      options,
    );
    expect(Math.min(...curve.map(({ loss }) => loss))).toBeLessThan(1e-3);
    expect(minimum).toBeLessThan(0.5);
    expect(steepest).toBeLessThan(minimum as number);
    expect(suggestion).toBe(Math.min(steepest as number, (minimum as number) / 10));
    expect(suggestion).toBeLessThan(0.5);
    expect(suggestion).toBeGreaterThan(1e-3);
  });

  it("is a tenth of the rate with the least loss where that is below the steepest descent", async () => {
    const line = await compile(sequential(input(1), dense(1, { useBias: false })), {
      loss: "sumOfSquares",
      optimizer: "sgd",
    });
    const rows = { x: [[2]], y: [[1]] };
    const options = { from: 0.02, to: 0.5, steps: 10 };
    const { steepest, minimum, suggestion } = await learningRateRangeTest(line, rows, options);
    expect(steepest).toBeGreaterThan((minimum as number) / 10);
    expect(suggestion).toBe((minimum as number) / 10);
  });

  it("is by the quarter of the steps whose losses fall most steeply, over the logarithm of the rate, and are least", async () => {
    const { curve, steepest, minimum } = await learningRateRangeTest(await model(), data, {
      steps: 60,
      to: 10,
    });
    // 60 / 8 is 7.5, so 8 steps to either side. With x = ln rate: slope is Σ (x − x̄) (y − ȳ) / Σ (x − x̄)².
    const meanOf = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;
    const quarters = curve.slice(8, -8).map(({ learningRate }, i) => {
      const near = curve.slice(i, i + 17);
      const x = near.map((point) => Math.log(point.learningRate));
      const y = near.map(({ loss }) => loss);
      const [xMean, mean] = [meanOf(x), meanOf(y)];
      const products = meanOf(x.map((one, j) => (one - xMean) * ((y[j] as number) - mean)));
      return { learningRate, mean, slope: products / meanOf(x.map((one) => (one - xMean) ** 2)) };
    });
    const leastBy = (key: "mean" | "slope") => quarters.reduce((a, b) => (b[key] < a[key] ? b : a));
    expect(steepest).toBe(leastBy("slope").learningRate);
    expect(minimum).toBe(leastBy("mean").learningRate);
  });

  // The running mean of the first few losses falls fastest by chance: it suggested 1e-7.
  it.each(["adam", "sgd"] as const)(
    "of noisy batches is not the rate that the test begins with: %s",
    async (optimizer) => {
      const x = rowsOf(1000, 3, 5);
      const noise = rowsOf(1000, 1, 6);
      const y = x.map(([a, b, c], i) => [
        Math.sin(3 * (a as number)) + (b as number) * (c as number) + 0.5 * (noise[i]?.[0] as number),
      ]);
      for (const seed of [1, 2, 3, 4]) {
        const layers = sequential(input(3), dense(32, "relu"), dense(32, "relu"), dense(1));
        const fresh = await compile(layers, { loss: "meanSquaredError", optimizer, seed });
        const { suggestion } = await learningRateRangeTest(fresh, { x, y }, { batchSize: 16 });
        expect(suggestion).toBeGreaterThan(1e-4);
        expect(suggestion).toBeLessThan(0.1);
      }
    },
  );

  it("is none of two steps, through which no line shows what is noise", async () => {
    const { steepest, suggestion } = await learningRateRangeTest(await model(), data, { steps: 2 });
    expect([steepest, suggestion]).toEqual([undefined, undefined]);
  });

  it("is none where the loss never falls", async () => {
    const best = await compile(sequential(input(1), dense(1, { useBias: false })), {
      loss: "sumOfSquares",
      optimizer: "sgd",
    });
    best.setWeights({ "dense/kernel": [0] });
    const still = await learningRateRangeTest(best, { x: [[2]], y: [[0]] }, { steps: 5 });
    expect([still.steepest, still.suggestion]).toEqual([undefined, undefined]);
    expect(still.curve.map(({ loss }) => loss)).toEqual([0, 0, 0, 0, 0]);
    const wild = await learningRateRangeTest(best, { x: [[1e30]], y: [[1e14]] }, { steps: 5 });
    expect(wild).toEqual({ curve: [], steepest: undefined, minimum: undefined, suggestion: undefined });
  });
});

describe("after a range test", () => {
  /** A model in the midst of an epoch, with a factor on its rate, and one like it that is not tested. */
  const pair = async (): Promise<[Model, Model]> => {
    const models: [Model, Model] = [await model(), await model()];
    for (const one of models) {
      await one.fit(data, { batchSize: 16, epochs: 3, maxSteps: 6 });
      one.state.rateFactor = 0.5;
    }
    return models;
  };
  const resume = { batchSize: 16, epochs: 3, resume: true };

  it.each<[string, RangeTestOptions]>([
    ["that ended", {}],
    ["with other rows a step", { batchSize: 60 }],
    ["with one row a step", { batchSize: 1 }],
  ])("%s the model trains on as if there had been none", async (_, options) => {
    const [tested, twin] = await pair();
    const before = tested.snapshot();
    await learningRateRangeTest(tested, data, options);
    expect(tested.snapshot()).toEqual(before);
    const [reports, expected] = [await tested.fit(data, resume), await twin.fit(data, resume)];
    expect(weightBits(tested)).toEqual(weightBits(twin));
    expect(reports.map(({ loss }) => loss)).toEqual(expected.map(({ loss }) => loss));
    await tested.fit(data);
    await twin.fit(data);
    expect(tested.snapshot()).toEqual(twin.snapshot());
  });

  it("that was aborted, or met bad data, the model is as before", async () => {
    const [tested] = await pair();
    const before = tested.snapshot();
    const controller = new AbortController();
    const stream = function* () {
      yield { x: data.x, y: data.y };
      controller.abort(new Error("enough"));
      yield { x: data.x, y: data.y };
    } as () => Batches;
    const aborted = learningRateRangeTest(tested, stream, { signal: controller.signal });
    await expect(aborted).rejects.toThrow("enough");
    expect(tested.snapshot()).toEqual(before);
    const ragged = function* () {
      yield { x: data.x, y: data.y };
      yield { x: [[1]], y: [[1, 2]] };
    } as () => Batches;
    expect(await rejectionOf(learningRateRangeTest(tested, ragged))).toBeInstanceOf(DataError);
    expect(tested.snapshot()).toEqual(before);
    expect(tested.state.fitting).toBe(false);
  });

  it("nothing is left of a model that was not trained before", async () => {
    const fresh = await model();
    const before = fresh.snapshot();
    await learningRateRangeTest(fresh, data);
    expect(fresh.snapshot()).toEqual(before);
    expect(fresh.state.progress).toBeUndefined();
  });

  it("in a worker the model is as before, too", async () => {
    const remote = await compile(sequential(input(4), dense(2)), { loss: "meanSquaredError", worker: true });
    try {
      await remote.fit(data);
      const before = remote.snapshot();
      const { curve } = await learningRateRangeTest(remote, data, { steps: 12 });
      expect(curve).toHaveLength(12);
      expect(remote.snapshot()).toEqual(before);
      const local = await compile(sequential(input(4), dense(2)), { loss: "meanSquaredError" });
      await local.fit(data);
      await local.fit(data);
      await remote.fit(data);
      expect(weightBits(remote)).toEqual(weightBits(local));
    } finally {
      remote.dispose();
    }
  });
});

describe("a range test refuses", () => {
  const wrong = (value: unknown) => value as never;
  it.each<[string, RangeTestOptions, string]>([
    ["a rate of 0", { from: 0 }, "learningRateRangeTest: from is 0; needs a positive number"],
    ["an end below its start", { from: 0.1, to: 0.01 }, "to is 0.01; needs a number above from, 0.1"],
    ["one step", { steps: 1 }, "steps is 1; needs an integer of at least 2"],
    ["a smoothing of 1", { smoothing: 1 }, "smoothing is 1; needs a number in [0, 1)"],
    ["a factor of 1", { stopFactor: 1 }, "stopFactor is 1; needs a number above 1"],
    ["no rows a step", { batchSize: 0 }, "batchSize is 0; needs an integer of at least 1"],
    ["a misspelled option", wrong({ stopfactor: 3 }), 'Did you mean "stopFactor"?'],
    ["a signal that is none", { signal: wrong(5) }, "signal is 5; needs an AbortSignal"],
  ])("%s", async (_, options, message) => {
    const tested = await model();
    const before = weightBits(tested);
    const error = await rejectionOf(learningRateRangeTest(tested, data, options));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(message);
    expect(weightBits(tested)).toEqual(before);
  });

  it("what is no model, and a model in fit", async () => {
    const error = await rejectionOf(learningRateRangeTest(wrong({}), data));
    expect((error as Error).message).toContain(
      "the model is an object (Object); needs what compile(…) returns",
    );
    const busy = await model();
    const running = busy.fit(data);
    expect(await rejectionOf(learningRateRangeTest(busy, data))).toBeInstanceOf(BusyError);
    await running;
  });
});

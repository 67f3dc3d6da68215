/** `onSteps`: what each step came to, told of many steps at a time, and the training that it does not change. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  adam,
  compile,
  DivergedError,
  dense,
  exponentialDecay,
  type FitOptions,
  input,
  type Model,
  type StepReport,
  type StepReports,
  sequential,
  sgd,
} from "../../src/index.ts";
import { rejectionOf, rowsOf, turnOfTheLoop, weightBits } from "../given/models.ts";

const data = { x: rowsOf(27, 3), y: rowsOf(27, 2, 2) };
const learningRate = exponentialDecay({ initialLearningRate: 0.01, decayRate: 0.5, decaySteps: 7 });
const models: Model[] = [];
const ready = async (optimizer = adam({ learningRate }), worker = false) => {
  const network = sequential(input(3), dense(4, "tanh"), dense(2));
  const model = await compile(network, { loss: "meanSquaredError", optimizer, seed: 3, worker });
  models.push(model as Model);
  return model as Model;
};
afterEach(() => {
  vi.restoreAllMocks();
  for (const model of models.splice(0)) model.dispose();
});

/** All that `onStep` tells of a training. */
async function oneByOne(options: FitOptions, given: Parameters<Model["fit"]>[0] = data) {
  const model = await ready();
  const steps: StepReport[] = [];
  const reports = await model.fit(given, { ...options, onStep: (one) => void steps.push(one) });
  return { steps, losses: reports.map(({ loss }) => loss), bits: weightBits(model) };
}

/** The same by `onSteps`. */
async function together(options: FitOptions, given: Parameters<Model["fit"]>[0] = data) {
  const model = await ready();
  const told: StepReports[] = [];
  const onSteps = (reports: StepReports) => void told.push(reports);
  const reports = await model.fit(given, { ...options, onSteps });
  return {
    steps: told.flatMap((one) => [...one]),
    told,
    losses: reports.map(({ loss }) => loss),
    bits: weightBits(model),
  };
}

describe("the reports of onSteps", () => {
  const batches = () => [0, 1, 2].map((i) => ({ x: rowsOf(5 + i, 3, i), y: rowsOf(5 + i, 2, i) }));
  it.each([
    ["of epochs that are trained together", { epochs: 9, batchSize: 8 }, data],
    ["of epochs that are watched", { epochs: 9, batchSize: 8, onEpoch: () => undefined }, data],
    ["of steps that are observed", { epochs: 9, batchSize: 8, statistics: true }, data],
    ["of micro-batches", { epochs: 3, batchSize: 8, accumulate: 2 }, data],
    ["of data that passes through memory", { epochs: 4, batchSize: 4, dataMemory: 200 }, data],
    ["of a stream", { epochs: 3 }, batches],
    ["of a training that pauses", { epochs: 9, batchSize: 8, maxSteps: 14 }, data],
  ] as const)("%s are those of onStep, in order, and change no bit", async (_, options, given) => {
    const { told, ...found } = await together({ ...options }, given);
    expect(found).toEqual(await oneByOne({ ...options }, given));
    expect(found.steps.length).toBeGreaterThan(8);
    expect(told.length).toBeLessThan(found.steps.length);
  });

  it("are lists of their numbers too", async () => {
    const { steps, told } = await together({ epochs: 50, batchSize: 8, onEpoch: () => undefined });
    const listed = told.flatMap(({ losses, gradientNorms, learningRates }) =>
      Array.from(losses, (loss, i) => [loss, gradientNorms[i], learningRates[i]]),
    );
    expect(listed).toEqual(steps.map((one) => [one.loss, one.gradientNorm, one.learningRate]));
    const [first] = told as [StepReports];
    const all = [...first];
    for (const index of [0, 1, 3, 4, -1, -4, -5, 0.5, 99]) expect(first.at(index)).toEqual(all.at(index));
  });

  it("go on in the midst of an epoch with resume", async () => {
    const model = await ready();
    const steps: StepReport[] = [];
    const onSteps = (reports: StepReports) => void steps.push(...reports);
    await model.fit(data, { epochs: 5, batchSize: 8, maxSteps: 6, onSteps });
    await model.fit(data, { epochs: 5, batchSize: 8, resume: true, onSteps });
    expect(steps).toEqual((await oneByOne({ epochs: 5, batchSize: 8 })).steps);
  });

  it("come with those of the epoch before onEpoch", async () => {
    const model = await ready();
    const log: string[] = [];
    await model.fit(data, {
      epochs: 2,
      batchSize: 9,
      onSteps: (reports) => log.push(...Array.from(reports, ({ step }) => `step ${step}`)),
      onEpoch: ({ epoch }) => log.push(`epoch ${epoch}`),
    });
    expect(log).toEqual(["step 0", "step 1", "step 2", "epoch 1", "step 3", "step 4", "step 5", "epoch 2"]);
  });

  it("come before the error that ends training, and each once", async () => {
    const model = await ready(sgd({ learningRate: 30 }));
    const steps: number[] = [];
    const onSteps = (reports: StepReports) => void steps.push(...Array.from(reports, ({ step }) => step));
    const error = await rejectionOf(
      model.fit(data, { epochs: 200, batchSize: 8, onSteps, onWarning: false }),
    );
    expect(error).toBeInstanceOf(DivergedError);
    expect(steps).toEqual(Array.from({ length: (error as DivergedError).step }, (_, i) => i));
  });
});

describe("who is told by onSteps", () => {
  it("is told by the number of steps where the clock stands still", async () => {
    vi.spyOn(performance, "now").mockReturnValue(7);
    const { told, steps } = await together({ epochs: 12_000, batchSize: 9 });
    expect(steps).toHaveLength(36_000);
    expect(told.length).toBe(3);
    expect(Math.max(...told.map((one) => one.length))).toBeLessThan(16_384 + 1024);
  });

  it("is told when 100 milliseconds are over", async () => {
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    const model = await ready();
    const lengths: number[] = [];
    // A stream is trained step by step; each of its batches takes a while.
    const slow = function* () {
      for (let i = 0; i < 12; i++) {
        yield data;
        now += 30;
      }
    };
    await model.fit(slow, { onSteps: (reports) => lengths.push(reports.length) });
    expect(lengths).toEqual([5, 4, 3]);
  });

  it("ends training by stop, also in the midst of an epoch", async () => {
    const model = await ready();
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => (now += 200));
    let steps = 0;
    const onSteps = async (reports: StepReports) => {
      await turnOfTheLoop();
      steps += reports.length;
      return steps >= 5 ? "stop" : undefined;
    };
    const reports = await model.fit(data, { epochs: 1000, batchSize: 8, onSteps, onEpoch: () => undefined });
    expect(reports).toHaveLength(1);
    expect(steps).toBe(5);
  });

  it("is waited for, and its error ends training", async () => {
    const model = await ready();
    const cause = new Error("enough");
    const onSteps = () => turnOfTheLoop().then(() => Promise.reject(cause));
    expect(await rejectionOf(model.fit(data, { onSteps }))).toBe(cause);
  });
});

describe("onSteps with a worker", () => {
  beforeEach(() => vi.restoreAllMocks());

  it("tells of the same steps, and trains to the same bits", async () => {
    const there = await ready(undefined, true);
    const steps: StepReport[] = [];
    const onSteps = (reports: StepReports) => void steps.push(...reports);
    await there.fit(data, { epochs: 40, batchSize: 8, onSteps });
    const here = await oneByOne({ epochs: 40, batchSize: 8 });
    expect(steps).toEqual(here.steps);
    expect(weightBits(there)).toEqual(here.bits);
  });
});

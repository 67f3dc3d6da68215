/** Learning-rate schedules: PyTorch's numbers (tests/peers/torch/schedules.py), laws, and what they refuse. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  adam,
  type Batches,
  compile,
  constantRate,
  cosineDecay,
  cosineDecayRestarts,
  dense,
  exponentialDecay,
  input,
  inverseSquareRoot,
  inverseTimeDecay,
  linearDecay,
  multiStepDecay,
  OptionError,
  oneCycle,
  piecewiseConstantDecay,
  polynomialDecay,
  type Schedule,
  sequential,
  sgd,
  stepDecay,
  stepsOfEpochs,
  warmup,
} from "../../src/index.ts";
import { rejectionOf, rowsOf, weightBits } from "../given/models.ts";

interface Numbers {
  readonly rate: number;
  readonly schedules: Readonly<Record<string, number[]>>;
}
const torch = JSON.parse(
  readFileSync(new URL("../peers/torch/schedules.json", import.meta.url), "utf8"),
) as Numbers;
const initialLearningRate = torch.rate;
const STEPS = 50;
const rates = (schedule: Schedule, steps = STEPS) =>
  Array.from({ length: steps }, (_, step) => schedule(step));

const cycle = { maxLearningRate: 0.5, totalSteps: STEPS + 1 } as const;
const ours: Readonly<Record<string, Schedule>> = {
  stepDecay: stepDecay({ initialLearningRate, decaySteps: 7, decayRate: 0.3 }),
  multiStepDecay: multiStepDecay({ initialLearningRate, milestones: [3, 11, 30], decayRate: 0.2 }),
  exponentialDecay: exponentialDecay({ initialLearningRate, decayRate: 0.93 }),
  polynomialDecay: polynomialDecay({ initialLearningRate, decaySteps: 40, power: 2.5 }),
  linearDecay: linearDecay({ initialLearningRate, decaySteps: 30, endLearningRate: 0.02 }),
  cosineDecay: cosineDecay({ initialLearningRate, decaySteps: STEPS - 1, endLearningRate: 0.003 }),
  cosineDecayRestarts: cosineDecayRestarts({
    initialLearningRate,
    firstDecaySteps: 6,
    stepsMultiplier: 2,
    endLearningRate: 0.001,
  }),
  "cosineDecayRestarts, of one length": cosineDecayRestarts({ initialLearningRate, firstDecaySteps: 9 }),
  inverseSquareRoot: inverseSquareRoot({ initialLearningRate, decaySteps: 5 }),
  inverseTimeDecay: inverseTimeDecay({ initialLearningRate, decaySteps: 4, decayRate: 0.5 }),
  warmup: warmup(initialLearningRate, { steps: 8, from: 0.25 }),
  "warmup, then stepDecay": warmup(stepDecay({ initialLearningRate, decaySteps: 5, decayRate: 0.5 }), {
    steps: 8,
    from: 0.1,
  }),
  "warmup, then inverseSquareRoot": warmup(inverseSquareRoot({ initialLearningRate, decaySteps: 8 }), {
    steps: 8,
  }),
  oneCycle: oneCycle(cycle),
  "oneCycle, to its end": oneCycle({ ...cycle, totalSteps: STEPS }),
  "oneCycle, linear": oneCycle({
    ...cycle,
    annealing: "linear",
    warmupShare: 0.42,
    divFactor: 10,
    finalDivFactor: 50,
  }),
  "oneCycle, in three phases": oneCycle({ ...cycle, threePhase: true, warmupShare: 0.35 }),
};

describe("the first fifty rates of", () => {
  it("all that PyTorch was asked for are compared", () => {
    expect(Object.keys(ours).sort()).toEqual(Object.keys(torch.schedules).sort());
  });

  it.each(Object.entries(torch.schedules))("%s are PyTorch's", (name, expected) => {
    expect(expected.length).toBeGreaterThanOrEqual(STEPS - 1);
    const found = rates(ours[name] as Schedule, expected.length);
    expected.forEach((rate, step) => {
      // PyTorch multiplies from step to step: its own error grows to a few ulp.
      expect(Math.abs((found[step] as number) - rate), `step ${step}`).toBeLessThanOrEqual(
        1e-13 * initialLearningRate,
      );
      expect(Math.abs((found[step] as number) / rate - 1) || 0, `step ${step}`).toBeLessThanOrEqual(1e-11);
    });
  });
});

describe("a schedule", () => {
  it("of one rate is that rate", () => {
    expect(rates(constantRate(0.25), 4)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it("of pieces keeps a value up to its boundary, as Keras has it", () => {
    const schedule = piecewiseConstantDecay({ boundaries: [1, 4], values: [3, 2, 1] });
    expect(rates(schedule, 7)).toEqual([3, 3, 2, 2, 2, 1, 1]);
  });

  it("of milestones without any is one rate", () => {
    expect(rates(multiStepDecay({ initialLearningRate: 2, milestones: [] }), 2)).toEqual([2, 2]);
  });

  it("goes down a staircase", () => {
    const options = { initialLearningRate: 1, decaySteps: 2, decayRate: 0.5, staircase: true };
    expect(rates(exponentialDecay(options), 5)).toEqual([1, 1, 0.5, 0.5, 0.25]);
    expect(rates(inverseTimeDecay({ ...options, decayRate: 1 }), 5)).toEqual([1, 1, 1 / 2, 1 / 2, 1 / 3]);
    const halfway = exponentialDecay({ ...options, staircase: false })(1);
    expect(halfway).toBeCloseTo(Math.SQRT1_2, 15);
  });

  it("along a polynomial begins anew in a longer time, as Keras' cycle does", () => {
    const schedule = polynomialDecay({ initialLearningRate: 1, decaySteps: 4, cycle: true });
    // Keras: 1 − step / (4 · ⌈step / 4⌉), and the whole rate at step 0.
    expect(rates(schedule, 10)).toEqual([1, 0.75, 0.5, 0.25, 0, 3 / 8, 1 - 6 / 8, 1 - 7 / 8, 0, 0.25]);
  });

  it("that has come to its end stays there", () => {
    for (const [schedule, end] of [
      [linearDecay({ initialLearningRate: 1, decaySteps: 10, endLearningRate: 0.125 }), 0.125],
      [cosineDecay({ initialLearningRate: 1, decaySteps: 10, endLearningRate: 0.25 }), 0.25],
      [oneCycle({ maxLearningRate: 1, totalSteps: 10 }), 1 / 25 / 1e4],
    ] as const) {
      expect(schedule.steps).toBe(10);
      for (const step of [10, 11, 1e6]) expect(schedule(step)).toBe(end);
    }
  });

  it("with restarts is lower after each, by Keras' m_mul", () => {
    const schedule = cosineDecayRestarts({
      initialLearningRate: 1,
      firstDecaySteps: 3,
      stepsMultiplier: 2,
      rateMultiplier: 0.5,
    });
    // Cycles begin at 0, 3, 9, 21, 45 …: 3 (2ⁿ − 1).
    expect([0, 3, 9, 21, 45].map((step) => schedule(step))).toEqual([1, 0.5, 0.25, 0.125, 0.0625]);
    expect(schedule(6)).toBeCloseTo(0.25, 15);
  });

  it("of one cycle with a share of less than a step begins at the top or below it, as PyTorch does", () => {
    // torch.optim.lr_scheduler.OneCycleLR(max_lr=1, total_steps=5, pct_start=0.2): its first phase ends at step 0.
    expect(oneCycle({ maxLearningRate: 1, totalSteps: 5, warmupShare: 0.2 })(0)).toBe(1);
    expect(rates(oneCycle({ maxLearningRate: 1, totalSteps: 1 }), 2).every(Number.isFinite)).toBe(true);
    expect(
      rates(oneCycle({ maxLearningRate: 1, totalSteps: 2, warmupShare: 0 }), 3).every((r) => r > 0),
    ).toBe(true);
  });

  it("behind a warm-up begins where the warm-up ends", () => {
    const decay = cosineDecay({ initialLearningRate: 1, decaySteps: 10 });
    const schedule = warmup(decay, { steps: 4 });
    expect(rates(schedule, 5)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(schedule(9)).toBe(decay(5));
    expect([schedule.steps, schedule.warmupSteps]).toEqual([14, 4]);
  });

  it("may be any function behind a warm-up", () => {
    expect(
      rates(
        warmup((step) => 1 / (step + 1), { steps: 2, from: 0.5 }),
        5,
      ),
    ).toEqual([0.5, 0.75, 1, 1 / 2, 1 / 3]);
  });

  it("of the Transformer is a warm-up before the inverse square root", () => {
    // Vaswani et al. 2017, eq. 3, with a width of 512 and 4000 steps of warm-up.
    const published = (step: number) => 512 ** -0.5 * Math.min(step ** -0.5, step * 4000 ** -1.5);
    const schedule = warmup(
      inverseSquareRoot({ initialLearningRate: 1 / Math.sqrt(512 * 4000), decaySteps: 4000 }),
      { steps: 4000 },
    );
    for (const step of [1, 100, 3999, 4000, 4001, 20_000]) {
      expect(schedule(step) / published(step)).toBeCloseTo(1, 12);
    }
  });

  it("is counted in steps, which epochs have so many of", () => {
    expect(stepsOfEpochs(3, { rows: 100 })).toBe(12);
    expect(stepsOfEpochs(3, { rows: 100, batchSize: 64 })).toBe(6);
  });
});

const data = { x: rowsOf(20, 3), y: rowsOf(20, 2, 2) };
const model = (learningRate: number | ((step: number) => number)) =>
  compile(sequential(input(3), dense(2)), { loss: "meanSquaredError", optimizer: sgd({ learningRate }) });

describe("training by a schedule", () => {
  it("takes each step with its rate, and reports it", async () => {
    const schedule = cosineDecay({ initialLearningRate: 0.1, decaySteps: 12 });
    const byStep: number[] = [];
    const reports = await (await model(schedule)).fit(data, {
      epochs: 3,
      batchSize: 5,
      onStep: ({ learningRate }) => byStep.push(learningRate),
    });
    expect(byStep).toEqual(rates(schedule, 12));
    expect(reports.map(({ learningRate }) => learningRate)).toEqual([3, 7, 11].map(schedule));
  });

  it("is the same watched or not, with any optimizer", async () => {
    const build = () =>
      compile(sequential(input(3), dense(2)), {
        loss: "meanSquaredError",
        optimizer: adam({ learningRate: oneCycle({ maxLearningRate: 0.1, totalSteps: 40 }) }),
      });
    const [watched, alone] = [await build(), await build()];
    await watched.fit(data, { epochs: 10, batchSize: 5, onStep: () => undefined });
    await alone.fit(data, { epochs: 10, batchSize: 5 });
    expect(weightBits(watched)).toEqual(weightBits(alone));
  });

  it("refuses a warm-up that does not end before it", async () => {
    const warm = (steps: number) => model(warmup(0.1, { steps }));
    const options = { epochs: 3, batchSize: 5 };
    const error = await rejectionOf((await warm(13)).fit(data, options));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toBe(
      "fit: the warm-up of the learning rate takes 13 steps, and training ends after 12; needs at most as many. " +
        "Shorten the warm-up, or train for more epochs.",
    );
    const exact = await warm(12);
    await expect(exact.fit(data, options)).resolves.toHaveLength(3);
    // Steps count over the life of the model: the warm-up is over.
    await expect(exact.fit(data, { epochs: 1, batchSize: 5 })).resolves.toHaveLength(1);
    // A training that is cut ends by its epochs.
    const cut = await warm(12);
    await cut.fit(data, { ...options, maxSteps: 2 });
    await expect(cut.fit(data, { ...options, resume: true })).resolves.toHaveLength(3);
  });

  it("leaves the weights as they were when it refuses a warm-up", async () => {
    const refused = await model(warmup(0.1, { steps: 100 }));
    const before = weightBits(refused);
    await rejectionOf(refused.fit(data));
    expect(weightBits(refused)).toEqual(before);
    expect(refused.state.fitting).toBe(false);
  });

  it("takes any warm-up with a stream, whose steps nobody knows", async () => {
    const batches = (): Batches => [data];
    const streamed = await model(warmup(0.1, { steps: 100 }));
    await expect(streamed.fit(batches, { epochs: 2 })).resolves.toHaveLength(2);
  });
});

/** What a user without types could pass. */
const wrong = (value: unknown) => value as never;
const decay = { initialLearningRate: 0.1, decaySteps: 10 };

describe("schedules refuse", () => {
  it.each<[string, () => unknown, string]>([
    ["a rate of 0", () => constantRate(0), "constantRate: learningRate is 0; needs a positive number"],
    [
      "a missing rate",
      () => stepDecay(wrong({ decaySteps: 3 })),
      "stepDecay: initialLearningRate is undefined; needs a positive number",
    ],
    [
      "a negative rate",
      () => cosineDecay({ ...decay, initialLearningRate: -1 }),
      "cosineDecay: initialLearningRate is -1; needs a positive number",
    ],
    [
      "half a step",
      () => cosineDecay({ ...decay, decaySteps: 2.5 }),
      "cosineDecay: decaySteps is 2.5; needs an integer of at least 1",
    ],
    [
      "a decay of 0",
      () => exponentialDecay({ ...decay, decayRate: 0 }),
      "decayRate is 0; needs a positive number",
    ],
    [
      "a negative end",
      () => linearDecay({ ...decay, endLearningRate: -0.1 }),
      "linearDecay: endLearningRate is -0.1; needs a number of at least 0",
    ],
    ["a power of 0", () => polynomialDecay({ ...decay, power: 0 }), "power is 0; needs a positive number"],
    [
      "milestones out of order",
      () => multiStepDecay({ initialLearningRate: 1, milestones: [3, 3] }),
      "milestones[1] is 3; needs an integer of at least 4",
    ],
    [
      "milestones that are no list",
      () => multiStepDecay({ initialLearningRate: 1, milestones: wrong(7) }),
      "milestones are 7; needs an array of steps",
    ],
    [
      "as many values as boundaries",
      () => piecewiseConstantDecay({ boundaries: [2], values: [1] }),
      "values are an array of 1; needs an array of 2, one more than boundaries",
    ],
    [
      "decays that become shorter",
      () => cosineDecayRestarts({ initialLearningRate: 1, firstDecaySteps: 5, stepsMultiplier: 0.5 }),
      "stepsMultiplier is 0.5; needs a number of at least 1",
    ],
    [
      "a share above 1",
      () => oneCycle({ ...cycle, warmupShare: 1.5 }),
      "oneCycle: warmupShare is 1.5; needs a number in [0, 1]",
    ],
    [
      "a share above a half, in three phases",
      () => oneCycle({ ...cycle, warmupShare: 0.6, threePhase: true }),
      "needs a number in [0, 0.5] with threePhase",
    ],
    [
      "an unknown annealing",
      () => oneCycle({ ...cycle, annealing: wrong("cos") }),
      'there is no annealing "cos"',
    ],
    [
      "a top below the start",
      () => oneCycle({ ...cycle, divFactor: 0.5 }),
      "divFactor is 0.5; needs a number of at least 1",
    ],
    [
      "a misspelled option",
      () => cosineDecay(wrong({ ...decay, endLearningrate: 1 })),
      'there is no option "endLearningrate". Did you mean "endLearningRate"?',
    ],
    [
      "the rate by its name in optimizers",
      () => cosineDecay(wrong({ learningRate: 0.1, decaySteps: 5 })),
      'there is no option "learningRate". Did you mean "initialLearningRate"?',
    ],
    [
      "a warm-up that is longer than what it leads to",
      () => warmup(cosineDecay(decay), { steps: 11 }),
      "warmup: steps is 11, and the schedule behind it has 10; needs at most as many",
    ],
    [
      "a warm-up of no steps",
      () => warmup(0.1, { steps: 0 }),
      "warmup: steps is 0; needs an integer of at least 1",
    ],
    ["a warm-up from above", () => warmup(0.1, { steps: 3, from: 2 }), "from is 2; needs a number in [0, 1]"],
    [
      "a warm-up to nothing",
      () => warmup(wrong("cosine"), { steps: 3 }),
      'the schedule is "cosine"; needs a schedule',
    ],
    ["no epochs", () => stepsOfEpochs(0, { rows: 5 }), "epochs is 0; needs an integer of at least 1"],
  ])("%s", (_, build, message) => {
    expect(build).toThrow(OptionError);
    expect(build).toThrow(message);
  });
});

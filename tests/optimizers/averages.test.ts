/** Averages of weights beside an optimizer, and Lookahead around one, against their formulas in f64. */
import { describe, expect, it } from "vitest";
import {
  adam,
  compile,
  dense,
  exponentialMovingAverage,
  input,
  lbfgs,
  lookahead,
  type Model,
  type Optimizer,
  OptionError,
  sequential,
  sgd,
  unitNorm,
  type Weights,
} from "../../src/index.js";
import { bitsOf, rowsOf, weightBits } from "../given/models.js";
import { type DefinedName, definitions, type Weight } from "./reference.ts";

const data = { x: rowsOf(12, 3), y: rowsOf(12, 2, 2) };
const settings = { loss: "meanSquaredError", seed: 3 } as const;
const network = () =>
  sequential(input(3), dense(4, { activation: "tanh", name: "hidden" }), dense(2, { name: "out" }));
const modelOf = (optimizer: Optimizer, options: object = {}) =>
  compile(network(), { ...settings, optimizer, ...options });
const step = (model: Model) => model.fit(data, { batchSize: 12, shuffle: false });
const flat = (weights: Weights) => Object.values(weights).flatMap(({ data }) => [...data]);

function expectNear(found: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number))).toBeLessThan(tolerance);
  });
}

describe("exponentialMovingAverage", () => {
  // A float of 0.9999 leaves 1 − 0.9999 only to 2e-4.
  it.each([0.999, 0.9999])("moves by 1 − decay, to 1e-6 of it, for a decay of %d", async (decay) => {
    const model = await compile(sequential(input(1), dense(1, { useBias: false, name: "out" })), {
      loss: "sumOfSquares",
      optimizer: exponentialMovingAverage(sgd({ learningRate: 1 }), { decay }),
    });
    const [average, moved] = [[0], [2 ** 20]];
    model.setWeights({ "out/kernel": average });
    // The output is at its target: no gradient moves the weight.
    await model.fit({ x: [[0]], y: [[0]] }, { health: false });
    model.setWeights({ "out/kernel": moved });
    await model.fit({ x: [[0]], y: [[0]] }, { health: false });
    const [found] = model.averagedWeights()["out/kernel"]!.data;
    expect(Math.abs(found! / (2 ** 20 * (1 - decay)) - 1)).toBeLessThan(1e-6);
  });

  it.each<[string, Optimizer]>([
    ["sgd", sgd({ learningRate: 0.3, momentum: 0.9 })],
    ["adam", adam({ learningRate: 0.05 })],
    [
      "groups",
      adam({ learningRate: 0.05, groups: { out: { learningRateScale: 0.1 }, hidden: { weightDecay: 0.2 } } }),
    ],
    ["lbfgs", lbfgs({ learningRate: 0.3, history: 3 })],
    ["lookahead", lookahead(sgd({ learningRate: 0.3 }), { period: 3 })],
  ])(
    "is decay · average + (1 − decay) · w from the first weights on, and trains as %s does without it",
    async (_, inner) => {
      const plain = await modelOf(inner);
      const model = await modelOf(exponentialMovingAverage(inner, { decay: 0.75 }));
      expect(bitsOf(model.averagedWeights())).toEqual(weightBits(model));
      let average: number[] = [];
      for (let i = 0; i < 10; i++) {
        await step(plain);
        await step(model);
        expect(weightBits(model)).toEqual(weightBits(plain));
        const weights = flat(model.weights());
        average = weights.map((w, j) => (i === 0 ? w : 0.75 * (average[j] as number) + 0.25 * w));
        expectNear(flat(model.averagedWeights()), average, 3e-7);
      }
      expect(Object.keys(model.averagedWeights())).toEqual(Object.keys(model.weights()));
    },
  );

  it("keeps 0.999 unless it is told otherwise, over two hundred steps", async () => {
    const model = await modelOf(exponentialMovingAverage("sgd"));
    let average: number[] = [];
    for (let i = 0; i < 200; i++) {
      await step(model);
      average = flat(model.weights()).map((w, j) =>
        i === 0 ? w : 0.999 * (average[j] as number) + 0.001 * w,
      );
    }
    expectNear(flat(model.averagedWeights()), average, 2e-6);
  });

  it("averages what constraints leave of the weights", async () => {
    const model = await compile(
      sequential(input(3), dense(2, { name: "out", useBias: false, kernelConstraint: unitNorm() })),
      { ...settings, optimizer: exponentialMovingAverage(sgd({ learningRate: 0.5 }), { decay: 0 }) },
    );
    for (let i = 0; i < 3; i++) {
      await step(model);
      expectNear(flat(model.averagedWeights()), flat(model.weights()), 1e-7);
    }
  });

  it("follows the weights of whole steps where they are computed in micro-batches", async () => {
    const model = await modelOf(exponentialMovingAverage(sgd({ learningRate: 0.3 }), { decay: 0.5 }));
    let average: number[] = [];
    for (let i = 0; i < 4; i++) {
      await model.fit(data, { batchSize: 12, accumulate: 5, shuffle: false });
      average = flat(model.weights()).map((w, j) => (i === 0 ? w : 0.5 * (average[j] as number) + 0.5 * w));
      expectNear(flat(model.averagedWeights()), average, 3e-7);
    }
  });

  it("is put in place by setWeights, and training goes on from there", async () => {
    const model = await modelOf(exponentialMovingAverage(adam({ learningRate: 0.1 }), { decay: 0.9 }));
    for (let i = 0; i < 5; i++) await step(model);
    const averages = model.averagedWeights();
    const raw = await model.evaluate(data);
    model.setWeights(averages);
    expect(weightBits(model)).toEqual(bitsOf(averages));
    expect((await model.evaluate(data)).loss).not.toBe(raw.loss);
    expect(bitsOf(model.averagedWeights())).toEqual(bitsOf(averages));
    await step(model);
    expect(bitsOf(model.averagedWeights())).not.toEqual(bitsOf(averages));
  });

  it("has the weights of what is frozen, and begins with those of what is unfrozen", async () => {
    const model = await modelOf(exponentialMovingAverage(sgd({ learningRate: 0.3 }), { decay: 0.5 }));
    model.freeze("hidden");
    await step(model);
    await step(model);
    const frozen = model.averagedWeights();
    expect(frozen["hidden/kernel"]).toEqual(model.weights()["hidden/kernel"]);
    expect(frozen["out/kernel"]).not.toEqual(model.weights()["out/kernel"]);
    model.unfreeze("hidden");
    expect(bitsOf(model.averagedWeights())).toEqual(bitsOf(frozen));
    await step(model);
    expect(model.averagedWeights()["hidden/kernel"]).toEqual(model.weights()["hidden/kernel"]);
    await step(model);
    expect(model.averagedWeights()["hidden/kernel"]).not.toEqual(model.weights()["hidden/kernel"]);
  });

  it("refuses where there is none, or are two, or options are outside their domain", async () => {
    const model = await modelOf(adam());
    expect(() => model.averagedWeights()).toThrow(
      'averagedWeights: adam keeps no average; needs a model that is compiled with { optimizer: exponentialMovingAverage("adam") }.',
    );
    expect(() => exponentialMovingAverage(exponentialMovingAverage("sgd"))).toThrow(
      "exponentialMovingAverage: exponentialMovingAverage(sgd) keeps an average; needs an optimizer that keeps none.",
    );
    expect(() => exponentialMovingAverage("sgd", { decay: 1 })).toThrow(
      "decay is 1; needs a number in [0, 1).",
    );
    expect(() => exponentialMovingAverage("sgd", { momentum: 0.9 } as object)).toThrow(OptionError);
    expect(() => exponentialMovingAverage("adm" as "adam")).toThrow(
      'exponentialMovingAverage: there is no optimizer "adm". Did you mean "adam"?',
    );
  });
});

const rows = rowsOf(30, 3);
const targets = rowsOf(30, 1, 2);
const start = [0.4, -0.3, 0.2];

/** y = w · x, loss ½ (y − target)²: each row is a step. Lookahead around a wrapped update, in f64. */
function lookaheadInF64(definition: () => Weight, period: number, share: number): number[] {
  const w = Float64Array.from(start);
  const slow = Float64Array.from(start);
  const updates = start.map(definition);
  rows.forEach((x, i) => {
    const error = x.reduce((sum, one, j) => sum + one * (w[j] as number), 0) - (targets[i]?.[0] as number);
    x.forEach((one, j) => {
      w[j] = (updates[j] as Weight)(w[j] as number, error * one, i + 1);
    });
    if ((i + 1) % period !== 0) return;
    slow.forEach((from, j) => {
      slow[j] = from + share * ((w[j] as number) - from);
    });
    w.set(slow);
  });
  return [...w];
}

async function oneRowEach(optimizer: Optimizer): Promise<number[]> {
  const model = await compile(sequential(input(3), dense(1, { useBias: false })), {
    loss: "sumOfSquares",
    optimizer,
  });
  model.setWeights({ "dense/kernel": start });
  await model.fit({ x: rows, y: targets }, { batchSize: 1, shuffle: false });
  return flat(model.weights());
}

describe("lookahead", () => {
  it.each([
    [5, 0.5],
    [1, 0.3],
    [7, 1],
    [30, 0.8],
    [31, 0.8],
  ])("goes every %i steps a share of %f of the way, as Zhang et al. 2019 have it", async (period, share) => {
    const momentum = { learningRate: 0.1, momentum: 0.8 };
    const withMomentum = lookahead(sgd(momentum), { period, share });
    expectNear(
      await oneRowEach(withMomentum),
      lookaheadInF64(() => definitions.sgd(momentum), period, share),
      1e-6,
    );
    const rate = { learningRate: 0.02 };
    expectNear(
      await oneRowEach(lookahead(adam(rate), { period, share })),
      lookaheadInF64(() => definitions.adam(rate), period, share),
      2e-6,
    );
  });

  it.each(Object.keys(definitions) as DefinedName[])("goes around %s by its name", async (name) => {
    const expected = lookaheadInF64(() => definitions[name]({}), 5, 0.5);
    expectNear(await oneRowEach(lookahead(name)), expected, 2e-6);
    // And an average around that has the last weights with a decay of 0.
    const averaged = exponentialMovingAverage(lookahead(name), { decay: 0 });
    expectNear(await oneRowEach(averaged), expected, 2e-6);
  });

  it("has a period of 5 and a share of ½ unless it is told otherwise", async () => {
    const own = await oneRowEach(lookahead("sgd"));
    expect(own).toEqual(await oneRowEach(lookahead("sgd", { period: 5, share: 0.5 })));
    expect(own).not.toEqual(await oneRowEach(lookahead("sgd", { period: 6, share: 0.5 })));
  });

  it("goes on from a snapshot in the midst of a period to the same bits, with an average around it", async () => {
    const optimizer = () =>
      exponentialMovingAverage(lookahead(adam({ learningRate: 0.1 }), { period: 4 }), { decay: 0.8 });
    const model = await modelOf(optimizer());
    for (let i = 0; i < 6; i++) await step(model);
    const other = await modelOf(optimizer());
    other.restore(model.snapshot());
    for (let i = 0; i < 7; i++) {
      await step(model);
      await step(other);
      expect(weightBits(other)).toEqual(weightBits(model));
      expect(bitsOf(other.averagedWeights())).toEqual(bitsOf(model.averagedWeights()));
    }
  });

  it("ends in the same bits within an average as around one", async () => {
    const inner = await modelOf(lookahead(exponentialMovingAverage("adam", { decay: 0.8 }), { period: 2 }));
    const outer = await modelOf(exponentialMovingAverage(lookahead("adam", { period: 2 }), { decay: 0.8 }));
    for (const model of [inner, outer]) for (let i = 0; i < 5; i++) await step(model);
    expect(weightBits(inner)).toEqual(weightBits(outer));
    expect(bitsOf(inner.averagedWeights())).toEqual(bitsOf(outer.averagedWeights()));
  });

  it("counts the period of what is unfrozen from there", async () => {
    const period = 3;
    const model = await modelOf(lookahead(sgd({ learningRate: 0.2 }), { period }));
    model.freeze("hidden");
    for (let i = 0; i < 4; i++) await step(model);
    model.unfreeze("hidden");
    const before = model.weights()["hidden/kernel"]?.data ?? new Float32Array();
    const plain = await modelOf(sgd({ learningRate: 0.2 }));
    for (let i = 0; i < 2; i++) {
      plain.setWeights(model.weights());
      await step(plain);
      await step(model);
      // Steps 5 and 6 over all: the end of a period for the layer that was trained, the midst for the other.
      const isEnd = i === 1;
      expect(model.weights()["hidden/kernel"]).toEqual(plain.weights()["hidden/kernel"]);
      if (isEnd) expect(model.weights()["out/kernel"]).not.toEqual(plain.weights()["out/kernel"]);
      else expect(model.weights()["out/kernel"]).toEqual(plain.weights()["out/kernel"]);
    }
    plain.setWeights(model.weights());
    await step(plain);
    await step(model);
    const fast = plain.weights()["hidden/kernel"]?.data ?? new Float32Array();
    const expected = [...before].map((slow, i) => slow + 0.5 * ((fast[i] as number) - slow));
    expectNear([...(model.weights()["hidden/kernel"]?.data ?? [])], expected, 1e-7);
  });

  it("leaves weights as their constraint wants them at the end of a period too", async () => {
    const model = await compile(
      sequential(input(3), dense(2, { name: "out", useBias: false, kernelConstraint: unitNorm() })),
      { ...settings, optimizer: lookahead(sgd({ learningRate: 2 }), { period: 2 }) },
    );
    for (let i = 0; i < 6; i++) {
      await step(model);
      const w = flat(model.weights());
      for (const unit of [0, 1]) {
        expect(Math.hypot(...[0, 1, 2].map((row) => w[row * 2 + unit] as number))).toBeCloseTo(1, 6);
      }
    }
  });

  it("refuses options outside their domain", () => {
    expect(() => lookahead("sgd", { period: 0 })).toThrow(
      "lookahead: period is 0; needs an integer of at least 1.",
    );
    expect(() => lookahead("sgd", { share: 0 })).toThrow("lookahead: share is 0; needs a number in (0, 1].");
    expect(() => lookahead("sgd", { share: 1.5 })).toThrow("needs a number in (0, 1].");
    expect(() => lookahead("sgd", { alpha: 0.5 } as object)).toThrow('there is no option "alpha"');
    expect(() => lookahead(sgd as never)).toThrow("lookahead: there is no optimizer a function. Call it");
  });
});

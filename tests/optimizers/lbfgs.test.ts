/** L-BFGS: PyTorch's steps, minima that gradient descent does not reach, and what it refuses. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  compile,
  customLayer,
  DivergedError,
  dense,
  input,
  l2,
  lbfgs,
  type Optimizer,
  sequential,
  sgd,
  type Value,
} from "../../src/index.js";
import { add, constant, multiply, slice, square, subtract, sum } from "../../src/ops/index.js";
import { weightBits } from "../given/models.js";

interface Run {
  readonly problem: "regression" | "logistic";
  readonly learningRate: number;
  readonly history: number;
  readonly points: readonly (readonly number[])[];
}

/** Made by tests/peers/torch/lbfgs.py. */
const torch: {
  readonly x: number[][];
  readonly y: number[];
  readonly labels: number[];
  readonly kernel: number[];
  readonly bias: number;
  readonly l2: number;
  readonly runs: readonly Run[];
} = JSON.parse(readFileSync("tests/peers/torch/lbfgs.json", "utf8"));

async function modelOf(problem: Run["problem"], optimizer: Optimizer, options: object = {}) {
  const isLogistic = problem === "logistic";
  const layer = isLogistic
    ? dense(1, { activation: "sigmoid", kernelRegularizer: l2(torch.l2), name: "unit" })
    : dense(1, { name: "unit" });
  const model = await compile(sequential(input(3), layer), {
    loss: isLogistic ? "binaryCrossEntropy" : "meanSquaredError",
    optimizer,
    ...options,
  });
  model.setWeights({ "unit/kernel": torch.kernel, "unit/bias": [torch.bias] });
  const targets = (isLogistic ? torch.labels : torch.y).map((one) => [one]);
  return { model, data: { x: torch.x, y: targets } };
}

const CURVATURES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const ZEROS = CURVATURES.map(() => 0);

/** The value of a function of a vector after so many steps from where it starts. */
async function lowest(build: (w: Value) => Value, optimizer: Optimizer, steps: number, start: number[]) {
  const layer = customLayer({
    kind: "function",
    parameters: () => ({ w: { shape: [start.length], initializer: 0 } }),
    build: ([x], { w }, { addLoss }) => {
      addLoss(build(w));
      return x;
    },
  });
  const model = await compile(sequential(input(1), layer), { optimizer });
  model.setWeights({ "function/w": start });
  await model.fit({ x: [[0]] }, { epochs: steps });
  return (await model.evaluate({ x: [[0]] })).loss;
}

describe("lbfgs", () => {
  it.each(torch.runs)(
    "takes PyTorch's ten steps on $problem at rate $learningRate with a history of $history",
    async ({ problem, learningRate, history, points }) => {
      const { model, data } = await modelOf(problem, lbfgs({ learningRate, history }));
      for (const [i, expected] of points.entries()) {
        await model.fit(data, { batchSize: 8, shuffle: false });
        const weights = model.weights();
        const found = [...(weights["unit/kernel"]?.data ?? []), ...(weights["unit/bias"]?.data ?? [])];
        const size = Math.hypot(...expected);
        const error = Math.hypot(...found.map((w, j) => w - (expected[j] as number)));
        expect(error / size, `step ${i + 1}`).toBeLessThan(1e-6);
      }
    },
  );

  it("reaches the minimum of an ill-conditioned quadratic in 100 steps, where 600 of the best gradient descent do not", async () => {
    // The rate 2 / (L + μ) and the factor ((κ − 1) / (κ + 1))² a step are the best for curvatures from μ = 1 to L = 1000.
    const best = sgd({ learningRate: 2 / 1001 });
    const quadratic = (w: Value) =>
      sum(multiply(constant(CURVATURES.map((c) => c / 2)), square(subtract(w, constant(1)))));
    expect(await lowest(quadratic, best, 600, ZEROS)).toBeGreaterThan(0.05);
    expect(await lowest(quadratic, lbfgs(), 100, ZEROS)).toBeLessThan(1e-8);
    expect(await lowest(quadratic, lbfgs({ history: 3 }), 200, ZEROS)).toBeLessThan(1e-7);
  });

  it("follows the valley of Rosenbrock's function to its end, where gradient descent is still on its way", async () => {
    const rosenbrock = (w: Value) => {
      const [a, b] = [slice(w, [0], [1]), slice(w, [1], [1])];
      const across = subtract(b, square(a));
      return sum(add(square(subtract(constant([1]), a)), multiply(constant([100]), square(across))));
    };
    const start = [-1.2, 1];
    expect(await lowest(rosenbrock, lbfgs({ learningRate: 0.5 }), 100, start)).toBeLessThan(1e-8);
    expect(await lowest(rosenbrock, sgd({ learningRate: 0.001 }), 2000, start)).toBeGreaterThan(0.05);
  });

  it("rests at the minimum: more steps change no bit", async () => {
    const { model, data } = await modelOf("logistic", lbfgs());
    await model.fit(data, { epochs: 40 });
    const bits = weightBits(model);
    await model.fit(data, { epochs: 20 });
    expect(weightBits(model)).toEqual(bits);
  });

  it("takes the same steps in micro-batches, and by the norm that the gradient is clipped to", async () => {
    const steps = async (options: object, fit: object) => {
      const { model, data } = await modelOf("logistic", lbfgs({ learningRate: 0.5 }), options);
      await model.fit(data, { epochs: 4, ...fit });
      return model.weights()["unit/kernel"]?.data as Float32Array;
    };
    const whole = await steps({}, {});
    const inParts = await steps({}, { accumulate: 4 });
    inParts.forEach((w, i) => {
      expect(Math.abs(w - (whole[i] as number))).toBeLessThan(1e-6);
    });
    expect([...(await steps({ clipNorm: 1e3 }, {}))]).toEqual([...whole]);
    expect([...(await steps({ clipNorm: 1e-2 }, {}))]).not.toEqual([...whole]);
  });

  it("goes on from a snapshot to the same bits", async () => {
    const { model, data } = await modelOf("logistic", lbfgs({ learningRate: 0.25, history: 3 }));
    await model.fit(data, { epochs: 5 });
    const other = (await modelOf("logistic", lbfgs({ learningRate: 0.25, history: 3 }))).model;
    other.restore(model.snapshot());
    for (const one of [model, other]) await one.fit(data, { epochs: 3 });
    expect(weightBits(other)).toEqual(weightBits(model));
  });

  it("begins anew when parameters are unfrozen: as a new model does from there", async () => {
    const { model, data } = await modelOf("regression", lbfgs());
    model.freeze("unit/bias");
    await model.fit(data, { epochs: 3 });
    expect(model.weights()["unit/bias"]?.data[0]).toBe(torch.bias);
    model.unfreeze("unit/bias");
    const fresh = (await modelOf("regression", lbfgs())).model;
    fresh.setWeights(model.weights());
    for (const one of [model, fresh]) await one.fit(data, { epochs: 4 });
    expect(weightBits(model)).toEqual(weightBits(fresh));
    model.freeze("unit/bias");
    fresh.freeze("unit/bias");
    for (const one of [model, fresh]) await one.fit(data, { epochs: 3 });
    expect(weightBits(model)).toEqual(weightBits(fresh));
  });

  it("adds weightDecay · w to the gradient: as l2(weightDecay / 2) adds to the loss", async () => {
    const decayed = await compile(sequential(input(3), dense(1, { useBias: false, name: "unit" })), {
      loss: "meanSquaredError",
      optimizer: lbfgs({ weightDecay: 0.5 }),
    });
    const penalized = await compile(
      sequential(input(3), dense(1, { useBias: false, kernelRegularizer: l2(0.25), name: "unit" })),
      { loss: "meanSquaredError", optimizer: lbfgs() },
    );
    const [one, other] = await Promise.all(
      [decayed, penalized].map(async (model) => {
        model.setWeights({ "unit/kernel": torch.kernel });
        await model.fit({ x: torch.x, y: torch.y.map((y) => [y]) }, { epochs: 12 });
        return [...(model.weights()["unit/kernel"]?.data ?? [])];
      }),
    );
    other?.forEach((w, i) => {
      expect(Math.abs(w - (one?.[i] as number))).toBeLessThan(1e-6);
    });
  });

  it("recurses over the longest history that there may be", async () => {
    const quadratic = (w: Value) => sum(square(multiply(constant(CURVATURES), subtract(w, constant(1)))));
    const steps = 1200;
    // A rate so small that none of the steps is the last.
    const slow = lbfgs({ history: 1000, learningRate: (step) => (step === 0 ? 1e-3 : 1e-2) });
    const end = await lowest(quadratic, slow, steps, ZEROS);
    expect(end).toBeLessThan(1);
    expect(end).toBeGreaterThan(1e-9);
  });

  it("stops as diverged before an update that leaves the range of f32, with the weights of before", async () => {
    const { model, data } = await modelOf("regression", lbfgs({ learningRate: 1e35 }));
    const bits = weightBits(model);
    await expect(model.fit(data)).rejects.toThrow(DivergedError);
    expect(weightBits(model)).toEqual(bits);
  });
});

describe("lbfgs refuses", () => {
  it("batches that are not all rows, with the mend", async () => {
    const { model, data } = await modelOf("regression", lbfgs());
    await expect(model.fit(data, { batchSize: 4 })).rejects.toThrow(
      "fit: batchSize is 4 and the data has 8 rows; lbfgs needs all of them in one batch. Leave batchSize out, or give batchSize: 8",
    );
    const [report] = await model.fit(data);
    expect(report?.steps).toBe(1);
  });

  it.each<[object, string]>([
    [{ history: 0 }, "lbfgs: history is 0; needs an integer from 1 to 1000."],
    [{ history: 1.5 }, "lbfgs: history is 1.5; needs an integer from 1 to 1000."],
    [{ history: 1001 }, "lbfgs: history is 1001; needs an integer from 1 to 1000."],
    [{ historySize: 5 }, 'lbfgs: there is no option "historySize"'],
    [{ learningRate: 0 }, "lbfgs: learningRate is 0; needs a positive number"],
    [{ weightDecay: -1 }, "lbfgs: weightDecay is -1; needs a number of at least 0."],
    [{ groups: {} }, 'lbfgs: there is no option "groups"'],
  ])("%j", (options, message) => {
    expect(() => lbfgs(options)).toThrow(message);
  });
});

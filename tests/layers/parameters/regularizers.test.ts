/** Penalties that layers add to the loss, by Keras' formulas in f64, and what they do to gradients. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../../src/autodiff/gradientCheck.js";
import {
  compile,
  customLayer,
  type DenseOptions,
  dense,
  input,
  l1,
  l1l2,
  l2,
  network,
  OptionError,
  type RegularizerOption,
  sequential,
  sgd,
} from "../../../src/index.js";
import { multiply } from "../../../src/ops/index.js";
import { rowsOf } from "../../given/models.js";

const ROWS = 11;
const data = { x: rowsOf(ROWS, 4), y: rowsOf(ROWS, 3, 2) };
const net = (options: DenseOptions) =>
  sequential(input(4), dense(5, { activation: "tanh", name: "hidden", ...options }), dense(3));
const settings = { loss: "meanSquaredError", optimizer: sgd({ learningRate: 0.1 }), seed: 2 } as const;

const magnitudes = (values: Iterable<number>) => [...values].reduce((sum, w) => sum + Math.abs(w), 0);
const squares = (values: Iterable<number>) => [...values].reduce((sum, w) => sum + w * w, 0);

/** keras.regularizers */
const inF64: [string, RegularizerOption, (values: Iterable<number>) => number][] = [
  ["l1", "l1", (w) => 0.01 * magnitudes(w)],
  ["l2", "l2", (w) => 0.01 * squares(w)],
  ["l1l2", "l1l2", (w) => 0.01 * magnitudes(w) + 0.01 * squares(w)],
  ["l1(0.3)", l1(0.3), (w) => 0.3 * magnitudes(w)],
  ["l2(0.2)", l2(0.2), (w) => 0.2 * squares(w)],
  ["l1l2({ l1, l2 })", l1l2({ l1: 0.05, l2: 0.4 }), (w) => 0.05 * magnitudes(w) + 0.4 * squares(w)],
];

describe("a penalty", () => {
  it.each(inF64)(
    "of %s is in the loss of training and evaluation, and reported by layer",
    async (_, option, penalty) => {
      const bare = await compile(net({}), settings);
      const biases = [0.5, -0.25, 0.125, -1, 2];
      bare.setWeights({ "hidden/bias": biases });
      const without = (await bare.evaluate(data)).loss;
      const hidden = (await bare.activations(data.x, ["hidden"])).hidden;
      const expected = {
        kernelRegularizer: penalty(bare.weights()["hidden/kernel"]?.data ?? []),
        biasRegularizer: penalty(biases),
        // Keras divides by the rows of the batch.
        activityRegularizer: penalty(hidden) / ROWS,
      };
      const sum = Object.values(expected).reduce((total, one) => total + one);
      const cases: [DenseOptions, number][] = [
        [{ kernelRegularizer: option }, expected.kernelRegularizer],
        [{ biasRegularizer: option }, expected.biasRegularizer],
        [{ activityRegularizer: option }, expected.activityRegularizer],
        [{ kernelRegularizer: option, biasRegularizer: option, activityRegularizer: option }, sum],
      ];
      for (const [options, value] of cases) {
        const model = await compile(net(options), settings);
        model.setWeights(bare.weights());
        const scores = await model.evaluate(data);
        expect(Math.abs((scores.losses?.hidden as number) - value)).toBeLessThan(2e-6 * value);
        expect(Math.abs(scores.loss - without - value)).toBeLessThan(1e-6 * scores.loss);
        const [report] = await model.fit(data, { batchSize: ROWS });
        expect(Math.abs((report?.losses?.hidden as number) - value)).toBeLessThan(2e-6 * value);
        expect(Math.abs((report?.loss as number) - scores.loss)).toBeLessThan(1e-6);
      }
    },
  );

  it.each(inF64)("of %s has gradients that finite differences confirm", async (_, option) => {
    for (const options of [
      { kernelRegularizer: option, biasRegularizer: option },
      { activityRegularizer: option },
    ]) {
      const check = await gradientCheck(net({ ...options, biasInitializer: "uniform" }), data, {
        loss: "meanSquaredError",
        seed: 3,
      });
      expect(check.passed, String(check)).toBe(true);
      expect(check.worst?.error).toBeLessThan(1e-5);
    }
  });

  it("of l2(λ / 2) moves weights with sgd as a weightDecay of λ does", async () => {
    const decayed = await compile(net({}), {
      ...settings,
      optimizer: sgd({ learningRate: 0.1, groups: { "hidden/kernel": { weightDecay: 0.6 } } }),
    });
    const penalized = await compile(net({ kernelRegularizer: l2(0.3) }), settings);
    for (const model of [decayed, penalized]) await model.fit(data, { epochs: 5, batchSize: 4 });
    const expected = decayed.weights()["hidden/kernel"]?.data ?? [];
    penalized.weights()["hidden/kernel"]?.data.forEach((w, i) => {
      expect(Math.abs(w - (expected[i] as number))).toBeLessThan(1e-6);
    });
  });

  it("of a layer that is used twice is that of its weights once, and of each of its results", async () => {
    const shared = dense(4, {
      name: "shared",
      kernelRegularizer: l2(0.3),
      activityRegularizer: l1(0.2),
      useBias: false,
    });
    const x = input(4);
    const once = shared(x);
    const model = await compile(network({ inputs: x, outputs: dense(3)(shared(once)) }), settings);
    const kernel = model.weights()["shared/kernel"]?.data ?? [];
    const results = (rows: readonly number[][]) =>
      rows.map((row) =>
        [0, 1, 2, 3].map((unit) =>
          row.reduce((sum, one, i) => sum + one * (kernel[i * 4 + unit] as number), 0),
        ),
      );
    const first = results(data.x);
    const activity = (0.2 * magnitudes([...first, ...results(first)].flat())) / ROWS;
    const { losses } = await model.evaluate(data);
    expect(losses?.shared).toBeCloseTo(0.3 * squares(kernel) + activity, 5);
  });

  it("of a frozen layer is reported, and changes nothing", async () => {
    const options = { kernelRegularizer: l2(0.3), trainable: false };
    const model = await compile(net(options), settings);
    const bare = await compile(net({ trainable: false }), settings);
    const before = model.weights()["hidden/kernel"]?.data;
    const [report] = await model.fit(data, { epochs: 3, batchSize: ROWS });
    await bare.fit(data, { epochs: 3, batchSize: ROWS });
    expect(report?.losses?.hidden).toBeCloseTo(0.3 * squares(before ?? []), 5);
    expect(model.weights()).toEqual(bare.weights());
    expect(model.weights()["hidden/kernel"]?.data).toEqual(before);
  });

  it("counts once for a step in micro-batches, where losses are means", async () => {
    const losses = await Promise.all(
      [1, 3].map(async (accumulate) => {
        const model = await compile(
          net({ kernelRegularizer: l2(0.3), activityRegularizer: l2(0.1) }),
          settings,
        );
        const [first] = await model.fit(data, { batchSize: ROWS, accumulate, shuffle: false });
        return [first?.losses?.hidden as number, ...(model.weights()["hidden/kernel"]?.data ?? [])];
      }),
    );
    losses[0]?.forEach((value, i) => {
      expect(Math.abs(value - (losses[1]?.[i] as number))).toBeLessThan(1e-6);
    });
  });

  it("of rate 0 is none: there is no loss that it is reported as", async () => {
    const model = await compile(net({ kernelRegularizer: l2(0), activityRegularizer: l1(0) }), settings);
    expect(await model.evaluate(data)).not.toHaveProperty("losses");
  });

  it("makes weights of inputs that tell nothing small: l1 more of them than l2", async () => {
    const x = rowsOf(64, 8);
    const y = x.map(([a = 0, b = 0]) => [2 * a - b]);
    const small = async (kernelRegularizer: RegularizerOption) => {
      const model = await compile(sequential(input(8), dense(1, { kernelRegularizer })), {
        loss: "meanSquaredError",
        optimizer: sgd({ learningRate: (step) => 0.3 / (1 + step / 20) }),
      });
      await model.fit({ x, y }, { epochs: 400, batchSize: 64 });
      const kernel = [...(model.weights()["dense/kernel"]?.data ?? [])];
      expect(Math.min(Math.abs(kernel[0] as number), Math.abs(kernel[1] as number))).toBeGreaterThan(0.3);
      return kernel.slice(2).filter((w) => Math.abs(w) < 3e-3).length;
    };
    expect(await small(l1(0.1))).toBe(6);
    expect(await small(l2(0.1))).toBeLessThan(3);
  });

  it("is given to parameters of custom layers", async () => {
    const scaling = customLayer({
      kind: "scaling",
      parameters: () => ({ w: { shape: [4], initializer: 1.5, regularizer: l1l2({ l1: 0.1, l2: 0.2 }) } }),
      build: ([x], { w }) => multiply(x, w),
    });
    const x = input(4);
    const model = await compile(network({ inputs: x, outputs: dense(3)(scaling(scaling(x))) }), settings);
    expect((await model.evaluate(data)).losses?.scaling).toBeCloseTo(4 * (0.1 * 1.5 + 0.2 * 1.5 ** 2), 5);
  });
});

describe("regularizers refuse", () => {
  it.each<[() => unknown, string]>([
    [() => l1(-1), "l1: rate is -1; needs a number of at least 0."],
    [() => l2(Number.NaN), "l2: rate is NaN; needs a number of at least 0."],
    [() => l1l2({ l1: -1 }), "l1l2: l1 is -1; needs a number of at least 0."],
    [() => l1l2({ l3: 1 } as object), 'l1l2: there is no option "l3". Did you mean'],
    [
      () => dense(2, { kernelRegularizer: "l3" as "l2" }),
      'dense: kernelRegularizer: there is no regularizer "l3". Did you mean',
    ],
    [
      () => dense(2, { biasRegularizer: l2 as never }),
      "dense: biasRegularizer: there is no regularizer a function. Call it",
    ],
    [
      () => dense(2, { activityRegularizer: { l2: 1 } as never }),
      "dense: activityRegularizer: the regularizer is an object",
    ],
    [() => dense(2, { kernelRegularizer: { l1: -1, l2: 0 } }), "l1 is -1; needs a number of at least 0."],
    [
      () => dense(2, { kernelRegulariser: "l2" } as object),
      'dense: there is no option "kernelRegulariser". Did you mean "kernelRegularizer"?',
    ],
  ])("%s", (call, message) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });
});

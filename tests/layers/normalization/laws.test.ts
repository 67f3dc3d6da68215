/** What normalization is for: what it is blind to, and depths that learn with it only. */
import { describe, expect, it } from "vitest";
import { compileFunction } from "../../../src/autodiff/index.ts";
import {
  batchNorm,
  compile,
  dense,
  groupNorm,
  input,
  instanceNorm,
  type Layer,
  layerNorm,
  rmsNorm,
  ShapeError,
  sequential,
  sgd,
  type Value,
} from "../../../src/index.ts";
import {
  add,
  batchNorm as batchNormOf,
  groupNorm as groupNormOf,
  instanceNorm as instanceNormOf,
  layerNorm as layerNormOf,
  matmul,
  mean,
  multiply,
  rmsNorm as rmsNormOf,
  variance,
} from "../../../src/ops/index.ts";
import { numbers, rowsOf } from "../../given/models.ts";

const ROWS = 16;

function expectNear(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(found[i]! - expected[i]!), `element ${i}`).toBeLessThan(tolerance);
  }
}

describe("batchNorm", () => {
  // Without epsilon the law is exact; this one is far below the variances.
  const normalized = (x: Value, w: Value) => batchNormOf(matmul(x, w), { epsilon: 1e-12 });
  const shapes = { x: [ROWS, 5], w: [5, 7], seed: [ROWS, 7] };
  const x = Float32Array.from(numbers(ROWS * 5, 2));
  const w = Float32Array.from(numbers(35, 3));
  const seed = Float32Array.from(numbers(ROWS * 7, 4));

  it("is blind to the scale of the weights before it, whose gradient shrinks as they grow (§3.3)", async () => {
    const run = await compileFunction(
      (values) => mean(multiply(normalized(values.x, values.w), values.seed)),
      {
        inputs: shapes,
        gradients: ["x", "w"],
      },
    );
    const plain = run({ x, w, seed });
    for (const scale of [0.125, 3, 64]) {
      const scaled = run({ x, w: w.map((one) => scale * one), seed });
      expectNear(scaled.value, plain.value, 1e-6);
      expectNear(scaled.gradients.x, plain.gradients.x, 1e-6);
      const grown = scaled.gradients.w.map((one) => one * scale);
      expectNear(grown, plain.gradients.w, 1e-6);
    }
  });

  it("is blind to a bias before it, which therefore has no gradient", async () => {
    const run = await compileFunction(
      (values) => mean(multiply(batchNormOf(add(matmul(values.x, values.w), values.b)), values.seed)),
      { inputs: { ...shapes, b: [7] }, gradients: ["b"] },
    );
    const [none, some] = [run({ x, w, seed, b: new Float32Array(7) }), run({ x, w, seed, b: numbers(7) })];
    expectNear(some.value, none.value, 1e-6);
    expectNear(some.gradients.b, new Float32Array(7), 1e-7);
  });
});

describe("what is normalized", () => {
  const shape = [4, 6, 8];
  const x = Float32Array.from(numbers(4 * 6 * 8, 7));
  const forms: Readonly<Record<string, readonly [(x: Value) => Value, number[]]>> = {
    layerNorm: [layerNormOf, [2]],
    "layerNorm over two axes": [(one) => layerNormOf(one, { axis: [1, 2] }), [1, 2]],
    batchNorm: [batchNormOf, [0, 1]],
    instanceNorm: [instanceNormOf, [1]],
    "groupNorm of one group": [(one) => groupNormOf(one, 1), [1, 2]],
  };

  it.each(Object.entries(forms))("by %s has mean 0 and variance 1", async (_, [form, axes]) => {
    const run = await compileFunction(
      (one: Value) => {
        const y = form(one);
        return { center: mean(y, { axis: axes }), spread: variance(y, { axis: axes }) };
      },
      { inputs: shape },
    );
    const { center, spread } = run(x);
    expectNear(center, new Float32Array(center.length), 1e-6);
    // variance / (variance + epsilon), with a variance of at least 0.03.
    expectNear(spread, new Float32Array(spread.length).fill(1), 4e-4);
  });

  it.each([
    ["layerNorm", layerNormOf, 3, 5],
    ["rmsNorm", rmsNormOf, 3, 0],
    ["groupNorm", (one: Value) => groupNormOf(one, 2), 3, 5],
    ["instanceNorm", instanceNormOf, 3, 5],
  ] as const)(
    "by %s is blind to the scale of a row, and to what is added to all of it",
    async (_, f, scale, offset) => {
      const run = await compileFunction((one: Value) => f(one), { inputs: shape });
      const size = x.length / 4;
      const moved = x.map((one, i) => (i < size ? scale * one + offset : one));
      // Of the first row what epsilon weighs; of the others not a bit.
      const [plain, other] = [run(x), run(moved)];
      expectNear(other.subarray(0, size), plain.subarray(0, size), 3e-4);
      expect(other.subarray(size)).toEqual(plain.subarray(size));
    },
  );

  it("by groups of one channel is so by instance; by one group without positions, by layer", async () => {
    const both = await compileFunction(
      (one: Value) => ({ groups: groupNormOf(one, 8), channels: instanceNormOf(one) }),
      { inputs: shape },
    );
    const { groups, channels } = both(x);
    expect(groups).toEqual(channels);
    const flat = await compileFunction(
      (one: Value) => ({ group: groupNormOf(one, 1), layer: layerNormOf(one) }),
      { inputs: [24, 8] },
    );
    const { group, layer } = flat(x);
    expect(group).toEqual(layer);
  });
});

describe("30 layers of sigmoid units", () => {
  const x = rowsOf(256, 4, 3);
  /** Two classes, parted by a curve. */
  const y = x.map(([a, b, c]) => (a! * b! + c! > 0 ? 1 : 0));
  const stack = (norm: (() => Layer) | undefined) =>
    sequential(
      input(4),
      ...Array.from({ length: 30 }, () => [dense(16, "sigmoid"), ...(norm ? [norm()] : [])]).flat(),
      dense(2, "softmax"),
    );
  const trained = async (norm?: () => Layer) => {
    const model = await compile(stack(norm), {
      loss: "crossEntropy",
      optimizer: sgd({ learningRate: 0.01, momentum: 0.9 }),
      metrics: ["accuracy"],
      seed: 1,
    });
    await model.fit({ x, y }, { epochs: 60, batchSize: 32 });
    return model.evaluate({ x, y });
  };
  /** What the share of each class alone gives: ln 2, or less where the classes are not even. */
  const share = y.filter((one) => one === 1).length / y.length;
  const baseRate = -share * Math.log(share) - (1 - share) * Math.log(1 - share);

  it("stand still without normalization, at the base rate", async () => {
    const { loss } = await trained();
    expect(Math.abs(loss - baseRate)).toBeLessThan(0.02);
  });

  it("learn with batchNorm between them", async () => {
    const { loss, accuracy } = await trained(batchNorm);
    expect(loss).toBeLessThan(0.5 * baseRate);
    expect(accuracy).toBeGreaterThan(0.9);
  });
});

describe("an input that does not fit", () => {
  it.each([
    [
      layerNorm({ axis: 0 }),
      [3],
      "layerNorm: input is [rows, 3]; needs [rows, …, features], and axes other than the rows",
    ],
    [layerNorm({ axis: [1, -1] }), [3], "layerNorm: axis 1 is named twice"],
    [rmsNorm({ axis: 5 }), [3], "rmsNorm: axis is 5; needs an integer from -2 to 1"],
    [
      groupNorm(),
      [8],
      "groupNorm: input is [rows, 8]; needs channels, its last axis, that 32 groups divide evenly",
    ],
    [
      instanceNorm({ name: "n" }),
      [8],
      'instanceNorm "n": input is [rows, 8]; needs [rows, …positions, channels]',
    ],
  ] as const)("is refused, %#", (layer, shape, message) => {
    expect(() => layer(input(shape))).toThrow(ShapeError);
    expect(() => layer(input(shape))).toThrow(message);
  });

  it.each([
    [() => layerNorm({ epsilon: -1 }), "layerNorm: epsilon is -1; needs a number above 0"],
    [() => rmsNorm({ center: true } as never), 'rmsNorm: there is no option "center"'],
    [() => groupNorm({ groups: 0 }), "groupNorm: groups is 0; needs an integer of at least 1"],
    [() => instanceNorm({ centre: true } as never), 'Did you mean "center"?'],
    [() => layerNorm({ betaInitializer: "zero" as never }), 'Did you mean "zeros"?'],
  ])("by its options, %#", (make, message) => {
    expect(make).toThrow(message);
  });
});

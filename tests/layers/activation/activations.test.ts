/** Activations: beside PyTorch's numbers, which tests/peers/torch/activations.py writes, and in the options of layers. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileFunction } from "../../../src/autodiff/index.ts";
import {
  type ActivationName,
  type ActivationOption,
  activation,
  celu,
  compile,
  dense,
  elu,
  gelu,
  hardTanh,
  type Initializer,
  type InitializerName,
  input,
  type Layer,
  leakyRelu,
  logSoftmax,
  OptionError,
  ShapeError,
  sequential,
  softmax,
  type Value,
  varianceScaling,
} from "../../../src/index.ts";
import * as functions from "../../../src/ops/index.ts";
import { rowsOf } from "../../given/models.ts";

interface Curve {
  readonly x: number[];
  readonly y: number[];
  readonly dx: number[];
}

interface Numbers {
  readonly curves: Record<string, Curve>;
  readonly rows: number[][];
  readonly weights: number[][];
  readonly blocks: Record<string, { readonly y: number[]; readonly dx: number[] }>;
}

const numbers: Numbers = JSON.parse(
  readFileSync(new URL("../../peers/torch/activations.json", import.meta.url), "utf8"),
);

/** In f64, PyTorch's sums such as 1 + erf leave an error of a few 1e-16 · |x|: beside the floor that is nothing. */
function expectNear(found: ArrayLike<number>, expected: readonly number[], what: string, floor = 1e-8): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((right, i) => {
    const error = Math.abs((found[i] as number) - right) / Math.max(Math.abs(right), floor);
    expect(error, `${what} ${i}: ${found[i]} instead of ${right}`).toBeLessThan(1e-6);
  });
}

/**
 * Gradients that are made of the saved result, which in f32 is 1 − 6e-8 at best, so that 1 − y has an error of that
 * size; and that of silu, whose terms of 0.2 cancel at −1.28.
 */
const floorOfGradient = (name: string) => (/^(sigmoid|tanh|logSoftmax|silu)/.test(name) ? 0.1 : undefined);

/** Both ways to write each curve: by the function, and as the activation of a layer. */
const curves: Record<string, readonly [(x: Value) => Value, ActivationOption]> = {
  linear: [(x) => functions.add(x, 0), "linear"],
  relu: [functions.relu, "relu"],
  leakyRelu: [functions.leakyRelu, "leakyRelu"],
  "leakyRelu 0.25": [(x) => functions.leakyRelu(x, { slope: 0.25 }), leakyRelu({ slope: 0.25 })],
  elu: [functions.elu, "elu"],
  "elu 0.5": [(x) => functions.elu(x, { alpha: 0.5 }), elu({ alpha: 0.5 })],
  selu: [functions.selu, "selu"],
  celu: [functions.celu, "celu"],
  "celu 0.25": [(x) => functions.celu(x, { alpha: 0.25 }), celu({ alpha: 0.25 })],
  gelu: [functions.gelu, "gelu"],
  geluTanh: [functions.geluTanh, gelu({ approximate: true })],
  silu: [functions.silu, "silu"],
  mish: [functions.mish, "mish"],
  sigmoid: [functions.sigmoid, "sigmoid"],
  tanh: [functions.tanh, "tanh"],
  softplus: [functions.softplus, "softplus"],
  softsign: [functions.softsign, "softsign"],
  hardSigmoid: [functions.hardSigmoid, "hardSigmoid"],
  hardSwish: [functions.hardSwish, "hardSwish"],
  hardTanh: [functions.hardTanh, "hardTanh"],
  "hardTanh -0.5 3": [(x) => functions.hardTanh(x, { low: -0.5, high: 3 }), hardTanh({ low: -0.5, high: 3 })],
  relu6: [functions.relu6, "relu6"],
  exponential: [functions.exp, "exponential"],
};

describe("beside PyTorch, to 1e-6,", () => {
  it("every curve that it was asked for is compared", () => {
    expect(Object.keys(curves).sort()).toEqual(Object.keys(numbers.curves).sort());
  });

  it.each(Object.entries(curves))(
    "%s and its gradient are the same, at kinks and in tails too",
    async (name, [f]) => {
      const { x, y, dx } = numbers.curves[name] as Curve;
      const compiled = await compileFunction((given: Value) => f(given), {
        inputs: [x.length],
        gradients: true,
        seeds: true,
      });
      const { value, gradients } = compiled(
        x,
        x.map(() => 1),
      );
      expectNear(value, y, name);
      expectNear(gradients, dx, `the gradient of ${name}`, floorOfGradient(name));
      compiled.dispose();
    },
  );

  it.each(Object.entries(curves))("%s is the same as the activation of a layer", async (name, [, option]) => {
    const { x, y } = numbers.curves[name] as Curve;
    const model = await compile(sequential(input(1), activation(option)));
    expectNear(await model.predict(x.map((one) => [one])), y, name);
  });

  const blocks: Record<string, (x: Value) => Value> = {
    softmax: functions.softmax,
    "softmax 0": (x) => functions.softmax(x, { axis: 0 }),
    logSoftmax: functions.logSoftmax,
    "logSoftmax 0": (x) => functions.logSoftmax(x, { axis: 0 }),
    glu: functions.glu,
    swiGlu: functions.swiGlu,
    geGlu: functions.geGlu,
    "maxout 2": functions.maxout,
    "maxout 4": (x) => functions.maxout(x, { pieces: 4 }),
  };

  it.each(Object.entries(numbers.blocks))(
    "%s of rows and its gradient are the same",
    async (name, { y, dx }) => {
      const f = blocks[name] as (x: Value) => Value;
      const compiled = await compileFunction((x: Value) => f(x), {
        inputs: [3, 8],
        gradients: true,
        seeds: true,
      });
      const { value, gradients } = compiled(
        numbers.rows,
        numbers.weights.map((row) => row.slice(0, y.length / 3)),
      );
      expectNear(value, y, name);
      expectNear(gradients, dx, `the gradient of ${name}`, floorOfGradient(name));
      compiled.dispose();
    },
  );
});

const x = rowsOf(9, 5, 11).map((row) => row.map((value) => 4 * value));

const outputOf = async (...layers: Layer[]) =>
  (await compile(sequential(input(5), ...layers), { seed: 2 })).predict(x);

const kernelOf = async (layer: Layer) =>
  (await compile(sequential(input(9), layer), { seed: 1 })).weights()["dense/kernel"];

describe("an activation of a layer", () => {
  const same: readonly (readonly [string, ActivationOption, ActivationOption])[] = [
    ["swish and silu", "swish", "silu"],
    ["geluTanh and gelu by the tanh", "geluTanh", gelu({ approximate: true })],
    ["gelu by its name and configured", "gelu", gelu()],
    ["leakyRelu by its name and configured", "leakyRelu", leakyRelu()],
    ["elu by its name and configured", "elu", elu()],
    ["celu by its name and elu", "celu", "elu"],
    ["softmax by its name and along the last axis", "softmax", softmax({ axis: 1 })],
    ["logSoftmax by its name and configured", "logSoftmax", logSoftmax()],
    ["hardTanh by its name and configured", "hardTanh", hardTanh({ low: -1, high: 1 })],
    ["mish by its name and as a function of wasmgrad/ops", "mish", functions.mish],
    ["tanh and a function of one's own that is the same", "tanh", (z) => functions.tanh(z)],
  ];

  it.each(same)(
    "may be written in two ways: %s, to the bit, with the same first weights",
    async (_, one, other) => {
      expect(await outputOf(dense(4, one))).toEqual(await outputOf(dense(4, { activation: other })));
      expect(await outputOf(activation(one))).toEqual(await outputOf(activation(other)));
    },
  );

  it("may be a function of one's own", async () => {
    const own = (z: Value) => functions.multiply(z, functions.sigmoid(functions.multiply(z, 1.702)));
    const found = await outputOf(activation(own));
    x.flat().forEach((z, i) => expect(found[i]).toBeCloseTo(z / (1 + Math.exp(-1.702 * z)), 5));
  });

  it("that is a softmax along the rows sums to one there", async () => {
    const found = await outputOf(activation(softmax({ axis: 0 })));
    for (let column = 0; column < 5; column++) {
      const sum = x.reduce((total, _, row) => total + (found[row * 5 + column] as number), 0);
      expect(sum).toBeCloseTo(1, 6);
    }
  });

  it("that is a configured softmax meets crossEntropy in its stable form: logits of 1000 give no infinite loss", async () => {
    const network = sequential(input(3), activation(softmax()));
    const model = await compile(network, { loss: "crossEntropy" });
    const { loss } = await model.evaluate({ x: [[1000, 0, -1000]], y: [2] });
    expect(loss).toBe(2000);
  });

  const he = (slope: number) =>
    varianceScaling({ scale: 2 / (1 + slope ** 2), mode: "fanIn", distribution: "uniform" });
  const starts: Record<ActivationName, InitializerName | Initializer> = {
    linear: "glorotUniform",
    relu: "heUniform",
    leakyRelu: he(0.01),
    elu: "heUniform",
    selu: "lecunNormal",
    celu: "heUniform",
    gelu: "heUniform",
    geluTanh: "heUniform",
    silu: "heUniform",
    swish: "heUniform",
    mish: "heUniform",
    sigmoid: "glorotUniform",
    tanh: "glorotUniform",
    softplus: "glorotUniform",
    softsign: "glorotUniform",
    hardSigmoid: "glorotUniform",
    hardSwish: "heUniform",
    hardTanh: "glorotUniform",
    relu6: "heUniform",
    exponential: "glorotUniform",
    softmax: "glorotUniform",
    logSoftmax: "glorotUniform",
  };

  it.each(Object.entries(starts) as [ActivationName, InitializerName][])(
    "%s has a kernel before it that starts as the documentation of dense says",
    async (name, kernelInitializer) => {
      expect(await kernelOf(dense(4, name))).toEqual(await kernelOf(dense(4, { kernelInitializer })));
    },
  );

  it("starts the kernel before a steeper leakyRelu with less variance: He et al. 2015, eq. 15", async () => {
    const [steep, flat] = await Promise.all([
      kernelOf(dense(4, leakyRelu({ slope: 1 }))),
      kernelOf(dense(4, "relu")),
    ]);
    // The same draws, scaled by √(2 / (1 + 1²)) instead of √2.
    steep?.data.forEach((weight, i) => {
      expect(weight).toBeCloseTo((flat?.data[i] as number) / Math.SQRT2, 6);
    });
  });
});

describe("an activation is refused", () => {
  const errorOf = (build: () => unknown): Error => {
    try {
      build();
    } catch (error) {
      return error as Error;
    }
    throw new Error("no error");
  };

  it.each<[string, () => unknown, string]>([
    ["for a misspelled name", () => dense(3, "geluTan" as "gelu"), 'Did you mean "geluTanh"?'],
    ["for a number", () => activation(3 as never), "activation: there is no activation 3."],
    [
      "for a misspelled option",
      () => leakyRelu({ slop: 1 } as never),
      'leakyRelu: there is no option "slop". Did you mean "slope"?',
    ],
    ["for a slope that is no number", () => leakyRelu({ slope: Number.NaN }), "leakyRelu: slope is NaN"],
    ["for an alpha of 0", () => celu({ alpha: 0 }), "celu: alpha is 0; needs a number above 1e-38."],
    [
      "for ends in the wrong order",
      () => hardTanh({ low: 2 }),
      "hardTanh: low is 2 and high 1; needs low < high.",
    ],
    ["for half an axis", () => softmax({ axis: 0.5 }), "softmax: axis is 0.5; needs an integer."],
    [
      "for Keras's word",
      () => gelu({ approximate: "tanh" as never }),
      'gelu: approximate is "tanh"; needs true or false.',
    ],
  ])("%s", (_, build, says) => {
    const error = errorOf(build);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(says);
  });

  it("when the function that makes it was not called", async () => {
    const network = sequential(input(3), dense(2, leakyRelu as never));
    await expect(compile(network)).rejects.toThrow(
      "leakyRelu: got a value; needs options. Take leakyRelu of wasmgrad/ops, or give the layer " +
        '"leakyRelu" or leakyRelu().',
    );
  });

  it("when it changes the shape", async () => {
    const network = sequential(input(4), dense(6, functions.glu));
    const error = await compile(network).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain(
      "dense: the function that is its activation makes [rows, 3] of [rows, 6]; needs the same shape.",
    );
  });

  it("when it returns no value", async () => {
    const network = sequential(input(4), activation((() => 3) as never));
    await expect(compile(network)).rejects.toThrow(
      "the function that is its activation returns 3; needs a value. Write it with functions of wasmgrad/ops",
    );
  });
});

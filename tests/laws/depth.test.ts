/** What first values do to signals on their way through fifty layers, forward and back: they keep them, or lose them. */

import { describe, expect, it } from "vitest";
import { compileFunction } from "../../src/autodiff/index.ts";
import {
  type ActivationName,
  compile,
  dense,
  input,
  normal,
  sequential,
  type Value,
} from "../../src/index.ts";
import { toActivation } from "../../src/layers/activation/activations.ts";
import { add, matmul } from "../../src/ops/index.ts";
import { howMany } from "../given/depth.ts";
import type { Start } from "../given/firstValues.ts";

const DEPTH = 50;
const UNITS = 256;
const ROWS = 32;

/** Normal numbers for inputs and for gradients that come back, of variance 1: kernels that are drawn so. */
async function signals(seed: number): Promise<Float32Array> {
  const layer = dense(UNITS, { kernelInitializer: "normal" });
  return (await compile(sequential(input(ROWS), layer), { seed })).weights()["dense/kernel"]!.data;
}

const [inputs, seeds] = await Promise.all([signals(100), signals(101)]);

/** E x², in f64. */
const power = (values: Float32Array) => values.reduce((sum, x) => sum + x * x, 0) / values.length;

interface Powers {
  /** E y² behind each layer. */
  readonly forward: number[];
  /** E dx² before each layer, where E dy² behind the last is 1. */
  readonly backward: number[];
}

/**
 * The kernels that a network of dense layers starts with, and what signals of power 1 become in it. Zeros that are
 * added before each layer have the gradients of what is there.
 */
async function powersOf(name: ActivationName, kernelInitializer?: Start, depth = DEPTH): Promise<Powers> {
  const names = Array.from({ length: depth }, (_, i) => `layer ${i}`);
  const start = kernelInitializer === undefined ? {} : { kernelInitializer };
  const layers = names.map((one) => dense(UNITS, { activation: name, useBias: false, name: one, ...start }));
  const network = sequential(input(UNITS), ...layers);
  const model = await compile(network, { seed: 7 });
  const weights = model.weights();
  const rows = Array.from({ length: ROWS }, (_, i) => inputs.slice(i * UNITS, (i + 1) * UNITS));
  const found = await model.activations(rows, names);
  model.dispose();

  const { apply } = toActivation("test", name);
  const zeros = names.map((_, i) => `zero ${i}`);
  const shapes = Object.fromEntries([
    ...names.map((one) => [one, [UNITS, UNITS]]),
    ...zeros.map((one) => [one, [ROWS, UNITS]]),
  ]);
  const deep = await compileFunction(
    (inputs: Value | { readonly [name: string]: Value }) => {
      const given = inputs as { readonly [name: string]: Value };
      return names.reduce<Value>(
        (x, one, i) => apply(matmul(add(x, given[zeros[i]!]!), given[one]!)),
        given.x!,
      );
    },
    { inputs: { ...shapes, x: [ROWS, UNITS] }, gradients: zeros, seeds: true },
  );
  const none = new Float32Array(ROWS * UNITS);
  const { gradients } = deep(
    {
      x: inputs,
      ...Object.fromEntries(names.map((one) => [one, weights[`${one}/kernel`]!.data])),
      ...Object.fromEntries(zeros.map((one) => [one, none])),
    },
    seeds,
  );
  deep.dispose();
  return {
    forward: names.map((one) => power(found[one]!)),
    backward: zeros.map((one) => power((gradients as Record<string, Float32Array>)[one]!)),
  };
}

/** The factor by which the first and the last of a way differ, at most, from `around`. */
const strays = (all: readonly number[], around = 1) =>
  all.reduce((worst, one) => Math.max(worst, one / around, around / one), 1);

describe("through fifty layers of 256 units", () => {
  it("orthogonal kernels of linear layers keep the power of signals and gradients to 1e-4 (Saxe et al. 2014)", async () => {
    const { forward, backward } = await powersOf("linear", "orthogonal", howMany(12, DEPTH));
    // Square kernels turn each row, whose length is what it was.
    expect(strays(forward, power(inputs))).toBeLessThan(1.0001);
    expect(strays(backward, power(seeds))).toBeLessThan(1.0001);
  });

  it("relu, which starts as He et al. (2015) say, keeps both within a factor of 10", async () => {
    // The power of a layer varies by 5 / 256 from one draw to the next, so that of fifty by e^±1 (Hanin & Rolnick 2018).
    const { forward, backward } = await powersOf("relu");
    expect(strays(forward)).toBeLessThan(10);
    expect(strays(backward)).toBeLessThan(10);
  });

  it("selu, which starts as Klambauer et al. (2017) say, comes to a power of 1 and stays there", async () => {
    const { forward, backward } = await powersOf("selu");
    expect(strays(forward)).toBeLessThan(1.5);
    // E selu′(z)² is 1.07 at the fixed point.
    expect(strays(backward)).toBeLessThan(1.07 ** DEPTH * 3);
    expect(backward[0]).toBeGreaterThan(1);
  });

  it("tanh, which starts as Glorot & Bengio (2010) say, loses signal as 1 / (2 · depth) and hardly any gradient", async () => {
    // q ↦ E tanh²(√q z) = q − 2 q² + …, so that 1 / q grows by 2 with each layer (Schoenholz et al. 2017).
    const { forward, backward } = await powersOf("tanh");
    expect(strays(forward.slice(-1), 1 / (2 * DEPTH))).toBeLessThan(2);
    expect(strays(backward)).toBeLessThan(DEPTH * 2);
  });

  // The gates let less through the smaller signals are, at last a quarter of their power, which He's factor doubles: a
  // deep stack of them needs normalization.
  it.each<[ActivationName, number]>([
    ["leakyRelu", 10],
    ["gelu", 2 ** DEPTH],
    ["silu", 2 ** DEPTH],
  ])(
    "%s has its signals nearer to where they were with its default than with glorotUniform",
    async (name, within) => {
      const [own, other] = await Promise.all([powersOf(name), powersOf(name, "glorotUniform")]);
      expect(strays(own.forward)).toBeLessThan(within);
      expect(strays(own.forward)).toBeLessThan(strays(other.forward));
      expect(strays(own.backward)).toBeLessThan(strays(other.backward));
    },
  );

  it("relu that starts as tanh does loses half of both in each layer", async () => {
    const { forward, backward } = await powersOf("relu", "glorotUniform");
    expect(strays(forward.slice(-1), 2 ** -DEPTH)).toBeLessThan(10);
    expect(strays(backward.slice(0, 1), 2 ** -DEPTH)).toBeLessThan(10);
  });

  it("sigmoid lets every gradient vanish: each layer takes at least 15 of 16 parts of its power", async () => {
    // sigmoid′ is ¼ at most, and the kernels keep powers.
    const { backward } = await powersOf("sigmoid");
    expect(backward[0]).toBeLessThan(1.2 ** DEPTH * 16 ** -DEPTH);
  });

  it("zeros let nothing through", async () => {
    const { forward, backward } = await powersOf("tanh", "zeros");
    expect(Math.max(...forward, ...backward)).toBe(0);
  });

  it("kernels that are too small let signals and gradients vanish, by 256 · 0.01² in each layer", async () => {
    const { forward, backward } = await powersOf("linear", normal({ deviation: 0.01 }));
    expect(strays([forward[9]!], (256 * 0.01 ** 2) ** 10)).toBeLessThan(2);
    expect(forward.at(-1)).toBeLessThan(1e-60);
    expect(backward[0]).toBeLessThan(1e-60);
  });

  it("kernels that are too large let them explode, by 256 · 0.25² / 2 in each layer of relu", async () => {
    const { forward, backward } = await powersOf("relu", normal({ deviation: 0.25 }));
    expect(strays(forward.slice(-1), 8 ** DEPTH)).toBeLessThan(10);
    expect(strays(backward.slice(0, 1), 8 ** DEPTH)).toBeLessThan(10);
  });
});

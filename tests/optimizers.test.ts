/** Whole training steps against the optimizers' f64 definitions (PyTorch's semantics; tests/reference/optimizers.ts). */
import { describe, expect, it } from "vitest";
import { adam, compile, dense, input, type Optimizer, sequential, sgd } from "../src/index.js";
import { rowsOf } from "./models.js";
import * as reference from "./reference/optimizers.ts";

const STEPS = 30;
const rows = rowsOf(STEPS, 3);
const targets = rowsOf(STEPS, 1, 2);
const start = [0.4, -0.3, 0.2];

type Update = (w: Float64Array, gradient: Float64Array, t: number) => void;

/** The weights after each row was a step of its own: y = w · x, loss ½ (y − target)², so the gradient is (y − target) x. */
function inF64(update: Update, clipNorm: number): number[] {
  const w = Float64Array.from(start);
  rows.forEach((x, i) => {
    const error = x.reduce((sum, one, j) => sum + one * (w[j] as number), 0) - (targets[i]?.[0] as number);
    const gradient = Float64Array.from(x, (one) => error * one);
    const factor = reference.clipFactor(reference.gradientNorm(gradient), clipNorm);
    update(
      w,
      gradient.map((g) => g * factor),
      i + 1,
    );
  });
  return [...w];
}

async function inEngine(optimizer: Optimizer, clipNorm: number): Promise<number[]> {
  const model = await compile(sequential(input(3), dense(1, { useBias: false })), {
    loss: "sumOfSquares",
    optimizer,
    ...(clipNorm > 0 ? { clipNorm } : {}),
  });
  model.setWeights({ "dense/kernel": start });
  await model.fit({ x: rows, y: targets }, { batchSize: 1, shuffle: false });
  return [...(model.weights()["dense/kernel"]?.data ?? [])];
}

const sgdUpdate = (settings: Partial<reference.SgdSettings>): Update => {
  const velocity = new Float64Array(3);
  const whole = { learningRate: 0.1, momentum: 0, nesterov: false, weightDecay: 0, ...settings };
  return (w, gradient) => reference.sgd(w, velocity, gradient, whole);
};

const adamUpdate = (settings: Partial<reference.AdamSettings>): Update => {
  const [mean, variance] = [new Float64Array(3), new Float64Array(3)];
  const defaults = {
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    decoupled: false,
  };
  return (w, gradient, t) => reference.adam(w, mean, variance, gradient, t, { ...defaults, ...settings });
};

describe("thirty steps of", () => {
  it.each<[string, Optimizer, () => Update, number]>([
    ["sgd", sgd({ learningRate: 0.1 }), () => sgdUpdate({}), 0],
    ["sgd with its default rate of 0.01", sgd(), () => sgdUpdate({ learningRate: 0.01 }), 0],
    ["sgd with momentum", sgd({ learningRate: 0.1, momentum: 0.9 }), () => sgdUpdate({ momentum: 0.9 }), 0],
    [
      "sgd with Nesterov momentum",
      sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
      () => sgdUpdate({ momentum: 0.9, nesterov: true }),
      0,
    ],
    [
      "sgd with weight decay",
      sgd({ learningRate: 0.1, weightDecay: 0.2, momentum: 0.5 }),
      () => sgdUpdate({ weightDecay: 0.2, momentum: 0.5 }),
      0,
    ],
    ["sgd with a clipped gradient", sgd({ learningRate: 0.1 }), () => sgdUpdate({}), 0.05],
    ["adam with its defaults", adam(), () => adamUpdate({}), 0],
    [
      "adam with all options",
      adam({ learningRate: 0.02, beta1: 0.8, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1 }),
      () => adamUpdate({ learningRate: 0.02, beta1: 0.8, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1 }),
      0,
    ],
    [
      "adam with decoupled decay",
      adam({ learningRate: 0.02, weightDecay: 0.5, decoupled: true }),
      () => adamUpdate({ learningRate: 0.02, weightDecay: 0.5, decoupled: true }),
      0,
    ],
    [
      "adam with a clipped gradient",
      adam({ learningRate: 0.02 }),
      () => adamUpdate({ learningRate: 0.02 }),
      0.05,
    ],
  ])("%s end where f64 ends", async (_, optimizer, update, clipNorm) => {
    const found = await inEngine(optimizer, clipNorm);
    const expected = inF64(update(), clipNorm);
    expect(found).toHaveLength(3);
    found.forEach((value, i) => {
      expect(value).not.toBe(Math.fround(start[i] as number));
      expect(Math.abs(value - (expected[i] as number))).toBeLessThan(2e-6);
    });
  });
});

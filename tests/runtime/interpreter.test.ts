/** What the interpreter promises of a program: rows, order, sources, steps, clipping, and no update of what diverged. */
import { describe, expect, it } from "vitest";
import { Control, Method, Status } from "../../assembly/isa/control.ts";
import { type ActivationName, activation } from "../../src/layers/activation/activations.ts";
import { dense } from "../../src/layers/dense/dense.ts";
import { input } from "../../src/layers/input.ts";
import { add } from "../../src/layers/merging/merging.ts";
import { dropout } from "../../src/layers/noise/dropout.ts";
import { rescale } from "../../src/layers/shape/reshaping.ts";
import { crossEntropy, meanSquaredError } from "../../src/losses/index.ts";
import { network } from "../../src/network/network.ts";
import { sequential } from "../../src/network/sequential.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { sgd } from "../../src/optimizers/sgd.ts";
import { startPass } from "../../src/runtime/machine.ts";
import { chanceOf, integers, oneHot, uniform } from "../cases/domains.ts";
import { flat, Loaded, type LoadOptions } from "../cases/machine.ts";
import { sameBits } from "../cases/run.ts";
import * as reference from "../optimizers/reference.ts";
import { clipFactor, gradientNorm } from "../optimizers/reference.ts";

const FEATURES = 7;
const CLASSES = 3;

function numbers(count: number, seed: number, domain = uniform(-1, 1)): Float32Array {
  const values = new Float32Array(count);
  domain(values, chanceOf(seed));
  return values;
}

const mlp = (hidden: ActivationName, output: ActivationName) =>
  sequential(input(FEATURES), dense(33, hidden), dense(17, hidden), dense(CLASSES, output));

const data = (rows: number, seed = 1) => ({
  x: numbers(rows * FEATURES, seed),
  y: numbers(rows * CLASSES, seed + 1, oneHot(CLASSES)),
  rows,
});

const trainable = (options: Partial<LoadOptions> = {}) =>
  new Loaded(mlp("tanh", "linear"), { loss: meanSquaredError(), rows: 8, seed: 5, ...options });

const SETTINGS = { batchRows: 8, learningRate: 0.1 };

describe("rows", () => {
  it("of a short last batch train to the same bits as a program that was compiled for just those", () => {
    const [roomy, tight] = [
      trainable({ rows: 64, optimizer: adam() }),
      trainable({ rows: 5, optimizer: adam() }),
    ];
    for (const loaded of [roomy, tight]) {
      const staged = loaded.stage(data(5));
      expect(
        loaded.run(Method.Train, staged, { ...SETTINGS, batchRows: loaded === roomy ? 64 : 5 }).status,
      ).toBe(Status.Ok);
    }
    expect(sameBits(flat(roomy.weights), flat(tight.weights))).toBe(true);
    expect(sameBits(flat(roomy.gradients), flat(tight.gradients))).toBe(true);
    expect(gradientNorm(flat(roomy.gradients))).toBeGreaterThan(0.01);
  });

  it.each([
    ["relu", "softmax"],
    ["sigmoid", "linear"],
    ["tanh", "logSoftmax"],
    ["relu", "sigmoid"],
  ] as const)("are predicted one by one as all together, to the bit: %s, %s", (hidden, output) => {
    const loaded = new Loaded(mlp(hidden, output), { rows: 64, seed: 3 });
    const { x } = data(64);
    const together = loaded.predict({ x, rows: 64 });
    for (let row = 0; row < 64; row++) {
      const alone = loaded.predict({ x: x.slice(row * FEATURES, (row + 1) * FEATURES), rows: 1 });
      expect(sameBits(alone, together.slice(row * CLASSES, (row + 1) * CLASSES)), `row ${row}`).toBe(true);
    }
    expect(new Set(together).size).toBeGreaterThan(64);
  });

  it("are taken in steps of batchRows, and the last step takes what is left", () => {
    const loaded = trainable();
    const { pass } = loaded.run(Method.Train, loaded.stage(data(19)), { ...SETTINGS, steps: 10 });
    expect([0, 1, 2].map((step) => loaded.stepRecord(step).rows)).toEqual([8, 8, 3]);
    expect(loaded.u32(Control.done)).toBe(3);
    expect(pass.cursor).toBe(19);
    expect(pass.rowsSeen).toBe(19);
  });

  it("weigh the losses of steps of different sizes alike", () => {
    const evaluate = (rows: number, batchRows: number) => {
      const loaded = trainable({ rows: 32 });
      return loaded.run(Method.Evaluate, loaded.stage(data(rows)), { batchRows, steps: 100 }).pass;
    };
    const [whole, parts] = [evaluate(19, 32), evaluate(19, 4)];
    expect(parts.rowsSeen).toBe(19);
    // Five means of f32 instead of one.
    expect(Math.abs(parts.sums[0]! - whole.sums[0]!)).toBeLessThan(1e-6 * whole.sums[0]!);
    expect(whole.sums[0]).toBeGreaterThan(1);
  });
});

describe("steps", () => {
  it("give the same bits taken one by one as all at once", () => {
    const [once, singly] = [trainable({ optimizer: adam() }), trainable({ optimizer: adam() })];
    const first = once.run(Method.Train, once.stage(data(40)), { ...SETTINGS, steps: 5 }).pass;
    const staged = singly.stage(data(40));
    const second = startPass();
    for (let step = 0; step < 5; step++) singly.run(Method.Train, staged, { ...SETTINGS, pass: second });
    expect(sameBits(flat(once.weights), flat(singly.weights))).toBe(true);
    expect(second).toEqual(first);
  });

  it("are counted over the life of the model while training, and only then", () => {
    const loaded = trainable();
    const staged = loaded.stage(data(24));
    loaded.run(Method.Train, staged, { ...SETTINGS, steps: 3 });
    loaded.run(Method.Train, staged, { ...SETTINGS, steps: 2 });
    loaded.run(Method.Evaluate, staged, { ...SETTINGS, steps: 3 });
    loaded.run(Method.Predict, staged, SETTINGS);
    expect(loaded.u32(Control.step)).toBe(5);
  });

  it("draw new masks each, which follow from the seed alone", () => {
    const network = sequential(input(FEATURES), dropout(0.5), dense(CLASSES));
    const losses = (seed: number) => {
      const loaded = new Loaded(network, { loss: meanSquaredError(), rows: 8, seed });
      for (const weights of loaded.weights.values()) weights.fill(0.5);
      const { x, y } = data(8);
      const staged = loaded.stage({
        x: Float32Array.of(...x, ...x, ...x),
        y: Float32Array.of(...y, ...y, ...y),
        rows: 24,
      });
      loaded.run(Method.Train, staged, { batchRows: 8, steps: 3, learningRate: 0 });
      return [0, 1, 2].map((step) => loaded.stepRecord(step).loss);
    };
    expect(losses(1)).toEqual(losses(1));
    expect(new Set([...losses(1), ...losses(2)]).size).toBe(6);
  });
});

/** The rows that an order names, one behind the other. */
function picked({ x, y }: ReturnType<typeof data>, order: Uint32Array) {
  const pick = (all: Float32Array, columns: number) =>
    Float32Array.from([...order].flatMap((row) => [...all.slice(row * columns, (row + 1) * columns)]));
  return { x: pick(x, FEATURES), y: pick(y, CLASSES), rows: order.length };
}

describe("the order", () => {
  it.each([
    ["that it names, inputs and targets alike", [10, 3, 3, 0, 7, 9, 1], 1],
    ["from where the cursor stands", Array.from({ length: 20 }, (_, i) => (i * 7) % 20), 3],
  ])("gathers the rows %s", (_, rows, steps) => {
    const order = Uint32Array.from(rows);
    const all = data(20);
    const [ordered, sorted] = [trainable(), trainable()];
    const staged = ordered.stage({ ...all, order });
    ordered.run(Method.Train, { ...staged, rows: order.length }, { ...SETTINGS, steps });
    sorted.run(Method.Train, sorted.stage(picked(all, order)), { ...SETTINGS, steps });
    expect(sorted.u32(Control.done)).toBe(steps);
    expect(sameBits(flat(ordered.weights), flat(sorted.weights))).toBe(true);
    expect(sameBits(flat(ordered.weights), flat(trainable().weights))).toBe(false);
  });
});

describe("a source of bytes", () => {
  it("trains to the same bits as the same numbers in f32, rescaled while they are gathered", () => {
    const bytes = Uint8Array.from(numbers(8 * FEATURES, 4, integers(256)));
    const network = sequential(
      input(FEATURES),
      rescale(1 / 255, { offset: -0.5 }),
      dense(9, "relu"),
      dense(CLASSES),
    );
    const [small, large] = [bytes, Float32Array.from(bytes)].map((x) => {
      const loaded = new Loaded(network, { loss: meanSquaredError(), rows: 8, seed: 2 });
      loaded.run(Method.Train, loaded.stage({ ...data(8), x }), SETTINGS);
      return loaded;
    });
    expect(sameBits(flat(small!.weights), flat(large!.weights))).toBe(true);
  });

  it("is not the same as numbers that were rescaled before: rescaling has two roundings, stated in Gather", () => {
    const bytes = Uint8Array.of(0, 1, 127, 128, 254, 255, 3);
    const loaded = new Loaded(sequential(input(FEATURES), rescale(1 / 255, { offset: -0.5 })), { rows: 1 });
    const expected = [...bytes].map((byte) => Math.fround(Math.fround(Math.fround(1 / 255) * byte) - 0.5));
    expect([...loaded.predict({ x: bytes, rows: 1 })]).toEqual(expected);
  });
});

/** Weights, gradients and norm of one SGD step, with the gradient clipped. */
function clippedStep(clipNorm: number) {
  const loaded = trainable({ clipNorm, optimizer: sgd() });
  const before = flat(loaded.weights);
  const { status } = loaded.run(Method.Train, loaded.stage(data(8)), { ...SETTINGS, learningRate: 0.5 });
  expect(status).toBe(Status.Ok);
  const gradients = flat(loaded.gradients);
  return { before, gradients, after: flat(loaded.weights), record: loaded.stepRecord(0) };
}

describe("clipping", () => {
  const { gradients: unclipped } = clippedStep(0);
  const norm = gradientNorm(unclipped);

  it.each([0.5, 0.01, 1 - 1e-6, 1 + 1e-6, 10, 0])(
    "to %f of the gradient's norm scales the whole update, or leaves it",
    (share) => {
      const clipNorm = share * norm;
      const { before, gradients, after, record } = clippedStep(clipNorm);
      expect(sameBits(gradients, unclipped)).toBe(true);
      expect(Math.abs(record.gradientNorm - norm)).toBeLessThan(1e-6 * norm);
      const expected = Float64Array.from(before);
      const scaled = [...gradients].map((g) => g * clipFactor(norm, clipNorm));
      const velocity = new Float64Array(expected.length);
      reference.sgd(expected, velocity, scaled, {
        learningRate: 0.5,
        momentum: 0,
        nesterov: false,
        weightDecay: 0,
      });
      expected.forEach((w, i) => {
        expect(Math.abs(after[i]! - w)).toBeLessThan(2e-7);
      });
      const moved = gradientNorm(expected.map((w, i) => w - before[i]!));
      const longest = 0.5 * (clipNorm > 0 ? Math.min(norm, clipNorm) : norm);
      expect(Math.abs(moved - longest)).toBeLessThan(1e-9);
    },
  );
});

describe("a step that diverges", () => {
  const spoil = (loaded: Loaded, value: number) => {
    const [kernel] = loaded.weights.values();
    kernel![3] = value;
  };

  it.each([
    ["NaN", Number.NaN],
    ["Infinity", Number.POSITIVE_INFINITY],
    ["what overflows", 3e38],
  ])("through %s in a weight is not made: weights, slots and counters stay", (_, value) => {
    const network = sequential(input(FEATURES), dense(CLASSES));
    const loaded = new Loaded(network, { loss: meanSquaredError(), optimizer: adam(), rows: 8, seed: 5 });
    const staged = loaded.stage(data(24));
    loaded.run(Method.Train, staged, SETTINGS);
    spoil(loaded, value);
    const { machine } = loaded;
    const state = () => {
      const { parameters, slots } = machine.layout.bases;
      const views = [
        loaded.port.engine.floats(parameters, machine.program.segments.parameters / 4),
        loaded.port.engine.floats(slots, machine.program.segments.slots / 4),
      ];
      return views.map((view) => view.slice());
    };
    const before = state();
    const { status, pass } = loaded.run(Method.Train, staged, { ...SETTINGS, steps: 3, pass: startPass() });
    expect(status).toBe(Status.Diverged);
    expect(state().map((view, i) => sameBits(view, before[i]!))).toEqual([true, true]);
    expect(loaded.u32(Control.step)).toBe(1);
    expect(loaded.u32(Control.done)).toBe(0);
    expect([pass.cursor, pass.rowsSeen]).toEqual([0, 0]);
  });

  it("after good ones leaves those made", () => {
    const loaded = trainable();
    const bad = data(24);
    bad.x[16 * FEATURES] = Number.POSITIVE_INFINITY;
    bad.x[16 * FEATURES + 1] = Number.NEGATIVE_INFINITY;
    const { status, pass } = loaded.run(Method.Train, loaded.stage(bad), { ...SETTINGS, steps: 3 });
    expect([status, pass.cursor, loaded.u32(Control.done)]).toEqual([Status.Diverged, 16, 2]);
    const good = trainable();
    good.run(Method.Train, good.stage(data(24)), { ...SETTINGS, steps: 2 });
    expect(sameBits(flat(loaded.weights), flat(good.weights))).toBe(true);
  });

  it("is one whose update overflows, too, though loss and gradient are finite", () => {
    const loaded = trainable();
    const before = flat(loaded.weights);
    const { x, y, rows } = data(8);
    const staged = loaded.stage({ x, y: y.map((value) => 100 * value), rows });
    const { status } = loaded.run(Method.Train, staged, { ...SETTINGS, learningRate: 3.4e38 });
    const norm = loaded.f64(Control.gradientNorm);
    expect([Number.isFinite(loaded.f64(Control.loss)), Number.isFinite(norm), norm > 1.01]).toEqual([
      true,
      true,
      true,
    ]);
    expect(status).toBe(Status.Diverged);
    expect(sameBits(flat(loaded.weights), before)).toBe(true);
  });
});

describe("training", () => {
  it("follows Adam in f64 on the engine's own gradients, over steps with a learning rate each", () => {
    const loaded = new Loaded(mlp("tanh", "softmax"), {
      loss: crossEntropy(),
      optimizer: adam(),
      rows: 8,
      seed: 9,
    });
    const labels = numbers(8, 3, integers(CLASSES));
    const staged = loaded.stage({ x: data(8).x, y: labels, rows: 8 });
    const w = Float64Array.from(flat(loaded.weights));
    const [mean, variance] = [new Float64Array(w.length), new Float64Array(w.length)];
    for (let t = 1; t <= 20; t++) {
      const learningRate = 0.01 / t;
      loaded.run(Method.Train, staged, { batchRows: 8, learningRate });
      const settings = {
        learningRate,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weightDecay: 0,
        decoupled: false,
      };
      reference.adam(w, mean, variance, flat(loaded.gradients), t, settings);
    }
    const weights = flat(loaded.weights);
    // Twenty roundings of weights below 1, each of half a unit in the last place.
    expect(Math.max(...w.map((value, i) => Math.abs(value - weights[i]!)))).toBeLessThan(1.2e-6);
  });
});

describe("a gradient that belongs to two parameters", () => {
  it("is computed once and updates both", () => {
    const x = input(FEATURES);
    const twins = network({ inputs: x, outputs: add()(dense(CLASSES)(x), dense(CLASSES)(x)) });
    const loaded = new Loaded(twins, { loss: meanSquaredError(), rows: 8, seed: 4 });
    const before = [...loaded.weights.values()].map((view) => view.slice());
    loaded.run(Method.Train, loaded.stage(data(8)), SETTINGS);
    const [kernel1, bias1, kernel2, bias2] = [...loaded.gradients.values()];
    expect(sameBits(kernel1!, kernel2!)).toBe(true);
    expect(sameBits(bias1!, bias2!)).toBe(true);
    const moved = [...loaded.weights.values()].map((view, i) => view.map((w, j) => w - before[i]![j]!));
    // 0.1 · gradient, but for the rounding of weights near 1.
    for (const [i, gradient] of [kernel1!, bias1!, kernel2!, bias2!].entries()) {
      expect(gradientNorm(gradient)).toBeGreaterThan(0.01);
      gradient.forEach((g, j) => {
        expect(Math.abs(moved[i]![j]! + 0.1 * g)).toBeLessThan(1.2e-7);
      });
    }
  });
});

describe("an activation as the last layer", () => {
  it("needs no dense layer before it", () => {
    const loaded = new Loaded(sequential(input(2), activation("relu")), { rows: 2 });
    expect([...loaded.predict({ x: Float32Array.of(-1, 2, 3, -4), rows: 2 })]).toEqual([0, 2, 3, 0]);
  });
});

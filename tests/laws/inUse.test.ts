/** A model in use: fit during fit, predict during fit, use after dispose. */
import { describe, expect, it } from "vitest";
import {
  BusyError,
  compile,
  DisposedError,
  dense,
  dropout,
  input,
  type Model,
  sequential,
  type Weights,
} from "../../src/index.js";
import { rejectionOf, rowsOf, turnOfTheLoop, weightBits } from "../given/models.js";

const data = { x: rowsOf(64, 3), y: rowsOf(64, 2, 2) };
const network = () => sequential(input(3), dense(5, "tanh"), dropout(0.3), dense(2));
const ready = (seed = 1) => compile(network(), { loss: "meanSquaredError", seed });
const options = { batchSize: 4, epochs: 3 };

describe("during fit", () => {
  it("another fit and setWeights are refused, and the running one ends in the same bits", async () => {
    const model = await ready();
    const running = model.fit(data, { ...options, onEpoch: turnOfTheLoop });
    const error = await rejectionOf(model.fit(data, options));
    expect(error).toBeInstanceOf(BusyError);
    expect((error as Error).message).toBe("fit: the model is in fit; await it, or abort it with its signal.");
    expect(() => model.setWeights(model.weights())).toThrow(BusyError);
    expect(() => model.setWeights(model.weights())).toThrow("setWeights: the model is in fit; await it");
    expect(() => model.setWeights({})).toThrow("A callback has training.setWeights.");
    expect(() => {
      model.learningRateFactor = 0.5;
    }).toThrow("A callback has training.scaleLearningRate.");
    await running;
    const undisturbed = await ready();
    await undisturbed.fit(data, options);
    expect(weightBits(model)).toEqual(weightBits(undisturbed));
  });

  it("fit may start again as soon as the last has ended, whether well or not", async () => {
    const model = await ready();
    await model.fit(data);
    await rejectionOf(model.fit(data, { onEpoch: () => Promise.reject(new Error("stop")) }));
    expect(await model.fit(data)).toHaveLength(1);
  });

  it("predict and evaluate give what the weights between two steps give", async () => {
    const model = await ready();
    const seen: { weights: Weights; outputs: Float32Array; loss: number }[] = [];
    await model.fit(data, {
      ...options,
      onStep: async ({ step }) => {
        if (step % 5 !== 2) return;
        const weights = model.weights();
        // More rows than the plan has room for, so that it takes several chunks.
        const outputs = await model.predict(data.x);
        const { loss } = await model.evaluate(data);
        seen.push({ weights, outputs, loss });
      },
    });
    // Steps 2, 7, … 47 of 3 epochs of 16.
    expect(seen.length).toBe(10);
    const other = await ready(99);
    for (const { weights, outputs, loss } of seen) {
      other.setWeights(weights);
      expect(outputs).toEqual(await other.predict(data.x));
      expect(loss).toBe((await other.evaluate(data)).loss);
    }
    expect(seen[0]?.outputs).not.toEqual(seen[9]?.outputs);
  });

  it("predictions that nobody awaits do not change what is learned", async () => {
    const model = await ready();
    const pending: Promise<Float32Array>[] = [];
    await model.fit(data, { ...options, onStep: () => void pending.push(model.predict(data.x)) });
    expect((await Promise.all(pending)).every((outputs) => outputs.every(Number.isFinite))).toBe(true);
    const undisturbed = await ready();
    await undisturbed.fit(data, options);
    expect(weightBits(model)).toEqual(weightBits(undisturbed));
  });

  it("evaluate on targets of another form is refused, and fit goes on", async () => {
    const classifier = () =>
      compile(sequential(input(3), dense(2, "softmax")), { loss: "crossEntropy", seed: 1 });
    const labels = { x: data.x, y: data.x.map((_, i) => i % 2) };
    const oneHot = { x: data.x, y: labels.y.map((label) => [1 - label, label]) };
    const model = await classifier();
    const errors: unknown[] = [];
    await model.fit(labels, { onStep: async () => errors.push(await rejectionOf(model.evaluate(oneHot))) });
    expect(errors).toHaveLength(2);
    expect(errors.every((error) => error instanceof BusyError)).toBe(true);
    expect((errors[0] as Error).message).toContain("evaluate: y has 2 numbers a row");
    const undisturbed = await classifier();
    await undisturbed.fit(labels);
    expect(weightBits(model)).toEqual(weightBits(undisturbed));
    // Outside fit either form will do, and says the same of one-hot rows as of their labels.
    expect((await model.evaluate(oneHot)).loss).toBeCloseTo((await model.evaluate(labels)).loss, 6);
  });
});

describe("between fits", () => {
  const labels = { x: data.x, y: data.x.map((_, i) => i % 2) };
  const oneHot = { x: data.x, y: labels.y.map((label) => [1 - label, label]) };
  const classifier = (batchSize: number) =>
    compile(sequential(input(3), dense(2, "softmax")), { loss: "crossEntropy", seed: 1, batchSize });

  it("evaluate on targets of another form changes neither weights nor what the optimizer remembers", async () => {
    const model = await classifier(8);
    await model.fit(labels, { batchSize: 8 });
    const { loss } = await model.evaluate(oneHot);
    await model.fit(labels, { batchSize: 8 });
    const undisturbed = await classifier(8);
    await undisturbed.fit(labels, { batchSize: 8 });
    expect((await undisturbed.evaluate(labels)).loss).toBeCloseTo(loss, 6);
    await undisturbed.fit(labels, { batchSize: 8 });
    expect(weightBits(model)).toEqual(weightBits(undisturbed));
  });

  it.each([
    ["ends well when the fit has targets of the same form", labels, undefined],
    ["is refused when the fit has targets of another form", oneHot, BusyError],
  ] as const)("an evaluation that a fit overtakes %s", async (_, training, refusal) => {
    const model = await classifier(4);
    let resume = () => {};
    const gate = new Promise<void>((resolve) => (resume = resolve));
    const evaluation = model.evaluate(async function* () {
      yield labels;
      await gate;
      yield labels;
    });
    const outcome = evaluation.then(
      ({ loss }) => loss,
      (error: unknown) => error,
    );
    const seen: unknown[] = [];
    await model.fit(training, {
      // More rows than were planned for: the program is loaded anew.
      batchSize: 32,
      onStep: async () => {
        resume();
        seen.push(await outcome);
      },
    });
    expect(seen).toHaveLength(2);
    if (refusal === undefined) expect(seen[0]).toBeGreaterThan(0);
    else expect(seen[0]).toBeInstanceOf(refusal);
    const undisturbed = await classifier(4);
    await undisturbed.fit(training, { batchSize: 32 });
    expect(weightBits(model)).toEqual(weightBits(undisturbed));
  });
});

describe("after dispose", () => {
  it("everything that needs memory is refused by its name", async () => {
    const model = await ready();
    model.dispose();
    model.dispose();
    const calls: [string, () => Promise<unknown>][] = [
      ["fit", () => model.fit(data)],
      ["evaluate", () => model.evaluate(data)],
      ["predict", () => model.predict(data.x)],
    ];
    for (const [who, call] of calls) {
      const error = await rejectionOf(call());
      expect(error).toBeInstanceOf(DisposedError);
      expect((error as Error).message).toBe(`${who}: the model was disposed. Compile the network again.`);
    }
    const readings: [string, (model: Model) => unknown][] = [
      ["weights", (one) => one.weights()],
      ["setWeights", (one) => one.setWeights({})],
      ["memory", (one) => one.memory],
      ["disassemble", (one) => one.disassemble()],
    ];
    for (const [who, read] of readings) {
      expect(() => read(model)).toThrow(DisposedError);
      expect(() => read(model)).toThrow(`${who}: the model was disposed.`);
    }
  });

  it("the network can be compiled again", async () => {
    const description = network();
    const first = await compile(description, { loss: "meanSquaredError", seed: 1 });
    const bits = weightBits(first);
    first.dispose();
    expect(weightBits(await compile(description, { loss: "meanSquaredError", seed: 1 }))).toEqual(bits);
  });

  it.each(["onStep", "onEpoch"] as const)("a running fit ends at once when %s disposes", async (name) => {
    const model = await ready();
    let calls = 0;
    const callback = () => {
      calls++;
      model.dispose();
    };
    const error = await rejectionOf(model.fit(data, { ...options, batchSize: 64, [name]: callback }));
    expect(error).toBeInstanceOf(DisposedError);
    expect((error as Error).message).toContain("fit: the model was disposed");
    expect(calls).toBe(1);
  });

  it("a fit that waits for a batch ends when the batch comes, and closes the stream", async () => {
    const model = await ready();
    let isClosed = false;
    const batches = async function* () {
      try {
        yield data;
        await turnOfTheLoop();
        model.dispose();
        yield data;
      } finally {
        isClosed = true;
      }
    };
    expect(await rejectionOf(model.fit(batches))).toBeInstanceOf(DisposedError);
    expect(isClosed).toBe(true);
  });
});

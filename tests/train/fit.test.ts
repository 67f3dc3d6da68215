/** fit on arrays: every way of giving them, the order of steps, and what epochs and steps report. */
import { describe, expect, it } from "vitest";
import {
  adam,
  compile,
  dense,
  dropout,
  type EpochReport,
  type Examples,
  type FitOptions,
  flatten,
  input,
  rescale,
  type StepReport,
  sequential,
  sgd,
} from "../../src/index.js";
import { numbers, rowsOf, turnOfTheLoop, weightBits } from "../given/models.js";

const network = () => sequential(input(3), dense(5, "tanh"), dropout(0.3), dense(2));
const ready = (options = {}) =>
  compile(network(), {
    loss: "meanSquaredError",
    optimizer: adam({ learningRate: 0.01 }),
    seed: 5,
    ...options,
  });
const data = { x: rowsOf(50, 3), y: rowsOf(50, 2, 2) };

async function trained(examples: Examples, options: FitOptions = {}) {
  const model = await ready();
  const history = await model.fit(examples, { batchSize: 8, epochs: 2, ...options });
  return { bits: weightBits(model), history };
}

describe("fit", () => {
  it("takes the same numbers in any form to the same bits", async () => {
    const flat = (rows: number[][]) => Float32Array.from(rows.flat());
    const { bits } = await trained(data);
    const forms: Examples[] = [
      { x: flat(data.x), y: flat(data.y) },
      { x: data.x.map((row) => Float32Array.from(row)), y: data.y.map((row) => new Float64Array(row)) },
      { x: new Float64Array(data.x.flat()), y: flat(data.y) },
      { x: data.x.map((row) => row.map((value) => [value])) as never, y: data.y },
      { x: flat([[7, 7, 7], ...data.x]).subarray(3), y: flat(data.y) },
    ];
    for (const form of forms) expect((await trained(form)).bits).toEqual(bits);
  });

  it.each([
    Uint8Array,
    Uint8ClampedArray,
    Int8Array,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
  ])("takes a %o as it takes an array of its numbers", async (Type) => {
    const whole = numbers(150).map((value) => Math.floor(Math.abs(value) * 100));
    const nested = Array.from({ length: 50 }, (_, i) => whole.slice(i * 3, i * 3 + 3));
    const typed = await trained({ x: Type.from(whole), y: data.y });
    expect(typed.bits).toEqual((await trained({ x: nested, y: data.y })).bits);
  });

  it("takes images as nested rows, and bytes rescaled as they are gathered", async () => {
    const bytes = Uint8Array.from(numbers(20 * 12), (value) => Math.abs(value) * 255);
    const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 4);
    const image = (i: number) =>
      Array.from({ length: 3 }, (_, row) =>
        Array.from({ length: 4 }, (_, column) => [bytes[i * 12 + row * 4 + column] as number]),
      );
    const images = Array.from({ length: 20 }, (_, i) => image(i));
    // rescale works x · scale + 0 in f32, with scale rounded to f32 first.
    const scaled = Float32Array.from(bytes, (byte) => Math.fround(byte * Math.fround(1 / 255)));
    const train = async (x: Examples["x"], isRescaled: boolean) => {
      const scaling = isRescaled ? [rescale(1 / 255)] : [];
      const chain = sequential(input([3, 4, 1]), ...scaling, flatten(), dense(4, "softmax"));
      const model = await compile(chain, { loss: "crossEntropy", seed: 5 });
      await model.fit({ x, y: labels }, { epochs: 3, batchSize: 8 });
      return weightBits(model);
    };
    const expected = await train(scaled, false);
    expect(await train(bytes, true)).toEqual(expected);
    expect(await train(images, true)).toEqual(expected);
  });

  it("takes labels and their one-hot rows to nearly the same weights", async () => {
    const labels = data.x.map((_, i) => (i * 7) % 3);
    const train = async (y: Examples["y"]) => {
      const chain = sequential(input(3), dense(3, "softmax"));
      const model = await compile(chain, {
        loss: "crossEntropy",
        optimizer: sgd({ learningRate: 0.5 }),
        seed: 1,
      });
      await model.fit({ x: data.x, y }, { epochs: 2 });
      return [...(model.weights()["dense/kernel"]?.data ?? [])];
    };
    const oneHot = await train(labels.map((label) => [0, 1, 2].map((i) => (i === label ? 1 : 0))));
    const integers = await train(labels);
    expect(integers).toHaveLength(9);
    integers.forEach((value, i) => expect(value).toBeCloseTo(oneHot[i] as number, 5));
  });

  it("trains on the rows of a last short batch", async () => {
    const steps: StepReport[] = [];
    const { history } = await trained(data, { onStep: (report) => steps.push(report), epochs: 1 });
    expect(steps.map(({ rows }) => rows)).toEqual([8, 8, 8, 8, 8, 8, 2]);
    expect(history[0]?.steps).toBe(7);
    const whole = steps.reduce((sum, { rows, loss }) => sum + rows * loss, 0) / 50;
    expect(history[0]?.loss).toBeCloseTo(whole, 12);
  });

  it("takes all rows as one batch when there are fewer than the default", async () => {
    const few = { x: data.x.slice(0, 20), y: data.y.slice(0, 20) };
    const [report] = await (await ready()).fit(few);
    expect(report?.steps).toBe(1);
    const [more] = await (await ready()).fit(data);
    expect(more?.steps).toBe(2);
  });

  it("has room for a larger batchSize than compile planned", async () => {
    const model = await ready({ batchSize: 4 });
    const { bits } = await trained(data, { batchSize: 50 });
    await model.fit(data, { batchSize: 50, epochs: 2 });
    expect(weightBits(model)).toEqual(bits);
  });
});

describe("the order of rows", () => {
  /** The orders in which epochs take 16 rows. */
  async function ordersOf(epochs: number, options: FitOptions & { seed?: number } = {}): Promise<number[][]> {
    const { seed = 1, ...rest } = options;
    // With weights of 0 that a rate of 0 keeps there, the loss of a step is ½ row².
    const model = await compile(sequential(input(1), dense(1)), {
      loss: "sumOfSquares",
      optimizer: sgd({ learningRate: () => 0 }),
      seed,
    });
    model.setWeights({ "dense/kernel": [0], "dense/bias": [0] });
    const rows = Array.from({ length: 16 }, (_, i) => [i]);
    const orders: number[][] = Array.from({ length: epochs }, () => []);
    const onStep = ({ epoch, loss }: StepReport) => orders[epoch - 1]?.push(Math.sqrt(2 * loss));
    await model.fit({ x: rows, y: rows }, { batchSize: 1, epochs, onStep, ...rest });
    return orders;
  }
  const inOrder = Array.from({ length: 16 }, (_, i) => i);
  const sorted = (order: number[]) => [...order].sort((a, b) => a - b);

  it("is another permutation in each epoch, by the seed", async () => {
    const [first, second] = await ordersOf(2);
    expect(sorted(first ?? [])).toEqual(inOrder);
    expect(sorted(second ?? [])).toEqual(inOrder);
    expect(first).not.toEqual(inOrder);
    expect(first).not.toEqual(second);
    expect(await ordersOf(2)).toEqual([first, second]);
    expect((await ordersOf(1, { seed: 2 }))[0]).not.toEqual(first);
  });

  it("is the given one without shuffle", async () => {
    expect(await ordersOf(2, { shuffle: false })).toEqual([inOrder, inOrder]);
  });
});

describe("the room for data", () => {
  it.each([1, 500, 1000, 1600])("of %i bytes changes no bit", async (dataMemory) => {
    const { bits, history } = await trained(data, { dataMemory, epochs: 3 });
    const resident = await trained(data, { epochs: 3 });
    expect(bits).toEqual(resident.bits);
    expect(history.map(({ loss }) => loss)).toEqual(resident.history.map(({ loss }) => loss));
  });

  it("of bytes changes no bit", async () => {
    const bytes = { x: Uint8Array.from(numbers(150), (value) => Math.abs(value) * 9), y: data.y };
    const { bits } = await trained(bytes, { dataMemory: 300 });
    expect(bits).toEqual((await trained(bytes)).bits);
  });
});

describe("two fits in a row", () => {
  it("end in the bits of one with the epochs of both", async () => {
    const { bits, history } = await trained(data, { epochs: 4 });
    const model = await ready();
    const first = await model.fit(data, { batchSize: 8, epochs: 2 });
    const second = await model.fit(data, { batchSize: 8, epochs: 2 });
    expect(weightBits(model)).toEqual(bits);
    expect([...first, ...second].map(({ loss }) => loss)).toEqual(history.map(({ loss }) => loss));
    expect(second.map(({ epoch }) => epoch)).toEqual([1, 2]);
  });

  it("do so too when the second needs room for larger batches", async () => {
    const train = async (compiledFor: number) => {
      const model = await ready({ batchSize: compiledFor });
      await model.fit(data, { batchSize: 8 });
      await model.fit(data, { batchSize: 40 });
      return weightBits(model);
    };
    expect(await train(8)).toEqual(await train(40));
  });
});

describe("reports", () => {
  it("of epochs have loss, metrics, validation, learning rate and speed", async () => {
    const chain = sequential(input(3), dense(3, "softmax"));
    const model = await compile(chain, {
      loss: "crossEntropy",
      metrics: ["accuracy"],
      optimizer: sgd(),
      seed: 1,
    });
    const labeled = { x: data.x, y: data.x.map((_, i) => i % 3) };
    const seen: EpochReport[] = [];
    const own: unknown[] = [];
    const history = await model.fit(labeled, {
      epochs: 2,
      validation: labeled,
      onEpoch: async (report) => {
        seen.push(report);
        own.push(await model.evaluate(labeled));
      },
    });
    expect(seen).toEqual(history);
    expect(history.map(({ validation }) => validation)).toEqual(own);
    for (const report of history) {
      expect(Object.keys(report).sort()).toEqual(
        ["accuracy", "epoch", "learningRate", "loss", "samplesPerSecond", "steps", "validation"].sort(),
      );
      expect(report.steps).toBe(2);
      expect(report.learningRate).toBe(0.01);
      expect(report.samplesPerSecond).toBeGreaterThan(0);
      expect(report.accuracy).toBeGreaterThanOrEqual(0);
      expect(report.accuracy).toBeLessThanOrEqual(1);
    }
  });

  it("of steps come once for each, in order, and are awaited", async () => {
    const log: string[] = [];
    const onStep = async ({ step, epoch }: StepReport) => {
      log.push(`${epoch}:${step} begins`);
      await turnOfTheLoop();
      log.push(`${epoch}:${step} ends`);
    };
    await trained(data, { onStep, onEpoch: ({ epoch }) => log.push(`epoch ${epoch}`) });
    const epoch = (number: number, first: number) => [
      ...Array.from({ length: 7 }, (_, i) => [
        `${number}:${first + i} begins`,
        `${number}:${first + i} ends`,
      ]).flat(),
      `epoch ${number}`,
    ];
    expect(log).toEqual([...epoch(1, 0), ...epoch(2, 7)]);
  });

  it("change no bit and no loss, however closely one looks", async () => {
    const expected = await trained(data, { epochs: 5 });
    const options: FitOptions[] = [
      { onStep: () => undefined },
      { onEpoch: () => turnOfTheLoop() },
      { onStep: () => turnOfTheLoop(), validation: data },
    ];
    for (const watching of options) {
      const { bits, history } = await trained(data, { epochs: 5, ...watching });
      expect(bits).toEqual(expected.bits);
      expect(history.map(({ loss, steps }) => [loss, steps])).toEqual(
        expected.history.map(({ loss, steps }) => [loss, steps]),
      );
    }
  });

  it("show the learning rate that a function of the step gives", async () => {
    const learningRate = (step: number) => 0.5 / (1 + step);
    const model = await ready({ optimizer: sgd({ learningRate }) });
    const rates: number[] = [];
    const onStep = (report: StepReport) => rates.push(report.learningRate);
    const [first, second] = await model.fit(data, { batchSize: 8, epochs: 2, onStep });
    expect(rates).toEqual(Array.from({ length: 14 }, (_, step) => learningRate(step)));
    expect([first?.learningRate, second?.learningRate]).toEqual([rates[6], rates[13]]);
  });

  it("show it too when nobody watches the steps", async () => {
    const learningRate = (step: number) => 0.5 / (1 + step);
    const model = await ready({ optimizer: sgd({ learningRate }) });
    const history = await model.fit(data, { batchSize: 8, epochs: 3 });
    const last = [6, 13, 20].map(learningRate);
    expect(history.map((report) => report.learningRate)).toEqual(last);
  });
});

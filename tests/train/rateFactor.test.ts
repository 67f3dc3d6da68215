/** The factor on the learning rate that callbacks and roll-backs change: over the life of the model, in snapshots too. */
import { describe, expect, it } from "vitest";
import {
  BusyError,
  type Callback,
  compile,
  dense,
  type FitOptions,
  input,
  OptionError,
  sequential,
  sgd,
} from "../../src/index.ts";
import { rowsOf, weightBits } from "../given/models.ts";

const data = { x: rowsOf(20, 3), y: rowsOf(20, 2, 2) };
const options: FitOptions = { epochs: 3, batchSize: 5, shuffle: false };
const model = (learningRate: number | ((step: number) => number)) =>
  compile(sequential(input(3), dense(2)), { loss: "meanSquaredError", optimizer: sgd({ learningRate }) });

describe("a factor on the learning rate", () => {
  it("trains to the bits of the product, and reports it", async () => {
    const scaled = await model(0.25);
    scaled.learningRateFactor = 0.125;
    const reports = await scaled.fit(data, options);
    const plain = await model(0.03125);
    await plain.fit(data, options);
    expect(weightBits(scaled)).toEqual(weightBits(plain));
    expect(reports.map(({ learningRate }) => learningRate)).toEqual([0.03125, 0.03125, 0.03125]);
  });

  it("scales a schedule too, from the next step on", async () => {
    const scaled = await model((step) => 1 / (step + 10));
    const rates: number[] = [];
    const halve: Callback = {
      onStepEnd({ step, learningRate }, training) {
        rates.push(learningRate);
        if (step === 5) training.scaleLearningRate(0.5);
      },
    };
    await scaled.fit(data, { ...options, callbacks: [halve] });
    expect(rates).toEqual(rates.map((_, step) => (step <= 5 ? 1 : 0.5) / (step + 10)));
  });

  it("stays from one fit to the next, and goes with a snapshot", async () => {
    const first = await model(0.1);
    first.learningRateFactor = 0.3;
    await first.fit(data, options);
    const second = await model(0.1);
    second.restore(first.snapshot());
    expect(second.learningRateFactor).toBe(0.3);
    await first.fit(data, options);
    const [report] = await second.fit(data, options);
    expect(report?.learningRate).toBe(0.1 * 0.3);
    expect(weightBits(second)).toEqual(weightBits(first));
  });

  it("is set between two trainings only, to a positive number", async () => {
    const one = await model(0.1);
    expect(one.learningRateFactor).toBe(1);
    for (const factor of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, "half" as never]) {
      const set = () => {
        one.learningRateFactor = factor;
      };
      expect(set).toThrow(OptionError);
      expect(set).toThrow("needs a positive number");
    }
    const running = one.fit(data, options);
    expect(() => {
      one.learningRateFactor = 0.5;
    }).toThrow(BusyError);
    await running;
    expect(one.learningRateFactor).toBe(1);
  });
});

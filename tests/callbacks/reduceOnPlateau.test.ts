/** reduceOnPlateau: PyTorch's ReduceLROnPlateau, number by number (tests/peers/torch/schedules.py). */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  compile,
  cosineDecay,
  dense,
  input,
  OptionError,
  type ReduceOnPlateauOptions,
  reduceOnPlateau,
  sequential,
  sgd,
} from "../../src/index.ts";
import { data, watched } from "./training.ts";

interface Plateau {
  readonly metrics: number[];
  readonly options: ReduceOnPlateauOptions;
  readonly rates: number[];
}
const torch = JSON.parse(readFileSync(new URL("../peers/torch/schedules.json", import.meta.url), "utf8")) as {
  readonly rate: number;
  readonly plateau: Readonly<Record<string, Plateau>>;
};

const model = (learningRate: number | ((step: number) => number)) =>
  compile(sequential(input(3), dense(2)), { loss: "meanSquaredError", optimizer: sgd({ learningRate }) });

describe("reduceOnPlateau", () => {
  it.each(Object.entries(torch.plateau))(
    "has PyTorch's rates for %s",
    async (_, { metrics, options, rates }) => {
      const trained = await model(torch.rate);
      const found: number[] = [];
      await trained.fit(data, {
        epochs: metrics.length,
        callbacks: [
          watched(metrics),
          reduceOnPlateau({ monitor: "watched", mode: "min", ...options }),
          { onEpochEnd: (__, training) => void found.push(training.learningRate) },
        ],
      });
      expect(found).toHaveLength(rates.length);
      expect(new Set(rates).size).toBeGreaterThan(2);
      found.forEach((rate, i) => {
        expect(Math.abs(rate / (rates[i] as number) - 1), `epoch ${i + 1}`).toBeLessThan(1e-12);
      });
    },
  );

  it("scales a schedule, and says what it did", async () => {
    const schedule = cosineDecay({ initialLearningRate: 0.1, decaySteps: 10 });
    const trained = await model(schedule);
    const plateau = reduceOnPlateau({ monitor: "watched", mode: "min", factor: 0.5, patience: 0 });
    const reports = await trained.fit(data, {
      epochs: 4,
      batchSize: 20,
      callbacks: [watched([1, 1, 0.5, 0.5]), plateau],
    });
    expect(reports.map(({ learningRate }) => learningRate)).toEqual(
      [1, 1, 0.5, 0.5].map((factor, step) => schedule(step) * factor),
    );
    expect(plateau.reductions).toEqual([
      { epoch: 2, learningRate: schedule(2) * 0.5 },
      { epoch: 4, learningRate: schedule(4) * 0.25 },
    ]);
    // The factor stays with the model; the list is that of the last training.
    expect(trained.state.rateFactor).toBe(0.25);
    await trained.fit(data, { epochs: 1, batchSize: 20, callbacks: [watched([1]), plateau] });
    expect(plateau.reductions).toEqual([]);
  });

  it("watches the loss of validation, unless told otherwise", async () => {
    const fit = (await model(0.1)).fit(data, { callbacks: [reduceOnPlateau()] });
    await expect(fit).rejects.toThrow('monitor is "validation.loss", and there is no validation');
  });

  const wrong = (value: unknown) => value as never;
  it.each<[string, ReduceOnPlateauOptions, string]>([
    ["a factor of 1", { factor: 1 }, "reduceOnPlateau: factor is 1; needs a number in (0, 1)"],
    ["a factor of 0", { factor: 0 }, "factor is 0; needs a number in (0, 1)"],
    ["a negative patience", { patience: -1 }, "patience is -1; needs an integer of at least 0"],
    ["a negative cooldown", { cooldown: -1 }, "cooldown is -1; needs an integer of at least 0"],
    ["a negative minDelta", { minDelta: -1 }, "minDelta is -1; needs a number of at least 0"],
    ["a negative floor", { minLearningRate: -1 }, "minLearningRate is -1; needs a number of at least 0"],
    ["an unknown mode of minDelta", { minDeltaMode: wrong("rel") }, 'there is no minDeltaMode "rel"'],
    ["a misspelled option", wrong({ cooldwn: 1 }), 'Did you mean "cooldown"?'],
  ])("refuses %s", (_, options, message) => {
    expect(() => reduceOnPlateau(options)).toThrow(OptionError);
    expect(() => reduceOnPlateau(options)).toThrow(message);
  });

  it("counts a score below 0 that stays as it is as no better, and reduces", async () => {
    const plateau = reduceOnPlateau({ monitor: "watched", mode: "min", patience: 1, factor: 0.5 });
    await (await model(0.1)).fit(data, { epochs: 6, callbacks: [watched(Array(6).fill(-10)), plateau] });
    expect(plateau.reductions.map(({ epoch }) => epoch)).toEqual([3, 5]);
    const falling = reduceOnPlateau({ monitor: "watched", mode: "min", patience: 1, factor: 0.5 });
    await (await model(0.1)).fit(data, {
      epochs: 6,
      callbacks: [watched([-1, -2, -3, -4, -5, -6]), falling],
    });
    expect(falling.reductions).toEqual([]);
  });
});

/** Budgets of steps and of time. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { OptionError, stepBudget, type Training, timeBudget } from "../../src/index.ts";
import { weightBits } from "../given/models.ts";
import { batchSize, data, model, STEPS_PER_EPOCH } from "./training.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

describe("stepBudget", () => {
  it.each([1, 3, STEPS_PER_EPOCH, 2 * STEPS_PER_EPOCH + 1])(
    "ends after %d steps; resume goes on",
    async (steps) => {
      const [whole, cut] = [await model(), await model()];
      await whole.fit(data, { batchSize, epochs: 4 });
      let end: Training | undefined;
      const look = {
        onTrainEnd(training: Training) {
          end = training;
        },
      };
      const reports = await cut.fit(data, { batchSize, epochs: 4, callbacks: [stepBudget({ steps }), look] });
      expect(cut.state.step).toBe(steps);
      expect(reports).toHaveLength(Math.floor(steps / STEPS_PER_EPOCH));
      expect([end?.outcome, end?.reason]).toEqual(["stopped", `stepBudget: ${steps} steps are done`]);
      await cut.fit(data, { batchSize, epochs: 4, resume: true });
      expect(weightBits(cut)).toEqual(weightBits(whole));
    },
  );

  it("counts the steps of one fit, and the smallest counts", async () => {
    const trained = await model();
    for (let i = 1; i <= 3; i++) {
      const callbacks = [stepBudget({ steps: 5 }), stepBudget({ steps: 2 }), stepBudget({ steps: 4 })];
      await trained.fit(data, { batchSize, callbacks });
      expect(trained.state.step).toBe(2 * i);
    }
  });

  it("lets a training that ends before be", async () => {
    const reports = await (await model()).fit(data, { batchSize, callbacks: [stepBudget({ steps: 99 })] });
    expect(reports).toHaveLength(1);
  });

  it.each([0, -1, 2.5, Number.NaN])("refuses %d", (steps) => {
    expect(() => stepBudget({ steps })).toThrow(OptionError);
    expect(() => stepBudget({ steps })).toThrow("needs an integer of at least 1");
  });
});

describe("timeBudget", () => {
  it("ends training when its time is over, in the midst of an epoch", async () => {
    // A clock of which each look takes a millisecond: no time is waited for.
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => now++);
    const trained = await model();
    let end: Training | undefined;
    const look = {
      onTrainEnd(training: Training) {
        end = training;
      },
    };
    await trained.fit(data, {
      batchSize: 1,
      epochs: 100_000,
      callbacks: [timeBudget({ seconds: 0.5 }), look],
    });
    expect([end?.outcome, end?.reason]).toEqual(["stopped", "timeBudget: 0.5 seconds are over"]);
    expect(trained.state.step).toBeGreaterThan(0);
    expect(now).toBeGreaterThan(500);
  });

  it("lets a training that ends before be, to the same bits", async () => {
    const [whole, timed] = [await model(), await model()];
    await whole.fit(data, { batchSize, epochs: 3 });
    await timed.fit(data, { batchSize, epochs: 3, callbacks: [timeBudget({ seconds: 3600 })] });
    expect(weightBits(timed)).toEqual(weightBits(whole));
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d seconds", (seconds) => {
    expect(() => timeBudget({ seconds })).toThrow(OptionError);
    expect(() => timeBudget({ seconds })).toThrow("needs a positive number");
  });
});

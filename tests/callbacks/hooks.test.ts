/** Hooks of callbacks: their order, and what they see. */
import { describe, expect, it } from "vitest";
import type { Callback, Training } from "../../src/index.ts";
import { bitsOf, turnOfTheLoop, weightBits } from "../given/models.ts";
import { batchSize, data, model, recorder, STEPS_PER_EPOCH, validation } from "./training.ts";

describe("hooks", () => {
  it("are called in the order of the list, before onStep and onEpoch", async () => {
    const seen: string[] = [];
    await (await model()).fit(data, {
      epochs: 2,
      batchSize: 10,
      callbacks: [recorder("a", seen), recorder("b", seen)],
      onStep: ({ step }) => seen.push(`onStep ${step}`),
      onEpoch: ({ epoch }) => seen.push(`onEpoch ${epoch}`),
    });
    const step = (n: number) => [`a step ${n}`, `b step ${n}`, `onStep ${n}`];
    const epoch = (n: number) => [
      `a epoch ${n}`,
      `b epoch ${n}`,
      ...step(2 * n - 2),
      ...step(2 * n - 1),
      `a report ${n}`,
      `b report ${n}`,
      `onEpoch ${n}`,
    ];
    expect(seen).toEqual([
      "a begins",
      "b begins",
      ...epoch(1),
      ...epoch(2),
      "a ends: finished",
      "b ends: finished",
    ]);
  });

  it("are awaited, one after the other", async () => {
    const seen: string[] = [];
    const slow = (name: string): Callback => {
      const wait = (hook: string) => async () => {
        await turnOfTheLoop();
        seen.push(`${name} ${hook}`);
      };
      return {
        onTrainBegin: wait("begin"),
        onEpochBegin: wait("epoch"),
        onStepEnd: wait("step"),
        onEpochEnd: wait("report"),
        onTrainEnd: wait("end"),
      };
    };
    await (await model()).fit(data, { batchSize: 20, callbacks: [slow("a"), slow("b")] });
    const hooks = ["begin", "epoch", "step", "report", "end"];
    expect(seen).toEqual(hooks.flatMap((hook) => [`a ${hook}`, `b ${hook}`]));
  });

  it("of a class are found, with their own this", async () => {
    class Counting {
      steps = 0;
      onStepEnd() {
        this.steps++;
      }
    }
    class Derived extends Counting {}
    const counting = new Derived();
    await (await model()).fit(data, { batchSize, epochs: 2, callbacks: [counting] });
    expect(counting.steps).toBe(2 * STEPS_PER_EPOCH);
  });

  it("may stand beside what only begins like a hook", async () => {
    let steps = 0;
    const own = { once: () => 0, online: true, only: 3, onStepEnd: () => void steps++ };
    await (await model()).fit(data, { batchSize, callbacks: [own] });
    expect(steps).toBe(STEPS_PER_EPOCH);
  });

  it("change no bit of what is trained", async () => {
    const [plain, watchedModel] = [await model(), await model()];
    await plain.fit(data, { batchSize, epochs: 4 });
    const look: Callback = { onStepEnd: () => 1, onEpochBegin: () => 2, onSlice: () => 3 };
    await watchedModel.fit(data, { batchSize, epochs: 4, callbacks: [look] });
    expect(weightBits(watchedModel)).toEqual(weightBits(plain));
  });

  it("see where training stands", async () => {
    const seen: unknown[] = [];
    const look = (hook: string, { epoch, stepsOfEpoch, step, outcome }: Training) =>
      seen.push([hook, epoch, stepsOfEpoch, step, outcome]);
    await (await model()).fit(data, {
      batchSize: 10,
      epochs: 2,
      validation,
      callbacks: [
        {
          onTrainBegin(training) {
            look("begin", training);
            expect([training.epochs, training.stepsPerEpoch, training.hasValidation]).toEqual([2, 2, true]);
            expect(training.learningRate).toBe(0.01);
          },
          onEpochBegin: (_, training) => look("epoch", training),
          onStepEnd: (_, training) => look("step", training),
          onEpochEnd(report, training) {
            look("report", training);
            expect(report.validation?.loss).toBeGreaterThan(0);
          },
          onTrainEnd: (training) => look("end", training),
        },
      ],
    });
    expect(seen).toEqual([
      ["begin", 1, 0, 0, "running"],
      ["epoch", 1, 0, 0, "running"],
      ["step", 1, 1, 1, "running"],
      ["step", 1, 2, 2, "running"],
      ["report", 1, 0, 2, "running"],
      ["epoch", 2, 0, 2, "running"],
      ["step", 2, 1, 3, "running"],
      ["step", 2, 2, 4, "running"],
      ["report", 2, 0, 4, "running"],
      ["end", 2, 0, 4, "finished"],
    ]);
  });

  it("find the weights and the snapshot of their step", async () => {
    const observed = await model();
    const snapshots: Uint8Array[] = [];
    const bits: unknown[] = [];
    await observed.fit(data, {
      batchSize,
      callbacks: [
        {
          onStepEnd(_, training) {
            snapshots.push(training.snapshot());
            bits.push(bitsOf(training.weights()));
          },
        },
      ],
    });
    expect(bits.at(-1)).toEqual(weightBits(observed));
    const restored = await model();
    restored.restore(snapshots[1] as Uint8Array);
    expect(weightBits(restored)).toEqual(bits[1]);
    await restored.fit(data, { batchSize, resume: true });
    expect(weightBits(restored)).toEqual(weightBits(observed));
  });

  it("of slices are called at least once for each wait of the host", async () => {
    let slices = 0;
    await (await model()).fit(data, { batchSize, epochs: 3, callbacks: [{ onSlice: () => void slices++ }] });
    expect(slices).toBeGreaterThan(0);
    expect(slices).toBeLessThanOrEqual(3 * STEPS_PER_EPOCH);
  });
});

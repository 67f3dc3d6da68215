/** Callbacks of a model whose engine is in a worker: what they see and do is the same, to the bit. */
import { afterEach, describe, expect, it } from "vitest";
import {
  type Callback,
  checkpoint,
  earlyStopping,
  type Model,
  reduceOnPlateau,
  stepBudget,
} from "../../src/index.ts";
import { bitsOf, weightBits } from "../given/models.ts";
import { batchSize, data, model, validation, watched } from "./training.ts";

const opened: Model[] = [];
const inWorker = async () => {
  const remote = await model({ worker: true });
  opened.push(remote);
  return remote;
};

afterEach(() => {
  for (const one of opened.splice(0)) one.dispose();
});

describe("in a worker", () => {
  it("hooks see the weights of their step, and what they set is trained on", async () => {
    const run = async (trained: Model) => {
      const seen: unknown[] = [];
      const halve: Callback = {
        onStepEnd({ step }, training) {
          seen.push(bitsOf(training.weights()));
          if (step !== 2) return;
          const weights = training.weights();
          const halved = Object.entries(weights).map(([name, { data: values }]) => [
            name,
            values.map((w) => w / 2),
          ]);
          training.setWeights(Object.fromEntries(halved));
          seen.push(bitsOf(training.weights()), [...training.snapshot()]);
        },
      };
      await trained.fit(data, { batchSize, epochs: 2, callbacks: [halve] });
      return [...seen, weightBits(trained)];
    };
    const [remote, local] = [await run(await inWorker()), await run(await model())];
    expect(remote).toHaveLength(8 + 2 + 1);
    expect(remote).toEqual(local);
  });

  it("the callbacks that come along leave the same model", async () => {
    const run = async (trained: Model) => {
      const saved = checkpoint({ keep: 3 });
      const stopping = earlyStopping({ monitor: "watched", mode: "min", patience: 3 });
      const reports = await trained.fit(data, {
        batchSize,
        epochs: 9,
        validation,
        callbacks: [
          watched([5, 4, 3, 3, 3, 3]),
          reduceOnPlateau({ monitor: "watched", mode: "min", patience: 0 }),
          saved,
          stopping,
        ],
      });
      const rates = reports.map(({ learningRate }) => learningRate);
      return { rates, weights: weightBits(trained), saved: saved.snapshots.map(({ bytes }) => [...bytes]) };
    };
    const [remote, local] = [await run(await inWorker()), await run(await model())];
    expect(remote.rates).toHaveLength(6);
    expect(remote).toEqual(local);
  });

  it("a budget of steps ends where it ends here", async () => {
    const [remote, local] = [await inWorker(), await model()];
    for (const one of [remote, local]) {
      await one.fit(data, { batchSize, epochs: 50, callbacks: [stepBudget({ steps: 101 })] });
      expect(one.state.step).toBe(101);
    }
    expect(weightBits(remote)).toEqual(weightBits(local));
  });
});

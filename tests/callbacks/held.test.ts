/** What callbacks hold on to, and what they let go of. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  csvLog,
  earlyStopping,
  learningRateLog,
  stepBudget,
  type Training,
} from "../../src/index.ts";
import { turnOfTheLoop } from "../given/models.ts";
import { batchSize, data, model, watched } from "./training.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** How many of these still exist. */
async function alive(refs: readonly WeakRef<object>[]): Promise<number> {
  // What was looked at in a task lives until its end.
  await turnOfTheLoop();
  collectGarbage();
  return refs.filter((ref) => ref.deref() !== undefined).length;
}

describe("earlyStopping", () => {
  it("holds the best weights only, and nothing when training is over", async () => {
    const refs: WeakRef<object>[] = [];
    const counts: number[] = [];
    const spy = {
      onTrainBegin(training: Training) {
        const weights = training.weights.bind(training);
        Object.assign(training, {
          weights() {
            const copy = weights();
            refs.push(new WeakRef(copy));
            return copy;
          },
        });
      },
    };
    const count = { onEpochEnd: async () => void counts.push(await alive(refs)) };
    const stopping = earlyStopping({ monitor: "watched", mode: "min", patience: 9 });
    const values = [5, 4, 3, 3, 2];
    await (await model()).fit(data, {
      batchSize,
      epochs: values.length,
      callbacks: [spy, watched(values), stopping, count],
    });
    expect(refs).toHaveLength(4);
    expect(counts).toEqual([1, 1, 1, 1, 1]);
    expect(await alive(refs)).toBe(0);
    expect(stopping.best).toBe(2);
  });
});

describe("checkpoint", () => {
  it("holds as many snapshots as it keeps, and the best", async () => {
    const refs: WeakRef<object>[] = [];
    const counts: number[] = [];
    const saved = checkpoint({
      monitor: "watched",
      mode: "min",
      keep: 2,
      onSave: ({ bytes }) => void refs.push(new WeakRef(bytes)),
    });
    const values = [3, 1, 2, 2, 2, 2];
    const count = { onEpochEnd: async () => void counts.push(await alive(refs)) };
    await (await model()).fit(data, {
      batchSize,
      epochs: values.length,
      callbacks: [watched(values), saved, count],
    });
    // Counted before the one of the epoch is taken. The best is the second: it stays beside the last two.
    expect(counts).toEqual([0, 1, 2, 2, 3, 3]);
  });
});

describe("a hundred trainings with callbacks", () => {
  it("take no more linear memory than the first", async () => {
    const trained = await model();
    const rates = learningRateLog({ per: "step" });
    const callbacks = [
      watched([3, 2, 4]),
      earlyStopping({ monitor: "watched", mode: "min", patience: 2 }),
      checkpoint(),
      rates,
      csvLog(),
      stepBudget({ steps: 50 }),
    ];
    const train = () => trained.fit(data, { batchSize, epochs: 3, callbacks });
    await train();
    const { bytes } = trained.state.machine("test").port;
    for (let i = 0; i < 99; i++) await train();
    expect(trained.state.machine("test").port.bytes).toBe(bytes);
    expect(rates.rates).toHaveLength(12);
  });
});

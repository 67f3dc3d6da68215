/** checkpoint with a store: when it puts one there, which of them stay, and what it refuses. */
import { afterEach, describe, expect, it } from "vitest";
import {
  type Checkpoint,
  type CheckpointOptions,
  checkpoint,
  DivergedError,
  type FitOptions,
  OptionError,
  sgd,
} from "../../src/index.ts";
import { memoryStore, readCheckpoint } from "../../src/io/index.ts";
import { rejectionOf, turnOfTheLoop, weightBits } from "../given/models.ts";
import { batchSize, data, model, STEPS_PER_EPOCH, watched } from "./training.ts";

async function stepsOf(options: CheckpointOptions, fit: FitOptions = {}, before = 0) {
  const store = memoryStore();
  const taken: Checkpoint[] = [];
  const trained = await model();
  if (before > 0) await trained.fit(data, { batchSize, maxSteps: before });
  const saved = checkpoint({ store, ...options, onSave: (one) => void taken.push(one) });
  await trained.fit(data, { batchSize, epochs: 5, callbacks: [saved], ...fit });
  return { steps: taken.map(({ step }) => step), taken, store, saved };
}

describe("checkpoint with a store", () => {
  it.each<[string, CheckpointOptions["every"], FitOptions, number[]]>([
    ["after each epoch, unless told otherwise", undefined, {}, [4, 8, 12, 16, 20]],
    ["after so many epochs, and at the end", 2, {}, [8, 16, 20]],
    ["after so many epochs by name", { epochs: 3 }, {}, [12, 20]],
    ["after each epoch by name", "epoch", { epochs: 2 }, [4, 8]],
    ["after so many steps, in the midst of epochs", { steps: 3 }, {}, [3, 6, 9, 12, 15, 18, 20]],
    ["after so many steps where more are made at once", { steps: 7 }, { epochs: 9 }, [7, 14, 21, 28, 35, 36]],
    ["after so many steps, of micro-batches", { steps: 2 }, { accumulate: 2, epochs: 2 }, [2, 4, 6, 8]],
    ["when it is stopped in between", { steps: 100 }, { maxSteps: 6 }, [6]],
    ["of full epochs that are trained together", { steps: 50 }, { epochs: 30, batchSize: 20 }, [30]],
  ])("takes one %s", async (_, every, fit, expected) => {
    const { steps, taken, store } = await stepsOf(every === undefined ? {} : { every }, fit);
    expect(steps).toEqual(expected);
    expect((await readCheckpoint(store))?.bytes).toEqual(taken.at(-1)?.bytes);
    // Each has the weights of its step.
    for (const { step, epoch, bytes } of taken.slice(-2)) {
      if (fit.batchSize === undefined) expect(epoch).toBe(Math.floor(step / STEPS_PER_EPOCH));
      const [there, here] = [await model(), await model()];
      there.restore(bytes);
      await here.fit(data, { batchSize, epochs: 5, ...fit, maxSteps: step });
      expect(weightBits(there), `step ${step}`).toEqual(weightBits(here));
    }
  });

  it("goes by multiples, as a training that was not stopped would", async () => {
    expect((await stepsOf({ every: { steps: 3 } }, { resume: true }, 5)).steps).toEqual([
      6, 9, 12, 15, 18, 20,
    ]);
  });

  it("takes one after so many seconds, with the weights of a step", async () => {
    const { taken } = await stepsOf({ every: { seconds: 1e-4 } }, { epochs: 3, onStep: turnOfTheLoop });
    expect(taken.length).toBeGreaterThan(3);
    for (const { step, bytes } of taken.slice(0, 4)) {
      const [there, here] = [await model(), await model()];
      there.restore(bytes);
      await here.fit(data, { batchSize, epochs: 5, maxSteps: step });
      expect(weightBits(there)).toEqual(weightBits(here));
    }
    expect((await stepsOf({ every: { seconds: 1000 } })).steps).toEqual([20]);
  });

  it("keeps the last two, or as many as it is told, and the best", async () => {
    const names = async (options: CheckpointOptions) => {
      const watch = watched([5, 3, 4, 2, 6]);
      const saved = checkpoint({ monitor: "watched", mode: "min", store: memoryStore(), ...options });
      const store = options.store ?? memoryStore();
      await (await model()).fit(data, {
        batchSize,
        epochs: 5,
        callbacks: [
          watch,
          options.store ? saved : checkpoint({ monitor: "watched", mode: "min", store, ...options }),
        ],
      });
      const files = (await store.list()).toSorted();
      return files.map((name) => name.slice("checkpoint-0000000".length, -".safetensors".length));
    };
    expect(await names({})).toEqual(["4.best", "5"]);
    expect(await names({ keep: 1 })).toEqual(["4.best", "5"]);
    expect(await names({ keep: 4 })).toEqual(["2.best", "3", "4.best", "5"]);
    expect(await names({ saveBestOnly: true })).toEqual(["2.best", "3.best"]);
    expect(await names({ every: 5, keep: 1 })).toEqual(["3.best", "4"]);
  });

  it("knows the best of before where training is resumed", async () => {
    const store = memoryStore();
    const callbacks = (values: number[]) => [
      watched(values),
      checkpoint({ store, monitor: "watched", mode: "min", keep: 1 }),
    ];
    const first = await model();
    await first.fit(data, { batchSize, epochs: 2, callbacks: callbacks([1, 2]) });
    const second = await model();
    second.restore((await readCheckpoint(store))!.bytes);
    await second.fit(data, { batchSize, epochs: 4, resume: true, callbacks: callbacks([0, 0, 3, 2]) });
    expect((await readCheckpoint(store, { best: true }))?.step).toBe(STEPS_PER_EPOCH);
  });

  it("keeps none in memory", async () => {
    const { saved } = await stepsOf({});
    expect([saved.latest, saved.best, saved.snapshots]).toEqual([undefined, undefined, []]);
  });

  it("puts one there when training is aborted or fails by the user's hand, and none when it diverges", async () => {
    const store = memoryStore();
    const stop = new AbortController();
    const onStep = ({ step }: { readonly step: number }) => step === 5 && stop.abort();
    const fit = (await model()).fit(data, {
      ...{ batchSize, epochs: 5, onStep, signal: stop.signal },
      callbacks: [checkpoint({ store, every: { steps: 100 } })],
    });
    await rejectionOf(fit);
    expect((await readCheckpoint(store))?.step).toBe(6);
    const empty = memoryStore();
    const diverging = await model({ optimizer: sgd({ learningRate: 1e30 }) });
    const error = await rejectionOf(
      diverging.fit(data, {
        batchSize,
        epochs: 5,
        callbacks: [checkpoint({ store: empty, every: { steps: 100 } })],
      }),
    );
    expect(error).toBeInstanceOf(DivergedError);
    expect(await empty.list()).toEqual([]);
  });

  it("has a name for each training that stores in one place", async () => {
    const store = memoryStore();
    for (const name of ["a", "a-00000001", "b.c"]) {
      await (await model()).fit(data, { batchSize, callbacks: [checkpoint({ store, name })] });
    }
    expect((await store.list()).toSorted()).toEqual([
      "a-00000001-00000001.safetensors",
      "a-00000001.safetensors",
      "b.c-00000001.safetensors",
    ]);
    expect((await readCheckpoint(store, { name: "a" }))?.file).toBe("a-00000001.safetensors");
  });

  describe("in a page", () => {
    const scope = globalThis as { document?: unknown };
    afterEach(() => {
      delete scope.document;
    });

    it("takes one when the page is hidden", async () => {
      const listeners = new Set<() => void>();
      const page = {
        visibilityState: "visible",
        addEventListener: (_: string, listener: () => void) => listeners.add(listener),
        removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
      };
      scope.document = page;
      const hide = ({ step }: { readonly step: number }) => {
        if (step !== 6 && step !== 9) return;
        page.visibilityState = step === 6 ? "hidden" : "visible";
        for (const listener of listeners) listener();
      };
      const { steps } = await stepsOf({ every: 3 }, { epochs: 3, onStep: hide });
      // At the next step after it was hidden, and none as it is shown again.
      expect(steps).toEqual([8, 12]);
      expect(listeners.size).toBe(0);
    });
  });

  const wrong = (value: unknown) => value as never;
  const store = memoryStore();
  it.each<[string, CheckpointOptions, string]>([
    [
      "a path as a store",
      { store: wrong("checkpoints") },
      'store is "checkpoints"; needs a store, with read, write, list and delete. Give fileStore("checkpoints") of wasmgrad/io.',
    ],
    [
      "half a store",
      { store: wrong({ read() {}, write() {} }) },
      "store is an object (Object); needs a store",
    ],
    ["a name without a store", { name: "mine" }, "name is given, and no store; needs one, or leave name out"],
    ["a failure of no store", { onFailure: "continue" }, "onFailure is given, and no store"],
    [
      "an unknown way to fail",
      { store, onFailure: wrong("ignore") },
      'onFailure is "ignore"; needs "stop", "continue" or a function',
    ],
    ["a name that is a path", { store, name: "../x" }, 'name is "../x"; needs at most 100 letters'],
    ["a name that is no string", { store, name: wrong(5) }, "name is 5; needs"],
    [
      "an interval of nothing",
      { every: wrong({}) },
      'every has nothing; needs "epoch", or one of { steps }, { seconds } and { epochs }',
    ],
    ["two intervals", { every: wrong({ steps: 1, seconds: 1 }) }, "every has steps and seconds; needs"],
    ["no steps", { every: { steps: 0 } }, "every: steps is 0; needs an integer of at least 1"],
    ["half a step", { every: { steps: 0.5 } }, "every: steps is 0.5"],
    ["no time", { every: { seconds: 0 } }, "every: seconds is 0; needs a positive number"],
    ["another word", { every: wrong("step") }, 'every is "step"; needs "epoch", or one of'],
    ["another interval", { every: wrong({ minutes: 1 }) }, 'there is no option "minutes"'],
  ])("refuses %s", (_, options, message) => {
    expect(() => checkpoint(options)).toThrow(OptionError);
    expect(() => checkpoint(options)).toThrow(message);
  });
});

/** checkpoint: which snapshots it takes and keeps, and that training goes on from them to the same bits. */
import { describe, expect, it } from "vitest";
import { type Checkpoint, type CheckpointOptions, checkpoint, OptionError } from "../../src/index.ts";
import { turnOfTheLoop, weightBits } from "../given/models.ts";
import { batchSize, data, model, STEPS_PER_EPOCH, watched } from "./training.ts";

const values = [5, 3, 4, 2, 6];

async function train(options: CheckpointOptions) {
  const trained = await model();
  const saved = checkpoint(options);
  await trained.fit(data, { batchSize, epochs: values.length, callbacks: [watched(values), saved] });
  return { trained, saved, epochs: saved.snapshots.map(({ epoch }) => epoch) };
}

describe("checkpoint", () => {
  it.each<[string, CheckpointOptions, number[], number | undefined]>([
    ["the last, unless told otherwise", {}, [5], undefined],
    ["the last three", { keep: 3 }, [3, 4, 5], undefined],
    ["every second", { every: 2, keep: 9 }, [2, 4], undefined],
    ["the best beside the last", { monitor: "watched", mode: "min" }, [5], 4],
    [
      "only what is best so far",
      { monitor: "watched", mode: "min", saveBestOnly: true, keep: 9 },
      [1, 2, 4],
      4,
    ],
    ["only what rises", { monitor: "watched", mode: "max", saveBestOnly: true, keep: 9 }, [1, 5], 5],
    [
      "a best between two that are due",
      { monitor: "watched", mode: "min", every: 3, keep: 9 },
      [1, 2, 3, 4],
      4,
    ],
    [
      "what is better by enough",
      { monitor: "watched", mode: "min", minDelta: 1.5, saveBestOnly: true, keep: 9 },
      [1, 2],
      2,
    ],
  ])("keeps %s", async (_, options, epochs, best) => {
    const found = await train(options);
    expect(found.epochs).toEqual(epochs);
    expect(found.saved.best?.epoch).toBe(best);
    expect(found.saved.latest).toBe(found.saved.snapshots.at(-1));
    for (const { epoch, step, value } of found.saved.snapshots) {
      expect(step).toBe(epoch * STEPS_PER_EPOCH);
      expect(value).toBe(options.monitor === undefined ? undefined : values[epoch - 1]);
    }
  });

  it("takes what training goes on from to the same bits", async () => {
    const { trained, saved } = await train({ keep: 9 });
    for (const { bytes, epoch } of saved.snapshots) {
      const other = await model();
      other.restore(bytes);
      await other.fit(data, { batchSize, epochs: values.length, resume: true });
      expect(weightBits(other), `from epoch ${epoch}`).toEqual(weightBits(trained));
    }
  });

  it("gives each to onSave, which is awaited, behind the callbacks that follow", async () => {
    const stored: Checkpoint[] = [];
    const seen: string[] = [];
    const trained = await model();
    const saved = checkpoint({
      monitor: "watched",
      mode: "min",
      async onSave(one) {
        await turnOfTheLoop();
        stored.push(one);
        seen.push(`saved ${one.epoch}`);
      },
    });
    await trained.fit(data, {
      batchSize,
      epochs: 3,
      callbacks: [watched(values), saved, { onEpochEnd: ({ epoch }) => void seen.push(`after ${epoch}`) }],
    });
    expect(seen).toEqual([1, 2, 3].flatMap((epoch) => [`after ${epoch}`, `saved ${epoch}`]));
    expect(stored.map(({ isBest }) => isBest)).toEqual([true, true, false]);
    expect(saved.latest?.bytes).toEqual(trained.snapshot());
  });

  it("starts anew with each fit", async () => {
    const { trained, saved } = await train({ monitor: "watched", mode: "min", keep: 9 });
    await trained.fit(data, { batchSize, callbacks: [watched([8]), saved] });
    expect(saved.snapshots.map(({ epoch }) => epoch)).toEqual([1]);
    expect(saved.best?.value).toBe(8);
  });

  const wrong = (value: unknown) => value as never;
  it.each<[string, CheckpointOptions, string]>([
    [
      "the best of nothing",
      { saveBestOnly: true },
      "checkpoint: saveBestOnly is true, and there is no monitor; needs one",
    ],
    ["to keep none", { keep: 0 }, "keep is 0; needs an integer of at least 1"],
    ["every half an epoch", { every: 0.5 }, "every is 0.5; needs an integer of at least 1"],
    ["an onSave that is no function", { onSave: wrong("file") }, 'onSave is "file"; needs a function'],
    ["a misspelled option", wrong({ saveBest: true }), 'there is no option "saveBest"'],
    ["a negative minDelta", { minDelta: -1 }, "minDelta is -1; needs a number of at least 0"],
  ])("refuses %s", (_, options, message) => {
    expect(() => checkpoint(options)).toThrow(OptionError);
    expect(() => checkpoint(options)).toThrow(message);
  });
});

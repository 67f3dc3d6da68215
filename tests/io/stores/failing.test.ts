/** A store of files that fails at its n-th call, for every n: a CheckpointError, the old file intact, the model unharmed. */
import { describe, expect, it } from "vitest";
import {
  CallbackError,
  CheckpointError,
  checkpoint,
  compile,
  dense,
  dropout,
  type FitOptions,
  input,
  type Model,
  StorageError,
  sequential,
} from "../../../src/index.ts";
import { readCheckpoint } from "../../../src/io/index.ts";
import { storeOn } from "../../../src/io/stores/fileStore.ts";
import { rejectionOf, rowsOf, weightBits } from "../../given/models.ts";
import { DoubleDisk } from "./disk.ts";

const data = { x: rowsOf(20, 2), y: rowsOf(20, 1, 2) };
const small = (): Promise<Model> =>
  compile(sequential(input(2), dense(3, "tanh"), dropout(0.2), dense(1)), {
    loss: "meanSquaredError",
    seed: 3,
  });
const options: FitOptions = { batchSize: 5, epochs: 2 };
const FOLDER = "/checkpoints";

/** What a training of the same steps, with a disk that works, ends in. */
async function undisturbed() {
  const disk = new DoubleDisk();
  const model = await small();
  await model.fit(data, { ...options, callbacks: [checkpoint({ store: storeOn(disk, FOLDER), keep: 1 })] });
  return { bits: weightBits(model), calls: disk.calls };
}

/** The disk as it is, read by a store that works. */
function readable(disk: DoubleDisk): DoubleDisk {
  const copy = new DoubleDisk();
  for (const folder of disk.folders) copy.folders.add(folder);
  for (const [path, file] of disk.names) {
    copy.names.set(path, file);
    copy.contents.set(file, disk.contents.get(file) as Uint8Array);
  }
  return copy;
}

/** Calls whose failure leaves nothing undone: what is too old stays a while, and a broken list of temporary files. */
const HARMLESS = /^(unlink|readdir)$/;

describe.each([
  ["ENOSPC", false],
  ["EIO", true],
])("a disk that fails with %s at the n-th call (and from then on: %s)", (code, staysBroken) => {
  it("ends training with a CheckpointError, for every n", async () => {
    const { bits, calls } = await undisturbed();
    const kinds = new Set<string>();
    for (let failsAt = 1; failsAt <= calls; failsAt++) {
      const disk = new DoubleDisk({ failsAt, staysBroken, code });
      const model = await small();
      const stored: Uint8Array[] = [];
      const saved = checkpoint({
        store: storeOn(disk, FOLDER),
        keep: 1,
        onSave: ({ bytes }) => void stored.push(bytes),
      });
      const fit = model.fit(data, { ...options, callbacks: [saved] });
      const error = await fit.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      kinds.add(disk.failed as string);
      const at = `${disk.failed}, call ${failsAt}`;
      if (error === undefined) expect(disk.failed, at).toMatch(HARMLESS);
      else {
        expect(error, at).toBeInstanceOf(CheckpointError);
        expect(error, at).toBeInstanceOf(CallbackError);
        const { cause, message, callback } = error as CheckpointError;
        expect(cause, at).toBeInstanceOf(StorageError);
        expect((cause as StorageError).cause).toMatchObject({ code });
        expect(message).toMatch(/^fit: callback "checkpoint" failed in on\w+: fileStore: .*(\/checkpoints)/);
        expect(message).toContain(code);
        expect([callback, saved.failure]).toEqual(['"checkpoint"', error]);
      }
      // The last one that was stored is there, or the one that was about to be.
      const last = await readCheckpoint(storeOn(readable(disk), FOLDER));
      const expected = [stored.at(-1), ...(error === undefined ? [] : [model.snapshot()])];
      expect(expected, at).toContainEqual(last?.bytes);
      // No temporary file stays, unless it could not be removed.
      if (!staysBroken && disk.failed !== "unlink") {
        expect([...disk.names.keys()].filter((path) => path.endsWith(".tmp"))).toEqual([]);
      }
      // The model is that of a whole step, and trains on to the same bits.
      if (error !== undefined) {
        const resume = (error as CheckpointError).hook !== "onTrainBegin";
        await model.fit(data, { ...options, resume });
      }
      expect(weightBits(model), at).toEqual(bits);
    }
    const writing = [
      "mkdir",
      "create",
      "write",
      "fsync",
      "close",
      "rename",
      "open folder",
      "fsync of a folder",
    ];
    expect([...kinds].sort()).toEqual(expect.arrayContaining(writing.sort()));
  });

  it("lets training go on where it is asked to, to the same bits", async () => {
    const { bits, calls } = await undisturbed();
    for (let failsAt = 1; failsAt <= calls; failsAt++) {
      const disk = new DoubleDisk({ failsAt, code });
      const errors: unknown[] = [];
      const onFailure = failsAt % 2 ? (error: unknown) => void errors.push(error) : "continue";
      const saved = checkpoint({ store: storeOn(disk, FOLDER), keep: 1, onFailure });
      const model = await small();
      await model.fit(data, { ...options, callbacks: [saved] });
      expect(weightBits(model)).toEqual(bits);
      const isHarmless = HARMLESS.test(disk.failed as string);
      if (!isHarmless) expect(saved.failure, `${disk.failed}`).toBeInstanceOf(CheckpointError);
      if (failsAt % 2) expect(errors).toEqual(saved.failure === undefined ? [] : [saved.failure]);
      // What failed is stored with the next one, at the latest when training ends.
      const last = await readCheckpoint(storeOn(readable(disk), FOLDER));
      const restored = await small();
      restored.restore(last!.bytes);
      expect(weightBits(restored), `${disk.failed}, call ${failsAt}`).toEqual(bits);
    }
  });
});

describe("a store that fails", () => {
  const broken = (error: unknown) => {
    const fail = () => Promise.reject(error);
    return { read: fail, write: fail, list: fail, delete: fail };
  };

  it("is told before the first step", async () => {
    const model = await small();
    const before = weightBits(model);
    const fit = model.fit(data, {
      ...options,
      callbacks: [checkpoint({ store: broken(new Error("gone")) })],
    });
    const error = (await rejectionOf(fit)) as CheckpointError;
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error.message).toBe('fit: callback "checkpoint" failed in onTrainBegin: gone');
    expect(error.code).toBe("WASMGRAD_CHECKPOINT");
    expect(weightBits(model)).toEqual(before);
  });

  it("stops training when whoever is told says so, or throws", async () => {
    const store = { ...broken(new Error("gone")), list: async () => [] };
    for (const onFailure of [async () => "stop", () => Promise.reject(new RangeError("mine"))]) {
      const error = await rejectionOf(
        (await small()).fit(data, { ...options, callbacks: [checkpoint({ store, onFailure })] }),
      );
      expect(error).toBeInstanceOf(CallbackError);
    }
  });
});

/** Which checkpoint of a store is found, and what becomes of those that are damaged, foreign or newer. */
import { describe, expect, it } from "vitest";
import {
  checkpoint,
  compile,
  dense,
  FormatError,
  input,
  type Model,
  OptionError,
  type Store,
  sequential,
} from "../../../src/index.ts";
import { memoryStore, readCheckpoint, save } from "../../../src/io/index.ts";
import { errorOf } from "../../given/errorOf.ts";
import { rejectionOf, rowsOf, weightBits } from "../../given/models.ts";
import { put, withState } from "../snapshot/file.ts";

const data = { x: rowsOf(20, 2), y: rowsOf(20, 1, 2) };
const small = (units = 1): Promise<Model> =>
  compile(sequential(input(2), dense(units)), { loss: "meanSquaredError", seed: 3 });

async function filled(keep = 3): Promise<Store> {
  const store = memoryStore();
  const model = await small();
  await model.fit(data, { epochs: 5, callbacks: [checkpoint({ store, keep })] });
  return store;
}

const fileOf = (number: number) => `checkpoint-0000000${number}.safetensors`;

async function change(
  store: Store,
  name: string,
  made: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
) {
  await store.write(name, made((await store.read(name)) as Uint8Array<ArrayBuffer>));
}

const flipped = (bytes: Uint8Array<ArrayBuffer>) => {
  bytes[bytes.length >> 1]! ^= 4;
  return bytes;
};

describe("readCheckpoint", () => {
  it("finds the last that there is, by its number", async () => {
    const store = await filled();
    expect((await store.list()).toSorted()).toEqual([3, 4, 5].map(fileOf));
    expect(await readCheckpoint(store)).toMatchObject({
      file: fileOf(5),
      step: 5,
      isBest: false,
      damaged: [],
    });
    expect(await readCheckpoint(store, { name: "other" })).toBeUndefined();
    expect(await readCheckpoint(store, { best: true })).toBeUndefined();
    expect(await readCheckpoint(memoryStore())).toBeUndefined();
  });

  it("goes by numbers, not by steps: those of a training that begins anew come last", async () => {
    const store = await filled(2);
    const again = await small();
    await again.fit(data, { epochs: 1, callbacks: [checkpoint({ store })] });
    expect(await readCheckpoint(store)).toMatchObject({ file: fileOf(6), step: 1 });
    await store.write("checkpoint-000000123456.safetensors", again.snapshot());
    // No name that the package gives.
    expect((await readCheckpoint(store))?.file).toBe(fileOf(6));
  });

  it.each([
    ["cut short", (bytes: Uint8Array<ArrayBuffer>) => bytes.slice(0, 900)],
    ["empty", () => new Uint8Array(0)],
    ["of zeros", (bytes: Uint8Array<ArrayBuffer>) => new Uint8Array(bytes.length)],
    ["changed", flipped],
  ])("passes over those that are %s, and says so", async (_, made) => {
    const store = await filled();
    await change(store, fileOf(5), made);
    expect(await readCheckpoint(store)).toMatchObject({ file: fileOf(4), step: 4, damaged: [fileOf(5)] });
    for (const number of [3, 4]) await change(store, fileOf(number), made);
    const error = (await rejectionOf(readCheckpoint(store))) as Error;
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(
      "none of 3 checkpoints is whole: checkpoint-00000005.safetensors, checkpoint-",
    );
    expect(error.cause).toBeInstanceOf(FormatError);
  });

  it("refuses one of a newer version, or of another kind, in place of going back", async () => {
    const store = await filled();
    await change(store, fileOf(5), (bytes) => withState(bytes, put("format", 3)));
    const error = (await rejectionOf(readCheckpoint(store))) as Error;
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toBe(
      `readCheckpoint: ${fileOf(5)}: a file of kind "snapshot" and format 3; needs a snapshot of format 1 or 2. Newer ones need ` +
        "a newer version of the package.",
    );
    await store.write(fileOf(5), await save(await small()));
    expect(((await rejectionOf(readCheckpoint(store))) as Error).message).toContain('a file of kind "model"');
  });

  it("of another network is refused by restore, which changes nothing", async () => {
    const last = await readCheckpoint(await filled());
    const other = await small(2);
    const before = weightBits(other);
    const error = errorOf(() => other.restore(last!.bytes)) as Error;
    expect(error.message).toContain(
      "the snapshot is of another network: dense/kernel is [2, 1] in the snapshot, [2, 2] here",
    );
    expect(weightBits(other)).toEqual(before);
  });

  it("passes on what a store says, and refuses what is none", async () => {
    const gone = new Error("gone");
    const store = { ...(await filled()), read: () => Promise.reject(gone) };
    expect(await rejectionOf(readCheckpoint(store))).toBe(gone);
    for (const wrong of [undefined, "checkpoints", {}, new Map()]) {
      expect(await rejectionOf(readCheckpoint(wrong as never))).toBeInstanceOf(OptionError);
    }
    expect(await rejectionOf(readCheckpoint(store, { name: "../x" }))).toBeInstanceOf(OptionError);
  });

  it("passes over one that is removed while it looks", async () => {
    const store = await filled();
    const { read } = store;
    const found = await readCheckpoint({
      ...store,
      read: async (name) => (name === fileOf(5) ? undefined : read(name)),
    });
    expect(found).toMatchObject({ file: fileOf(4), damaged: [] });
  });
});

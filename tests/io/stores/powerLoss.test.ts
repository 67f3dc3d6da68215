/** A loss of power at whatever moment leaves the checkpoint before or the new one, whole. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkpoint, compile, dense, input, type Model, type Store, sequential } from "../../../src/index.ts";
import { readCheckpoint } from "../../../src/io/index.ts";
import { writeFile } from "../../../src/io/stores/atomicFile.ts";
import { storeOn } from "../../../src/io/stores/fileStore.ts";
import type { Disk } from "../../../src/io/stores/fileSystem.ts";
import { rowsOf } from "../../given/models.ts";
import { DoubleDisk } from "./disk.ts";

const data = { x: rowsOf(20, 2), y: rowsOf(20, 1, 2) };
const small = (): Promise<Model> =>
  compile(sequential(input(2), dense(1)), { loss: "meanSquaredError", seed: 3 });

/** A store that notes in the log of its disk what it is about to store, and what is stored. */
function noting(disk: DoubleDisk, folder: string): Store {
  const store = storeOn(disk, folder);
  return {
    ...store,
    async write(name, bytes) {
      disk.note(`begun ${textOf(bytes)}`);
      await store.write(name, bytes);
      disk.note(`stored ${textOf(bytes)}`);
    },
  };
}

const textOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The last note of a kind before a place of the log. */
const noted = (disk: DoubleDisk, length: number, what: string): string | undefined => {
  const texts = disk.log.slice(0, length).flatMap((one) => (one.kind === "note" ? [one.text] : []));
  return texts.findLast((text) => text.startsWith(`${what} `))?.slice(what.length + 1);
};

describe("a loss of power", () => {
  it.each([1, 2])(
    "at every call of a training that keeps %i leaves the old or the new checkpoint",
    async (keep) => {
      const disk = new DoubleDisk({ most: 700 });
      const store = noting(disk, "/checkpoints");
      const model = await small();
      await model.fit(data, {
        batchSize: 5,
        epochs: 2,
        callbacks: [checkpoint({ store, keep, every: { steps: 3 }, monitor: "loss" })],
      });
      let states = 0;
      const seen = new Set<string>();
      for (let length = 0; length <= disk.log.length; length++) {
        const before = noted(disk, length, "stored");
        const allowed = [before, noted(disk, length, "begun")];
        for (const found of disk.after(length)) {
          states++;
          const last = await readCheckpoint(storeOn(found as Disk, "/checkpoints"));
          const text = last && textOf(last.bytes);
          expect(allowed, `after ${length} calls`).toContain(text);
          seen.add(text ?? "");
        }
      }
      // All that were stored were found at some moment, and every moment was looked at.
      const stored = disk.log.filter((one) => one.kind === "note" && one.text.startsWith("stored"));
      expect(stored.length).toBeGreaterThan(3);
      expect(seen.size).toBe(stored.length + 1);
      expect(states).toBeGreaterThan(2 * disk.log.length);
    },
  );

  it("while a file is replaced leaves it as it was, or as it is to be", async () => {
    const disk = new DoubleDisk({ most: 4 });
    const [old, next] = [Uint8Array.of(1, 2, 3, 4, 5, 6, 7), Uint8Array.of(8, 9, 10, 11, 12)];
    await writeFile("test", disk, "/models/a.safetensors", old);
    const length = disk.log.length;
    await writeFile("test", disk, "/models/a.safetensors", next);
    for (let at = length; at <= disk.log.length; at++) {
      for (const found of disk.after(at)) {
        const bytes = await found.files.readFile("/models/a.safetensors");
        expect([[...old], [...next]]).toContainEqual([...bytes]);
        if (at === disk.log.length) expect([...bytes]).toEqual([...next]);
      }
    }
  });

  it("is survived by a double of a disk only: one that renames before it syncs is caught", async () => {
    const disk = new DoubleDisk();
    const file = await disk.files.open("/a.tmp", "w");
    await file.write(Uint8Array.of(1, 2, 3), 0, 3);
    await disk.files.rename("/a.tmp", "/a");
    await file.sync();
    const found = [...disk.after(3)].flatMap((one) => {
      const id = one.names.get("/a");
      return id === undefined ? [] : [[...(one.contents.get(id) as Uint8Array)].join()];
    });
    expect(new Set(found)).toEqual(new Set(["", "1", "0,0,0", "1,0,0", "1,2,3"]));
  });
});

/** Stores of this runtime, and key–value stores as services have them; those of browsers and the edge: checkStores.mjs. */
import { mkdtempSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import * as wasmgrad from "../../../src/index.ts";
import { FormatError, OptionError, StorageError, type Store, UnsupportedError } from "../../../src/index.ts";
import * as io from "../../../src/io/index.ts";
import { fileStore, indexedDbStore, keyValueStore, memoryStore, opfsStore } from "../../../src/io/index.ts";
import { storeOn } from "../../../src/io/stores/fileStore.ts";
import { diskHere } from "../../../src/io/stores/fileSystem.ts";
import { errorOf } from "../../given/errorOf.ts";
import { rejectionOf } from "../../given/models.ts";
import { bytesOf, checkStore, checkTraining } from "../../runtimes/storeContract.mjs";
import { DoubleDisk } from "./disk.ts";

const folder = mkdtempSync(join(tmpdir(), "wasmgrad-stores-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What services answer in: KV with keys and a cursor, R2 with objects, a Durable Object with a Map. */
type Style = "KV" | "R2" | "Durable Object";

class Service {
  readonly values = new Map<string, Uint8Array>();
  readonly puts: string[] = [];
  readonly #style: Style;
  /** Calls of put until it fails. */
  left = Number.POSITIVE_INFINITY;

  constructor(style: Style) {
    this.#style = style;
    if (style === "KV") Object.assign(this, { getWithMetadata: () => undefined });
    if (style === "R2") Object.assign(this, { createMultipartUpload: () => undefined });
  }

  async get(key: string): Promise<unknown> {
    const value = this.values.get(key);
    if (value === undefined) return this.#style === "Durable Object" ? undefined : null;
    if (this.#style === "KV") return value.slice().buffer;
    return this.#style === "R2" ? { arrayBuffer: async () => value.slice().buffer } : value;
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    if (this.left-- <= 0) throw new Error("over quota");
    this.puts.push(key);
    this.values.set(key, new Uint8Array(value));
  }

  async delete(key: string): Promise<void> {
    this.values.delete(key);
  }

  async list({ prefix = "", cursor = "" } = {}): Promise<unknown> {
    const keys = [...this.values.keys()].filter((key) => key.startsWith(prefix)).sort();
    if (this.#style === "Durable Object") return new Map(keys.map((key) => [key, this.values.get(key)]));
    const rest = keys.filter((key) => key > cursor);
    const page = rest.slice(0, 2);
    const more = rest.length > 2 ? { cursor: page.at(-1) } : {};
    if (this.#style === "KV")
      return { keys: page.map((name) => ({ name })), list_complete: !("cursor" in more), ...more };
    return { objects: page.map((key) => ({ key })), truncated: "cursor" in more, ...more };
  }
}

const styles: readonly Style[] = ["KV", "R2", "Durable Object"];
const stores: Readonly<Record<string, () => Store>> = {
  memory: memoryStore,
  files: () => fileStore(join(folder, `store${Math.floor(performance.now() * 1000)}`)),
  "a double of a disk": () => storeOn(new DoubleDisk({ most: 999 }), "/a/b"),
  ...Object.fromEntries(
    styles.flatMap((style) => [
      [style, () => keyValueStore(new Service(style) as never)],
      [
        `${style} in small values`,
        () => keyValueStore(new Service(style) as never, { valueBytes: 400, prefix: "p:" }),
      ],
    ]),
  ),
};

describe.each(Object.entries(stores))("a store in %s", (name, make) => {
  it("reads, writes, lists and deletes", async () => {
    await checkStore(make(), /small|double/.test(name) ? 5000 : 300_000);
  });

  it("keeps what a training goes on from to the same bits", async () => {
    await checkTraining({ wasmgrad, io }, make());
  });
});

describe("a store of files", () => {
  it("removes temporary files of writers that are gone, and no others", async () => {
    const place = join(folder, "stale");
    await mkdir(place);
    const gone = [`.a.safetensors.${2 ** 22 + 1}.3.tmp`, `.a.safetensors.${process.pid}.77.tmp`];
    const others = [`.b.safetensors.1.1.tmp`, ".hidden", "a.tmp", ".a.tmp"];
    for (const name of [...gone, ...others]) await writeFile(join(place, name), "x");
    const store = fileStore(place);
    expect(await store.list()).toEqual(["a.tmp"]);
    await store.write("new", bytesOf(3));
    expect((await readdir(place)).sort()).toEqual([...others, "new"].sort());
  });

  it("is empty where its folder is not there, and names one that cannot be", async () => {
    expect(await fileStore(join(folder, "none")).list()).toEqual([]);
    await writeFile(join(folder, "file"), "");
    const error = (await rejectionOf(fileStore(join(folder, "file")).list())) as StorageError;
    expect(error).toBeInstanceOf(StorageError);
    expect(error.message).toContain("ENOTDIR");
    expect(errorOf(() => fileStore(5 as never))).toBeInstanceOf(OptionError);
  });

  it("gives way to a folder that vanishes: the next file is there again", async () => {
    const place = join(folder, "vanishing");
    const store = fileStore(place);
    await store.write("one", bytesOf(3));
    await rm(place, { recursive: true });
    expect(await store.read("one")).toBeUndefined();
    expect(await store.list()).toEqual([]);
    await store.write("two", bytesOf(4));
    expect(new Uint8Array(await readFile(join(place, "two")))).toEqual(bytesOf(4));
  });

  it("knows the disk of this runtime", () => {
    expect(diskHere()?.processes.pid).toBe(process.pid);
  });
});

describe("a key–value store", () => {
  it.each(styles)("of %s that fails at the n-th value has the file of before, for every n", async (style) => {
    const [old, next] = [bytesOf(1500, 1), bytesOf(2500, 2)];
    for (let n = 0; n <= 6; n++) {
      const service = new Service(style);
      const store = keyValueStore(service as never, { valueBytes: 500 });
      await store.write("file", old);
      service.left = n;
      const error = await store.write("file", next).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      // Five parts, and the key that puts them in place.
      if (n < 6) {
        expect(error).toBeInstanceOf(StorageError);
        expect((error as Error).message).toContain('keyValueStore: "file" could not be written: over quota.');
      } else expect(error).toBeUndefined();
      service.left = Number.POSITIVE_INFINITY;
      expect(await store.read("file")).toEqual(n < 6 ? old : next);
      await store.write("file", old);
      expect(await store.read("file")).toEqual(old);
    }
  });

  it("cuts files as the service needs it, and lists none of their bytes", async () => {
    const keys = { KV: 1, R2: 1, "Durable Object": 3 };
    for (const style of styles) {
      const service = new Service(style);
      const store = keyValueStore(service as never);
      await store.write("file", bytesOf(300_000));
      expect(service.puts).toHaveLength(keys[style] + 1);
      expect(service.puts.at(-1)).toBe("wasmgrad/files/file");
      const listed: unknown[] = [];
      const { list } = service;
      service.list = async (options) => {
        listed.push(options);
        return list.call(service, options);
      };
      await store.list();
      expect(listed[0]).toEqual({ prefix: "wasmgrad/files/" });
    }
  });

  it("says so of a file that is not whole, and of keys that are not its own", async () => {
    const service = new Service("R2");
    const store = keyValueStore(service as never, { valueBytes: 500 });
    await store.write("file", bytesOf(1500));
    service.values.delete("wasmgrad/parts/file/0/1");
    expect(((await rejectionOf(store.read("file"))) as Error).message).toContain('"file" is not whole');
    await store.delete("file");
    expect(service.values.size).toBe(0);
    for (const head of [
      "",
      "{",
      "[]",
      "null",
      '{"format":2}',
      '{"format":1,"bytes":-1}',
      '{"format":1,"bytes":9,"parts":1e15}',
    ]) {
      service.values.set("wasmgrad/files/file", new TextEncoder().encode(head));
      const error = await rejectionOf(store.read("file"));
      expect(error, head).toBeInstanceOf(FormatError);
      expect((error as Error).message).toContain("is no file of this store; use another prefix");
      expect(await rejectionOf(store.write("file", bytesOf(3)))).toBeInstanceOf(FormatError);
    }
  });

  it("refuses what has no such methods", () => {
    const error = errorOf(() => keyValueStore({ get() {}, put() {} } as never)) as Error;
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain("which has no delete; needs get, put, delete and list");
    expect(errorOf(() => keyValueStore(new Service("KV") as never, { valueBytes: 0 }))).toBeInstanceOf(
      OptionError,
    );
  });
});

describe("stores of browsers", () => {
  it("say where they are not, and what is there instead", () => {
    expect((errorOf(() => indexedDbStore()) as Error).message).toContain(
      "there is no IndexedDB here; needs a page",
    );
    expect((errorOf(() => opfsStore()) as Error).message).toContain("indexedDbStore works in older ones");
    for (const make of [indexedDbStore, opfsStore]) {
      expect(errorOf(() => make())).toBeInstanceOf(UnsupportedError);
      expect(errorOf(() => make("a/b"))).toBeInstanceOf(OptionError);
    }
  });
});

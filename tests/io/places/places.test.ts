/** Where model files come from and go to: files, addresses, blobs and responses; and what becomes of those that are none. */
import { mkdtempSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  compile,
  dense,
  FormatError,
  input,
  type Model,
  OptionError,
  StorageError,
  sequential,
  UnsupportedError,
} from "../../../src/index.ts";
import { download, type Loaded, type LoadOptions, load, save } from "../../../src/io/index.ts";
import { errorOf } from "../../given/errorOf.ts";
import { rejectionOf, rowsOf, weightBits } from "../../given/models.ts";

const folder = mkdtempSync(join(tmpdir(), "wasmgrad-places-"));
const x = rowsOf(5, 4);
let model: Model;
let bytes: Uint8Array<ArrayBuffer>;
let server: Server;
let origin: string;
let isClosed = false;

beforeAll(async () => {
  model = await compile(sequential(input(4), dense(64, "relu"), dense(2)), { loss: "meanSquaredError" });
  bytes = await save(model);
  server = createServer((request, response) => {
    const { url } = request;
    if (url === "/model") {
      response.setHeader("content-length", bytes.length);
      response.write(bytes.subarray(0, 1000));
      setTimeout(() => response.end(bytes.subarray(1000)), 150);
    } else if (url === "/endless") {
      const timer = setInterval(() => response.write(new Uint8Array(1000)), 2);
      response.on("close", () => {
        clearInterval(timer);
        isClosed = true;
      });
    } else if (url === "/broken") {
      response.setHeader("content-length", bytes.length);
      response.write(bytes.subarray(0, 1000));
      setTimeout(() => response.destroy(), 20);
    } else if (url === "/page") response.end("<!doctype html><title>Not it</title>");
    else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function expectLoaded(source: Parameters<typeof load>[0], options: LoadOptions = {}) {
  const loaded = await load(source, options);
  expect(weightBits(loaded.model as Model)).toEqual(weightBits(model));
  expect(await loaded.predict(x)).toEqual(await model.predict(x));
}

const refused = async (
  source: unknown,
  type: new (...given: never[]) => Error,
  options: LoadOptions = {},
): Promise<string> => {
  const error = (await rejectionOf(load(source as Uint8Array, options))) as Error;
  expect(error, error.stack).toBeInstanceOf(type);
  return error.message;
};

describe("save", () => {
  it("puts the file into a path, and gives it back", async () => {
    const path = join(folder, "new/model.safetensors");
    expect(await save(model, { to: path })).toEqual(bytes);
    expect(new Uint8Array(await readFile(path))).toEqual(bytes);
    await expectLoaded(path);
    await expectLoaded(pathToFileURL(path));
    await expectLoaded(pathToFileURL(path).href);
    // In place of what is there, and nothing stays beside it.
    await save(model, { to: pathToFileURL(path), metadata: { second: true } });
    expect((await load(path)).metadata).toEqual({ second: true });
    expect(await readdir(join(folder, "new"))).toEqual(["model.safetensors"]);
  });

  it("puts it into the handle of a file, as it is closed", async () => {
    const done: string[] = [];
    const content: Uint8Array[] = [];
    const handle = {
      name: "model.safetensors",
      getFile: async () => new File(content as BlobPart[], "model.safetensors"),
      createWritable: async () => ({
        write: async (one: Uint8Array) => void content.push(one),
        close: async () => void done.push("closed"),
        abort: async () => void done.push("aborted"),
      }),
    };
    await save(model, { to: handle });
    expect(done).toEqual(["closed"]);
    await expectLoaded(handle);
    const full = new DOMException("no more", "QuotaExceededError");
    const failing = {
      ...handle,
      createWritable: async () => ({
        ...(await handle.createWritable()),
        write: () => Promise.reject(full),
      }),
    };
    const error = (await rejectionOf(save(model, { to: failing }))) as StorageError;
    expect(error).toBeInstanceOf(StorageError);
    expect(error.message).toContain(
      "model.safetensors could not be written: QuotaExceededError: no more. The quota of",
    );
    expect([error.cause, done]).toEqual([full, ["closed", "aborted"]]);
  });

  it("refuses what is no place, and says why one cannot be written", async () => {
    const refusedTo = (to: unknown) => rejectionOf(save(model, { to: to as string }));
    expect(await refusedTo(5)).toMatchObject({
      name: "OptionError",
      message: expect.stringContaining("to is 5; needs"),
    });
    expect(await refusedTo(`${origin}/model`)).toMatchObject({
      name: "OptionError",
      message: expect.stringContaining("is no file; needs a path, or a file: URL"),
    });
    await writeFile(join(folder, "file"), "x");
    const within = (await refusedTo(join(folder, "file/model"))) as StorageError;
    expect(within).toBeInstanceOf(StorageError);
    expect(within.message).toContain("the folder");
    expect(within.message).toMatch(/(EEXIST|ENOTDIR)/);
    await mkdir(join(folder, "folder"));
    const error = (await refusedTo(join(folder, "folder"))) as StorageError;
    expect(error.message).toMatch(/could not be written: .*(EISDIR|ENOTEMPTY|EEXIST)/);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("load", () => {
  it("takes an address, and tells how much has come", async () => {
    const seen: Loaded[] = [];
    await expectLoaded(`${origin}/model`, { onProgress: (loaded) => void seen.push(loaded) });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.every(({ total }) => total === bytes.length)).toBe(true);
    expect(seen.at(-1)).toEqual({ loaded: bytes.length, total: bytes.length });
    await expectLoaded(new URL("/model", origin));
    await expectLoaded(`data:application/octet-stream;base64,${Buffer.from(bytes).toString("base64")}`);
  });

  it("takes a response, a file and a blob", async () => {
    await expectLoaded(await fetch(`${origin}/model`));
    await expectLoaded(new Blob([bytes]));
    const seen: Loaded[] = [];
    await expectLoaded(new File([bytes], "mine.safetensors"), { onProgress: (one) => void seen.push(one) });
    expect(seen.at(-1)).toEqual({ loaded: bytes.length, total: bytes.length });
  });

  it("names a place where there is nothing, or nothing that can be read", async () => {
    const missing = join(folder, "missing.safetensors");
    expect(await refused(missing, StorageError)).toBe(
      `load: ${missing} could not be read: ENOENT: no such file or directory, open '${missing}'. Look at the path.`,
    );
    expect(await refused(folder, StorageError)).toContain("It is a folder");
    expect(await refused(`${origin}/none`, StorageError)).toBe(
      `load: ${origin}/none answered 404 Not Found; needs the file.`,
    );
    expect(await refused(`${origin}/broken`, StorageError)).toContain("/broken could not be read to its end");
    expect(await refused("http://127.0.0.1:1/", StorageError)).toContain("could not be fetched");
    expect(await refused({ href: "x" }, OptionError)).toContain("needs bytes, a path, a URL");
  });

  it("names what is there in place of a model file", async () => {
    const kinds = { zip: "PK\x03\x04rest of it", text: '{"json": 1}', nothing: "" };
    for (const [name, content] of Object.entries(kinds)) await writeFile(join(folder, name), content);
    const zip = join(folder, "zip");
    expect(await refused(zip, FormatError)).toContain(`load: ${zip}: the file is a ZIP archive`);
    expect(await refused(join(folder, "text"), FormatError)).toContain("perhaps JSON");
    expect(await refused(join(folder, "nothing"), FormatError)).toContain("0 bytes are no safetensors file");
    expect(await refused(`${origin}/page`, FormatError)).toContain(
      `load: ${origin}/page: the file is a text, perhaps HTML`,
    );
    await writeFile(join(folder, "snapshot"), model.snapshot());
    expect(await refused(join(folder, "snapshot"), FormatError)).toContain("the file is a snapshot");
  });

  it("ends when it is aborted, before or in the midst of it, with the reason", async () => {
    const reason = new Error("enough");
    const stopped = new AbortController();
    stopped.abort(reason);
    for (const source of [`${origin}/model`, join(folder, "none"), new Blob([bytes]), bytes]) {
      expect(await rejectionOf(load(source, { signal: stopped.signal }))).toBe(reason);
    }
    const stop = new AbortController();
    const onProgress = ({ loaded }: Loaded) => {
      if (loaded > 5000) stop.abort(reason);
    };
    expect(await rejectionOf(load(`${origin}/endless`, { signal: stop.signal, onProgress }))).toBe(reason);
    await expect.poll(() => isClosed).toBe(true);
  });

  it("reads no more than it is let, of a stream that does not end", async () => {
    const limits = { fileBytes: 4000 };
    isClosed = false;
    expect(await refused(`${origin}/endless`, FormatError, { limits })).toContain(
      "needs at most 4000, as limits.fileBytes",
    );
    await expect.poll(() => isClosed).toBe(true);
    const few = { limits: { fileBytes: 100 } };
    expect(await refused(`${origin}/model`, FormatError, few)).toContain(`has ${bytes.length} bytes`);
    expect(await refused(new Blob([bytes]), FormatError, few)).toContain(`has ${bytes.length} bytes`);
  });

  it("rejects with what onProgress throws", async () => {
    const error = new RangeError("mine");
    const onProgress = () => Promise.reject(error);
    expect(await rejectionOf(load(`${origin}/model`, { onProgress }))).toBe(error);
  });
});

describe("download", () => {
  it("is of a page, and says so where there is none", () => {
    expect(errorOf(() => download(bytes))).toBeInstanceOf(UnsupportedError);
    expect((errorOf(() => download(bytes)) as Error).message).toContain("save(model, { to: path })");
  });
});

/** What files say of themselves: told without building anything of them, whoever wrote them. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile, dense, input, sequential } from "../../../src/index.ts";
import { inspect, load, save } from "../../../src/io/index.ts";
import { errorOf } from "../../given/errorOf.ts";
import { rejectionOf } from "../../given/models.ts";
import { sealed, withHeader } from "../snapshot/file.ts";

const compiled = () => compile(sequential(input(2), dense(3)), { loss: "meanSquaredError" });
const kernel = { name: "dense/kernel", dtype: "F32", shape: [2, 3], bytes: 24 };
const bias = { name: "dense/bias", dtype: "F32", shape: [3], bytes: 12 };
const messageOf = (run: () => unknown) => (errorOf(run) as Error).message;

/** A file of another program, of one tensor. */
const foreign = (dtype: string, bytes: number, offsets = [0, bytes]) =>
  sealed({
    text: JSON.stringify({ __metadata__: { format: "pt" }, w: { dtype, shape: [4], data_offsets: offsets } }),
    data: new Uint8Array(bytes),
  });

describe("inspect tells of", () => {
  it("a model file", async () => {
    const bytes = await save(await compiled(), { metadata: { by: "me" } });
    expect(inspect(bytes)).toEqual({
      kind: "model",
      format: 1,
      madeBy: `wasmgrad ${JSON.parse(readFileSync("package.json", "utf8")).version}`,
      bytes: bytes.length,
      tensors: [kernel, bias],
      metadata: { by: "me" },
    });
  });

  it("a snapshot", async () => {
    const bytes = (await compiled()).snapshot({ attachments: { note: 1 } });
    const { kind, format, tensors, metadata } = inspect(bytes);
    expect({ kind, format, metadata }).toEqual({ kind: "snapshot", format: 2, metadata: { note: 1 } });
    expect(tensors.map(({ name }) => name)).toContain("dense/kernel/1/");
  });

  it("a snapshot of format 1", () => {
    const path = new URL("../../given/snapshots/format1Networks.json", import.meta.url);
    const { base64 } = JSON.parse(readFileSync(path, "utf8")).momentum;
    expect(inspect(new Uint8Array(Buffer.from(base64, "base64")))).toMatchObject({
      kind: "snapshot",
      format: 1,
    });
  });

  it("a file of another program, with its strings", () => {
    expect(inspect(foreign("BF16", 8))).toMatchObject({
      kind: "safetensors",
      format: undefined,
      madeBy: undefined,
      tensors: [{ name: "w", dtype: "BF16", shape: [4], bytes: 8 }],
      metadata: { format: "pt" },
    });
  });

  it("a tensor of an unknown type, which it refuses by itself", () => {
    expect(inspect(foreign("F8_E4M3", 4)).tensors).toEqual([
      {
        name: "w",
        dtype: "F8_E4M3",
        shape: [4],
        bytes: 4,
        refused: '"F8_E4M3" is no type of numbers that this version reads.',
      },
    ]);
  });

  it("a file with weights that were changed, as it looks at none", async () => {
    const bytes = await save(await compiled());
    bytes[bytes.length - 1]! ^= 1;
    expect(inspect(bytes).kind).toBe("model");
    expect(await rejectionOf(load(bytes))).toMatchObject({ name: "FormatError" });
  });
});

describe("inspect refuses", () => {
  it.each([
    ["F32", 12, [0, 12], '"w".data_offsets is [0, 12]; needs 16 bytes from 0 on'],
    ["F32", 16, [4, 20], "needs 16 bytes from 0 on"],
    ["F8", 4, [4, 0], '"w".data_offsets is [4, 0]'],
    ["F8", 4, [0, 9], "the file has 4 bytes of tensors; needs 9"],
    ["toString", 4, [0, 2], "the file has 4 bytes of tensors; needs 2"],
  ])("%s of %i bytes at %j", (dtype, bytes, offsets, says) => {
    expect(messageOf(() => inspect(foreign(dtype, bytes, offsets)))).toContain(says);
  });

  it("more tensors than the limits let", async () => {
    const bytes = withHeader(await save(await compiled()), () => undefined);
    expect(messageOf(() => inspect(bytes, { limits: { tensors: 1 } }))).toContain("needs at most 1");
  });
});

describe("a file of another kind", () => {
  it.each([
    ["PK\x03\x04", "a ZIP archive, as .npz"],
    ["\x1f\x8b\x08", "compressed by gzip"],
    ["\x93NUMPY\x01", "an array of NumPy"],
    ["\x89HDF\r\n\x1a\n", "an HDF5 file"],
    ["GGUF", "a GGUF file"],
    ["\0asm", "a WebAssembly module"],
    ["\x80\x04", "a pickle of Python"],
    ["{", "a text, perhaps JSON"],
    ["<!doctype html>", "a text, perhaps HTML"],
  ])("that begins with %j is named, by inspect and load", async (begins, is) => {
    const bytes = Uint8Array.from(begins.padEnd(64, " "), (letter) => letter.charCodeAt(0));
    expect(messageOf(() => inspect(bytes))).toContain(`inspect: the file is ${is}`);
    expect(await rejectionOf(load(bytes))).toMatchObject({
      message: expect.stringContaining(`load: the file is ${is}`),
    });
  });
});

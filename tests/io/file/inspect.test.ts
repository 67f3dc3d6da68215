/** What files say of themselves: told without building anything of them, whoever wrote them. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { standardScaler } from "../../../src/data/index.ts";
import { compile, dense, input, sequential } from "../../../src/index.ts";
import { inspect, load, save, toJSON, writeNpy, writeNpz } from "../../../src/io/index.ts";
import { rejectionOf } from "../../given/models.ts";
import { sealed, withHeader } from "../snapshot/file.ts";

const compiled = () => compile(sequential(input(2), dense(3)), { loss: "meanSquaredError" });
const kernel = { name: "dense/kernel", dtype: "F32", shape: [2, 3], bytes: 24 };
const bias = { name: "dense/bias", dtype: "F32", shape: [3], bytes: 12 };
const messageOf = async (given: Promise<unknown>) => ((await rejectionOf(given)) as Error).message;

/** A file of another program, of one tensor. */
const foreign = (dtype: string, bytes: number, offsets = [0, bytes]) =>
  sealed({
    text: JSON.stringify({ __metadata__: { format: "pt" }, w: { dtype, shape: [4], data_offsets: offsets } }),
    data: new Uint8Array(bytes),
  });

describe("inspect tells of", () => {
  it("a model file", async () => {
    const bytes = await save(await compiled(), { metadata: { by: "me" } });
    expect(await inspect(bytes)).toEqual({
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
    const { kind, format, tensors, metadata } = await inspect(bytes);
    expect({ kind, format, metadata }).toEqual({ kind: "snapshot", format: 2, metadata: { note: 1 } });
    expect(tensors.map(({ name }) => name)).toContain("dense/kernel/1/");
  });

  it("a snapshot of format 1", async () => {
    const path = new URL("../../given/snapshots/format1Networks.json", import.meta.url);
    const { base64 } = JSON.parse(readFileSync(path, "utf8")).momentum;
    expect(await inspect(new Uint8Array(Buffer.from(base64, "base64")))).toMatchObject({
      kind: "snapshot",
      format: 1,
    });
  });

  it("a file of another program, with its strings", async () => {
    expect(await inspect(foreign("BF16", 8))).toMatchObject({
      kind: "safetensors",
      format: undefined,
      madeBy: undefined,
      tensors: [{ name: "w", dtype: "BF16", shape: [4], bytes: 8 }],
      metadata: { format: "pt" },
    });
  });

  it("a tensor of an unknown type, which it refuses by itself", async () => {
    expect((await inspect(foreign("F8_E4M3", 4))).tensors).toEqual([
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
    expect((await inspect(bytes)).kind).toBe("model");
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
  ])("%s of %i bytes at %j", async (dtype, bytes, offsets, says) => {
    expect(await messageOf(inspect(foreign(dtype, bytes, offsets)))).toContain(says);
  });

  it("more tensors than the limits let", async () => {
    const bytes = withHeader(await save(await compiled()), () => undefined);
    expect(await messageOf(inspect(bytes, { limits: { tensors: 1 } }))).toContain("needs at most 1");
  });
});

/** A ZIP archive, stored, of entries that hold nothing. */
const archive = async (name: string) => {
  const bytes = Buffer.from(await writeNpz({ ["x".repeat(name.length - 4)]: { shape: [], data: [1] } }));
  for (let at = bytes.indexOf("xxx"); at >= 0; at = bytes.indexOf("xxx", at + 1)) bytes.write(name, at);
  return new Uint8Array(bytes);
};
const text = (json: unknown) => new TextEncoder().encode(JSON.stringify(json));

describe("a file of another kind", () => {
  it.each([
    ["PK\x03\x04", "a ZIP archive, as .npz", "the ZIP archive has no end"],
    ["\x1f\x8b\x08", "compressed by gzip"],
    ["\x93NUMPY\x01", "an array of NumPy", "the version is 1.32; needs 1.0"],
    ["\x89HDF\r\n\x1a\n", "an HDF5 file"],
    ["GGUF", "a GGUF file"],
    ["\x1c\0\0\0TFL3", "a model of TensorFlow Lite"],
    ["\x08\x07\x12\x07pytorch", "a model of ONNX"],
    ["\x08\x0a:\x99", "a model of ONNX"],
    ["\0asm", "a WebAssembly module"],
    ["\x80\x04", "a pickle of Python"],
    ["{", "a text, perhaps JSON", "the JSON cannot be read"],
    [" \n[", "a text, perhaps JSON", "the JSON cannot be read"],
    ["<!doctype html>", "a text, perhaps HTML"],
  ])(
    "that begins with %j is named, by inspect and load",
    async (begins, is, inspected = `the file is ${is}`) => {
      const bytes = Uint8Array.from(begins.padEnd(64, " "), (letter) => letter.charCodeAt(0));
      expect(await messageOf(inspect(bytes))).toContain(`inspect: ${inspected}`);
      expect(await rejectionOf(load(bytes))).toMatchObject({
        message: expect.stringContaining(`load: the file is ${is}`),
      });
    },
  );

  it.each([
    ["archive/data.pkl", "a file of PyTorch (.pt), which is a pickle"],
    ["model.weights.h5", "a model of Keras (.keras)"],
    ["[Content_Types].xml", "a document of an office program"],
    ["META-INF/MANIFEST.MF", "an archive of Java"],
  ])("that is an archive with %s is named", async (name, is) => {
    expect(await messageOf(inspect(await archive(name)))).toContain(`inspect: the file is ${is}`);
  });

  it.each([
    [{ modelTopology: {}, weightsManifest: [] }, "a model of TensorFlow.js"],
    [{ class_name: "Sequential", config: {} }, "a configuration of Keras"],
    [{ metadata: {}, weight_map: {} }, "the index of several safetensors files"],
    [{ a: 1 }, "a text of JSON, an object (Object)"],
    [[1], "a text of JSON, an array of 1"],
  ])("that is JSON, %j, is named", async (json, is) => {
    expect(await messageOf(inspect(text(json)))).toContain(`inspect: the file is ${is}`);
  });
});

describe("inspect tells of files of others, and of JSON,", () => {
  it("an array of NumPy, and an archive of some", async () => {
    const tensor = { shape: [2, 3], data: new Int16Array(6) };
    const array = await writeNpy(tensor);
    const found = { name: "", dtype: "I16", shape: [2, 3], bytes: 12 };
    const whole = { format: undefined, madeBy: undefined, metadata: {}, bytes: array.length };
    expect(await inspect(array)).toEqual({ ...whole, kind: "npy", tensors: [found] });
    const bytes = await writeNpz({ a: tensor, b: tensor }, { compress: true });
    expect(await inspect(bytes)).toEqual({
      ...whole,
      kind: "npz",
      bytes: bytes.length,
      tensors: [
        { ...found, name: "a" },
        { ...found, name: "b" },
      ],
    });
    const other = await archive("notes.text");
    expect((await inspect(other)).tensors[0]!.refused).toContain("its name does not end in .npy");
  });

  it("a network and an encoder", async () => {
    const network = toJSON(sequential(input(2), dense(3)));
    expect(await inspect(text(network))).toMatchObject({ kind: "network", format: 1, madeBy: "wasmgrad" });
    const encoder = standardScaler().fit([[1], [2]]);
    expect(await inspect(text(encoder))).toMatchObject({
      kind: "encoder",
      format: 1,
      metadata: { encoder: "standardScaler" },
    });
  });

  it("and a network of brain.js, with the layers that it has", async () => {
    const path = new URL("../../peers/brain/networks.json", import.meta.url);
    const { networks } = JSON.parse(readFileSync(path, "utf8"));
    expect(await inspect(text(networks.records.json))).toMatchObject({
      kind: "brain.js",
      madeBy: "brain.js",
      tensors: [
        { name: "layers[1].weights", shape: [4, 2] },
        { name: "layers[1].biases", shape: [4] },
        { name: "layers[2].weights", shape: [2, 4] },
        { name: "layers[2].biases", shape: [2] },
      ],
    });
  });
});

/** Where files of tensors are read from: of a large one only what is asked for. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  inspect,
  openTensors,
  type RangeReader,
  type TensorSource,
  writeNpy,
  writeNpz,
  writeSafetensors,
} from "../../../src/io/index.ts";
import { rejectionOf } from "../../given/models.ts";
import { dtypes, files, type written } from "./written.ts";

const large = Float32Array.from({ length: 100_000 }, (_, i) => i);
const tensors = {
  large: { shape: [100, 1000], data: large },
  small: { shape: [3], data: Float32Array.of(1, 2, 3) },
};
let folder: string;
let bytes: Uint8Array<ArrayBuffer>;
let path: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "wasmgrad-"));
  bytes = await writeSafetensors(tensors, { metadata: { by: "me" } });
  path = join(folder, "model.safetensors");
  writeFileSync(path, bytes);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Ranges of a file, counted. */
function counting(file: Uint8Array): RangeReader & { read: RangeReader["read"]; count: number } {
  const reader = {
    size: file.length,
    count: 0,
    async read(offset: number, length: number) {
      reader.count += length;
      return file.subarray(offset, offset + length);
    },
  };
  return reader;
}

/** As Deno.FsFile is. */
function asDeno(file: Uint8Array) {
  let place = 0;
  return {
    stat: async () => ({ size: file.length }),
    async seek(offset: number) {
      await null;
      place = offset;
      return offset;
    },
    async read(buffer: Uint8Array) {
      await null;
      const part = file.subarray(place, place + Math.min(1000, buffer.length));
      buffer.set(part);
      place += part.length;
      return part.length > 0 ? part.length : null;
    },
  };
}

const sources: Readonly<Record<string, () => TensorSource | Promise<TensorSource>>> = {
  bytes: () => bytes,
  "an ArrayBuffer": () => bytes.buffer,
  "a view within others": () => {
    const more = new Uint8Array(bytes.length + 7);
    more.set(bytes, 3);
    return more.subarray(3, 3 + bytes.length);
  },
  "a Blob": () => new Blob([bytes]),
  "a path": () => path,
  "an address of a file": () => pathToFileURL(path),
  "such an address as text": () => pathToFileURL(path).href,
  "ranges that come at once": () => ({
    size: bytes.length,
    read: (at, length) => bytes.slice(at, at + length).buffer,
  }),
  "ranges that come later": () => counting(bytes),
  "a file that Deno has opened": () => asDeno(bytes),
};

describe("a file of tensors is read from", () => {
  it.each(Object.keys(sources))("%s", async (name) => {
    const file = await openTensors(await sources[name]!());
    expect(file.bytes).toBe(bytes.length);
    expect(file.metadata).toEqual({ by: "me" });
    // Two at once: a file has one place.
    const [one, other] = await Promise.all([file.read("large"), file.read("small")]);
    expect(Buffer.compare(new Uint8Array(one.data.buffer), new Uint8Array(large.buffer))).toBe(0);
    expect(other).toEqual({ name: "small", dtype: "F32", shape: [3], data: Float32Array.of(1, 2, 3) });
    await file.close();
    expect((await inspect(await sources[name]!())).tensors.map((one) => one.name)).toEqual([
      "large",
      "small",
    ]);
  });

  it("a file that Node has opened, which is left open", async () => {
    const handle = await open(path);
    const file = await openTensors(handle);
    expect((await file.read("small")).data).toEqual(Float32Array.of(1, 2, 3));
    await file.close();
    expect((await handle.stat()).size).toBe(bytes.length);
    await handle.close();
  });
});

describe("of a file no more is read than", () => {
  it("the header, and the tensor that is asked for", async () => {
    const reader = counting(bytes);
    const file = await openTensors(reader);
    expect(reader.count).toBeLessThan(400);
    const before = reader.count;
    await file.read("small");
    expect(reader.count - before).toBe(12);
    await file.read("large", { as: "F64" });
    expect(reader.count - before).toBe(12 + 400_000);
  });

  it("the header of an array of NumPy, and of each in an archive", async () => {
    const one = counting(await writeNpy(tensors.large));
    await inspect(one);
    expect(one.count).toBeLessThan(400);
    for (const compress of [false, true]) {
      const archive = counting(await writeNpz(tensors, { compress }));
      const file = await openTensors(archive);
      // The end of an archive is looked for in its last 64 KiB; what unpacks runs some KiB ahead.
      expect(archive.count).toBeLessThan(65_557 + 50_000);
      const before = archive.count;
      expect((await file.read("small")).data).toEqual(Float32Array.of(1, 2, 3));
      expect(archive.count - before).toBeLessThan(300);
    }
  });

  it("of a file of 4 TB", async () => {
    const header = new TextEncoder().encode(
      '{"a":{"dtype":"U8","shape":[4398046511104],"data_offsets":[0,4398046511104]},' +
        '"b":{"dtype":"U8","shape":[2],"data_offsets":[4398046511104,4398046511106]}}',
    );
    const start = 8 + header.length;
    const file = await openTensors({
      size: start + 2 ** 42 + 2,
      read: (offset, length) => {
        const all = new Uint8Array(length);
        if (offset >= start) return all.fill(9);
        const first = new Uint8Array(start);
        new DataView(first.buffer).setBigUint64(0, BigInt(header.length), true);
        first.set(header, 8);
        return first.subarray(offset, offset + length);
      },
    });
    expect((await file.read("b")).data).toEqual(Uint8Array.of(9, 9));
  });
});

describe("what no file comes from is refused:", () => {
  const cases: Readonly<Record<string, readonly [given: () => unknown, says: string]>> = {
    "a number": [() => 7, "openTensors: got 7; needs the bytes of a file"],
    nothing: [() => undefined, "OptionError"],
    "an object": [() => ({}), "OptionError"],
    "ranges without a size": [() => ({ read: () => bytes }), "OptionError"],
    "ranges of a negative size": [() => ({ size: -1, read: () => bytes }), "OptionError"],
    "a path that there is not": [() => join(folder, "none"), "cannot be opened: ENOENT"],
    "an address": [() => "https://example.com/model.safetensors", "fetch(address)"],
    "ranges that are too short": [
      () => ({ size: bytes.length, read: () => new Uint8Array(3) }),
      "FormatError: openTensors: reading 16 bytes from 0 on gave 3 bytes; needs all of them",
    ],
    "ranges that are none": [
      () => ({ size: 99, read: () => "text" }),
      'FormatError: openTensors: reading 16 bytes from 0 on gave "text"',
    ],
    "no bytes at all": [() => new Uint8Array(0), "these 0 bytes are no safetensors file"],
  };

  it.each(Object.keys(cases))("%s", async (name) => {
    const [given, says] = cases[name]!;
    const error = (await rejectionOf(openTensors(given() as TensorSource))) as Error;
    expect(`${error.name}: ${error.message}`).toContain(says);
  });

  it("a reader that fails, with its own error", async () => {
    const error = new Error("gone");
    expect(await rejectionOf(openTensors({ size: 99, read: () => Promise.reject(error) }))).toBe(error);
  });
});

describe("a tensor is read", () => {
  it("as another type where its numbers are of that", async () => {
    const file = await openTensors(await files["tensors.safetensors"]!());
    expect((await file.read("u16", { as: "F32" })).data).toEqual(Float32Array.of(0, 1, 0, 65535, 7, 65534));
    expect((await file.read("bool", { as: "I64" })).data).toEqual(BigInt64Array.of(1n, 0n, 1n));
    expect((await file.read("i64", { as: "F64" })).data).toEqual(Float64Array.of(-(2 ** 63), 2 ** 63));
    expect((await file.read("f32", { as: "BF16" })).data[3]).toBe(3.140625);
    for (const as of dtypes) expect((await file.read("layer/ä.b", { as })).data.length).toBe(0);
  });

  it.each([
    ["f32", "I32", '"f32": [2] is -1.5; I32 needs an integer from -2147483648 to 2147483647'],
    ["i8", "U8", '"i8": [2] is -128; U8 needs an integer from 0 to 255'],
    ["u64", "I64", '"u64": [1] is 18446744073709551615; I64 needs an integer'],
    ["u8", "BOOL", '"u8": [3] is 255; BOOL needs an integer from 0 to 1'],
  ] as const)("%s is not read as %s", async (name, as, says) => {
    const file = await openTensors(await files["tensors.safetensors"]!());
    expect(await rejectionOf(file.read(name, { as }))).toMatchObject({
      name: "DataError",
      message: expect.stringContaining(says),
    });
  });

  it("by its name, with the nearest that there is, and its type with those that there are", async () => {
    const file = await openTensors(bytes);
    expect(await rejectionOf(file.read("smal"))).toMatchObject({
      name: "OptionError",
      message: 'read: there is no tensor "smal". Did you mean "small"?',
    });
    expect(await rejectionOf(file.read())).toMatchObject({ name: "OptionError" });
    expect(await rejectionOf(file.read("small", { as: "F8" as "F16" }))).toMatchObject({
      name: "OptionError",
      message: expect.stringContaining('as is "F8"'),
    });
    expect(await rejectionOf(file.read("__proto__"))).toMatchObject({ name: "OptionError" });
  });

  it("of an unknown type is refused by itself", async () => {
    const file = await openTensors(
      Uint8Array.from([
        ...new Uint8Array(BigUint64Array.of(118n).buffer),
        ...Buffer.from(
          '{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}'.padEnd(
            118,
          ),
        ),
        ...[1, 2, 3, 4, 5],
      ]),
    );
    expect(file.tensors[0]!.refused).toContain('"F8_E4M3" is no type');
    expect((await file.read("b")).data).toEqual(Uint8Array.of(5));
    expect(await rejectionOf(file.read("a"))).toMatchObject({
      name: "FormatError",
      message: 'read: "a" cannot be read: "F8_E4M3" is no type of numbers that this version reads.',
    });
  });
});

describe("a tensor is not written", () => {
  const data = Float32Array.of(1, 2);
  const cases: Readonly<Record<string, readonly [given: object, says: string]>> = {
    "of another number of numbers than its shape": [
      { w: { shape: [3], data } },
      '"w" is [3] with 2 numbers; needs 3 numbers',
    ],
    "of a negative shape": [{ w: { shape: [-2], data } }, "needs a shape of sizes"],
    "without data": [{ w: { shape: [2] } }, '"w" is an object (Object); needs { shape, data }'],
    "of text": [{ w: { shape: [2], data: "ab" } }, "needs { shape, data }"],
    "of an unknown type": [{ w: { shape: [2], data, dtype: "F8" } }, 'dtype is "F8"'],
    "of a type that does not hold it": [
      { w: { shape: [1], data: [300], dtype: "U8" } },
      "U8 needs an integer from 0 to 255",
    ],
    "under the name of the metadata": [{ __metadata__: { shape: [2], data } }, "is called __metadata__"],
  };

  it.each(Object.keys(cases))("%s", async (name) => {
    const [given, says] = cases[name]!;
    expect(await rejectionOf(writeSafetensors(given as typeof written))).toMatchObject({
      message: expect.stringContaining(says),
    });
  });

  it("with metadata that is no text, in a list, or as BF16 for NumPy", async () => {
    const w = { shape: [2], data };
    expect(await rejectionOf(writeSafetensors({ w }, { metadata: { a: 1 } as never }))).toMatchObject({
      message: "writeSafetensors: metadata.a is 1; needs a string.",
    });
    expect(await rejectionOf(writeSafetensors([w] as never))).toMatchObject({ name: "OptionError" });
    expect(await rejectionOf(writeNpy({ ...w, dtype: "BF16" }))).toMatchObject({
      message: expect.stringContaining("which NumPy has not"),
    });
    for (const name of ["../a", "/a", "a/../b", "c:\\a", ""]) {
      const result = writeNpz({ [name]: w });
      if (name === "") expect((await openTensors(await result)).tensors[0]!.name).toBe("");
      else
        expect(await rejectionOf(result)).toMatchObject({
          message: expect.stringContaining("leads nowhere"),
        });
    }
  });

  it("of Float16Array otherwise than as it is, where there is one", async () => {
    const { Float16Array } = globalThis as { Float16Array?: new (from: number[]) => Float32Array };
    if (Float16Array === undefined) return;
    const file = await openTensors(
      await writeSafetensors({ w: { shape: [2], data: new Float16Array([1, 2]) } }),
    );
    expect(await file.read("w")).toMatchObject({ dtype: "F16", data: Float32Array.of(1, 2) });
  });
});

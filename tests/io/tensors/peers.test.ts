/** Files of tensors that others read and wrote: NumPy, PyTorch, and the library of those who made safetensors. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inspect, openTensors } from "../../../src/io/index.ts";
import { crc32 } from "../../../src/io/numpy/crc32.ts";
import { fromBfloat, fromHalf, toBfloat, toHalf } from "../../../src/io/tensors/half.ts";
import { rejectionOf } from "../../given/models.ts";
import { files, metadata, written } from "./written.ts";

const isUpdating = process.env.UPDATE_GIVEN !== undefined;
const read = (path: string) =>
  isUpdating ? undefined : JSON.parse(readFileSync(new URL(`../../peers/${path}`, import.meta.url), "utf8"));
const numpy = read("numpy/tensors.json");
const readers = read("safetensors/readers.json");
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, "base64"));

interface Listed {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly string[];
}
const DTYPES: Readonly<Record<string, string>> = {
  float32: "F32",
  float64: "F64",
  float16: "F16",
  int8: "I8",
  uint8: "U8",
  int16: "I16",
  uint16: "U16",
  int32: "I32",
  uint32: "U32",
  int64: "I64",
  uint64: "U64",
  bool: "BOOL",
};
const dtypeOf = (name: string) =>
  DTYPES[name] ??
  DTYPES[
    name
      .replace(">f", "float")
      .replace(">i", "int")
      .replace(/\d+$/, (n) => `${8 * Number(n)}`)
  ];
const plain = (values: readonly string[]) =>
  values.map((one) => (one === "True" ? 1 : one === "False" ? 0 : one));

async function expectListed(bytes: Uint8Array, name: string | undefined, { dtype, shape, values }: Listed) {
  const file = await openTensors(bytes);
  const tensor = await file.read(name);
  expect(tensor.dtype).toBe(dtypeOf(dtype));
  expect(tensor.shape).toEqual(shape);
  const wanted = plain(values);
  expect([...tensor.data].map(String)).toEqual(
    typeof tensor.data[0] === "bigint" ? wanted : wanted.map((one) => String(Number(one))),
  );
}

if (isUpdating) {
  it.each(Object.keys(files))("writes what others are to read: %s", async (name) => {
    mkdirSync("build/exchange", { recursive: true });
    writeFileSync(`build/exchange/${name}`, await files[name]!());
  });
} else {
  describe("NumPy reads what is written here", () => {
    it.each(Object.keys(numpy.fromHere))("%s", async (name) => {
      const { crc, arrays } = numpy.fromHere[name];
      const bytes = await files[name]!();
      if (crc !== null) expect(crc32(bytes)).toBe(crc);
      const file = await openTensors(bytes);
      expect(file.tensors.map((one) => one.name).sort()).toEqual(Object.keys(arrays).sort());
      for (const one of Object.keys(arrays)) await expectListed(bytes, one, arrays[one]);
    });
  });

  describe("what NumPy wrote is read here", () => {
    const { arrays, ...others } = numpy.fromThere;
    it.each([
      ...Object.entries<Listed & { file: string }>(arrays),
      ...Object.entries<Listed & { file: string }>(others),
    ])("%s", async (_, { file, ...listed }) => {
      await expectListed(bytesOf(file), undefined, listed);
    });

    it.each(Object.keys(numpy.refused))("%s, which is refused as a tensor, not as a file", async (name) => {
      const file = await openTensors(bytesOf(numpy.refused[name]));
      expect(file.tensors[0]!.refused).toContain("is no type of numbers that this version reads");
      expect(await rejectionOf(file.read())).toMatchObject({ name: "FormatError" });
    });

    it.each(["stored", "deflated"])("an archive that is %s", async (kind) => {
      const bytes = bytesOf(numpy.archives[kind]);
      const file = await openTensors(bytes);
      expect(file.kind).toBe("npz");
      expect(file.tensors.map(({ name, shape }) => [name, shape])).toEqual([
        ["layer/kernel", [2, 3, 4]],
        ["bias", [3]],
        ["words", [2]],
        ["large", [kind === "stored" ? 10 : 200_000]],
      ]);
      expect([...(await file.read("layer/kernel")).data]).toEqual(Array.from({ length: 24 }, (_, i) => i));
      expect(await file.read("bias", { as: "F32" })).toMatchObject({
        dtype: "F32",
        data: Float32Array.of(0, 1, 2),
      });
      const { data } = await file.read("large");
      expect(data.every((one) => one === 0)).toBe(true);
      expect(await rejectionOf(file.read("words"))).toMatchObject({ name: "FormatError" });
      expect(await inspect(bytes)).toMatchObject({ kind: "npz", bytes: bytes.length, madeBy: undefined });
    });
  });

  describe("the library of those who made safetensors reads what is written here", () => {
    it("with all that its header says", async () => {
      const bytes = await files["tensors.safetensors"]!();
      expect(crc32(bytes)).toBe(readers.crc);
      const { __metadata__: strings, ...tensors } = readers.header;
      expect(strings).toEqual(metadata);
      const file = await openTensors(bytes);
      expect(file.metadata).toEqual(metadata);
      expect(Object.keys(tensors).sort()).toEqual(Object.keys(written).sort());
      for (const { name, dtype, shape } of file.tensors)
        expect(tensors[name]).toMatchObject({ dtype, shape });
    });

    it("and its bytes where that says", async () => {
      const bytes = await files["tensors.safetensors"]!();
      for (const [name, base64] of Object.entries<string>(readers.tensors)) {
        const file = await openTensors(bytes);
        const { data, dtype } = await file.read(name);
        if (dtype === "F16" || dtype === "BF16") continue;
        expect(new Uint8Array(data.buffer)).toEqual(bytesOf(base64));
      }
    });
  });

  describe("numbers of 16 bits", () => {
    const u16 = (base64: string) => new Uint16Array(bytesOf(base64).buffer);

    it("are as NumPy reads them, all 65,536 of them", () => {
      // A NaN has many forms: NumPy keeps its digits, so that the bits are those of the f32.
      const all = Float32Array.from({ length: 65_536 }, (_, half) => fromHalf(half));
      const bits = new Uint32Array(all.buffer);
      bits.forEach((_, half) => {
        const isNone = (half & 0x7c00) === 0x7c00 && (half & 0x3ff) !== 0;
        if (isNone) bits[half] = ((half & 0x8000) << 16) | 0x7f800000 | ((half & 0x3ff) << 13);
      });
      expect(crc32(new Uint8Array(all.buffer))).toBe(numpy.halves.crc);
      const patterns = Array.from({ length: 65_536 }, (_, half) => half);
      const odd = patterns.filter((half) => !Number.isNaN(fromHalf(half)) && toHalf(fromHalf(half)) !== half);
      expect(odd).toEqual([]);
    });

    it("are rounded as by NumPy, from f64, at and about the middle of two", () => {
      const near = new Float64Array(bytesOf(numpy.halves.near).buffer);
      const rounded = u16(numpy.halves.rounded);
      expect(near.length).toBeGreaterThan(2000);
      near.forEach((x, i) => {
        expect([x, toHalf(x)]).toEqual([x, rounded[i]]);
      });
    });

    it("of bfloat16 are rounded as by PyTorch", () => {
      const singles = new Float32Array(bytesOf(numpy.bfloats.singles).buffer);
      const rounded = u16(numpy.bfloats.rounded);
      singles.forEach((x, i) => {
        expect([x, toBfloat(x)]).toEqual([x, rounded[i]]);
        expect(toBfloat(fromBfloat(rounded[i]!))).toBe(rounded[i]);
      });
      expect(toHalf(Number.NaN) & 0x7fff).toBe(0x7e00);
      expect(toBfloat(Number.NaN) & 0x7fff).toBe(0x7fc0);
    });
  });
}

/** Files of strangers, with all that breaks a rule of the format: https://github.com/huggingface/safetensors, "Format". */
import { describe, expect, it } from "vitest";
import { FormatError } from "../../../src/index.ts";
import { readTensors } from "../../../src/io/safetensors/read.ts";
import { writeTensors } from "../../../src/io/safetensors/write.ts";
import { errorOf } from "../../given/errorOf.ts";

const limits = { headerBytes: 2 ** 24, tensors: 65_536, depth: 32, fileBytes: 2 ** 32 };
const read = (bytes: Uint8Array<ArrayBuffer>) => readTensors("load", bytes, limits);

/** A file of a header as text, and so many bytes behind it. */
function fileOf(header: string | Uint8Array, bytes = 8, length?: bigint): Uint8Array<ArrayBuffer> {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const made = new Uint8Array(8 + text.length + bytes);
  new DataView(made.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  made.set(text, 8);
  return made;
}

const F32 = '"dtype":"F32"';
/** A file of one tensor `a` of 8 bytes, but for what is said. */
const tensor = (fields: string, bytes = 8) => fileOf(`{"a":{${fields}}}`, bytes);

describe("a safetensors file", () => {
  it("may have every type of number, spaces behind its header, and tensors in any order", () => {
    const { tensors, metadata } = read(
      fileOf(
        '{"b":{"dtype":"F64","shape":[],"data_offsets":[4,12]},"__metadata__":{"by":"x"},' +
          '"a":{"dtype":"BF16","shape":[2,1],"data_offsets":[0,4]},"none":{"dtype":"I8","shape":[0,9],"data_offsets":[4,4]}}   ',
        12,
      ),
    );
    expect(metadata).toEqual({ by: "x" });
    expect(tensors.map(({ name, dtype, shape, bytes }) => [name, dtype, shape, bytes.length])).toEqual([
      ["a", "BF16", [2, 1], 4],
      ["none", "I8", [0, 9], 0],
      ["b", "F64", [], 8],
    ]);
  });

  it("may have names of what all objects have", () => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "", "1"];
    const entries = names.map(
      (name, i) => `"${name}":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`,
    );
    const { tensors } = read(fileOf(`{${entries.join(",")}}`, names.length));
    expect(tensors.map(({ name }) => name)).toEqual(names);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain("dtype");
  });

  it("is read as it was written, aligned to eight bytes", () => {
    for (let length = 0; length < 9; length++) {
      const name = "ü".repeat(length);
      const values = Float64Array.of(1, 2.5);
      const bytes = writeTensors("save", [{ name, dtype: "F64", shape: [2], values }], { by: "z" });
      expect(Number(new DataView(bytes.buffer).getBigUint64(0, true)) % 8).toBe(0);
      const { tensors, metadata } = read(bytes);
      expect(metadata.by).toBe("z");
      expect(tensors[0]).toMatchObject({ name, dtype: "F64", shape: [2] });
      expect(new Float64Array(tensors[0]!.bytes.slice().buffer)).toEqual(values);
    }
  });

  it.each<[string, Uint8Array<ArrayBuffer>, string]>([
    ["no bytes", new Uint8Array(), "these 0 bytes are no safetensors file"],
    ["eight bytes", new Uint8Array(8), "are no safetensors file"],
    ["a header of length 0", fileOf("", 8), "are no safetensors file"],
    [
      "a header of length 2^53",
      fileOf("{}", 8, 2n ** 53n),
      "the header has 9007199254740992 bytes; needs at most",
    ],
    ["a header of length 2^63", fileOf("{}", 8, 2n ** 63n), "needs at most 16777216"],
    ["a header of length 2^64 - 1", fileOf("{}", 8, 2n ** 64n - 1n), "needs at most 16777216"],
    ["a header beyond the file", fileOf("{}", 8, 100n), "are cut short"],
    ["a header that is a list", fileOf("[]", 0), "are no safetensors file"],
    ["a space before its header", fileOf(" {}", 0), "are no safetensors file"],
    ["a mark of byte order", fileOf("\uFEFF{}", 0), "are no safetensors file"],
    ["a header that is no JSON", fileOf("{", 0), "the header cannot be read"],
    ["a header that is cut", fileOf('{"a":', 0), "the header cannot be read"],
    ["letters behind its header", fileOf("{} x", 0), "the header cannot be read"],
    [
      "a header that is no UTF-8",
      fileOf(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), 0),
      "cannot be read",
    ],
    [
      "half a letter",
      fileOf(Uint8Array.of(0x7b, 0x22, 0xe2, 0x82, 0x22, 0x3a, 0x31, 0x7d), 0),
      "cannot be read",
    ],
    ["ten thousand open brackets", fileOf(`{"a":${"[".repeat(10_000)}`, 0), "nested more than 32 deep"],
    ["a million open braces", fileOf('{"a":'.repeat(1_000_000), 0), "nested more than 32 deep"],
    ["quotes without end", fileOf(`{"${'\\"'.repeat(1_000_000)}`, 0), "the header cannot be read"],
    ["backslashes without end", fileOf(`{"${"\\".repeat(1_000_001)}"`, 0), "the header cannot be read"],
    ["a name twice", fileOf(`{"a":1,"a":2}`, 0), 'the key "a" twice'],
    ["a name twice, written in two ways", fileOf('{"a":1,"\\u0061":2}', 0), 'the key "a" twice'],
    ["metadata twice", fileOf('{"__metadata__":{},"__metadata__":{}}', 0), 'the key "__metadata__" twice'],
    ["a key of metadata twice", fileOf('{"__metadata__":{"x":"1","x":"2"}}', 0), 'the key "x" twice'],
    ["a field twice", tensor(`${F32},${F32},"shape":[2],"data_offsets":[0,8]`), 'the key "dtype" twice'],
    [
      "metadata that is a list",
      fileOf('{"__metadata__":[]}', 0),
      "__metadata__ is an array of 0; needs an object",
    ],
    ["metadata that is null", fileOf('{"__metadata__":null}', 0), "__metadata__ is null"],
    ["metadata of numbers", fileOf('{"__metadata__":{"x":1}}', 0), "__metadata__.x is 1; needs a string"],
    ["a tensor that is null", fileOf('{"a":null}', 0), "a is null; needs an object"],
    ["a tensor that is a list", fileOf('{"a":[]}', 0), "a is an array of 0"],
    [
      "a type that there is not",
      tensor('"dtype":"F33","shape":[2],"data_offsets":[0,8]'),
      "a dtype and a shape that there are",
    ],
    [
      "a type of every object",
      tensor('"dtype":"toString","shape":[2],"data_offsets":[0,8]'),
      "a dtype and a shape that there are",
    ],
    ["a type that is a number", tensor('"dtype":4,"shape":[2],"data_offsets":[0,8]'), "a.dtype is 4"],
    ["no type", tensor('"shape":[2],"data_offsets":[0,8]'), "the field a.dtype is missing"],
    ["no shape", tensor(`${F32},"data_offsets":[0,8]`), "the field a.shape is missing"],
    ["no offsets", tensor(`${F32},"shape":[2]`), "the field a.data_offsets is missing"],
    [
      "a field that there is not",
      tensor(`${F32},"shape":[2],"data_offsets":[0,8],"x":1`),
      'there is no field "a.x"',
    ],
    [
      "a field __proto__",
      tensor(`${F32},"shape":[2],"data_offsets":[0,8],"__proto__":{}`),
      'there is no field "a.__proto__"',
    ],
    ["a shape that is text", tensor(`${F32},"shape":"2","data_offsets":[0,8]`), 'a.shape is "2"'],
    [
      "a shape of an object",
      tensor(`${F32},"shape":{"length":1},"data_offsets":[0,8]`),
      "a.shape is an object",
    ],
    ["a negative size", tensor(`${F32},"shape":[-2],"data_offsets":[0,8]`), "a.shape[0] is -2"],
    ["two negative sizes", tensor(`${F32},"shape":[-2,-1],"data_offsets":[0,8]`), "a.shape[0] is -2"],
    ["half a size", tensor(`${F32},"shape":[0.5,4],"data_offsets":[0,8]`), "a.shape[0] is 0.5"],
    ["a size of 1e999", tensor(`${F32},"shape":[1e999],"data_offsets":[0,8]`), "a.shape[0] is Infinity"],
    [
      "a size of 2^53",
      tensor(`${F32},"shape":[9007199254740992],"data_offsets":[0,8]`),
      "a.shape[0] is 9007199254740992",
    ],
    ["a size that is null", tensor(`${F32},"shape":[null],"data_offsets":[0,8]`), "a.shape[0] is null"],
    [
      "a product that wraps to 8",
      tensor(`${F32},"shape":[4294967296,4294967296,2],"data_offsets":[0,8]`),
      "data_offsets is [0, 8]; needs",
    ],
    [
      "a product that wraps to 0",
      tensor(`${F32},"shape":[4294967296,4294967296,0],"data_offsets":[0,0]`),
      "data_offsets is [0, 0]; needs",
    ],
    [
      "offsets of one",
      tensor(`${F32},"shape":[2],"data_offsets":[0]`),
      "a.data_offsets is an array of 1; needs a list of 2 to 2",
    ],
    [
      "offsets of three",
      tensor(`${F32},"shape":[2],"data_offsets":[0,8,8]`),
      "a.data_offsets is an array of 3",
    ],
    ["negative offsets", tensor(`${F32},"shape":[2],"data_offsets":[-8,0]`), "a.data_offsets[0] is -8"],
    [
      "offsets in reverse",
      tensor(`${F32},"shape":[2],"data_offsets":[8,0]`),
      "data_offsets is [8, 0]; needs [0, 8]",
    ],
    [
      "offsets of another size",
      tensor(`${F32},"shape":[1],"data_offsets":[0,8]`),
      "data_offsets is [0, 8]; needs [0, 4]",
    ],
    [
      "a hole at the start",
      tensor(`${F32},"shape":[1],"data_offsets":[4,8]`),
      "data_offsets is [4, 8]; needs [0, 4]",
    ],
    ["a hole at the end", tensor(`${F32},"shape":[1],"data_offsets":[0,4]`), "the file is too long"],
    ["tensors beyond the file", tensor(`${F32},"shape":[4],"data_offsets":[0,16]`), "the file is cut short"],
    [
      "more bytes than are",
      tensor(`${F32},"shape":[1000000000],"data_offsets":[0,4000000000]`),
      "cut short: it has 8 bytes of tensors; needs 4000000000",
    ],
    [
      "two tensors on each other",
      fileOf(
        `{"a":{${F32},"shape":[1],"data_offsets":[0,4]},"b":{${F32},"shape":[1],"data_offsets":[0,4]}}`,
        4,
      ),
      '"b".data_offsets is [0, 4]; needs [4, 8]',
    ],
    [
      "two that overlap",
      fileOf(
        `{"a":{${F32},"shape":[2],"data_offsets":[0,8]},"b":{${F32},"shape":[2],"data_offsets":[4,12]}}`,
        12,
      ),
      '"b".data_offsets is [4, 12]; needs [8, 16]',
    ],
    ["bytes without a tensor", fileOf("{}", 8), "the file is too long"],
    [
      "too many axes",
      tensor(`${F32},"shape":[${"1,".repeat(64)}2],"data_offsets":[0,8]`),
      "a.shape is an array of 65",
    ],
  ])("with %s is refused", (_, bytes, says) => {
    const error = errorOf(() => read(bytes));
    expect(error).toBeInstanceOf(FormatError);
    expect(error.message).toContain(says);
    expect(error.message.startsWith("load: ")).toBe(true);
    expect(error.message.length).toBeLessThan(400);
  });

  it("with more tensors than the limit is refused, a million too", () => {
    const many = (count: number) =>
      fileOf(
        `{${Array.from({ length: count }, (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`).join(",")}}`,
        0,
      );
    expect(read(many(1000)).tensors).toHaveLength(1000);
    expect(() => read(many(65_537))).toThrow("the header lists 65537 tensors; needs at most 65536");
    expect(() => read(many(1_000_000))).toThrow(/the header has \d+ bytes; needs at most 16777216/);
  });
});

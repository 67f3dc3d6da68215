/** Safetensors files of those who mean harm. */
import { type Case, noLists, noSizes } from "./values.ts";

/** A file of a header as text, and so many bytes behind it. */
export function fileOf(header: string | Uint8Array, bytes = 8, length?: bigint): Uint8Array<ArrayBuffer> {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const made = new Uint8Array(8 + text.length + bytes);
  new DataView(made.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  made.set(text, 8);
  return made;
}

const info = (shape: string, offsets = "[0,8]", dtype = '"F32"') =>
  `{"dtype":${dtype},"shape":${shape},"data_offsets":${offsets}}`;
const tensor = (shape: string, offsets?: string, dtype?: string) =>
  fileOf(`{"a":${info(shape, offsets, dtype)}}`);
const some = (...offsets: string[]) =>
  `{${offsets.map((one, i) => `"t${i}":{"dtype":"U8","shape":[${one.split(":")[1]}],"data_offsets":${one.split(":")[0]}}`).join(",")}}`;
const CUT = /cut short|no safetensors file|cannot be read/;

const lengths: readonly (readonly [bigint, string | RegExp])[] = [
  [0n, CUT],
  [1n, CUT],
  [3n, CUT],
  [60n, CUT],
  [100n, "cut short"],
  [2n ** 24n + 1n, "the header has 16777217 bytes"],
  [2n ** 31n, "the header has 2147483648 bytes"],
  [2n ** 32n, "the header has 4294967296 bytes"],
  [2n ** 32n + 55n, "the header has 4294967351 bytes"],
  [2n ** 53n - 1n, "the header has 9007199254740991 bytes"],
  [2n ** 53n, "the header has 9007199254740992 bytes"],
  [2n ** 63n, "the header has 9223372036854776000 bytes"],
  [2n ** 64n - 1n, "the header has 18446744073709552000 bytes"],
];

const products = [
  "[4294967296,4294967296,2]",
  "[4294967296,4294967296,0]",
  "[2147483648,2147483648,4,2]",
  "[9007199254740991,9007199254740991]",
  "[3,3074457345618258603]",
  "[1152921504606846977,2]",
  "[65536,65536,65536,65536,2]",
  "[0,9007199254740991,9007199254740991]",
];

const ranges: readonly (readonly [header: string, bytes: number, says: string])[] = [
  [some("[1,9]:8"), 9, '"t0".data_offsets is [1, 9]'],
  [some("[8,0]:8"), 8, '"t0".data_offsets is [8, 0]'],
  [some("[0,4]:4"), 8, "the file has 8 bytes of tensors; needs 4"],
  [some("[0,16]:16"), 8, "the file has 8 bytes of tensors; needs 16"],
  [some("[0,9007199254740991]:9007199254740991"), 8, "needs 9007199254740991"],
  [some("[0,4]:4", "[0,4]:4"), 4, '"t1".data_offsets is [0, 4]'],
  [some("[0,8]:8", "[4,12]:8"), 12, '"t1".data_offsets is [4, 12]'],
  [some("[0,4]:4", "[5,8]:3"), 8, '"t1".data_offsets is [5, 8]'],
  [some("[0,8]:8", "[2,4]:2"), 8, '"t1".data_offsets is [2, 4]'],
  [some("[4,8]:4", "[8,12]:4"), 12, '"t0".data_offsets is [4, 8]'],
  [some("[0,4]:4", "[4,3]:0"), 4, '"t1".data_offsets is [4, 3]'],
  [some("[0,0]:0", "[0,0]:1"), 0, '"t1".data_offsets is [0, 0]'],
  ['{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}}', 4, '"a".data_offsets is [0, 4]'],
  ['{"a":{"dtype":"?","shape":[1],"data_offsets":[4,0]}}', 4, '"a".data_offsets is [4, 0]'],
  ['{"a":{"dtype":"?","shape":[1],"data_offsets":[0,9007199254740991]}}', 4, "needs 9007199254740991"],
  ["{}", 8, "the file has 8 bytes of tensors; needs 0"],
];

const deep = (open: string, count: number) => `{"a":${open.repeat(count)}`;
const headers: readonly (readonly [name: string, header: string | Uint8Array, says: string | RegExp])[] = [
  ["ten thousand lists in each other", deep("[", 10_000), "nested more than 32 deep"],
  ["ten thousand objects in each other", deep('{"a":', 10_000), "nested more than 32 deep"],
  [
    "ten thousand lists that end",
    `{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}`,
    "nested more than 32 deep",
  ],
  ["metadata ten thousand deep", `{"__metadata__":${"[".repeat(10_000)}`, "nested more than 32 deep"],
  ["no end", '{"a":{"dtype":"F32"', "cannot be read"],
  ["a comma too many", `{"a":${info("[2]")},}`, "cannot be read"],
  ["a comment", `{/**/"a":${info("[2]")}}`, "cannot be read"],
  ["single quotes", "{'a':1}", "cannot be read"],
  ["NaN", `{"a":${info("[NaN]")}}`, "cannot be read"],
  ["Infinity", `{"a":${info("[Infinity]")}}`, "cannot be read"],
  ["a hexadecimal size", `{"a":${info("[0x2]")}}`, "cannot be read"],
  ["a size with a zero before it", `{"a":${info("[02]")}}`, "cannot be read"],
  ["a letter of control in a name", '{"a\u0001":1}', "cannot be read"],
  ["a name twice", `{"a":${info("[2]")},"a":${info("[2]")}}`, 'the key "a" twice'],
  ["a name twice, once escaped", `{"a":${info("[2]")},"\\u0061":${info("[2]")}}`, 'the key "a" twice'],
  ["__proto__ twice", '{"__proto__":{},"__proto__":{}}', 'the key "__proto__" twice'],
  ["__proto__ that is no tensor", '{"__proto__":{"polluted":true}}', "__proto__"],
  [
    "a field __proto__",
    `{"a":{"__proto__":{"polluted":true},${info("[2]").slice(1)}}`,
    'there is no field "a.__proto__"',
  ],
  [
    "a field constructor",
    `{"a":{"constructor":{"prototype":{"polluted":true}},${info("[2]").slice(1)}}`,
    'there is no field "a.constructor"',
  ],
  ["a field too many", `{"a":{"more":1,${info("[2]").slice(1)}}`, 'there is no field "a.more"'],
  ["no dtype", '{"a":{"shape":[2],"data_offsets":[0,8]}}', "the field a.dtype is missing"],
  ["no shape", '{"a":{"dtype":"F32","data_offsets":[0,8]}}', "the field a.shape is missing"],
  ["no offsets", '{"a":{"dtype":"F32","shape":[2]}}', "the field a.data_offsets is missing"],
  ["three offsets", `{"a":${info("[2]", "[0,4,8]")}}`, "a.data_offsets is an array of 3"],
  ["no offset", `{"a":${info("[2]", "[]")}}`, "a.data_offsets is an array of 0"],
  ["65 axes", `{"a":${info(`[${"1,".repeat(64)}2]`)}}`, "a.shape is an array of 65"],
  ["a million axes", `{"a":${info(`[${"1,".repeat(999_999)}2]`)}}`, "a.shape is an array of 1000000"],
  ["a tensor that is a list", '{"a":[]}', "a is an array of 0"],
  ["a tensor that is null", '{"a":null}', "a is null"],
  ["a tensor that is text", '{"a":"F32"}', 'a is "F32"'],
  ["metadata that is a list", '{"__metadata__":[]}', "__metadata__ is an array of 0"],
  ["metadata that is null", '{"__metadata__":null}', "__metadata__ is null"],
  ["metadata of a number", '{"__metadata__":{"x":1}}', "__metadata__.x is 1"],
  ["metadata of an object", '{"__metadata__":{"x":{}}}', "__metadata__.x is an object"],
  ["bytes that are no UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), "cannot be read"],
  ["half a letter of UTF-8", Uint8Array.of(0x7b, 0x22, 0xe2, 0x82, 0x22, 0x3a, 0x31, 0x7d), "cannot be read"],
  [
    "an overlong letter of UTF-8",
    Uint8Array.of(0x7b, 0x22, 0xc0, 0x80, 0x22, 0x3a, 0x31, 0x7d),
    "cannot be read",
  ],
  ["quotes without end", `{"${'\\"'.repeat(500_000)}`, "cannot be read"],
  ["backslashes without end", `{"${"\\".repeat(500_001)}"`, "cannot be read"],
];

const many = (count: number) =>
  fileOf(
    `{${Array.from({ length: count }, (_, i) => `"${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`).join(",")}}`,
    0,
  );

export const safetensors: readonly Case[] = [
  ...lengths.map(([length, says]) => ({
    name: `a header of ${length} bytes`,
    bytes: fileOf(`{"a":${info("[2]")}}`, 8, length),
    says,
  })),
  ...noSizes.flatMap(([json, shown]) => [
    { name: `a size of ${json}`, bytes: tensor(`[${json}]`), says: `a.shape[0] is ${shown}` },
    { name: `a second size of ${json}`, bytes: tensor(`[2,${json}]`), says: `a.shape[1] is ${shown}` },
    {
      name: `a range from ${json}`,
      bytes: tensor("[2]", `[${json},8]`),
      says: `a.data_offsets[0] is ${shown}`,
    },
    {
      name: `a range to ${json}`,
      bytes: tensor("[2]", `[0,${json}]`),
      says: `a.data_offsets[1] is ${shown}`,
    },
  ]),
  ...noLists.flatMap((json) => [
    { name: `a shape of ${json}`, bytes: tensor(json), says: "a.shape is" },
    { name: `a range of ${json}`, bytes: tensor("[2]", json), says: "a.data_offsets is" },
  ]),
  ...["1", "null", "{}", "[]", "true"].map((json) => ({
    name: `a dtype of ${json}`,
    bytes: tensor("[2]", "[0,8]", json),
    says: "a.dtype is",
  })),
  ...products.map((shape) => ({
    name: `a shape of ${shape}`,
    bytes: tensor(shape, shape.includes("0,9") ? "[0,0]" : "[0,8]"),
    says: /a"?\.(data_offsets|shape\[\d\]) is|needs 0, as its header says/,
  })),
  ...ranges.map(([header, bytes, says]) => ({ name: header, bytes: fileOf(header, bytes), says })),
  ...headers.map(([name, header, says]) => ({ name, bytes: fileOf(header), says })),
  {
    name: "65,537 tensors",
    bytes: many(65_537),
    says: "the header lists 65537 tensors; needs at most 65536",
  },
  {
    name: "a million tensors",
    bytes: many(1_000_000),
    says: /the header has \d+ bytes; needs at most 16777216/,
  },
];

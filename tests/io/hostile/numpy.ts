/** Arrays of NumPy, and archives of them, of those who mean harm. */
import { deflateRawSync } from "node:zlib";
import { crc32 } from "../../../src/io/numpy/crc32.ts";
import { type Case, latin1, noSizes, unsafeNames } from "./values.ts";

/** An array of a header as text, and so many bytes behind it. */
export function npyOf(
  header: string,
  bytes = 8,
  { version = 1, minor = 0, length = header.length } = {},
): Uint8Array<ArrayBuffer> {
  const size =
    version === 1
      ? [length & 255, length >>> 8]
      : [length & 255, (length >>> 8) & 255, (length >>> 16) & 255, length >>> 24];
  return Uint8Array.from([
    ...latin1(`\x93NUMPY`),
    version,
    minor,
    ...size,
    ...latin1(header),
    ...new Uint8Array(bytes),
  ]);
}

const said = (shape: string, descr = "'<f4'", order = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
const whole = npyOf(said("(2,)"));

/** What Python writes in the place of JSON. */
const python = (json: string) => json.replace("null", "None").replace("true", "True").replace('"2"', "'2'");
const deep = (open: string, close: string) => `${open.repeat(10_000)}${close.repeat(10_000)}`;

const headers: readonly (readonly [name: string, header: string, says: string | RegExp])[] = [
  ["a header of nothing", "", "cannot be read"],
  ["a number", "1", "it is 1; needs an object"],
  ["a list", "[]", "it is an array of 0"],
  ["a string", "'a'", 'it is "a"'],
  ["a call", "__import__('os').system('ls')", "cannot be read"],
  ["a lambda", "(lambda: 0)()", "cannot be read"],
  ["a call in the shape", said("(int('2'),)"), "cannot be read"],
  ["arithmetic in the shape", said("(1+1,)"), "cannot be read"],
  ["no end", "{'descr': '<f4'", "cannot be read"],
  ["a string without end", "{'descr': '<f4", "cannot be read"],
  ["two values", `${said("(2,)")} {}`, "it goes on with"],
  ["a key that is a number", "{1: 2}", "cannot be read"],
  ["a key without a value", "{'descr'}", "cannot be read"],
  ["a key twice", `{'shape': (2,), ${said("(2,)").slice(1)}`, 'the key "shape" twice'],
  ["a key too many", `{'more': 1, ${said("(2,)").slice(1)}`, 'there is no field "more"'],
  [
    "__proto__",
    `{'__proto__': {'polluted': True}, ${said("(2,)").slice(1)}`,
    'there is no field "__proto__"',
  ],
  ["no descr", "{'fortran_order': False, 'shape': (2,)}", "the field descr is missing"],
  ["no order", "{'descr': '<f4', 'shape': (2,)}", "the field fortran_order is missing"],
  ["no shape", "{'descr': '<f4', 'fortran_order': False}", "the field shape is missing"],
  ["ten thousand tuples in each other", said(deep("(", ")")), "nested more than 32 deep"],
  ["ten thousand lists in each other", said("(2,)", deep("[", "]")), "nested more than 32 deep"],
  ["ten thousand dictionaries in each other", deep("{'a':", "}"), "nested more than 32 deep"],
  ["65 axes", said(`(${"1,".repeat(65)})`), "shape is an array of 65"],
  ["ten thousand axes", said(`(${"1,".repeat(10_000)})`), "shape is an array of 10000"],
  ["an order of 1", said("(2,)", "'<f4'", "1"), "fortran_order is 1"],
  ["an order of None", said("(2,)", "'<f4'", "None"), "fortran_order is null"],
  ["an order of text", said("(2,)", "'<f4'", "'False'"), 'fortran_order is "False"'],
  ["a shape that is a number", said("2"), "shape is 2"],
  ["a shape that is text", said("'2'"), 'shape is "2"'],
  ["a shape that is a dictionary", said("{}"), "shape is an object"],
  ["a shape that wraps to 8 bytes", said("(4294967296, 4294967296, 2)"), "shape is [4294967296"],
  ["a shape that wraps to nothing", said("(4294967296, 4294967296, 0)"), "shape is [4294967296"],
  ["a shape beyond all", said("(9007199254740991, 2)"), "shape is [9007199254740991, 2]"],
  ["more numbers than there are", said("(3,)"), "there are 8 bytes of numbers; needs 12"],
  ["fewer numbers than there are", said("(1,)"), "there are 8 bytes of numbers; needs 4"],
  ["a billion numbers", said("(1000000000,)"), "needs 4000000000"],
  ["wider numbers than there are", said("(2,)", "'<f8'"), "needs 16 by descr"],
  ["no numbers", said("(0, 5)"), "needs 0 by descr"],
];

export const npy: readonly Case[] = [
  ...Array.from({ length: 12 }, (_, length) => ({
    name: `an array of ${length} bytes`,
    bytes: whole.slice(0, length),
    says: /no array of NumPy|no safetensors file|cut short/,
  })),
  ...[13, 40, whole.length - 9, whole.length - 1].map((length) => ({
    name: `an array that is cut to ${length} bytes`,
    bytes: whole.slice(0, length),
    says: /cut short|there are \d bytes of numbers; needs 8/,
  })),
  ...[
    [0, 0],
    [4, 0],
    [255, 0],
    [1, 1],
    [2, 9],
  ].map(([version = 0, minor = 0]) => ({
    name: `version ${version}.${minor}`,
    bytes: npyOf(said("(2,)"), 8, { version, minor }),
    says: `the version is ${version}.${minor}`,
  })),
  ...[65_535, 90].map((length) => ({
    name: `a header of ${length} bytes`,
    bytes: npyOf(said("(2,)"), 8, { length }),
    says: "cut short",
  })),
  ...[2 ** 24 + 1, 2 ** 31 - 1, -1].map((length) => ({
    name: `a header of ${length >>> 0} bytes`,
    bytes: npyOf(said("(2,)"), 8, { version: 2, length }),
    says: `the header has ${length >>> 0} bytes; needs at most 16777216`,
  })),
  ...noSizes.map(([json, shown]) => ({
    name: `an array with a size of ${json}`,
    bytes: npyOf(said(`(2, ${python(json)})`)),
    says: json.includes("e999") || json.includes("9223") ? /shape\[1\] is/ : `shape[1] is ${shown}`,
  })),
  ...headers.map(([name, header, says]) => ({ name: `an array: ${name}`, bytes: npyOf(header), says })),
  {
    name: "an array whose header is no UTF-8",
    bytes: npyOf(`${said("(2,)").slice(0, -1)}'\xff': 1}`, 8, { version: 3 }),
    says: "no UTF-8",
  },
  {
    name: "an array of BOOL that is 2",
    bytes: Uint8Array.from([...npyOf(said("(2,)", "'|b1'"), 0), 1, 2]),
    says: "[1] is 2, of BOOL",
  },
];

interface Packed {
  name: string;
  data: Uint8Array;
  method: number;
  flags: number;
  crc: number;
  packed: number;
  size: number;
  offset: number;
  extra: Uint8Array;
  /** What the local header has otherwise. */
  local: { signature?: number; method?: number; nameBytes?: number };
}

const words = (bytes: 2 | 4 | 8, ...values: (number | bigint)[]) =>
  values.flatMap((value) => [...new Uint8Array(BigUint64Array.of(BigInt(value)).buffer).subarray(0, bytes)]);

interface Ending {
  entries?: number;
  size?: number;
  offset?: number;
  /** Between the directory and the end. */
  before?: (place: number) => number[];
  after?: number[];
}

/** An archive, each field of which may be another. */
export function zipOf(entries: readonly Partial<Packed>[], ending: Ending = {}): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const all = entries.map((given) => {
    const file = given.data ?? whole;
    const data = given.method === 8 && given.data === undefined ? new Uint8Array(deflateRawSync(file)) : file;
    const one: Packed = {
      ...{
        name: "a.npy",
        method: 0,
        flags: 0,
        crc: crc32(whole),
        size: whole.length,
        extra: new Uint8Array(),
      },
      ...{ local: {}, packed: data.length, offset: bytes.length },
      ...given,
      data,
    };
    const name = latin1(one.name);
    const { signature = 0x04034b50, method = one.method, nameBytes = name.length } = one.local;
    bytes.push(
      ...words(4, signature),
      ...words(2, 20, one.flags, method, 0, 33),
      ...words(4, one.crc, one.packed, one.size),
    );
    bytes.push(...words(2, nameBytes, 0), ...name, ...data);
    return one;
  });
  const start = bytes.length;
  for (const one of all) {
    const name = latin1(one.name);
    bytes.push(...words(4, 0x02014b50), ...words(2, 20, 20, one.flags, one.method, 0, 33));
    bytes.push(
      ...words(4, one.crc, one.packed, one.size),
      ...words(2, name.length, one.extra.length, 0, 0, 0),
    );
    bytes.push(...words(4, 0, one.offset), ...name, ...one.extra);
  }
  const {
    entries: count = all.length,
    size = bytes.length - start,
    offset = start,
    before,
    after = [],
  } = ending;
  bytes.push(...(before?.(bytes.length) ?? []));
  bytes.push(
    ...words(4, 0x06054b50),
    ...words(2, 0, 0, count, count),
    ...words(4, size, offset),
    ...words(2, 0),
    ...after,
  );
  return Uint8Array.from(bytes);
}

const zeros = new Uint8Array(2 ** 20);
const bomb = new Uint8Array(deflateRawSync(zeros));
const good = zipOf([{}]);
const large = (...fields: (number | bigint)[]) =>
  Uint8Array.from([...words(2, 1, 8 * fields.length), ...words(8, ...fields)]);
const MOST = 0xffffffff;
/** An end of 64 bits, whose locator says where it is. */
const end64 = (fields: {
  entries?: bigint;
  size?: bigint;
  offset?: bigint;
  place?: bigint;
  signature?: number;
}) => ({
  entries: 0xffff,
  size: MOST,
  offset: MOST,
  before: (at: number) => [
    ...words(4, fields.signature ?? 0x06064b50),
    ...words(8, 44),
    ...words(2, 45, 45),
    ...words(4, 0, 0),
    ...words(
      8,
      fields.entries ?? 1n,
      fields.entries ?? 1n,
      fields.size ?? 51n,
      fields.offset ?? BigInt(at - 51),
    ),
    ...words(4, 0x07064b50, 0),
    ...words(8, fields.place ?? at),
    ...words(4, 1),
  ],
});

export const npz: readonly Case[] = [
  ...[4, 21, 22, 60, good.length - 60, good.length - 22, good.length - 1].map((length) => ({
    name: `an archive that is cut to ${length} bytes`,
    bytes: good.slice(0, length),
    says: /no end; it is cut short/,
  })),
  { name: "an archive with more behind it", bytes: zipOf([{}], { after: [0] }), says: "no end" },
  ...unsafeNames.map((name) => ({
    name: `the name ${JSON.stringify(name)}`,
    bytes: zipOf([{ name }]),
    says: "leads nowhere",
  })),
  { name: "the name of nothing", bytes: zipOf([{ name: "" }]), says: "leads nowhere" },
  { name: "a name twice", bytes: zipOf([{}, {}]), says: 'the name "a.npy" twice' },
  { name: "a name that is no UTF-8", bytes: zipOf([{ name: "\xff.npy" }]), says: "the name of entry 0" },
  ...[1, 6, 9, 12, 14, 93, 95, 98, 99, 65_535].map((method) => ({
    name: `method ${method}`,
    bytes: zipOf([{ method }]),
    says: `"a.npy" is packed by method ${method}`,
  })),
  { name: "an entry that is encrypted", bytes: zipOf([{ flags: 1 }]), says: '"a.npy" is encrypted' },
  ...[0, 65_534, 2].map((entries) => ({
    name: `a directory of ${entries} entries where there is 1`,
    bytes: zipOf([{}], { entries }),
    says: entries === 0 ? /no tensor/ : "the directory has",
  })),
  ...[0, 1, 45, 2 ** 24 + 1, 2 ** 31, MOST - 1].map((size) => ({
    name: `a directory of ${size} bytes`,
    bytes: zipOf([{}], { size }),
    says: /directory/,
  })),
  ...[1, 10, 2 ** 31, MOST - 1].map((offset) => ({
    name: `a directory at ${offset}`,
    bytes: zipOf([{}], { offset }),
    says: /directory|begins/,
  })),
  ...[1, 100, 2 ** 31, MOST - 1].map((offset) => ({
    name: `an entry at ${offset}`,
    bytes: zipOf([{ offset }]),
    says: /"a\.npy" has \d+ bytes from \d+ on|has no header at/,
  })),
  ...[1, 2 ** 31, MOST - 1].map((more) => ({
    name: `an entry of ${more} bytes more than it has`,
    bytes: zipOf([
      { packed: Math.min(MOST - 1, whole.length + more), size: Math.min(MOST - 1, whole.length + more) },
    ]),
    says: /"a\.npy" (has \d+ bytes from 0 on|unpacks to|has no header at 0)/,
  })),
  {
    name: "two entries of the same bytes",
    bytes: zipOf([{}, { name: "b.npy", offset: 0 }]),
    says: /has \d+ bytes from 0 on; needs to end before 0/,
  },
  {
    name: "two entries that overlap",
    bytes: zipOf([{ packed: whole.length + 40, size: whole.length + 40 }, { name: "b.npy" }]),
    says: /"a\.npy" has \d+ bytes from 0 on; needs to end before/,
  },
  ...[0, 1, 10].map((size) => ({
    name: `a stored entry that is said to have ${size} bytes`,
    bytes: zipOf([{ size }]),
    says: `"a.npy" is stored in ${whole.length} bytes, of ${size}`,
  })),
  ...[whole.length - 1, whole.length + 1].map((size) => ({
    name: `a deflated entry that is said to have ${size} bytes`,
    bytes: zipOf([{ method: 8, size }]),
    says: /unpacks to|bytes of numbers|cut short/,
  })),
  {
    name: "a bomb that says what it is, above the limit",
    bytes: zipOf([{ method: 8, data: bomb, size: 2 ** 30 + 1 }]),
    says: `"a.npy" unpacks to ${2 ** 30 + 1} bytes; needs at most ${2 ** 30}`,
  },
  {
    name: "a bomb that says more than can be",
    bytes: zipOf([{ method: 8, data: bomb, size: 2 ** 30 }]),
    says: "that cannot be",
  },
  {
    name: "a bomb of zeros",
    bytes: zipOf([{ method: 8, data: bomb, size: 2 ** 20, crc: crc32(zeros) }]),
    says: "no array of NumPy",
  },
  {
    name: "a bomb that says less than it is",
    bytes: zipOf([
      { method: 8, data: new Uint8Array(deflateRawSync(Buffer.concat([whole, zeros]))), size: whole.length },
    ]),
    says: `unpacks to more than ${whole.length} bytes`,
  },
  {
    name: "a bomb of 64 bits",
    bytes: zipOf([{ method: 8, data: bomb, size: MOST, extra: large(2n ** 40n) }]),
    says: "unpacks to 1099511627776 bytes",
  },
  ...[2n ** 53n, 2n ** 63n, 2n ** 64n - 1n].map((size) => ({
    name: `an entry of ${size} bytes, in 64 bits`,
    bytes: zipOf([{ size: MOST, extra: large(size) }]),
    says: "entry 0 of the ZIP archive has no size that there can be",
  })),
  {
    name: "an entry whose 64 bits are missing",
    bytes: zipOf([{ size: MOST }]),
    says: "has no size that there can be",
  },
  {
    name: "an entry whose second 64 bits are missing",
    bytes: zipOf([{ size: MOST, packed: MOST, extra: large(9n) }]),
    says: "has no packed size that there can be",
  },
  {
    name: "an entry whose place in 64 bits is missing",
    bytes: zipOf([{ offset: MOST }]),
    says: "has no offset that there can be",
  },
  ...[2n ** 63n, 2n ** 53n - 1n, 100_000n].map((place) => ({
    name: `an end of 64 bits at ${place}`,
    bytes: zipOf([{}], end64({ place })),
    says: "the end of the ZIP archive is at",
  })),
  {
    name: "an end of 64 bits that is none",
    bytes: zipOf([{}], end64({ signature: 1 })),
    says: "has no end at",
  },
  ...[2n ** 16n + 1n, 2n ** 53n, 2n ** 64n - 1n].map((entries) => ({
    name: `${entries} entries, in 64 bits`,
    bytes: zipOf([{}], end64({ entries })),
    says: "the ZIP archive lists",
  })),
  ...[2n ** 25n, 2n ** 63n].map((size) => ({
    name: `a directory of ${size} bytes, in 64 bits`,
    bytes: zipOf([{}], end64({ size })),
    says: "the directory has",
  })),
  ...[2n ** 53n, 2n ** 63n].map((offset) => ({
    name: `a directory at ${offset}, in 64 bits`,
    bytes: zipOf([{}], end64({ offset })),
    says: "the directory has",
  })),
  { name: "another checksum", bytes: zipOf([{ crc: 1 }]), says: '"a.npy" has another checksum' },
  {
    name: "another checksum of what is deflated",
    bytes: zipOf([{ method: 8, crc: 1 }]),
    says: '"a.npy" has another checksum',
  },
  {
    name: "no local header",
    bytes: zipOf([{}, { name: "b.npy", local: { signature: 1 } }]),
    says: '"b.npy" has no header at',
  },
  {
    name: "a local header of another method",
    bytes: zipOf([{ local: { method: 8 } }]),
    says: "has no header at 0 that fits",
  },
  {
    name: "a local header of a long name",
    bytes: zipOf([{ local: { nameBytes: 65_535 } }]),
    says: "has no header at 0 that fits",
  },
  ...[1, 20, 40].map((at) => {
    const data = new Uint8Array(deflateRawSync(whole));
    data[Math.min(at, data.length - 1)]! ^= 0x55;
    return { name: `what is deflated, changed at ${at}`, bytes: zipOf([{ method: 8, data }]), says: /"a/ };
  }),
  {
    name: "what is deflated, cut short",
    bytes: zipOf([{ method: 8, data: new Uint8Array(deflateRawSync(whole)).slice(0, 20) }]),
    says: /"a/,
  },
  {
    name: "what is no deflated data",
    bytes: zipOf([{ method: 8, data: Uint8Array.of(6, 6, 6, 6), size: 100 }]),
    says: /"a/,
  },
  {
    name: "an array in it that is damaged",
    bytes: zipOf([{ data: npyOf(said("(-1,)")), crc: 0, size: npyOf(said("(-1,)")).length }]),
    says: "shape[0] is -1",
  },
];

/** Arrays of NumPy of those who mean harm. */
import { type Case, latin1, noSizes } from "./values.ts";

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

export const said = (shape: string, descr = "'<f4'", order = "False") =>
  `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;
export const whole = npyOf(said("(2,)"));

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

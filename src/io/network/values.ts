/**
 * What options hold, as JSON: what is plain as it is, what is configured by the name of the function that makes it,
 * `{ "initializer": "orthogonal", "options": { "gain": 2 } }`, and a function of the user's by its own, `{ "function": "mine" }`.
 */
import { FormatError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { plainOf } from "../snapshot/attachments.js";
import { type Maker, SINGULAR, type Singular } from "./parts.js";
import type { Registry } from "./registry.js";

type Fields = Readonly<Record<string, unknown>>;

/** By what a configured value is told from others. */
const MARKS: readonly (readonly [mark: string, is: Singular])[] = [
  ["apply", "activation"],
  ["initial", "initializer"],
  ["decision", "loss"],
  ["measure", "metric"],
  ["instructions", "optimizer"],
  ["low", "constraint"],
];

function familyOf(value: object): Singular | undefined {
  if (!("options" in value)) return undefined;
  if (typeof value === "function") return "kind" in value ? "schedule" : undefined;
  return MARKS.find(([mark]) => mark in value)?.[1];
}

const isPlainObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/**
 * A settled value as JSON holds it.
 *
 * @param at errors call it: `toJSON: dense "hidden": activation`
 * @throws OptionError for a function without a name, and what JSON does not hold
 */
export function encode(at: string, value: unknown): unknown {
  const family = Object(value) === value ? familyOf(value as object) : undefined;
  if (family !== undefined) return encodeConfigured(at, family, value as Fields);
  if (typeof value === "function") return { function: nameOf(at, value.name) };
  if (Array.isArray(value)) return value.map((one, i) => encode(`${at}[${i}]`, one));
  if (Object(value) === value && "low" in (value as object)) {
    throw new OptionError(`${at} is no constraint of wasmgrad; needs one that maxNorm or its kind makes.`);
  }
  return plainOf(at, value);
}

/** Options as JSON holds them, without those that are undefined. */
export function encodeFields(at: string, fields: object, left: readonly string[] = []): Fields {
  const entries = Object.entries(fields).filter(([key, one]) => one !== undefined && !left.includes(key));
  return Object.fromEntries(entries.map(([key, one]) => [key, encode(`${at}.${key}`, one)]));
}

const nameOf = (at: string, name: string): string => {
  if (name !== "") return name;
  throw new OptionError(
    `${at} is a function without a name; needs one, by which it is given to whoever reads this.`,
  );
};

function encodeConfigured(at: string, family: Singular, value: Fields): Fields {
  const { name, kind, given, options } = value as {
    name: string;
    kind: unknown;
    given?: unknown[];
    options: Fields;
  };
  const [first] = given ?? [];
  // A loss or a metric of the user's is made of a function.
  if (typeof first === "function" && (family === "loss" || family === "metric"))
    return { function: nameOf(at, name) };
  // The name of an optimizer has that of the one in it, a metric's is its place in reports.
  const maker = typeof kind === "string" ? kind : (name.split("(")[0] as string);
  const settled = encodeFields(at, options);
  return {
    [family]: maker,
    ...(given && { given: given.map((one, i) => encode(`${at}: argument ${i + 1}`, one)) }),
    ...(Object.keys(settled).length > 0 && { options: settled }),
  };
}

/** Which family an option may have something of. */
export function familyAt(key: string): Singular | undefined {
  if (key === "learningRate") return "schedule";
  return (["activation", "initializer", "constraint"] as const).find((one) =>
    key.toLowerCase().endsWith(one),
  );
}

/**
 * The value that JSON stands for.
 *
 * @param at where the file has it
 * @param family of what it may be beside plain data
 * @throws FormatError
 */
export function decode(parts: Registry, at: string, value: unknown, family?: Singular): unknown {
  if (Array.isArray(value)) return value.map((one, i) => decode(parts, `${at}[${i}]`, one, family));
  if (family === undefined || !isPlainObject(value)) return value;
  if (typeof value.function === "string") {
    return parts.find(SINGULAR[family], value.function, `${at}.function`, true);
  }
  const { [family]: name, given = [], options = {}, ...others } = value;
  const [odd] = Object.keys(others);
  const isWhole = typeof name === "string" && Array.isArray(given) && isPlainObject(options);
  if (!isWhole || odd !== undefined) {
    const got = odd === undefined ? describe(value) : `an object with ${describe(odd)}`;
    throw new FormatError(
      `${parts.who}: ${at} is ${got}; needs { ${family}, given, options } or { function }.`,
    );
  }
  const make = parts.find(SINGULAR[family], name, `${at}.${family}`) as Maker;
  const list = given.map((one, i) => decode(parts, `${at}.given[${i}]`, one, family));
  const settled = Object.keys(options).length > 0 ? [decodeOptions(parts, `${at}.options`, options)] : [];
  return made(parts.who, at, () => make(...([...list, ...settled] as never[])));
}

/** Options, each as its name says. */
export const decodeOptions = (parts: Registry, at: string, options: Fields): Fields =>
  Object.fromEntries(
    Object.entries(options).map(([key, one]) => [key, decode(parts, `${at}.${key}`, one, familyAt(key))]),
  );

/** What a function makes. @throws FormatError with what it throws, naming the place in the file */
export function made<T>(who: string, at: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    throw new FormatError(`${who}: ${at}: ${cause instanceof Error ? cause.message : describe(cause)}`, {
      cause,
    });
  }
}

/** Calls that are refused, by keys that stay the same: what errorTexts.test.ts makes, and how tables of them are written. */

export type Misuse = () => unknown;
export type Misuses = Readonly<Record<string, Misuse>>;

/** What a program without types could pass. */
export const wrong = (value: unknown) => value as never;

/** Values outside a domain, and of other types. */
export const NOT = {
  positive: [0, Number.NaN, "1", null],
  notNegative: [-1, "1", null],
  finite: [Number.NaN, "1", null],
  share: [1, -0.1, "0.5", null],
  /** An integer of at least 1. */
  count: [0, 1.5, "3", null],
  /** An integer of at least 0. */
  index: [-1, 0.5, null],
  boolean: [1, null],
  function: [3, null],
  string: [3, null],
  /** One of several names. */
  name: ["quux", 3, null],
} as const satisfies Record<string, readonly unknown[]>;

/** A value as a key shows it: what is long or no plain data by its kind alone. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) return value.length > 4 ? "a list" : `[${Array.from(value, shown).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (Object.getPrototypeOf(value) !== Object.prototype) return `a ${value.constructor.name}`;
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value));
  if (fields.length > 4) return "an object";
  return `{${fields.map(([name, field]) => `${name}: ${shown(field.value)}`).join(", ")}}`;
}

/** A call with each of these values. */
export const eachOf = (what: string, values: readonly unknown[], call: (value: never) => unknown): Misuses =>
  Object.fromEntries(values.map((value) => [`${what} = ${shown(value)}`, () => call(wrong(value))]));

/** `momentmu`: its last two letters exchanged. */
const misspelled = (name: string) => `${name.slice(0, -2)}${name.at(-1)}${name.at(-2)}`;

/** What is no options: names that there are not, near and far, and what is no object of names. */
export function unknownOptions(
  who: string,
  call: (options: never) => unknown,
  names: readonly string[],
  valid: object = {},
  strangers: readonly unknown[] = [null, []],
): Misuses {
  const near = names.map(misspelled).filter((name) => !names.includes(name));
  return {
    ...Object.fromEntries(
      [...near, "frobnicate"].map((name) => [
        `${who}: an option ${name}`,
        () => call(wrong({ ...valid, [name]: 1 })),
      ]),
    ),
    ...eachOf(`${who}: options`, strangers, call),
  };
}

export interface Optional {
  /** Valid options without which it is refused: each is left out once. */
  readonly required?: Readonly<Record<string, unknown>>;
  /** Valid options that go with those that are tried. */
  readonly beside?: Readonly<Record<string, unknown>>;
  /** What is no object of options; default null and a list. */
  readonly strangers?: readonly unknown[];
}

/** Each option with each value that it does not take, and what is no option. */
export function ofOptions(
  who: string,
  call: (options: never) => unknown,
  domains: Readonly<Record<string, readonly unknown[]>>,
  { required = {}, beside = {}, strangers = [null, []] }: Optional = {},
): Misuses {
  const valid = { ...required, ...beside };
  const without = (name: string) =>
    Object.fromEntries(Object.entries(valid).filter(([other]) => other !== name));
  return Object.assign(
    {},
    ...Object.entries(domains).map(([name, values]) =>
      eachOf(`${who}: ${name}`, values, (value) => call(wrong({ ...valid, [name]: value }))),
    ),
    ...Object.keys(required).map((name) => ({
      [`${who}: without ${name}`]: () => call(wrong(without(name))),
    })),
    unknownOptions(
      who,
      call,
      [...new Set([...Object.keys(domains), ...Object.keys(required)])],
      valid,
      strangers,
    ),
  ) as Misuses;
}

import { OptionError } from "./errors.js";
import { nameHere, plain } from "./familiarNames.js";

/** Letters of a text that an error message shows, and of a name that is taken for a misspelled one. */
const LONGEST = 80;
/** Names of a choice that an error message shows. */
const MOST = 60;

const short = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** Number of single-character edits between two words (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** The name that takes the fewest edits, if they are few: their number grows with the product of both lengths. */
function nearestOf(got: string, known: readonly string[]): string | undefined {
  if (got.length > LONGEST) return undefined;
  let nearest: string | undefined;
  let least = Math.floor(Math.max(2, got.length / 3)) + 1;
  for (const word of known) {
    if (Math.abs(word.length - got.length) >= least) continue;
    const distance = editDistance(got.toLowerCase(), word.toLowerCase());
    // A word that shares no letter is no misspelling of it, however short both are.
    if (distance >= least || distance >= word.length) continue;
    nearest = word;
    least = distance;
  }
  return nearest;
}

/** `Did you mean "adam"?`, or the whole choice when nothing is near. */
function suggestion(got: string, known: readonly string[]): string {
  if (known.length === 0) return "There are none: leave it out.";
  const nearest = nameHere(got, known) ?? nearestOf(got, known);
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  const more = known.length > MOST ? ", …" : "";
  return `Known: ${known.slice(0, MOST).map(short).join(", ")}${more}.`;
}

/** @throws OptionError when `options` is the targets, which belong to the data */
export function checkData(who: string, options: unknown): void {
  if (!Array.isArray(options) && !ArrayBuffer.isView(options)) return;
  throw new OptionError(
    `${who}: the second argument is a list; needs options. Give the data as ${who}({ x, y }, options).`,
  );
}

/**
 * `what` says what the keys of `options` are, `elsewhere` what to do instead of some that are known from elsewhere, by
 * their names in small letters without `_`.
 *
 * @throws OptionError when `options` has a key that `known` does not list
 */
export function checkKeys(
  who: string,
  options: object,
  known: readonly string[],
  what = "option",
  elsewhere: Readonly<Record<string, string>> = {},
): void {
  if (options === null || typeof options !== "object" || Array.isArray(options)) {
    const mend = known.length > 0 ? ` Give options by name, as { ${known[0]}: … }.` : "";
    throw new OptionError(`${who}: options are ${describe(options)}; needs an object.${mend}`);
  }
  if ("layer" in options && "inputs" in options && "shape" in options) {
    const call = `${who.split(" ")[0]}()(…)`;
    throw new OptionError(`${who}: options are a node. Call the layer that it makes: ${call}.`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key) && key === "learningRate") {
      const own = known.find((name) => /^((initial|max)LearningRate|learningRateScale)$/.test(name));
      const mend = own ? `Did you mean "${own}"?` : "Give it to the optimizer: adam({ learningRate }).";
      throw new OptionError(`${who}: there is no option "${key}". ${mend}`);
    }
    if (!known.includes(key)) {
      const place = plain(key);
      const mend = Object.hasOwn(elsewhere, place) ? elsewhere[place] : suggestion(key, known);
      throw new OptionError(`${who}: there is no ${what} ${describe(key)}. ${mend}`);
    }
  }
}

/** @throws OptionError when it is none of the names, with the nearest that is */
export function checkName(who: string, what: string, name: unknown, known: readonly string[]): void {
  if (known.includes(name as string)) return;
  const nearest = suggestion(typeof name === "string" ? name : "", known);
  const mend = typeof name === "function" ? "Call it, with or without options. " : "";
  throw new OptionError(`${who}: there is no ${what} ${describe(name)}. ${mend}${nearest}`);
}

/**
 * The entry of a table that a name stands for.
 *
 * @throws OptionError when the table has no such name, with the nearest that it has.
 */
export function choose<T>(who: string, what: string, name: string, table: Readonly<Record<string, T>>): T {
  checkName(who, what, name, Object.keys(table));
  return table[name] as T;
}

/** @throws OptionError unless `value` is an integer of at least `least`. */
export function checkInteger(who: string, name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new OptionError(`${who}: ${name} is ${describe(value)}; needs an integer of at least ${least}.`);
}

/**
 * The engine computes in f32: a value is checked as it arrives there, so that 0.99999999 is no number below 1.
 *
 * @throws OptionError unless `value`, in f32, is a finite number for which `holds`; `domain` says what that is
 */
export function checkNumber(
  who: string,
  name: string,
  value: number,
  domain: string,
  holds: (value: number) => boolean,
): number {
  const inF32 = typeof value === "number" ? Math.fround(value) : Number.NaN;
  if (Number.isFinite(inF32) && holds(inF32)) return value;
  const rounded = Number.isFinite(value) && holds(value) ? `, in f32 ${inF32}` : "";
  throw new OptionError(`${who}: ${name} is ${describe(value)}${rounded}; needs ${domain}.`);
}

/** @throws OptionError unless `value` is of the type that `type` names. */
export function checkType(
  who: string,
  name: string,
  value: unknown,
  type: "boolean" | "function" | "string",
): void {
  if (typeof value === type) return;
  const needs = { boolean: "true or false", function: "a function", string: "a string" }[type];
  throw new OptionError(`${who}: ${name} is ${describe(value)}; needs ${needs}.`);
}

/** A value as an error message shows it: whatever it is, nothing is thrown. */
export function describe(value: unknown): string {
  if (typeof value === "string") return `"${short(value)}"`;
  if (typeof value === "bigint") return `${BigInt.asIntN(64, value) === value ? `${value}n, ` : ""}a BigInt`;
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return short(String(value));
  try {
    if (Array.isArray(value)) return `an array of ${value.length}`;
    return `an object (${value.constructor?.name ?? "null prototype"})`;
  } catch {
    return "an object";
  }
}

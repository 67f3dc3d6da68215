/**
 * Rules for what files say: a table that is the schema of a header, and names the field of it that is wrong, as
 * `progress.sums[3]`.
 */
import { FormatError } from "../check/errors.js";
import { describe } from "../check/options.js";

/** Rules by what errors say that they need. */
const KINDS = {
  "a string": (x: unknown) => typeof x === "string",
  "true or false": (x: unknown) => typeof x === "boolean",
  "a positive number": (x: unknown) => Number.isFinite(x) && (x as number) > 0,
  "a number of at least 0": (x: unknown) => Number.isFinite(x) && (x as number) >= 0,
  "an integer from 0 to 2^53 - 1": (x: unknown) => Number.isSafeInteger(x) && (x as number) >= 0,
  "an integer from 0 to 2^32 - 1": (x: unknown) => (x as number) >>> 0 === x,
  'a finite number, "NaN", "Infinity" or "-Infinity"': (x: unknown) =>
    Number.isFinite(x) || x === null || (typeof x === "string" && /^(NaN|-?Infinity)$/.test(x)),
  "a string, a number, true, false or null": (x: unknown) => Object(x) !== x,
  anything: () => true,
};

/**
 * What a value must be: of a kind, a list of so many values, or an object of these keys. A key that ends in `?` may be left
 * out; `*` stands for all others.
 */
export type Rule =
  | keyof typeof KINDS
  | readonly [rule: Rule, least: number, most: number]
  | { readonly [key: string]: Rule };

/**
 * @param at what errors call the value; its fields by their path if that is ""
 * @throws FormatError naming the field that breaks a rule
 */
export function checkRule(who: string, rule: Rule, value: unknown, at = ""): void {
  const wrong = (needs: string) =>
    new FormatError(`${who}: ${at || "it"} is ${describe(value)}; needs ${needs}.`);
  if (typeof rule === "string") {
    if (!KINDS[rule](value)) throw wrong(rule);
  } else if (isList(rule)) {
    const [of, least, most] = rule;
    // The length before the content.
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      throw wrong(`a list of ${least} to ${most}`);
    }
    value.forEach((one, i) => {
      checkRule(who, of, one, `${at}[${i}]`);
    });
  } else {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("an object");
    checkFields(who, rule, value, at);
  }
}

const isList = (rule: Rule): rule is readonly [Rule, number, number] => Array.isArray(rule);

function checkFields(who: string, rules: Readonly<Record<string, Rule>>, value: object, at: string): void {
  const path = (key: string) => (at ? `${at}.${key}` : key);
  for (const [key, one] of Object.entries(value)) {
    const found = [key, `${key}?`, "*"].find((known) => Object.hasOwn(rules, known));
    if (found === undefined) throw new FormatError(`${who}: there is no field ${describe(path(key))}.`);
    checkRule(who, rules[found] as Rule, one, path(key));
  }
  const missing = Object.keys(rules).find((key) => !/[*?]$/.test(key) && !Object.hasOwn(value, key));
  if (missing !== undefined) throw new FormatError(`${who}: the field ${path(missing)} is missing.`);
}

/**
 * Kinds of what files say, as `check/kinds.ts` has kinds of options: composed, they are the schema of a header, and name
 * the field of it that is wrong, as `progress.sums[3]`.
 */
import { FormatError, OptionError } from "../check/errors.js";
import { describe } from "../check/options.js";
import type { Kind } from "../check/schema.js";

/** What a value from a file is checked by. */
export type Field<T> = Kind<T, unknown>;

/** A field of a type and a domain. @param needs what errors say that it needs */
export const fieldOf =
  <T>(needs: string, holds: (value: unknown) => boolean): Field<T> =>
  (_, name, given) => {
    if (holds(given)) return given as T;
    throw new OptionError(`${name} is ${describe(given)}; needs ${needs}.`);
  };

/** Safe integers from `least` to `most`. */
export const count = (least = 0, most = Number.MAX_SAFE_INTEGER): Field<number> =>
  fieldOf(
    `an integer from ${least} to ${most}`,
    (x) => Number.isSafeInteger(x) && (x as number) >= least && (x as number) <= most,
  );

export const string: Field<string> = /* @__PURE__ */ fieldOf("a string", (x) => typeof x === "string");
export const bool: Field<boolean> = /* @__PURE__ */ fieldOf("true or false", (x) => typeof x === "boolean");
export const anything: Field<unknown> = (_, __, given) => given;

/** An object of whatever JSON holds. */
export const object: Field<Readonly<Record<string, unknown>>> = /* @__PURE__ */ fieldOf(
  "an object",
  (x) => typeof x === "object" && x !== null && !Array.isArray(x),
);

/** A field that may be left out. */
export const maybe =
  <T>(field: Field<T>): Field<T | undefined> =>
  (who, name, given) =>
    given === undefined ? undefined : field(who, name, given);

/** Lists, of so many entries. */
export const listOf =
  <T>(field: Field<T>, least = 0, most = Number.MAX_SAFE_INTEGER): Field<T[]> =>
  (who, name, given) => {
    const isList = Array.isArray(given);
    if (isList && given.length >= least && given.length <= most) {
      return given.map((one, i) => field(who, `${name}[${i}]`, one));
    }
    const entries = least === most ? ` of ${least}` : "";
    throw new OptionError(`${name} is ${describe(given)}; needs a list${entries}.`);
  };

/** Objects of whatever keys, as a map. */
export const mapOf =
  <T>(field: Field<T>): Field<Map<string, T>> =>
  (who, name, given) =>
    new Map(
      Object.entries(object(who, name, given)).map(([key, one]) => [key, field(who, `${name}.${key}`, one)]),
    );

/** Objects of these fields and no others. */
export const recordOf =
  <T>(fields: { readonly [K in keyof T]-?: Field<T[K]> }): Field<T> =>
  (who, name, given) => {
    const from = object(who, name || "it", given);
    const path = (key: string) => (name ? `${name}.${key}` : key);
    const odd = Object.keys(from).find((key) => !Object.hasOwn(fields, key));
    if (odd !== undefined) throw new OptionError(`${path(describe(odd))} is no field that there is.`);
    const checked = Object.entries<Field<unknown>>(fields).map(([key, field]) => [
      key,
      field(who, path(key), Object.hasOwn(from, key) ? from[key] : undefined),
    ]);
    return Object.fromEntries(checked) as T;
  };

/** What a file says, checked. @throws FormatError naming the field that is wrong */
export function checkFields<T>(who: string, field: Field<T>, given: unknown, name = ""): T {
  try {
    return field(who, name, given);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new FormatError(`${who}: ${error.message}`, { cause: error });
  }
}

/** Kinds of options, for schemas. Called without a default, a kind is of an option that must be given. */
import { checkInteger, checkName, checkNumber, checkType } from "./options.js";
import type { Kind } from "./schema.js";

/** A kind whose default is what it is made with. */
interface Defaulting<T> {
  (): Kind<T>;
  (fallback: T): Kind<T, T | undefined>;
}

/**
 * Numbers of a domain, as they arrive in f32: see checkNumber.
 *
 * @param domain what errors say that the option needs
 */
export const numberOf =
  (domain: string, holds: (value: number) => boolean): Defaulting<number> =>
  (fallback?: number): Kind<number, number | undefined> =>
  (who, name, given = fallback) =>
    checkNumber(who, name, given as number, domain, holds);

export const finite: Defaulting<number> = /* @__PURE__ */ numberOf("a finite number", () => true);
export const positive: Defaulting<number> = /* @__PURE__ */ numberOf("a positive number", (x) => x > 0);
export const notNegative: Defaulting<number> = /* @__PURE__ */ numberOf(
  "a number of at least 0",
  (x) => x >= 0,
);
/** An axis: whether it is there is known with the shape. */
export const axisOption: Defaulting<number> = /* @__PURE__ */ numberOf("an integer", Number.isInteger);
/** What of a whole is kept, never all: in [0, 1). */
export const share: Defaulting<number> = /* @__PURE__ */ numberOf(
  "a number in [0, 1)",
  (x) => x >= 0 && x < 1,
);

/** Integers from `least` on. */
export function integer(least: number): Kind<number>;
export function integer(least: number, fallback: number): Kind<number, number | undefined>;
export function integer(least: number, fallback?: number): Kind<number, number | undefined> {
  return (who, name, given = fallback) => checkInteger(who, name, given as number, least);
}

/** Values of a type of JavaScript. */
const typed =
  <T>(type: "boolean" | "function" | "string") =>
  (fallback?: T): Kind<T, T | undefined> =>
  (who, name, given = fallback) => {
    checkType(who, name, given, type);
    return given as T;
  };

export const flag: Defaulting<boolean> = /* @__PURE__ */ typed("boolean");
export const text: Defaulting<string> = /* @__PURE__ */ typed("string");

/** Functions. What they do is the user's. */
export const functionOf = <F extends (...given: never) => unknown>(): Kind<F> => typed<F>("function")();

/** One of the names of a table. @param what what errors say that there is none of; default the option's name */
export const oneOf =
  <T extends object, N extends keyof T & string = keyof T & string>(
    table: T,
    fallback?: NoInfer<N>,
    what?: string,
  ): Kind<N, N | undefined> =>
  (who, name, given = fallback) => {
    checkName(who, what ?? name, given, Object.keys(table));
    return given as N;
  };

/** An option that is checked where it is used, when more is known: an axis, against the shape. */
export function later<T>(): Kind<T>;
export function later<T>(fallback: T): Kind<T, T | undefined>;
export function later<T>(fallback?: T): Kind<T | undefined> {
  return (_, __, given = fallback) => given;
}

/** An option that may be left out, and then is undefined. */
export const optional =
  <T, G>(kind: Kind<T, G>): Kind<T | undefined, G | undefined> =>
  (who, name, given) =>
    given === undefined ? undefined : kind(who, name, given);

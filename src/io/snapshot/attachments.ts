/** What a user keeps beside a model's state: checked, so that JSON gives back what it was given. */
import { OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { DEPTH } from "../safetensors/limits.js";

/** Whatever JSON holds, by name: a fitted encoder, the names of classes, notes. */
export type Attachments = { readonly [name: string]: unknown };

/** A value as JSON will hold it: what `toJSON` gives of it, where there is one. */
type Jsonable = { toJSON?(key: string): unknown };

/** The attachments themselves lie in the state, and that is read to this depth. */
const DEEPEST = DEPTH - 2;

/**
 * A copy that JSON holds without loss.
 *
 * @throws OptionError naming the place of what JSON would lose: NaN, undefined, a typed array, a Map, a circle
 */
export function plainOf(who: string, value: unknown, within: readonly unknown[] = []): unknown {
  const own = (value as Jsonable | null | undefined)?.toJSON;
  const plain = typeof own === "function" ? own.call(value, who) : value;
  if (plain === null || typeof plain === "string" || typeof plain === "boolean") return plain;
  if (typeof plain === "number" && Number.isFinite(plain)) return plain;
  if (within.length > DEEPEST) {
    throw new OptionError(`${who.slice(0, 80)}… is nested more than ${DEEPEST} deep; needs at most that.`);
  }
  if (typeof plain === "object" && !within.includes(plain)) {
    const inside = [...within, plain];
    if (Array.isArray(plain)) return Array.from(plain, (one, i) => plainOf(`${who}[${i}]`, one, inside));
    if (isPlain(plain)) {
      const entries = Object.entries(plain).filter(([, one]) => one !== undefined);
      return Object.fromEntries(entries.map(([name, one]) => [name, plainOf(`${who}.${name}`, one, inside)]));
    }
  }
  const got = within.includes(plain) ? "holds itself" : `is ${describe(plain)}`;
  const mend = ArrayBuffer.isView(plain) ? " Give Array.from(…) of it." : "";
  throw new OptionError(
    `${who} ${got}; needs what JSON holds: finite numbers, strings, true, false, null, arrays and plain objects of ` +
      `these, or an object with toJSON.${mend}`,
  );
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

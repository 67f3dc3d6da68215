/**
 * Tables of names of which only the commonest stand for something at once. The others are imported when one of them is
 * named: who names none does not carry them.
 */
import { UnsupportedError } from "./errors.js";
import { choose } from "./options.js";

/** How to do without import(). */
export const COMPLETE = 'Write `import "wasmgrad/complete";` beside your import of wasmgrad';

/** What each name stands for; null: it is a rare one. */
export type Names<N extends string, T> = Readonly<Record<N, T | null>>;

/** Names of a table that stand for nothing by themselves. */
export type RareOf<S> = { [K in keyof S]: S[K] extends null ? K : never }[keyof S];

/** What rare names stand for, as far as it was imported. */
export type Imported<T> = { readonly [name: string]: T };

/** Whether a name is a rare one. */
export const isRare = (name: unknown, known: Names<string, unknown>): name is string =>
  typeof name === "string" && Object.hasOwn(known, name) && known[name] === null;

/** What a name stands for. @throws OptionError when there is no such name, with the nearest that there is */
export const chooseNamed = <T>(
  who: string,
  what: string,
  name: string,
  known: Names<string, T>,
  rare: Imported<T>,
): T => choose(who, what, name, known) ?? (rare[name] as T);

/**
 * What rare names stand for: nothing is imported when none is given.
 *
 * @param instead what may be given where import() is forbidden, as in service workers
 * @throws UnsupportedError when import() fails
 */
export async function importRare<T>(
  what: string,
  name: string | undefined,
  instead: string,
  load: (who: string) => Promise<{ readonly RARE: Imported<T> }>,
): Promise<Imported<T>> {
  if (name === undefined) return {};
  try {
    return (await load("compile")).RARE;
  } catch (cause) {
    throw new UnsupportedError(
      `compile: the ${what} "${name}" is imported when it is named, and import() of it failed here. ${COMPLETE}, or ` +
        `give ${instead}`,
      { cause },
    );
  }
}

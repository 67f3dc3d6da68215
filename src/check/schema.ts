/**
 * Options, described once: a schema has for each name a kind, which checks what is given and fills in the default.
 *
 *     const { beta1, amsgrad } = take("adam", options, { beta1: share(0.9), amsgrad: flag(false) });
 *
 * The schema is held against the type of the options: a name that only one of them has, a kind of another type and an
 * option without a default that may be left out do not compile.
 */
import { checkKeys } from "./options.js";

/**
 * What an option is settled to. `given` is undefined where it was left out, if its type allows that.
 *
 * @throws OptionError for what lies outside its domain
 */
export type Kind<T, G = T> = (who: string, name: string, given: G) => T;

/** A kind for each of the options. */
export type SchemaOf<O> = { readonly [K in keyof O]-?: Kind<unknown, O[K]> };

/** What is made of a schema: a value for each name, undefined where there is neither a value nor a default. */
export type Settled<S> = {
  readonly [K in keyof S]: S[K] extends (...given: never) => infer T ? T : never;
};

/**
 * What can be configured: `make(...given, options)` makes its equal, `make` being the function that made it; where that
 * has no options, `make(...given)`.
 */
export interface Configured {
  /** What the function takes before the options, as the units of `dense`; left out where that is nothing. */
  readonly given?: readonly unknown[];
  /** The options with all defaults: plain data, but for what the user gave. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Names that the options do not have, which a schema must not have either. */
type NoOthers<O, S> = { readonly [K in Exclude<keyof S, keyof O>]: never };

/**
 * Checks options and fills in every default. What comes of it is plain data, of which the same is made again.
 *
 * @param who how errors call what the options are of
 * @param elsewhere what to do instead of options that are known from elsewhere: see checkKeys
 * @throws OptionError for what is no object of options, an option that there is none of, or a value outside its domain
 */
export function take<O extends object, S extends SchemaOf<O>>(
  who: string,
  given: O,
  schema: S & NoOthers<O, S>,
  elsewhere?: Readonly<Record<string, string>>,
): Settled<S> {
  const kinds: Readonly<Record<string, Kind<unknown, never>>> = schema;
  checkKeys(who, given, Object.keys(kinds), "option", elsewhere);
  const settled: Record<string, unknown> = {};
  for (const [name, kind] of Object.entries(kinds)) {
    const value = kind(who, name, (given as Readonly<Record<string, never>>)[name] as never);
    if (value !== undefined) settled[name] = value;
  }
  return settled as Settled<S>;
}

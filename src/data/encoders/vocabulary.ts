/** The terms of texts: which there are, and how often each is in which rows. */
import { DataError, OptionError } from "../../check/errors.js";
import { flag, integer, numberOf, oneOf, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import type { Kind, Settled } from "../../check/schema.js";
import { compareCategories } from "./categories.js";
import { runsOf, wordsOf } from "./tokens.js";

/** What terms are made of. */
const UNITS = { words: true, characters: true };

export interface VocabularyOptions {
  /** What terms are made of: `"words"` (default), runs of letters, digits and underscores, or `"characters"`. */
  readonly by?: keyof typeof UNITS;
  /** How many of them follow one another in a term, at least and at most; default [1, 1]. */
  readonly ngrams?: readonly [least: number, most: number];
  /** Whether texts are put in small letters first; default true. Lists of tokens stay as they are. */
  readonly lowercase?: boolean;
  /** Rows that a term must be in; default 1. */
  readonly minRows?: number;
  /** The share of the rows that a term may be in; default 1. */
  readonly maxShare?: number;
  /** How many terms are kept, those that are there most often; default all. */
  readonly maxTerms?: number;
  /** The terms, in the order of their columns; default those of the rows of `fit`, sorted. */
  readonly vocabulary?: readonly string[];
}

type Pair = readonly [least: number, most: number];

const lengths: Kind<Pair, Pair | undefined> = (who, name, given = [1, 1]) => {
  const arePair = Array.isArray(given) && given.length === 2 && given.every(Number.isInteger);
  if (arePair && given[0] >= 1 && given[0] <= given[1] && given[1] <= 16) return [given[0], given[1]];
  const got = arePair ? `[${given.join(", ")}]` : describe(given);
  throw new OptionError(
    `${who}: ${name} is ${got}; needs two whole numbers from 1 to 16, the smaller first: [1, 2].`,
  );
};

const terms: Kind<readonly string[] | undefined> = (who, name, given) => {
  if (given === undefined || areTerms(given)) return given && [...given];
  throw new OptionError(`${who}: ${name} is ${describe(given)}; needs a list of different texts.`);
};

/** Columns of more terms than that would not be counted by an f32. */
const MOST_TERMS = 2 ** 24;

/** Whether something is a vocabulary. */
export const areTerms = (value: unknown): value is readonly string[] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.length <= MOST_TERMS &&
  // Not every, which would pass over the holes of a sparse array.
  value.findIndex((one) => typeof one !== "string") < 0 &&
  new Set(value).size === value.length;

export const VOCABULARY = {
  by: /* @__PURE__ */ oneOf(UNITS, "words"),
  ngrams: lengths,
  lowercase: /* @__PURE__ */ flag(true),
  minRows: /* @__PURE__ */ integer(1, 1),
  maxShare: /* @__PURE__ */ numberOf("a share above 0, at most 1", (x) => x > 0 && x <= 1)(1),
  maxTerms: /* @__PURE__ */ optional(/* @__PURE__ */ integer(1)),
  vocabulary: terms,
};

type Given = Settled<typeof VOCABULARY>;

/** The tokens of a text, by code points where they are characters. */
export const cutter =
  ({ by, lowercase }: Given) =>
  (text: string): readonly string[] => {
    const cased = lowercase ? text.toLowerCase() : text;
    return by === "words" ? wordsOf(cased) : [...cased.replace(/\s+/g, " ")];
  };

/** The terms of a row's tokens, as often as they are there. */
export const termsOf = (tokens: readonly string[], { by, ngrams }: Given): string[] =>
  runsOf(tokens, ngrams, by === "words" ? " " : "");

/** The terms of rows, sorted, and in how many of the rows each is. */
export interface Learned {
  readonly terms: readonly string[];
  readonly rows: readonly number[];
}

/** @throws DataError where no term is left */
export function learnTerms(who: string, rows: readonly (readonly string[])[], given: Given): Learned {
  const { minRows, maxShare, maxTerms, vocabulary } = given;
  const inRows = new Map<string, number>();
  const times = new Map<string, number>();
  const add = (to: Map<string, number>, term: string) => to.set(term, (to.get(term) ?? 0) + 1);
  for (const tokens of rows) {
    const found = termsOf(tokens, given);
    for (const term of found) add(times, term);
    for (const term of new Set(found)) add(inRows, term);
  }
  const rowsOf = (term: string) => inRows.get(term) ?? 0;
  if (vocabulary !== undefined) return { terms: vocabulary, rows: vocabulary.map(rowsOf) };
  const fit = [...inRows.keys()].filter(
    (term) => rowsOf(term) >= minRows && rowsOf(term) <= maxShare * rows.length,
  );
  fit.sort(compareCategories);
  const often = (a: string, b: string) => (times.get(b) as number) - (times.get(a) as number);
  const kept = maxTerms === undefined ? fit : fit.sort(often).slice(0, maxTerms).sort(compareCategories);
  if (kept.length > 0) {
    if (kept.length <= MOST_TERMS) return { terms: kept, rows: kept.map(rowsOf) };
    throw new DataError(
      `${who}: there are ${kept.length} terms; needs at most ${MOST_TERMS}. Give maxTerms.`,
    );
  }
  const most = [...inRows.values()].reduce((a, b) => Math.max(a, b), 0);
  throw new DataError(
    `${who}: the ${rows.length} rows have ${inRows.size} terms, each in at most ${most} of them, and none is left by ` +
      `minRows ${minRows} and maxShare ${maxShare}; needs one at least.`,
  );
}

import { OptionError } from "../../check/errors.js";
import { flag, integer, oneOf } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { type Categories, type Category, type Grid, toCategories } from "./cells.js";
import { type Encoder, type EncoderRule, isWidth, makeEncoder } from "./encoder.js";
import { murmurHash } from "./murmurHash.js";
import { toTokens, wordsOf } from "./tokens.js";

/** What each row becomes. */
const OUTPUTS = { counts: "counts", buckets: "buckets" } as const;

export interface HashingEncoderOptions {
  /** Buckets that there are. */
  readonly size: number;
  /** Seed of the hash, from 0 to 2³² − 1; default 0. */
  readonly seed?: number;
  /**
   * `"counts"` (default): `size` numbers, how often each bucket is hit by the words of a row's text, or by its list of
   * tokens. `"buckets"`: the number of the bucket of each category, as an embedding looks it up.
   */
  readonly output?: keyof typeof OUTPUTS;
  /**
   * Counts −1 for half of the tokens, by their hash, so that collisions cancel on average (Weinberger et al., "Feature
   * hashing for large scale multitask learning", ICML 2009), as scikit-learn's FeatureHasher does; default false.
   */
  readonly signed?: boolean;
}

/** For counts: a text, or a list of tokens, for each row. For buckets: categories. */
export type HashedData = readonly (string | readonly string[])[] | Categories;

interface HashingState {
  readonly inputs: number;
}

export function hashingEncoderRule(
  options: HashingEncoderOptions,
): EncoderRule<HashedData, Category | readonly string[], HashingState, never> {
  const who = "hashingEncoder";
  const settled = take(who, options, {
    size: integer(1),
    seed: integer(0, 0),
    output: oneOf(OUTPUTS, "counts"),
    signed: flag(false),
  });
  const { size, seed, output, signed } = settled;
  // Numbers of buckets must be exact in f32.
  if (size > 2 ** 24) throw new OptionError(`${who}: size is ${size}; needs at most ${2 ** 24}.`);
  if (seed >= 2 ** 32) throw new OptionError(`${who}: seed is ${seed}; needs at most ${2 ** 32 - 1}.`);
  if (signed && output === "buckets") {
    throw new OptionError(
      `${who}: signed is true; needs output: "counts". The number of a bucket has no sign.`,
    );
  }
  const encoder = new TextEncoder();
  /** Bucket and sign as FeatureHasher computes them, of the hash as a signed word. */
  const bucketOf = (token: string) => {
    const hash = murmurHash(encoder.encode(token), seed) | 0;
    return { bucket: Math.abs(hash) % size, sign: hash < 0 ? -1 : 1 };
  };
  return {
    kind: "hashingEncoder",
    options: settled,
    read: (data, reading): Grid<Category | readonly string[]> =>
      output === "counts"
        ? toTokens(data, reading, (text) => wordsOf(text.toLowerCase()))
        : toCategories(data as Categories, reading),
    learn: (_, { columns }) => ({ inputs: columns }),
    sizes: ({ inputs }) => ({ inputs, columns: output === "counts" ? size : inputs }),
    encode(_, { cells, rows }, _state, out) {
      if (output === "buckets") {
        for (let i = 0; i < out.length; i++) out[i] = bucketOf(String(cells[i])).bucket;
        return;
      }
      for (let row = 0; row < rows; row++) {
        for (const token of cells[row] as readonly string[]) {
          const { bucket, sign } = bucketOf(token);
          out[row * size + bucket] = (out[row * size + bucket] as number) + (signed ? sign : 1);
        }
      }
    },
    whyNot: "several words share a bucket. Keep the data that was encoded, or use ordinalEncoder.",
    names: (_, inputs) =>
      output === "buckets"
        ? [...inputs]
        : Array.from({ length: size }, (_, bucket) => `${inputs[0]}_${bucket}`),
    fields: ["inputs"],
    holds: ({ inputs }) => (output === "counts" ? inputs === 1 : isWidth(inputs)),
  };
}

/**
 * Hashes text or categories into a fixed number of buckets, with nothing to learn and none unknown: words of a text are
 * counted by bucket, or each category becomes the number of its bucket. The hash is MurmurHash3 (32 bits) of the UTF-8
 * bytes, the same in every runtime; signed counts are those of scikit-learn's FeatureHasher. `fit` notes the number of
 * columns only. There is no inverse: several words share a bucket.
 *
 * @throws OptionError for options outside their domain
 */
export function hashingEncoder(options: HashingEncoderOptions): Encoder<HashedData, never> {
  checkSurplus("hashingEncoder", arguments, 1);
  return makeEncoder(hashingEncoderRule(options));
}

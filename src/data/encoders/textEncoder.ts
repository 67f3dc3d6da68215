/** Texts as counts of their terms, or weights of these, in sparse rows. */
import { DataError, FormatError } from "../../check/errors.js";
import { flag, oneOf } from "../../check/kinds.js";
import { type Settled, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { log } from "../../numeric/exactMath.js";
import { SparseRows } from "../../rows/sparseRows.js";
import { type Encoder, hasFields } from "./encoder.js";
import { type Texts, toTokens } from "./tokens.js";
import { areTerms, cutter, learnTerms, termsOf, VOCABULARY, type VocabularyOptions } from "./vocabulary.js";

export interface CountEncoderOptions extends VocabularyOptions {
  /** Whether a term counts once in a row, however often it is there; default false. */
  readonly binary?: boolean;
  /** Whether rows are sparse, for `sparseInput`; default true. false makes dense ones, as `columns` and `input` take them. */
  readonly sparse?: boolean;
}

const NORMS = { l2: true, l1: true, none: true };

export interface TfIdfEncoderOptions extends CountEncoderOptions {
  /** Whether a count c becomes 1 + ln c; default false. */
  readonly sublinear?: boolean;
  /** Whether each term is counted as in one row more than there are, so that rare ones weigh less; default true. */
  readonly smooth?: boolean;
  /** What each row is divided by: the root of its sum of squares `"l2"` (default), its sum `"l1"`, or `"none"`. */
  readonly norm?: keyof typeof NORMS;
}

/** Encodes texts in sparse rows. */
export type SparseEncoder = Encoder<Texts, never, SparseRows>;

const COUNTS = { ...VOCABULARY, binary: /* @__PURE__ */ flag(false), sparse: /* @__PURE__ */ flag(true) };
const TF_IDF = {
  ...COUNTS,
  sublinear: /* @__PURE__ */ flag(false),
  smooth: /* @__PURE__ */ flag(true),
  norm: /* @__PURE__ */ oneOf(NORMS, "l2"),
};

type Options = Settled<typeof COUNTS> & Partial<Settled<typeof TF_IDF>>;

interface Known {
  readonly terms: readonly string[];
  /** Inverse document frequencies; of counts there are none. */
  readonly weights?: readonly number[];
}

/** ln(rows / rows of the term) + 1, both one more where they are smooth. */
const weightOf = (rows: number, ofTerm: number, smooth: boolean) =>
  log((rows + (smooth ? 1 : 0)) / (ofTerm + (smooth ? 1 : 0))) + 1;

function makeTextEncoder(kind: "countEncoder" | "tfIdfEncoder", options: Options, learned?: Known) {
  const cut = cutter(options);
  const read = (who: string, data: Texts) =>
    toTokens(data, { who, columns: 1 }, cut).cells as readonly (readonly string[])[];
  let known = learned;
  let places: ReadonlyMap<string, number> | undefined;
  const fitted = (who: string): Known => {
    if (known !== undefined) return known;
    throw new DataError(
      `${kind}: ${who}: it has learned nothing yet; call fit first, with the training rows.`,
    );
  };
  const learn = (who: string, rows: readonly (readonly string[])[]) => {
    const { terms, rows: counts } = learnTerms(who, rows, options);
    const { smooth } = options;
    if (smooth === undefined) known = { terms };
    else {
      const unseen = smooth ? -1 : counts.indexOf(0);
      if (unseen >= 0) {
        throw new DataError(
          `${who}: the term "${terms[unseen]}" of the vocabulary is in no row, and smooth is false; ` +
            "needs it in one at least. Leave smooth out.",
        );
      }
      known = { terms, weights: counts.map((count) => weightOf(rows.length, count, smooth)) };
    }
    places = undefined;
  };
  const encode = (rows: readonly (readonly string[])[], state: Known) => {
    places ??= new Map(state.terms.map((term, place) => [term, place]));
    const sparse = sparseOf(rows, state, places, options);
    return options.sparse ? sparse : sparse.toDense();
  };
  const encoder: Encoder<Texts, never, SparseRows | Float32Array<ArrayBuffer>> = {
    kind,
    options,
    invertible: false,
    ...(options.sparse && { givesSparse: true }),
    get columns() {
      return fitted("columns").terms.length;
    },
    get inputs() {
      fitted("inputs");
      return 1;
    },
    fit(data, given = {}) {
      take(`${kind}: fit`, given as object, {});
      learn(`${kind}: fit`, read(`${kind}: fit`, data));
      return encoder;
    },
    transform: (data) => encode(read(`${kind}: transform`, data), fitted("transform")),
    fitTransform(data, given = {}) {
      const who = `${kind}: fitTransform`;
      take(who, given as object, {});
      const rows = read(who, data);
      learn(who, rows);
      return encode(rows, fitted("fitTransform"));
    },
    inverse() {
      throw new DataError(
        `${kind}: inverse: there is none: terms do not tell their order. Keep the texts that were encoded.`,
      );
    },
    featureNames(inputs) {
      const { terms } = fitted("featureNames");
      if (inputs === undefined) return [...terms];
      if (inputs.length === 1) return terms.map((term) => `${inputs[0]}_${term}`);
      throw new DataError(
        `${kind}: featureNames: got ${inputs.length} names; needs 1, one for each column of the data.`,
      );
    },
    toJSON: () => ({ encoder: kind, format: 1, options, fitted: known ?? null }),
    unfitted: () => makeTextEncoder(kind, options),
  };
  return encoder;
}

/** The terms of rows that are known, counted and weighed in f64. */
function sparseOf(
  rows: readonly (readonly string[])[],
  { terms, weights }: Known,
  places: ReadonlyMap<string, number>,
  options: Options,
): SparseRows {
  const starts = new Uint32Array(rows.length + 1);
  const indices: number[] = [];
  const values: number[] = [];
  rows.forEach((tokens, row) => {
    const counts = new Map<number, number>();
    for (const term of termsOf(tokens, options)) {
      const place = places.get(term);
      if (place !== undefined) counts.set(place, options.binary ? 1 : (counts.get(place) ?? 0) + 1);
    }
    const found = [...counts].sort(([a], [b]) => a - b);
    const weighed = found.map(([place, count]) =>
      weights === undefined
        ? count
        : (options.sublinear ? 1 + log(count) : count) * (weights[place] as number),
    );
    const norm = normOf(weighed, options.norm);
    found.forEach(([place], i) => {
      indices.push(place);
      values.push((weighed[i] as number) / norm);
    });
    starts[row + 1] = indices.length;
  });
  return new SparseRows({ columns: terms.length, starts, indices, values });
}

function normOf(values: readonly number[], norm: keyof typeof NORMS = "none"): number {
  if (norm === "none" || values.length === 0) return 1;
  if (norm === "l1") return values.reduce((sum, one) => sum + one, 0);
  return Math.sqrt(values.reduce((sum, one) => sum + one * one, 0));
}

/**
 * Encodes texts as counts of their terms, words or characters or runs of them, as scikit-learn's CountVectorizer does, with
 * single letters as words too. What `fit` did not see is left out. Rows are sparse: they take memory by their terms.
 *
 * @example
 * const words = countEncoder({ minRows: 2 });
 * const x = words.fitTransform(["a text", "another text"]); // SparseRows
 * const network = sequential(sparseInput(words.columns), dense(2, "softmax"));
 *
 * @throws OptionError for options outside their domain
 */
export function countEncoder(
  options: CountEncoderOptions & { readonly sparse: false },
): Encoder<Texts, never>;
export function countEncoder(options?: CountEncoderOptions): SparseEncoder;
export function countEncoder(options: CountEncoderOptions = {}): Encoder<Texts, never, never> {
  checkSurplus("countEncoder", arguments, 1);
  return makeTextEncoder("countEncoder", take("countEncoder", options, COUNTS)) as Encoder<
    never,
    never,
    never
  >;
}

/**
 * Encodes texts as counts of their terms, each times ln((1 + rows) / (1 + rows with the term)) + 1, so that terms count for
 * the less the more rows they are in; rows then have a sum of squares of 1. As scikit-learn's TfidfVectorizer, with single
 * letters as words too. Rows are sparse.
 *
 * @example
 * const words = tfIdfEncoder({ ngrams: [1, 2], minRows: 2 });
 * await model.fit({ x: words.fitTransform(texts), y });
 *
 * @throws OptionError for options outside their domain
 */
export function tfIdfEncoder(
  options: TfIdfEncoderOptions & { readonly sparse: false },
): Encoder<Texts, never>;
export function tfIdfEncoder(options?: TfIdfEncoderOptions): SparseEncoder;
export function tfIdfEncoder(options: TfIdfEncoderOptions = {}): Encoder<Texts, never, never> {
  checkSurplus("tfIdfEncoder", arguments, 1);
  return makeTextEncoder("tfIdfEncoder", take("tfIdfEncoder", options, TF_IDF)) as Encoder<
    never,
    never,
    never
  >;
}

/** The encoder that JSON held. @throws FormatError, OptionError */
export function reviveTextEncoder(
  kind: "countEncoder" | "tfIdfEncoder",
  options: TfIdfEncoderOptions,
  fitted: object | null,
): unknown {
  const hasWeights = kind === "tfIdfEncoder";
  const settled: Options = hasWeights
    ? take(kind, options, TF_IDF)
    : take(kind, options as CountEncoderOptions, COUNTS);
  if (fitted === null) return makeTextEncoder(kind, settled);
  const { terms, weights } = fitted as Partial<Known>;
  const isWhole =
    hasFields(fitted, hasWeights ? ["terms", "weights"] : ["terms"]) &&
    areTerms(terms) &&
    (!hasWeights ||
      (Array.isArray(weights) &&
        weights.length === terms.length &&
        weights.findIndex((one) => !(Number.isFinite(one) && one > 0)) < 0)) &&
    (settled.vocabulary === undefined || JSON.stringify(settled.vocabulary) === JSON.stringify(terms));
  if (isWhole) return makeTextEncoder(kind, settled, fitted as unknown as Known);
  throw new FormatError(
    `loadEncoder: what the ${kind} learned is damaged; needs what its toJSON gave, unchanged.`,
  );
}

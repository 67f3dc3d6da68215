import { FormatError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Tensor } from "../../rows/table.js";
import { booleanEncoderRule } from "./booleanEncoder.js";
import type { Categories, Category } from "./cells.js";
import { type ColumnsEncoder, reviveColumns } from "./columns.js";
import { dateEncoderRule, type Moments } from "./dateEncoder.js";
import { type Encoder, hasFields, reviveEncoder, type SavedEncoder } from "./encoder.js";
import { type HashedData, hashingEncoderRule } from "./hashingEncoder.js";
import { type Completed, type IncompleteRows, reviveImputer } from "./imputer.js";
import { type LabelEncoder, reviveLabelEncoder } from "./labelEncoder.js";
import { minMaxScalerRule } from "./minMaxScaler.js";
import { type DecodedCategories, oneHotEncoderRule } from "./oneHotEncoder.js";
import { ordinalEncoderRule } from "./ordinalEncoder.js";
import { passThroughRule } from "./passThrough.js";
import { robustScalerRule } from "./robustScaler.js";
import { standardScalerRule } from "./standardScaler.js";
import { reviveTextEncoder, type SparseEncoder } from "./textEncoder.js";

/** The encoders by their names. */
export interface Encoders {
  readonly standardScaler: Encoder<Tensor, Float32Array<ArrayBuffer>>;
  readonly minMaxScaler: Encoder<Tensor, Float32Array<ArrayBuffer>>;
  readonly robustScaler: Encoder<Tensor, Float32Array<ArrayBuffer>>;
  readonly booleanEncoder: Encoder<Categories, Category[][]>;
  readonly dateEncoder: Encoder<Moments, never>;
  readonly imputer: Encoder<IncompleteRows, Completed>;
  readonly oneHotEncoder: Encoder<Categories, DecodedCategories>;
  readonly ordinalEncoder: Encoder<Categories, DecodedCategories>;
  readonly hashingEncoder: Encoder<HashedData, never>;
  readonly countEncoder: SparseEncoder;
  readonly tfIdfEncoder: SparseEncoder;
  readonly labelEncoder: LabelEncoder;
  readonly columns: ColumnsEncoder;
}

type Load = (options: never, fitted: object | null, depth: number) => unknown;

/** Columns of columns, and theirs: no data lies deeper. */
const DEEPEST = 8;

/** A mapped type, so that an encoder that cannot be loaded does not compile. */
const loaders: { readonly [K in keyof Encoders | "passThrough"]: Load } = {
  standardScaler: (options, fitted) => reviveEncoder(without(options, standardScalerRule()), fitted),
  minMaxScaler: (options, fitted) => reviveEncoder(minMaxScalerRule(options), fitted),
  robustScaler: (options, fitted) => reviveEncoder(robustScalerRule(options), fitted),
  booleanEncoder: (options, fitted) => reviveEncoder(booleanEncoderRule(options), fitted),
  dateEncoder: (options, fitted) => reviveEncoder(dateEncoderRule(options), fitted),
  imputer: (options: object, fitted, depth) =>
    reviveImputer(options, fitted, (part) => load(part, depth + 1)),
  oneHotEncoder: (options, fitted) => reviveEncoder(oneHotEncoderRule(options), fitted),
  ordinalEncoder: (options, fitted) => reviveEncoder(ordinalEncoderRule(options), fitted),
  hashingEncoder: (options, fitted) => reviveEncoder(hashingEncoderRule(options), fitted),
  countEncoder: (options, fitted) => reviveTextEncoder("countEncoder", options, fitted),
  tfIdfEncoder: (options, fitted) => reviveTextEncoder("tfIdfEncoder", options, fitted),
  labelEncoder: (options, fitted) => without(options, reviveLabelEncoder(fitted)),
  columns: (options: object, fitted, depth) =>
    reviveColumns(options, fitted, (part) => load(part, depth + 1)),
  passThrough: (options, fitted) => reviveEncoder(without(options, passThroughRule()), fitted),
};

/** @throws OptionError for options, where there are none */
function without<T>(options: object, made: T): T {
  take("the encoder", options, {});
  return made;
}

function load(saved: unknown, depth = 0): unknown {
  const { encoder, format, options, fitted } = (saved ?? {}) as Partial<SavedEncoder>;
  const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
  if (typeof encoder !== "string" || !Object.hasOwn(loaders, encoder)) {
    throw new FormatError(
      `loadEncoder: got ${describe(saved)}, which is no saved encoder; needs what toJSON of one gave.`,
    );
  }
  if (format !== 1) {
    throw new FormatError(`loadEncoder: ${encoder} has format ${describe(format)}; this version reads 1.`);
  }
  if (depth > DEEPEST) {
    throw new FormatError(`loadEncoder: columns are nested more than ${DEEPEST} deep; needs at most that.`);
  }
  const isWhole = hasFields(saved as object, ["encoder", "format", "options", "fitted"]);
  if (!isWhole || !isObject(options) || !(fitted === null || isObject(fitted))) {
    throw new FormatError(`loadEncoder: ${encoder} is damaged; needs what its toJSON gave, unchanged.`);
  }
  try {
    return loaders[encoder as keyof Encoders](options as never, fitted as object | null, depth);
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new FormatError(`loadEncoder: the options of ${encoder} are damaged: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * The encoder that `toJSON` described, with all that it learned.
 *
 * @param saved what `JSON.parse` gives, or the text itself; also an attachment of a snapshot
 * @param kind which encoder it must be: then its type is known
 * @throws FormatError for what is no saved encoder, is damaged, or is of another kind
 *
 * @example
 * const { attachments } = model.restore(bytes);
 * const scaler = loadEncoder(attachments.scaler, "standardScaler");
 */
export function loadEncoder<const K extends keyof Encoders>(saved: unknown, kind: K): Encoders[K];
export function loadEncoder(saved: unknown): Encoder<never, unknown, unknown> | LabelEncoder;
export function loadEncoder(saved: unknown, kind?: keyof Encoders): unknown {
  checkSurplus("loadEncoder", arguments, 2);
  const encoder = load(typeof saved === "string" ? parse(saved) : saved) as Encoders[keyof Encoders];
  if (kind === undefined || encoder.kind === kind) return encoder;
  throw new FormatError(`loadEncoder: it is a ${encoder.kind}; needs a ${kind}.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FormatError(`loadEncoder: got ${describe(text)}, which is no JSON.`, { cause: error });
  }
}

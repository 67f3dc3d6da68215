/** What all encoders have in common: they learn by `fit`, and apply only what they learned. */

import { DataError, FormatError } from "../../check/errors.js";
import { integer, optional } from "../../check/kinds.js";
import { type Configured, take } from "../../check/schema.js";
import type { Tensor } from "../../rows/table.js";
import { type Grid, type Reading, toNumbers } from "./cells.js";

/** An encoder as JSON holds it: `loadEncoder` makes it anew. */
export interface SavedEncoder {
  /** Which encoder: `standardScaler`. */
  readonly encoder: string;
  readonly format: 1;
  readonly options: object;
  /** What it learned; null before `fit`. */
  readonly fitted: object | null;
}

/** How a flat typed array is read. */
export interface FlatOptions {
  /** Numbers in each row of a flat typed array. Nested rows say it themselves. */
  readonly columns?: number;
}

/**
 * Turns rows of data into rows of numbers, as a network takes them, by what it learned of the rows that it was fitted
 * on. To fit it on training rows only keeps what is tested unseen.
 */
export interface Encoder<Data = never, Decoded = unknown, Encoded = Float32Array<ArrayBuffer>>
  extends Configured {
  /** Which encoder it is. */
  readonly kind: string;
  /** Numbers in each row that `transform` gives. @throws DataError before `fit` */
  readonly columns: number;
  /** Columns of the data that it was fitted on. @throws DataError before `fit` */
  readonly inputs: number;
  /** Whether there is an inverse. */
  readonly invertible: boolean;
  /**
   * Whether it takes cells without a value: null, undefined, NaN.
   *
   * @internal
   */
  readonly takesMissing?: true;
  /**
   * Whether it gives sparse rows.
   *
   * @internal
   */
  readonly givesSparse?: true;
  /** Learns from rows; forgets what it learned before. @throws DataError naming row and column */
  fit(data: Data, options?: FlatOptions): this;
  /**
   * Encodes rows by what `fit` learned: `columns` numbers for each, row after row, as `fit({ x })` takes them; or sparse
   * rows of as many.
   *
   * @throws DataError naming row and column; before `fit`
   */
  transform(data: Data): Encoded;
  /** `fit`, then `transform`, of the same rows: for training rows. */
  fitTransform(data: Data, options?: FlatOptions): Encoded;
  /** The data that encoded rows stand for. @throws DataError where there is no inverse; before `fit` */
  inverse(encoded: Tensor): Decoded;
  /** A name for each number of an encoded row, from the names of the data's columns: by default their indices. */
  featureNames(inputs?: readonly string[]): string[];
  /** What `JSON.stringify`, and so a snapshot's attachments, keep of it. */
  toJSON(): SavedEncoder;
  /**
   * A copy that has learned nothing.
   *
   * @internal
   */
  unfitted(): Encoder<Data, Decoded, Encoded>;
}

/** What one kind of encoder does. Its state is what JSON holds. */
export interface EncoderRule<Data, Cell, State extends object, Decoded> {
  readonly kind: string;
  /** What it was configured by. */
  readonly options: Configured["options"];
  read(data: Data, reading: Reading): Grid<Cell>;
  learn(who: string, grid: Grid<Cell>): State;
  /** Columns of the data, and numbers that each row becomes. */
  sizes(state: State): { readonly inputs: number; readonly columns: number };
  /** Writes each row's numbers; `out` is zero. */
  encode(who: string, grid: Grid<Cell>, state: State, out: Float32Array): void;
  /** Left out where there is no inverse; then `whyNot` tells. */
  decode?(who: string, encoded: Grid<number>, state: State): Decoded;
  readonly whyNot?: string;
  names(state: State, inputs: readonly string[]): string[];
  /** The fields of a state. */
  readonly fields: readonly (keyof State & string)[];
  /** Whether something read from JSON that has these fields is a state: lengths are looked at before what is in lists. */
  holds(state: Readonly<Record<string, unknown>>): boolean;
}

const NO_NAMES: readonly string[] = [];

/** An encoder of a rule, with what it has learned before, if anything. */
export function makeEncoder<Data, Cell, State extends object, Decoded>(
  rule: EncoderRule<Data, Cell, State, Decoded>,
  learned?: State,
): Encoder<Data, Decoded> {
  const { kind } = rule;
  let state = learned;
  const fitted = (who: string): State => {
    if (state !== undefined) return state;
    throw new DataError(
      `${kind}: ${who}: it has learned nothing yet; call fit first, with the training rows.`,
    );
  };
  const learn = (who: string, data: Data, options: FlatOptions): Grid<Cell> => {
    const { columns } = take(who, options, { columns: optional(integer(1)) });
    const grid = rule.read(data, { who, columns });
    state = rule.learn(who, grid);
    return grid;
  };
  const encode = (who: string, grid: Grid<Cell>, known: State): Float32Array<ArrayBuffer> => {
    const { columns } = rule.sizes(known);
    const out = new Float32Array(grid.rows * columns);
    rule.encode(who, grid, known, out);
    checkRange(who, out, columns);
    return out;
  };
  const encoder: Encoder<Data, Decoded> = {
    kind,
    options: rule.options,
    invertible: rule.decode !== undefined,
    get columns() {
      return rule.sizes(fitted("columns")).columns;
    },
    get inputs() {
      return rule.sizes(fitted("inputs")).inputs;
    },
    fit(data, options = {}) {
      learn(`${kind}: fit`, data, options);
      return encoder;
    },
    transform(data) {
      const who = `${kind}: transform`;
      const known = fitted("transform");
      return encode(who, rule.read(data, { who, columns: rule.sizes(known).inputs }), known);
    },
    fitTransform(data, options = {}) {
      const who = `${kind}: fitTransform`;
      const grid = learn(who, data, options);
      return encode(who, grid, fitted("fitTransform"));
    },
    inverse(encoded) {
      const who = `${kind}: inverse`;
      if (rule.decode === undefined) throw new DataError(`${who}: there is none: ${rule.whyNot}`);
      const known = fitted("inverse");
      return rule.decode(who, toNumbers(encoded, { who, columns: rule.sizes(known).columns }), known);
    },
    featureNames(inputs = NO_NAMES) {
      const known = fitted("featureNames");
      const count = rule.sizes(known).inputs;
      if (inputs !== NO_NAMES && inputs.length !== count) {
        throw new DataError(
          `${kind}: featureNames: got ${inputs.length} names; needs ${count}, one for each column of the data.`,
        );
      }
      return rule.names(
        known,
        Array.from({ length: count }, (_, i) => inputs[i] ?? `${i}`),
      );
    },
    toJSON: () => ({ encoder: kind, format: 1, options: rule.options, fitted: state ?? null }),
    unfitted: () => makeEncoder(rule),
  };
  return encoder;
}

/** @throws DataError for what f32 cannot hold */
function checkRange(who: string, out: Float32Array, columns: number): void {
  const bad = out.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return;
  throw new DataError(
    `${who}: row ${Math.floor(bad / columns)} is out of the range of f32 when encoded; ` +
      "needs numbers like those that it was fitted on.",
  );
}

/** The encoder of a rule with the state that JSON held. @throws FormatError */
export function reviveEncoder<Data, Cell, State extends object, Decoded>(
  rule: EncoderRule<Data, Cell, State, Decoded>,
  fitted: object | null,
): Encoder<Data, Decoded> {
  if (fitted === null) return makeEncoder(rule);
  if (hasFields(fitted, rule.fields) && rule.holds(fitted)) return makeEncoder(rule, fitted as State);
  throw new FormatError(
    `loadEncoder: what the ${rule.kind} learned is damaged; needs what its toJSON gave, unchanged.`,
  );
}

/** True for an object that has these fields, all its own, and no others. */
export const hasFields = (
  value: object,
  fields: readonly string[],
): value is Readonly<Record<string, unknown>> =>
  Object.keys(value).length === fields.length && fields.every((name) => Object.hasOwn(value, name));

/** More columns than any data has: names are made for as many. */
const COLUMNS = 2 ** 24;

/** True for a number of columns. */
export const isWidth = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= COLUMNS;

/** True for lists of finite numbers, each as long as the others. */
export const areNumbers = (...lists: readonly unknown[]): boolean =>
  lists.every((list) => Array.isArray(list) && list.length > 0) &&
  new Set((lists as unknown[][]).map(({ length }) => length)).size === 1 &&
  // Not every, which would pass over the holes of a sparse array.
  (lists as unknown[][]).every((list) => list.findIndex((one) => !Number.isFinite(one)) < 0);

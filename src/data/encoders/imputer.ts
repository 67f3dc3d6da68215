import { DataError, FormatError, OptionError } from "../../check/errors.js";
import { flag, integer, later, oneOf, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Tensor, TypedArray } from "../../rows/table.js";
import {
  type Category,
  type CheckCell,
  checkedCategory,
  type Grid,
  type Reading,
  toGrid,
  toNumbers,
} from "./cells.js";
import { type Encoder, type FlatOptions, hasFields, makeEncoder } from "./encoder.js";
import { complete, fillsOf, isCategory, type Settings, STRATEGIES } from "./fills.js";
import { passThroughRule } from "./passThrough.js";

export interface ImputerOptions {
  /**
   * What a missing value becomes, of the values of its column that `fit` saw: `"mean"` (default), `"median"`,
   * `"mostFrequent"`, the first in order of equals, or `"constant"`, which is `value`. Text takes the last two.
   */
  readonly strategy?: keyof typeof STRATEGIES;
  /** The value of `"constant"`. */
  readonly value?: Category;
  /** Whether a number follows for each column of the data: 1 where its value was missing, else 0. Default false. */
  readonly indicator?: boolean;
  /** Values that stand for missing ones too, beside null, undefined and NaN: `[""]`, `[-999]`. */
  readonly missing?: readonly Category[];
  /** What encodes the values, once they are all there: `standardScaler()`, `oneHotEncoder()`. Default: numbers stay. */
  readonly encoder?: Encoder;
}

/** A value of a cell, or none. */
export type Incomplete = Category | null | undefined;

/** Rows some values of which may be missing. */
export type IncompleteRows = TypedArray | readonly (Incomplete | readonly Incomplete[])[];

/** What an encoder behind an imputer gives back. */
export type Completed = Float32Array<ArrayBuffer> | (Category | null)[][];

type Part = Encoder<readonly unknown[], Completed>;

/** @throws OptionError for options that do not go together */
function settle(options: ImputerOptions): Settings & { readonly encoder: unknown } {
  const who = "imputer";
  const settled = take(who, options, {
    strategy: oneOf(STRATEGIES, "mean"),
    value: later<unknown>(undefined),
    indicator: flag(false),
    missing: later<unknown>([]),
    encoder: later<unknown>(undefined),
  });
  const { strategy, value, missing } = settled;
  if (strategy === "constant" ? !isCategory(value) : value !== undefined) {
    throw new OptionError(
      strategy === "constant"
        ? `${who}: value is ${describe(value)}; needs a finite number, a string, true or false with strategy: "constant".`
        : `${who}: value is ${describe(value)}; needs none with strategy: "${strategy}". Give strategy: "constant".`,
    );
  }
  if (!Array.isArray(missing) || Array.from(missing).some((one) => !isCategory(one))) {
    throw new OptionError(
      `${who}: missing is ${describe(missing)}; needs a list of values that stand for missing ones: [""].`,
    );
  }
  const { indicator, encoder } = settled;
  return { strategy, ...(isCategory(value) && { value }), indicator, missing: [...missing], encoder };
}

/** @throws OptionError for what is no encoder of columns */
function partOf(encoder: unknown): Part {
  if (encoder === undefined) return makeEncoder(passThroughRule()) as Encoder as Part;
  const isEncoder = typeof encoder === "object" && encoder !== null && "unfitted" in encoder;
  if (isEncoder && !(encoder as Part).givesSparse) return (encoder as Part).unfitted() as Part;
  const call = typeof encoder === "function" ? " Call it: standardScaler()." : "";
  throw new OptionError(`imputer: encoder is ${describe(encoder)}; needs an encoder of columns.${call}`);
}

/** Values, null where they are missing. */
function reader({ missing }: Settings): (data: IncompleteRows, reading: Reading) => Grid<Category | null> {
  const check: CheckCell<Category | null> = (who, value, row, column) =>
    value === null || value === undefined || Number.isNaN(value) || missing.includes(value as Category)
      ? null
      : checkedCategory(who, value, row, column);
  return (data, reading) => {
    const grid = toGrid(data, reading, "values", check);
    // Of a typed array the cells are still as they were given.
    if (!ArrayBuffer.isView(data)) return grid;
    return { ...grid, cells: Array.from(grid.cells, (cell) => check(reading.who, cell, 0, 0)) };
  };
}

function makeImputer(
  settings: Settings,
  bare: Part,
  learned?: { readonly fills: readonly Category[]; readonly part: Part },
): Encoder<IncompleteRows, Completed> {
  const read = reader(settings);
  const { indicator } = settings;
  let known = learned;
  const fitted = (who: string) => {
    if (known !== undefined) return known;
    throw new DataError(
      `imputer: ${who}: it has learned nothing yet; call fit first, with the training rows.`,
    );
  };
  const transform = (who: string, grid: Grid<Category | null>): Float32Array<ArrayBuffer> => {
    const { fills, part } = fitted(who);
    const encoded = part.transform(complete(grid, fills));
    if (!indicator) return encoded;
    const { rows, columns, cells } = grid;
    const width = part.columns;
    const out = new Float32Array(rows * (width + columns));
    for (let row = 0; row < rows; row++) {
      const at = row * (width + columns);
      out.set(encoded.subarray(row * width, (row + 1) * width), at);
      for (let column = 0; column < columns; column++) {
        if (cells[row * columns + column] === null) out[at + width + column] = 1;
      }
    }
    return out;
  };
  const learn = (who: string, data: IncompleteRows, options: FlatOptions) => {
    const { columns } = take(who, options, { columns: optional(integer(1)) });
    const grid = read(data, { who, columns });
    const fills = fillsOf(who, grid, settings);
    known = { fills, part: (bare.unfitted() as Part).fit(complete(grid, fills)) };
    return grid;
  };
  const encoder: Encoder<IncompleteRows, Completed> = {
    kind: "imputer",
    options: { ...settings, encoder: bare },
    invertible: bare.invertible,
    takesMissing: true,
    get columns() {
      const { part, fills } = fitted("columns");
      return part.columns + (indicator ? fills.length : 0);
    },
    get inputs() {
      return fitted("inputs").fills.length;
    },
    fit(data, options = {}) {
      learn("imputer: fit", data, options);
      return encoder;
    },
    transform(data) {
      const columns = fitted("transform").fills.length;
      return transform("transform", read(data, { who: "imputer: transform", columns }));
    },
    fitTransform(data, options = {}) {
      return transform("fitTransform", learn("imputer: fitTransform", data, options));
    },
    inverse(encoded: Tensor) {
      const { part } = fitted("inverse");
      const { columns } = encoder;
      const { cells, rows } = toNumbers(encoded, { who: "imputer: inverse", columns });
      const width = part.columns;
      return part.inverse(
        new Float64Array(rows * width).map(
          (_, i) => cells[Math.floor(i / width) * columns + (i % width)] as number,
        ),
      );
    },
    featureNames(inputs) {
      const { part, fills } = fitted("featureNames");
      const given = inputs ?? fills.map((_, i) => `${i}`);
      return [...part.featureNames(given), ...(indicator ? given.map((name) => `${name}_missing`) : [])];
    },
    toJSON: () => ({
      encoder: "imputer",
      format: 1,
      options: { ...settings, encoder: bare.toJSON() },
      fitted: known === undefined ? null : { fills: known.fills, encoder: known.part.toJSON() },
    }),
    unfitted: () => makeImputer(settings, bare.unfitted() as Part),
  };
  return encoder;
}

/**
 * Fills in what is missing: null, undefined and NaN, and what `missing` names. Values are then encoded by `encoder`, which
 * sees no gaps; `indicator` tells beside them which were filled in. Encoders of other columns refuse what is missing.
 *
 * What is filled in is scikit-learn's SimpleImputer's. `inverse` is that of the encoder: what was filled in stays.
 *
 * @example
 * columns({ rooms: imputer({ strategy: "median", indicator: true, encoder: standardScaler() }) });
 *
 * @throws OptionError for options that do not go together
 */
export function imputer(options: ImputerOptions = {}): Encoder<IncompleteRows, Completed> {
  checkSurplus("imputer", arguments, 1);
  const { encoder, ...settings } = settle(options);
  return makeImputer(settings, partOf(encoder));
}

/** The encoder that JSON held, the one that it has within by `load`. @throws FormatError, OptionError */
export function reviveImputer(
  options: object,
  fitted: object | null,
  load: (saved: unknown) => unknown,
): Encoder<IncompleteRows, Completed> {
  const damaged = () =>
    new FormatError("loadEncoder: the imputer is damaged; needs what its toJSON gave, unchanged.");
  const partOfJson = (saved: unknown, hasLearned: boolean): Part => {
    const part = load(saved) as Part;
    // A labelEncoder is of targets, and has no columns.
    if ("unfitted" in part && (part.toJSON().fitted !== null) === hasLearned) return part;
    throw damaged();
  };
  const { encoder, ...settings } = settle(options as ImputerOptions);
  const bare = partOfJson(encoder, false);
  if (fitted === null) return makeImputer(settings, bare);
  if (!hasFields(fitted, ["fills", "encoder"])) throw damaged();
  const { fills } = fitted as { readonly fills: unknown };
  const part = partOfJson(fitted.encoder, true);
  const isWhole =
    Array.isArray(fills) &&
    fills.length === part.inputs &&
    Array.from(fills).every(isCategory) &&
    JSON.stringify(part.unfitted()) === JSON.stringify(bare);
  if (!isWhole) throw damaged();
  return makeImputer(settings, bare, { fills: fills as Category[], part });
}

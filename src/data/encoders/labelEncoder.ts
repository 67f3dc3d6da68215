import { DataError, FormatError, OptionError } from "../../check/errors.js";
import { integer, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { type Configured, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { isList } from "../../rows/nesting.js";
import type { Tensor, TypedArray } from "../../rows/table.js";
import { codesOf, isCategories, sortedCategories, unknownCategory } from "./categories.js";
import { type Category, toCategories, toNumbers } from "./cells.js";
import { type FlatOptions, hasFields, type SavedEncoder } from "./encoder.js";

/** The name of a class for each row. */
export type Labels = TypedArray | readonly Category[];

/** Names of classes ↔ the whole numbers that `crossEntropy` takes. */
export interface LabelEncoder extends Configured {
  readonly kind: "labelEncoder";
  /** Names of the classes, in the order of their numbers. @throws DataError before `fit` */
  readonly classes: readonly Category[];
  /** Learns the names, sorted. @throws DataError naming the row */
  fit(labels: Labels): this;
  /** The number of each row's class. @throws DataError for a class that `fit` did not see; before `fit` */
  transform(labels: Labels): Int32Array<ArrayBuffer>;
  /** `fit`, then `transform`, of the same labels. */
  fitTransform(labels: Labels): Int32Array<ArrayBuffer>;
  /** The names that numbers stand for. @throws DataError for what is the number of no class */
  inverse(numbers: ArrayLike<number>): Category[];
  /**
   * The name of each row's most likely class, the first of equals: of what `predict` gives, one number for each class,
   * row after row; or of two classes one, the probability of the second, which is more likely above one half.
   *
   * @throws DataError for numbers that are no whole rows; of two classes for flat numbers without `columns`, as they may
   *   be rows of one as well as of two
   */
  mostLikely(probabilities: Tensor, options?: FlatOptions): Category[];
  toJSON(): SavedEncoder;
}

/**
 * Encodes names of classes as whole numbers from 0 on, sorted as scikit-learn's LabelEncoder does: targets of
 * `crossEntropy`.
 *
 * @example
 * const species = labelEncoder();
 * await model.fit({ x, y: species.fitTransform(["setosa", "virginica", …]) });
 * const names = species.mostLikely(await model.predict(x));
 */
export function labelEncoder(): LabelEncoder {
  checkSurplus("labelEncoder", arguments, 0);
  return makeLabelEncoder(undefined);
}

function makeLabelEncoder(learned: readonly Category[] | undefined): LabelEncoder {
  let classes = learned;
  const fitted = (who: string) => {
    if (classes !== undefined) return classes;
    throw new DataError(
      `labelEncoder: ${who}: it has learned nothing yet; call fit first, with the training labels.`,
    );
  };
  /** A class for each row: lists in it are no names. */
  const read = (who: string, labels: Labels) => {
    const [first]: unknown[] = Array.isArray(labels) ? labels : [];
    if (!isList(first)) return toCategories(labels, { who, columns: 1 }).cells;
    throw new DataError(`${who}: row 0 is ${describe(first)}; needs the name of one class for each row.`);
  };
  const encoder: LabelEncoder = {
    kind: "labelEncoder",
    options: {},
    get classes() {
      return fitted("classes");
    },
    fit(labels) {
      classes = sortedCategories(Array.from(read("labelEncoder: fit", labels)));
      return encoder;
    },
    transform(labels) {
      const who = "labelEncoder: transform";
      const known = fitted("transform");
      const codes = codesOf(known);
      return Int32Array.from(read(who, labels), (label, row) => {
        const code = codes.get(label);
        if (code !== undefined) return code;
        throw unknownCategory(who, label, { row, column: 0 }, known, "Fit on all classes that there are.");
      });
    },
    fitTransform(labels) {
      return encoder.fit(labels).transform(labels);
    },
    inverse(numbers) {
      const known = fitted("inverse");
      return Array.from(numbers, (code, row) => {
        if (Number.isInteger(code) && code >= 0 && code < known.length) return known[code] as Category;
        throw new DataError(
          `labelEncoder: inverse: row ${row} is ${describe(code)}; needs a whole number from 0 to ${known.length - 1}. ` +
            "For probabilities there is mostLikely.",
        );
      });
    },
    mostLikely(probabilities, options = {}) {
      const known = fitted("mostLikely");
      const who = "labelEncoder: mostLikely";
      const columns = widthOf(who, known.length, probabilities, options);
      const { cells, rows } = toNumbers(probabilities, { who, columns });
      return Array.from({ length: rows }, (_, row) => {
        if (columns < known.length) return known[yesOf(who, cells[row] as number, row)] as Category;
        let best = 0;
        for (let i = 1; i < columns; i++) {
          if ((cells[row * columns + i] as number) > (cells[row * columns + best] as number)) best = i;
        }
        return known[best] as Category;
      });
    },
    toJSON: () => ({
      encoder: "labelEncoder",
      format: 1,
      options: {},
      fitted: classes === undefined ? null : { classes },
    }),
  };
  return encoder;
}

/** Numbers in each row of probabilities. @throws DataError, OptionError unless it is known, and one that the classes go with */
function widthOf(who: string, classes: number, given: Tensor, options: FlatOptions): number {
  const { columns } = take(who, options, { columns: optional(integer(1)) });
  if (columns !== undefined && columns !== classes && (columns !== 1 || classes !== 2)) {
    throw new OptionError(
      `${who}: columns is ${columns}; needs ${classes}, the number of classes${classes === 2 ? ", or 1" : ""}.`,
    );
  }
  if (classes !== 2 || columns !== undefined || !isList(given)) return columns ?? classes;
  const [first]: unknown[] = Array.isArray(given) ? given : [];
  if (isList(first)) return first.length === 1 ? 1 : 2;
  throw new DataError(
    `${who}: the data is flat; needs the numbers of a row too: { columns: 1 } of a sigmoid, { columns: 2 } of a softmax.`,
  );
}

/** 1 where the second of two classes is the more likely one. @throws DataError for what is no probability */
function yesOf(who: string, probability: number, row: number): 0 | 1 {
  if (probability >= 0 && probability <= 1) return probability > 0.5 ? 1 : 0;
  throw new DataError(`${who}: row ${row} is ${probability}; needs a probability, as a sigmoid gives it.`);
}

/** The encoder that JSON held. @throws FormatError */
export function reviveLabelEncoder(fitted: object | null): LabelEncoder {
  if (fitted === null) return labelEncoder();
  const { classes } = fitted as { readonly classes?: unknown };
  if (hasFields(fitted, ["classes"]) && isCategories([classes]))
    return makeLabelEncoder(classes as Category[]);
  throw new FormatError(
    "loadEncoder: what the labelEncoder learned is damaged; needs what its toJSON gave, unchanged.",
  );
}

import { DataError, FormatError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import type { Configured } from "../../check/schema.js";
import { isList, type Tensor, type TypedArray } from "../../rows/table.js";
import { codesOf, isCategories, sortedCategories, unknownCategory } from "./categories.js";
import { type Category, toCategories, toNumbers } from "./cells.js";
import { hasFields, type SavedEncoder } from "./encoder.js";

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
   * row after row.
   *
   * @throws DataError for numbers that are no whole rows
   */
  mostLikely(probabilities: Tensor): Category[];
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
export const labelEncoder = (): LabelEncoder => makeLabelEncoder(undefined);

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
    const nested = Array.isArray(labels) ? labels.findIndex(isList) : -1;
    if (nested < 0) return toCategories(labels, { who, columns: 1 }).cells;
    throw new DataError(
      `${who}: row ${nested} is ${describe(labels[nested])}; needs the name of one class for each row.`,
    );
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
    mostLikely(probabilities) {
      const known = fitted("mostLikely");
      const who = "labelEncoder: mostLikely";
      const { cells, rows, columns } = toNumbers(probabilities, { who, columns: known.length });
      return Array.from({ length: rows }, (_, row) => {
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

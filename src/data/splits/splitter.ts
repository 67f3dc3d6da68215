/** What splits rows into those to train on and those to test on. */
import { DataError, OptionError } from "../../check/errors.js";
import { integer } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { type Classes, type ClassLabels, classesOf } from "../encoders/classes.js";

/** Indices of rows, ascending. */
export interface Fold {
  readonly train: Uint32Array<ArrayBuffer>;
  readonly test: Uint32Array<ArrayBuffer>;
}

/** What a splitter looks at. */
export interface RowsToSplit {
  /** How many there are; not needed beside labels or groups. */
  readonly rows?: number;
  /** The class of each row, of which a stratified splitter keeps the shares. */
  readonly labels?: ClassLabels | undefined;
  /** The group of each row, such as the patient, which a grouped splitter keeps together. */
  readonly groups?: ClassLabels | undefined;
}

/** What must not be torn apart when some of the training rows are held out. */
export type Keeps = "nothing" | "classes" | "groups" | { readonly order: true; readonly gap: number };

/** A way to split rows, as often as one likes. */
export interface Splitter {
  readonly name: string;
  /**
   * What `crossValidate` keeps together when it holds validation rows out of the training rows.
   *
   * @internal
   */
  readonly keeps: Keeps;
  /**
   * The folds, one after the other.
   *
   * @param of the number of rows, or what there is to know of them
   * @throws DataError when labels or groups are missing or unfit, OptionError when there are more folds than rows
   */
  split(of: number | RowsToSplit): Generator<Fold, void, undefined>;
}

/** What a splitter was given, checked. */
export class SplitRows {
  readonly rows: number;
  readonly #who: string;
  readonly #given: RowsToSplit;

  constructor(who: string, of: number | RowsToSplit) {
    this.#who = who;
    if (typeof of !== "number" && (typeof of !== "object" || of === null)) {
      throw new DataError(
        `${who}: got ${describe(of)}; needs the number of rows, or { labels } or { groups }.`,
      );
    }
    this.#given = typeof of === "number" ? { rows: of } : of;
    const { rows, labels, groups } = this.#given;
    const known = rows ?? labels?.length ?? groups?.length;
    if (known === undefined)
      throw new DataError(`${who}: needs the number of rows, or { labels } or { groups }.`);
    this.rows = integer(1)(who, "rows", known);
    for (const [name, list] of Object.entries({ labels, groups })) {
      if (list === undefined || list.length === known) continue;
      throw new DataError(
        `${who}: there are ${list.length} ${name} for ${known} rows; needs one for each row.`,
      );
    }
  }

  /** @throws DataError when there are none */
  classes(name: "labels" | "groups"): Classes {
    const list = this.#given[name];
    if (list !== undefined) return classesOf(`${this.#who}: ${name}`, list);
    throw new DataError(`${this.#who}: there are no ${name}; needs one for each row: split({ ${name} }).`);
  }

  /** @throws OptionError when there are more folds than rows */
  checkFolds(folds: number): void {
    if (folds <= this.rows) return;
    throw new OptionError(
      `${this.#who}: folds is ${folds}, and there are ${this.rows} rows; needs at most that.`,
    );
  }
}

/** The folds whose test rows `foldOf` numbers: everything else is trained on. */
export function* foldsOf(
  rows: number,
  folds: number,
  foldOf: ArrayLike<number>,
): Generator<Fold, void, undefined> {
  for (let fold = 0; fold < folds; fold++) {
    const train: number[] = [];
    const test: number[] = [];
    for (let row = 0; row < rows; row++) (foldOf[row] === fold ? test : train).push(row);
    yield { train: Uint32Array.from(train), test: Uint32Array.from(test) };
  }
}

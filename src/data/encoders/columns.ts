/** Encoders applied to named columns of records. */

import { DataError, FormatError, OptionError } from "../../check/errors.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Tensor } from "../../rows/table.js";
import { toNumbers } from "./cells.js";
import { type Encoder, hasFields, makeEncoder } from "./encoder.js";
import { passThroughRule } from "./passThrough.js";

/** The encoder of a column; `"passThrough"` for numbers that stay as they are. */
export type ColumnEncoder = Encoder | "passThrough";

/** A record for each row. */
export type Records<C extends string = string> = readonly { readonly [K in C]: unknown }[];

/** What a record says of a column: numbers or categories, several where a column holds lists. */
export type Decoded = number | string | boolean | null;

/** Records of the columns that have an inverse. */
export type DecodedRecords<C extends string = string> = { [K in C]?: Decoded | Decoded[] }[];

/** Any encoder, where its data is checked when it runs. */
type Part = Encoder<readonly unknown[], unknown>;

/** Encodes columns of records side by side; see `columns`. */
export interface ColumnsEncoder<C extends string = string> extends Encoder<Records<C>, DecodedRecords<C>> {
  readonly kind: "columns";
}

/**
 * Encodes records, each column by its own encoder, into rows of numbers side by side in the order of the names, as
 * scikit-learn's ColumnTransformer does. Columns without an encoder are left out. Each encoder is copied, so that what
 * is fitted here does not show in the one that was given.
 *
 * `inverse` gives records of the columns whose encoders have an inverse; the others are missing in them.
 *
 * @example
 * const people = columns({ age: standardScaler(), color: oneHotEncoder() });
 * const x = people.fitTransform([{ age: 31, color: "red" }, { age: 54, color: "blue" }]);
 * people.featureNames(); // ["age", "color_blue", "color_red"]
 *
 * @throws OptionError when there is no column, or something else than an encoder
 */
export function columns<const C extends string>(
  fields: { readonly [K in C]: ColumnEncoder },
): ColumnsEncoder<C> {
  checkSurplus("columns", arguments, 1);
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new OptionError(
      `columns: got ${describe(fields)}; needs encoders by name: { age: standardScaler() }.`,
    );
  }
  const entries = Object.entries(fields as Readonly<Record<string, unknown>>);
  if (entries.length === 0) {
    throw new OptionError("columns: there are none; needs an encoder by name: { age: standardScaler() }.");
  }
  return makeColumns(
    entries.map(([name, encoder]) => ({ name, encoder: partOf(name, encoder) })),
    false,
  );
}

function partOf(name: string, encoder: unknown): Part {
  if (encoder === "passThrough") return makeEncoder(passThroughRule()) as Encoder as Part;
  const isEncoder = typeof encoder === "object" && encoder !== null && "unfitted" in encoder;
  if (isEncoder && (encoder as Part).givesSparse) {
    throw new OptionError(
      `columns: "${name}" is a ${(encoder as Part).kind} of sparse rows; needs dense ones beside others: give it ` +
        "sparse: false, and maxTerms. Or make it an input of its own, sparseInput.",
    );
  }
  if (isEncoder) return (encoder as Part).unfitted() as Part;
  const isLabels = (encoder as { readonly kind?: unknown } | null)?.kind === "labelEncoder";
  const call = typeof encoder === "function" ? " Call it: standardScaler()." : "";
  const mend = isLabels ? " labelEncoder is for targets; for a column there is ordinalEncoder." : call;
  throw new OptionError(
    `columns: "${name}" is ${describe(encoder)}; needs an encoder, or "passThrough" for numbers.${mend}`,
  );
}

interface Field {
  readonly name: string;
  readonly encoder: Part;
}

function makeColumns<C extends string>(fields: readonly Field[], isLearned: boolean): ColumnsEncoder<C> {
  let hasLearned = isLearned;
  const check = (who: string) => {
    if (hasLearned) return;
    throw new DataError(
      `columns: ${who}: it has learned nothing yet; call fit first, with the training records.`,
    );
  };
  const width = () => fields.reduce((sum, { encoder }) => sum + encoder.columns, 0);
  const transform = (who: string, records: Records<C>) => {
    const parts = fields.map(({ name, encoder }) => {
      const column = columnOf(`columns: ${who}`, records, name, encoder.takesMissing);
      return inColumn(name, () => encoder.transform(column));
    });
    return sideBySide(parts, fields, width());
  };
  const encoder: ColumnsEncoder<C> = {
    kind: "columns",
    given: [Object.fromEntries(fields.map(({ name, encoder }) => [name, encoder]))],
    options: {},
    invertible: fields.some(({ encoder }) => encoder.invertible),
    get columns() {
      check("columns");
      return width();
    },
    get inputs() {
      check("inputs");
      return fields.length;
    },
    fit(records, options = {}) {
      take("columns: fit", options as object, {});
      // All are fitted, or none is: what does not fit leaves the old ones as they were.
      const fitted = fields.map(({ name, encoder }) => {
        const column = columnOf("columns: fit", records, name, encoder.takesMissing);
        return inColumn(name, () => encoder.unfitted().fit(column));
      });
      for (const [i, field] of fields.entries()) (field as { encoder: Part }).encoder = fitted[i] as Part;
      hasLearned = true;
      return encoder;
    },
    transform(records) {
      check("transform");
      return transform("transform", records);
    },
    fitTransform(records) {
      return encoder.fit(records).transform(records);
    },
    inverse(encoded) {
      check("inverse");
      return decode(encoded, fields, width()) as DecodedRecords<C>;
    },
    featureNames() {
      check("featureNames");
      return fields.flatMap(({ name, encoder }) => {
        const { inputs } = encoder;
        const names = inputs === 1 ? [name] : Array.from({ length: inputs }, (_, i) => `${name}_${i}`);
        return encoder.featureNames(names);
      });
    },
    toJSON: () => ({
      encoder: "columns",
      format: 1,
      // A list of pairs, which keeps the order of names that look like numbers.
      options: { columns: fields.map(({ name, encoder }) => [name, encoder.unfitted().toJSON()]) },
      fitted: hasLearned ? { columns: fields.map(({ encoder }) => encoder.toJSON()) } : null,
    }),
    unfitted: () =>
      makeColumns<C>(
        fields.map(({ name, encoder }) => ({ name, encoder: encoder.unfitted() as Part })),
        false,
      ),
  };
  return encoder;
}

/** Says in which column an encoder found something. */
function inColumn<T>(name: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof DataError)
      throw new DataError(`columns: "${name}": ${error.message}`, { cause: error });
    throw error;
  }
}

function columnOf(who: string, records: Records, name: string, takesMissing = false): unknown[] {
  if (!Array.isArray(records)) {
    throw new DataError(`${who}: the data is ${describe(records)}; needs an array of records.`);
  }
  if (records.length === 0) throw new DataError(`${who}: the data has no rows; needs at least one record.`);
  return Array.from(records as readonly unknown[], (record, row) => {
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      throw new DataError(`${who}: row ${row} is ${describe(record)}; needs a record, as { ${name}: … }.`);
    }
    const value = (record as Readonly<Record<string, unknown>>)[name];
    if (takesMissing || (value !== undefined && value !== null)) return value;
    throw new DataError(
      `${who}: row ${row} has no "${name}": it is ${describe(value)}. Leave the row out, or fill in a value by an imputer.`,
    );
  });
}

function sideBySide(
  parts: readonly Float32Array[],
  fields: readonly Field[],
  width: number,
): Float32Array<ArrayBuffer> {
  const rows = (parts[0] as Float32Array).length / (fields[0] as Field).encoder.columns;
  const out = new Float32Array(rows * width);
  let first = 0;
  for (const [i, { encoder }] of fields.entries()) {
    const { columns } = encoder;
    const part = parts[i] as Float32Array;
    for (let row = 0; row < rows; row++) {
      out.set(part.subarray(row * columns, (row + 1) * columns), row * width + first);
    }
    first += columns;
  }
  return out;
}

function decode(encoded: Tensor, fields: readonly Field[], width: number): DecodedRecords {
  const { cells, rows } = toNumbers(encoded, { who: "columns: inverse", columns: width });
  const records: DecodedRecords = Array.from({ length: rows }, () => ({}));
  let first = 0;
  for (const { name, encoder } of fields) {
    const { columns, inputs } = encoder;
    const from = first;
    first += columns;
    if (!encoder.invertible) continue;
    const part = new Float64Array(rows * columns).map(
      (_, i) => cells[Math.floor(i / columns) * width + from + (i % columns)] as number,
    );
    // Numbers come flat, categories in rows.
    const decoded = inColumn(name, () => encoder.inverse(part)) as Float32Array | Decoded[][];
    for (const [row, record] of records.entries()) {
      const values = Array.isArray(decoded)
        ? (decoded[row] as Decoded[])
        : Array.from(decoded.subarray(row * inputs, (row + 1) * inputs));
      const value = inputs === 1 ? (values[0] as Decoded) : values;
      Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
    }
  }
  return records;
}

/** The encoder that JSON held, each column's by `load`. @throws FormatError */
export function reviveColumns(
  options: object,
  fitted: object | null,
  load: (saved: unknown) => unknown,
): ColumnsEncoder {
  const { columns: saved } = options as { readonly columns?: unknown };
  const learned = (fitted as { readonly columns?: unknown } | null)?.columns;
  const damaged = () =>
    new FormatError("loadEncoder: the columns are damaged; needs what their toJSON gave, unchanged.");
  const isWhole =
    hasFields(options, ["columns"]) &&
    Array.isArray(saved) &&
    saved.length > 0 &&
    (fitted === null ||
      (hasFields(fitted, ["columns"]) && Array.isArray(learned) && learned.length === saved.length)) &&
    saved.findIndex((one) => !(Array.isArray(one) && one.length === 2 && typeof one[0] === "string")) < 0 &&
    new Set(saved.map(([name]) => name)).size === saved.length;
  if (!isWhole) throw damaged();
  const partOfJson = (one: unknown, hasLearned: boolean): Part => {
    const part = load(one) as Part;
    // A labelEncoder is of targets, and has no columns.
    if ("unfitted" in part && (part.toJSON().fitted !== null) === hasLearned) return part;
    throw damaged();
  };
  const fields = (saved as [string, unknown][]).map(([name, one], i) => {
    const bare = partOfJson(one, false);
    if (fitted === null) return { name, encoder: bare };
    const encoder = partOfJson((learned as unknown[])[i], true);
    if (JSON.stringify(encoder.unfitted()) !== JSON.stringify(bare)) throw damaged();
    return { name, encoder };
  });
  return makeColumns(fields, fitted !== null);
}

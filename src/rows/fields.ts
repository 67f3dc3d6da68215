/** Rows by the inputs or outputs that they are for. */
import { DataError } from "../check/errors.js";
import { checkKeys, describe } from "../check/options.js";
import type { Shape } from "../graph/shape.js";
import type { Entry } from "../graph/value.js";
import type { SparseRows } from "./sparseRows.js";
import { type Table, type Tensor, toTable } from "./table.js";

/** Rows for an input or an output: as they are, or by its name where there are several. */
export type Rows = InputData | { readonly [name: string]: InputData };

/** Rows for one input: of numbers, or sparse ones for `sparseInput`. */
export type InputData = Tensor | SparseRows;

/** An input or output as data is checked against it. */
export interface Field {
  readonly name: string;
  readonly shape: Shape;
}

export interface InputShapes {
  readonly inputs: readonly (Field & { readonly entry?: Entry | undefined })[];
  /** Whether the one input, or output, goes without a name. */
  readonly single: { readonly input: boolean; readonly output: boolean };
}

/** The tables of the inputs, all of as many rows. @throws DataError */
export function toInputs(who: string, x: Rows, { inputs, single }: InputShapes): Table[] {
  const given = fieldsOf(who, x, inputs, single.input, "input");
  const tables = inputs.map(({ shape, entry }, i) => {
    const { name, data } = given[i] as NamedRows;
    return (entry?.table(name, data) as Table | undefined) ?? toTable(name, data, shape.slice(1));
  });
  const caller = who.slice(0, who.lastIndexOf(": "));
  const sized = tables.map(({ rows }, i) => ({ name: labelOf(caller, (given[i] as NamedRows).name), rows }));
  for (const one of sized) checkRows(caller, sized[0] as Sized, one);
  return tables;
}

/** The rows of a field. */
export interface NamedRows {
  /** What errors call it: `fit: x`, `fit: x.left`. */
  readonly name: string;
  readonly data: Tensor;
}

export const labelOf = (who: string, name: string) => name.replace(`${who}: `, "");

interface Sized {
  readonly name: string;
  readonly rows: number;
}

export function checkRows(who: string, first: Sized, other: Sized): void {
  if (other.rows === first.rows) return;
  throw new DataError(
    `${who}: ${first.name} has ${first.rows} rows and ${other.name} has ${other.rows}; ` +
      "needs as many of each.",
  );
}

/** The data of each field. @throws DataError when some is missing or has no field */
export function fieldsOf(
  who: string,
  data: Rows | undefined,
  fields: readonly Field[],
  isSingle: boolean,
  what: "input" | "output",
): NamedRows[] {
  if (fields.length === 0) {
    if (data === undefined) return [];
    throw new DataError(
      `${who}: there are targets, but no output has a loss that needs them; leave them out.`,
    );
  }
  if (isSingle) return [{ name: who, data: data as Tensor }];
  const names = fields.map(({ name }) => name);
  const given = someFields(who, data, names, what);
  return names.map((name) => {
    const found = given.find(({ key }) => key === name);
    if (found !== undefined) return found;
    throw new DataError(`${who}: has no rows for "${name}"; ${needsOf(names, what)}.`);
  });
}

const needsOf = (names: readonly string[], what: "input" | "output") =>
  `needs an object with rows for each ${what}${what === "output" ? " that has a loss" : ""}: ${names.join(", ")}`;

/** The data of the fields that are named. @throws DataError for what is no object, OptionError for another name */
export function someFields(
  who: string,
  data: Rows | undefined,
  names: readonly string[],
  what: "input" | "output",
): (NamedRows & { readonly key: string })[] {
  if (typeof data !== "object" || data === null || Array.isArray(data) || ArrayBuffer.isView(data)) {
    throw new DataError(`${who}: is ${describe(data)}; ${needsOf(names, what)}.`);
  }
  const record = data as { readonly [name: string]: Tensor | undefined };
  checkKeys(who, record, names, what);
  return names.flatMap((name) => {
    const rows = Object.hasOwn(record, name) ? record[name] : undefined;
    return rows === undefined ? [] : [{ key: name, name: `${who}.${name}`, data: rows }];
  });
}

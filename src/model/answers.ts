/** What `predict` gives in the form that it is asked for: rows, classes by name, or those of one row alone. */
import { DataError, OptionError } from "../check/errors.js";
import { later, oneOf, optional } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { sizeOf } from "../graph/shape.js";
import type { Rows } from "../rows/fields.js";
import type { Signal } from "../train/abort.js";
import type { ClassName, RowEncoder } from "./answerForms.js";
import { predictState } from "./predict.js";
import type { ModelState } from "./state.js";

/** The form of an answer. */
const FORMS = { row: true, rows: true, class: true, classes: true };

interface Options {
  readonly as?: unknown;
  readonly labels?: unknown;
  readonly encoder?: unknown;
  readonly signal?: Signal | undefined;
}

/** @throws OptionError, DataError */
export async function answer(state: ModelState, data: unknown, options: Options): Promise<unknown> {
  const who = "predict";
  const { as, labels, encoder, signal } = take(who, options, {
    as: optional(oneOf(FORMS)),
    labels: later<unknown>(undefined),
    encoder: later<unknown>(undefined),
    signal: later<Signal | undefined>(undefined),
  } as never) as { as?: keyof typeof FORMS; labels?: unknown; encoder?: unknown; signal?: Signal };
  const isNamed = as === "class" || as === "classes";
  if (labels !== undefined && !isNamed) {
    throw new OptionError(
      `${who}: labels are given and as is ${describe(as)}; needs as: "classes", or "class".`,
    );
  }
  const isOne = as === "row" || as === "class";
  const { inputs, outputs, single } = state.settings.network;
  const names = outputs.map(({ name, shape }) => {
    const columns = sizeOf(shape).factor;
    return isNamed ? namesOf(who, labels, { name, isSingle: single.output, columns }) : undefined;
  });
  const many = isOne ? asRows(who, data, single.input ? undefined : inputs.map(({ name }) => name)) : data;
  const rows = encoder === undefined ? many : encoded(who, encoder, many, single.input);
  const results = await predictState(state, rows as Rows, signal);
  const answers = outputs.map(({ name, shape }, i) => {
    const numbers = (
      single.output ? results : (results as Record<string, Float32Array>)[name]
    ) as Float32Array;
    if (as === undefined) return [name, numbers] as const;
    const each = rowsOf(numbers, sizeOf(shape).factor);
    const known = names[i];
    const named = known === undefined ? each : each.map((row, at) => classOf(who, row, known, at));
    if (!isOne) return [name, named] as const;
    if (named.length === 1) return [name, named[0]] as const;
    const plural = isNamed ? "classes" : "rows";
    throw new DataError(
      `${who}: there are ${named.length} rows, and as is "${as}"; needs one row, or as: "${plural}".`,
    );
  });
  return single.output ? answers[0]?.[1] : Object.fromEntries(answers);
}

/** One row as rows, or of named inputs each. */
function asRows(who: string, row: unknown, names: readonly string[] | undefined): unknown {
  if (names === undefined) return [row];
  if (typeof row === "object" && row !== null && !Array.isArray(row)) {
    return Object.fromEntries(Object.entries(row).map(([name, one]) => [name, [one]]));
  }
  throw new DataError(`${who}: x is ${describe(row)}; needs an object with a row for ${names.join(", ")}.`);
}

/** Rows as an encoder makes them; of named inputs each by its own. */
function encoded(who: string, encoder: unknown, data: unknown, isSingle: boolean): unknown {
  const isEncoder = (one: unknown): one is RowEncoder =>
    typeof (one as { transform?: unknown } | null)?.transform === "function";
  if (isSingle && isEncoder(encoder)) return encoder.transform(data as never);
  if (!isSingle && typeof encoder === "object" && encoder !== null && !isEncoder(encoder)) {
    const odd = Object.entries(encoder).find(([, one]) => !isEncoder(one));
    if (odd === undefined) {
      return Object.fromEntries(
        Object.entries(data as object).map(([name, one]) => {
          const own = (encoder as Readonly<Record<string, RowEncoder | undefined>>)[name];
          return [name, own === undefined ? one : own.transform(one as never)];
        }),
      );
    }
  }
  const needs = isSingle
    ? "a fitted encoder of wasmgrad/data"
    : "an object of fitted encoders by their inputs";
  throw new OptionError(`${who}: encoder is ${describe(encoder)}; needs ${needs}.`);
}

interface Named {
  readonly name: string;
  readonly isSingle: boolean;
  readonly columns: number;
}

/** The names of the classes of an output. @throws OptionError unless there are as many as its rows tell apart */
function namesOf(who: string, labels: unknown, { name, isSingle, columns }: Named): readonly ClassName[] {
  const classes = Math.max(2, columns);
  if (labels === undefined) return Array.from({ length: classes }, (_, i) => i);
  const own = isSingle ? labels : (labels as Readonly<Record<string, unknown>>)[name];
  if (own === undefined) return namesOf(who, undefined, { name, isSingle, columns });
  const at = isSingle ? "labels" : `labels.${name}`;
  const names = Array.isArray(own) ? own : (own as { classes?: unknown } | null | undefined)?.classes;
  if (Array.isArray(names) && names.length === classes) return names as ClassName[];
  const got = Array.isArray(names) ? `${names.length} names` : describe(own);
  throw new OptionError(
    `${who}: ${at} is ${got}; needs ${classes}, a list of them or a fitted labelEncoder.`,
  );
}

const rowsOf = (numbers: Float32Array, columns: number): Float32Array[] =>
  Array.from({ length: numbers.length / columns }, (_, row) =>
    numbers.slice(row * columns, (row + 1) * columns),
  );

/** The class of the largest number, the first of equals; of two classes and one number, by whether that is above one half. */
function classOf(who: string, row: Float32Array, names: readonly ClassName[], at: number): ClassName {
  if (row.length > 1)
    return names[row.reduce((best, x, i) => (x > (row[best] as number) ? i : best), 0)] as ClassName;
  const probability = row[0] as number;
  if (probability >= 0 && probability <= 1) return names[probability > 0.5 ? 1 : 0] as ClassName;
  throw new DataError(
    `${who}: row ${at} gives ${probability}, one number that is no probability; needs one for each class, or a sigmoid.`,
  );
}

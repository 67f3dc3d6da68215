import { DataError, OptionError } from "../check/errors.js";
import { finite, integer, optional } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { type Kind, take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { formatShape } from "../graph/shape.js";
import type { Model } from "../model/model.js";
import { columnsOf, type Tensor, toTable } from "../rows/table.js";
import { boundaryPicture, type Region } from "./drawing/boundary.js";
import { type PlotOptions, plotSchema } from "./drawing/picture.js";

/** Where an axis begins and ends. */
export type PlotRange = readonly [from: number, to: number];

export interface BoundaryPlotOptions extends PlotOptions {
  /** Of both inputs; default: that of the data and a tenth beyond. */
  readonly range?: readonly [PlotRange, PlotRange];
  /** Steps along each axis at which the model is asked; default 60. */
  readonly resolution?: number;
  /** Of one output: from where on it says 1; default 0.5. */
  readonly threshold?: number;
  /** Names of the classes; default `class 0`, `class 1` … */
  readonly classes?: readonly string[];
  /** Names of the two inputs; default `x1` and `x2`. */
  readonly inputs?: readonly [string, string];
}

/** What answers for rows of two numbers: a model, or anything alike. */
export interface Predicting {
  predict(x: number[][]): PromiseLike<ArrayLike<number>> | ArrayLike<number>;
}

/** Points in the plane and their labels: classes, one-hot rows, or 0 and 1. */
export interface LabeledPlane {
  readonly x: Tensor;
  readonly y?: Tensor;
}

const rangeOption: Kind<BoundaryPlotOptions["range"]> = (who, name, given) => {
  const isRange = (one: unknown) =>
    Array.isArray(one) &&
    one.length === 2 &&
    one.every(Number.isFinite) &&
    (one[0] as number) < (one[1] as number);
  if (given === undefined || (Array.isArray(given) && given.length === 2 && given.every(isRange)))
    return given;
  throw new OptionError(
    `${who}: ${name} is ${describe(given)}; needs [[from, to], [from, to]] with from below to.`,
  );
};

const names =
  <T extends readonly string[]>(count?: number): Kind<T | undefined> =>
  (who, name, given) => {
    const isList = Array.isArray(given) && [...given].every((one) => typeof one === "string");
    if (given === undefined || (isList && (count === undefined || given.length === count))) return given;
    throw new OptionError(`${who}: ${name} is ${describe(given)}; needs ${count ?? "a list of"} names.`);
  };

/**
 * What a model makes of two inputs: the plane by what it decides, with the line where that changes, and the data.
 *
 * Of one output the line is where it is `threshold`; of several it is where another one becomes the largest.
 *
 * @param model of two inputs: compiled, or anything with such a `predict`
 * @param data rows of two numbers, and labels if there are any; left out with a `range`
 * @throws OptionError, DataError for data or a model that are not of two inputs
 */
export async function drawDecisionBoundary(
  model: Predicting,
  data: LabeledPlane | undefined,
  options: BoundaryPlotOptions = {},
): Promise<string> {
  const who = "drawDecisionBoundary";
  checkSurplus(who, arguments, 3);
  const settings = take(who, options, {
    ...plotSchema("Decision boundary"),
    range: rangeOption,
    resolution: integer(2, 60),
    threshold: optional(finite()),
    classes: names(),
    inputs: names<readonly [string, string]>(2),
  });
  if (typeof model !== "object" || model === null || typeof model.predict !== "function") {
    throw new OptionError(`${who}: the model is ${describe(model)}; needs what compile(…) returns.`);
  }
  checkInputs(who, model);
  const points = data === undefined ? undefined : readPoints(who, data);
  const range = settings.range ?? rangeOf(who, points?.x);
  const { resolution } = settings;
  const [across, up] = range.map(([from, to]) =>
    Array.from({ length: resolution + 1 }, (_, i) => from + ((to - from) * i) / resolution),
  ) as [number[], number[]];
  const asked = up.flatMap((b) => across.map((a) => [a, b]));
  const outputs: unknown = await model.predict(asked);
  const isFlat = ArrayBuffer.isView(outputs) || Array.isArray(outputs);
  const values = (isFlat ? outputs : []) as ArrayLike<number>;
  const columns = values.length / asked.length;
  if (!Number.isInteger(columns) || columns < 1 || typeof values[0] !== "number") {
    const mend = isFlat
      ? ""
      : " Of several outputs give one: { predict: async (x) => (await model.predict(x)).name }.";
    throw new DataError(
      `${who}: predict gave ${describe(outputs)}; needs some numbers for each row, in one list.${mend}`,
    );
  }
  const region: Region = { values, columns, side: resolution + 1, threshold: settings.threshold ?? 0.5 };
  const classes = Math.max(columns === 1 ? 2 : columns, ...(points?.labels ?? []).map((one) => one + 1));
  const called = Array.from({ length: classes }, (_, i) => settings.classes?.[i] ?? `class ${i}`);
  return boundaryPicture(settings, {
    region,
    range,
    points,
    classes: called,
    inputs: settings.inputs ?? ["x1", "x2"],
  });
}

/** @throws DataError for a model of this package that is not of one input with two numbers */
function checkInputs(who: string, model: Predicting): void {
  const inputs = (model as Predicting & Partial<Pick<Model, "state">>).state?.settings.network.inputs;
  if (inputs === undefined || (inputs.length === 1 && inputs[0]?.shape.slice(1).join() === "2")) return;
  const got = inputs.map(({ shape }) => formatShape(shape)).join(" and ");
  throw new DataError(
    `${who}: the model takes ${got}; needs [rows, 2]. Fill in what else there is: ` +
      "{ predict: (x) => model.predict(x.map(([a, b]) => [a, b, 0])) }.",
  );
}

/** @throws DataError for rows of other than two numbers, and labels that are no classes */
function readPoints(who: string, data: LabeledPlane) {
  if (typeof data !== "object" || data === null || !("x" in data)) {
    throw new DataError(`${who}: data is ${describe(data)}; needs { x, y }, or undefined and a range.`);
  }
  const { values, rows } = toTable(`${who}: x`, data.x, [2]);
  const x = Array.from(
    { length: rows },
    (_, i) => [values[2 * i] as number, values[2 * i + 1] as number] as const,
  );
  if (data.y === undefined) return { x, labels: undefined };
  const columns = columnsOf(`${who}: y`, data.y, rows);
  const table = toTable(`${who}: y`, data.y, [columns]);
  if (table.rows !== rows) {
    throw new DataError(`${who}: y has ${table.rows} rows, x ${rows}; needs as many.`);
  }
  const labels = Array.from({ length: rows }, (_, i) => {
    const row = Array.from(table.values.subarray(i * columns, (i + 1) * columns));
    const label = columns === 1 ? (row[0] as number) : row.indexOf(Math.max(...row));
    if (Number.isInteger(label) && label >= 0 && label < 4096) return label;
    throw new DataError(`${who}: y: row ${i} is ${label}; needs classes, counted from 0, or one-hot rows.`);
  });
  return { x, labels };
}

/** From the least to the largest of each input, and a tenth beyond. */
function rangeOf(
  who: string,
  x: readonly (readonly [number, number])[] | undefined,
): readonly [PlotRange, PlotRange] {
  if (x === undefined || x.length === 0) {
    throw new DataError(
      `${who}: there is no data, and no range; needs one of them, as { range: [[0, 1], [0, 1]] }.`,
    );
  }
  const along = (axis: 0 | 1): PlotRange => {
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const point of x) {
      from = Math.min(from, point[axis]);
      to = Math.max(to, point[axis]);
    }
    const margin = (to - from) / 10 || 1;
    return [from - margin, to + margin];
  };
  return [along(0), along(1)];
}

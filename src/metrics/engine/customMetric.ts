import { inContext, OptionError, ShapeError } from "../../check/errors.js";
import { functionOf, oneOf, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { type Kind, take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { isValue } from "../../graph/op.js";
import { formatShape, ROWS, sizeOf } from "../../graph/shape.js";
import { inBuild, type Value } from "../../graph/value.js";
import { perRow, sumAll } from "./decisions.js";
import {
  type Better,
  type Judged,
  type Measured,
  type Metric,
  makeMetric,
  placeInReports,
} from "./metric.js";

/** The value of a metric for each row, or its mean over a step as a scalar, of an output and its target. */
export type MetricFunction = (prediction: Value, target: Value) => Value;

export interface CustomMetricOptions<N extends string> {
  /** Its place in reports. */
  readonly name: N;
  /** Which of two values is the better one, for callbacks that monitor it; default: as its name says, if it does. */
  readonly direction?: Better;
}

/**
 * A metric from a function of prediction and target, written with the functions of `wasmgrad/ops`. The prediction is
 * [rows, …] as the output, after its last activation; the target as data has it: labels [rows], or rows.
 *
 * Of a result that has the rows first, reports show the mean over all its numbers, whatever the batches; of a scalar the
 * mean over steps, weighted by their rows. It needs no gradient.
 *
 * @throws OptionError for options that do not exist, or a name that reports have already; at `compile`, ShapeError for a
 *   result of another shape
 */
export function customMetric<const N extends string>(
  build: MetricFunction,
  options: CustomMetricOptions<N>,
): Metric<N> {
  checkSurplus("customMetric", arguments, 2);
  functionOf()("customMetric", "the metric", build);
  const place: Kind<N> = (who, name, given) => {
    if (given !== undefined) return placeInReports(given).name(who, name, given);
    throw new OptionError(`${who}: ${name} is undefined; needs a place in reports, as { name: "distance" }.`);
  };
  const given = options ?? ({} as typeof options);
  const direction = optional(oneOf({ higher: 0, lower: 0 }));
  const settled = take("customMetric", given, { name: place, direction });
  const { name } = settled;
  const measure = (judged: Judged): Measured => {
    const value = resultOf(name, build, judged);
    const isPerRow = value.shape[0] === ROWS;
    const slot = judged.sum(`custom ${name}`, () => sumAll(value), !isPerRow);
    const numbers = isPerRow ? perRow(value) : 1;
    return { finish: (sums, rows) => (sums[slot] as number) / (rows * numbers) };
  };
  return { ...makeMetric("customMetric", settled, settled.direction, measure), given: [build] };
}

function resultOf(name: string, build: MetricFunction, { prediction, target }: Judged): Value {
  const who = `metric ${name}`;
  const result = inBuild({ isUsers: true }, () => inContext(who, () => build(prediction, target)));
  if (!isValue(result)) {
    throw new ShapeError(
      `${who}: returns ${describe(result)}; needs a value, as the functions of wasmgrad/ops make.`,
    );
  }
  const { shape } = result;
  if (shape[0] === ROWS || (sizeOf(shape).factor === 1 && !shape.includes(ROWS))) return result;
  throw new ShapeError(
    `${who}: returns ${formatShape(shape)}; needs a scalar, or one number for each row, the rows first.`,
  );
}

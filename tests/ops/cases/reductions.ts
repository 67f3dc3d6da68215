/** Cases of the public reductions, indices of extrema and running sums. */
import fc from "fast-check";
import { type NdArray, ndArray } from "../../../src/graph/reference/ndArray.ts";
import { ROWS, type Shape, sizeOf } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import * as functions from "../../../src/ops/reductions.ts";
import type { Accuracy, Application, Input, OpCase } from "../../cases/case.ts";
import { anything, distinct, uniform } from "../../cases/domains.ts";
import { SUM } from "../../cases/reduce/reductions.ts";
import { alongAxis, overAxes, shapes } from "../../cases/shapes.ts";

const ordinary = uniform(-3, 3);
const LARGE: Shape = [64, 1024];

interface Reduced {
  readonly shape: Shape;
  /** As it is given: left out, one number or several, counted from either end. */
  readonly axis: number | number[] | undefined;
  readonly keepDims: boolean | undefined;
}

const reduced: fc.Arbitrary<Reduced> = fc
  .tuple(
    overAxes,
    fc.constantFrom("all", "one", "several"),
    fc.boolean(),
    fc.constantFrom(true, false, undefined),
  )
  .map(([{ shape, axes }, form, fromEnd, keepDims]) => {
    const given = axes.map((axis) => (fromEnd ? axis - shape.length : axis));
    const axis = form === "all" ? undefined : form === "one" ? given[0] : given;
    return { shape, axis, keepDims };
  });

/** f of the elements whose indices along the other axes are alike. */
const fold =
  ({ axis, keepDims }: Reduced, f: (values: number[]) => number) =>
  ([x]: readonly NdArray[]): NdArray => {
    const rank = x!.shape.length;
    const given = axis === undefined ? x!.shape.keys() : [axis].flat();
    const axes = new Set([...given].map((one) => (one + rank) % rank));
    const groups = new Map<string, number[]>();
    ndArray(x!.shape, (index, flat) => {
      const key = index.filter((_, i) => !axes.has(i)).join();
      groups.set(key, [...(groups.get(key) ?? []), x!.data[flat]!]);
      return 0;
    });
    const others = x!.shape.filter((_, i) => !axes.has(i));
    const { data } = ndArray(others, (index) => f(groups.get(index.join()) ?? []));
    return { shape: keepDims ? x!.shape.map((size, i) => (axes.has(i) ? 1 : size)) : others, data };
  };

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
const average = (values: readonly number[]) => total(values) / values.length;
const greatest = (values: readonly number[]) => Math.max(...values);

/** Without the options that are left out. */
const given = ({ axis, keepDims }: Reduced) => ({
  ...(axis === undefined ? {} : { axis }),
  ...(keepDims === undefined ? {} : { keepDims }),
});

function reduction(
  f: (x: Value, options: functions.ReductionOptions) => Value,
  define: (values: number[]) => number,
  domains: Pick<Input, "domain" | "smooth">,
  accuracy: Accuracy,
): OpCase {
  const apply = (over: Reduced): Application => ({
    inputs: [{ shape: over.shape, ...domains }],
    build: ([x]) => f(x!, given(over)),
    define: fold(over, define),
    attributes: given(over),
  });
  return {
    applications: reduced.map(apply),
    accuracy,
    gradient: "finite differences",
    large: apply({ shape: LARGE, axis: -1, keepDims: false }),
  };
}

function varianceOf(over: Reduced, correction: number): Application {
  const rank = over.shape.length;
  const axes = over.axis === undefined ? [...over.shape.keys()] : [over.axis].flat();
  // Of one row at least.
  const { factor } = sizeOf(axes.map((axis) => over.shape[(axis + rank) % rank]!));
  const taken = factor > correction ? correction : 0;
  return {
    inputs: [{ shape: over.shape, domain: ordinary }],
    build: ([x]) => functions.variance(x!, { ...given(over), correction: taken }),
    define: fold(over, (values) => {
      const mean = average(values);
      return total(values.map((value) => (value - mean) ** 2)) / (values.length - taken);
    }),
    attributes: { ...given(over), correction: taken },
  };
}

/** The first place of `best` among the elements along an axis. */
function placeOf(
  f: typeof functions.argMax,
  best: (values: readonly number[]) => number,
): Pick<OpCase, "applications" | "accuracy" | "gradient" | "large"> {
  const apply = (shape: Shape, axis: number | undefined): Application => {
    const options = axis === undefined ? {} : { axis };
    return {
      inputs: [{ shape, domain: anything }],
      build: ([x]) => f(x!, options),
      define: fold({ shape, axis: axis ?? -1, keepDims: false }, (values) => values.indexOf(best(values))),
      attributes: options,
    };
  };
  const applications = alongAxis
    .filter(({ shape }) => !shape.includes(0))
    .chain(({ shape, axis }) =>
      fc.constantFrom(axis, axis - shape.length, undefined).map((one) => apply(shape, one)),
    );
  return { applications, accuracy: "exact", gradient: "none", large: apply(LARGE, -1) };
}

function cumulativeSumOf(shape: Shape, options: functions.CumulativeSumOptions): Application {
  const { axis = -1, reverse, exclusive } = options;
  const along = (axis + shape.length) % shape.length;
  return {
    inputs: [{ shape, domain: ordinary }],
    build: ([x]) => functions.cumulativeSum(x!, options),
    define: ([x]) => {
      const sums = new Map<string, number>();
      const result = new Float64Array(x!.data.length);
      const order = [...x!.data.keys()];
      const indices: string[] = [];
      ndArray(x!.shape, (index) => indices.push(index.filter((_, i) => i !== along).join()));
      for (const flat of reverse ? order.reverse() : order) {
        const before = sums.get(indices[flat]!) ?? 0;
        sums.set(indices[flat]!, before + x!.data[flat]!);
        result[flat] = exclusive ? before : before + x!.data[flat]!;
      }
      return { shape: x!.shape, data: result };
    },
    attributes: options,
  };
}

const flag = fc.constantFrom(true, false, undefined);
const withAxis = shapes.filter((shape) => shape.length > 0);

export const reductions = {
  sum: reduction(functions.sum, total, { domain: ordinary }, SUM),
  mean: reduction(functions.mean, average, { domain: ordinary }, SUM),
  max: reduction(functions.max, greatest, { domain: anything, smooth: distinct() }, "exact"),
  min: reduction(
    functions.min,
    (values) => Math.min(...values),
    { domain: anything, smooth: distinct() },
    "exact",
  ),
  logSumExp: reduction(
    functions.logSumExp,
    (values) => Math.log(total(values.map(Math.exp))),
    { domain: uniform(-8, 8), smooth: ordinary },
    { relative: 3e-7, floor: 4 },
  ),
  variance: {
    applications: fc
      .tuple(reduced, fc.constantFrom(0, 0.5, 1, 2))
      .map(([over, correction]) => varianceOf(over, correction)),
    // A square is at most 36.
    accuracy: { relative: 1e-6, floor: 4 },
    gradient: "finite differences",
    large: varianceOf({ shape: LARGE, axis: -1, keepDims: false }, 1),
  },
  argMax: placeOf(functions.argMax, greatest),
  argMin: placeOf(functions.argMin, (values) => Math.min(...values)),
  cumulativeSum: {
    applications: fc.tuple(withAxis, fc.nat(9), flag, flag).map(([shape, place, reverse, exclusive]) =>
      cumulativeSumOf(shape, {
        ...(place === 9 ? {} : { axis: (place % (2 * shape.length)) - shape.length }),
        ...(reverse === undefined ? {} : { reverse }),
        ...(exclusive === undefined ? {} : { exclusive }),
      }),
    ),
    accuracy: { relative: 2 ** -23.99, floor: 1e-6 },
    gradient: "finite differences",
    large: cumulativeSumOf([ROWS, 32, 32], { axis: 1 }),
  },
} as const satisfies Record<string, OpCase>;

/** Cases of the functions that normalize: of each group of elements that share a key, straight from the formula. */
import fc from "fast-check";
import { type NdArray, ndArray } from "../../../src/graph/reference/ndArray.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import * as functions from "../../../src/ops/normalization.ts";
import type { Accuracy, Application, OpCase } from "../../cases/case.ts";
import { distinct, uniform } from "../../cases/domains.ts";
import { alongAxis, overAxes } from "../../cases/shapes.ts";

const LARGE: Shape = [ROWS, 16, 64];
const ACCURACY: Accuracy = { relative: 1e-6, floor: 1 };

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** (x − mean) / √(variance + epsilon), or x / √(mean square + epsilon). */
function standardized(x: readonly number[], epsilon: number, isCentered: boolean): number[] {
  const center = isCentered ? mean(x) : 0;
  const variance = mean(x.map((value) => (value - center) ** 2));
  return x.map((value) => (value - center) / Math.sqrt(variance + Math.fround(epsilon)));
}

type KeyOf = (index: readonly number[], shape: Shape) => string;

const perGroup =
  (keyOf: KeyOf, epsilon: number, isCentered = true) =>
  ([x]: readonly NdArray[]): NdArray => {
    const places = new Map<string, number[]>();
    ndArray(x!.shape, (index, flat) => {
      const key = keyOf(index, x!.shape);
      places.set(key, [...(places.get(key) ?? []), flat]);
      return 0;
    });
    const data = new Float64Array(x!.data.length);
    for (const group of places.values()) {
      const made = standardized(
        group.map((flat) => x!.data[flat]!),
        epsilon,
        isCentered,
      );
      group.forEach((flat, i) => {
        data[flat] = made[i]!;
      });
    }
    return { shape: x!.shape, data };
  };

interface Called<O> {
  readonly shape: Shape;
  readonly options: O;
  readonly build: (x: Value) => Value;
  readonly keyOf: KeyOf;
  readonly epsilon: number;
  readonly isCentered?: boolean;
}

const applied = <O>({ shape, options, build, keyOf, epsilon, isCentered }: Called<O>): Application => ({
  // Numbers that differ by a tenth at least: near a variance of 0 finite differences fail.
  inputs: [{ shape, domain: uniform(-3, 3), smooth: distinct(0.35) }],
  build: ([x]) => build(x!),
  define: perGroup(keyOf, epsilon, isCentered),
  attributes: options,
});

const caseOf = (applications: fc.Arbitrary<Application>, large: Application): OpCase => ({
  applications,
  accuracy: ACCURACY,
  gradient: "finite differences",
  large,
});

const epsilons = fc.constantFrom(1e-3, 0.1);

const without =
  (axes: readonly number[]): KeyOf =>
  (index, shape) =>
    index.filter((_, i) => !axes.some((axis) => (axis + shape.length) % shape.length === i)).join();

type AlongAxes = (x: Value, options: functions.LayerNormOptions) => Value;

/** Along some axes, given as one number, as several, from either end; or along the last. */
function alongSome(f: AlongAxes, isCentered: boolean): OpCase {
  const apply = (shape: Shape, axes: readonly number[], isSingle: boolean, epsilon: number) => {
    const options = { axis: isSingle ? (axes[0] as number) : axes, epsilon };
    const keyOf = without(isSingle ? axes.slice(0, 1) : axes);
    return applied({ shape, options, build: (x) => f(x, options), keyOf, epsilon, isCentered });
  };
  const applications = fc
    .tuple(
      overAxes.filter(({ axes }) => axes.length > 0),
      fc.boolean(),
      fc.boolean(),
      epsilons,
    )
    .map(([{ shape, axes }, isSingle, fromEnd, epsilon]) =>
      apply(
        shape,
        axes.map((axis) => (fromEnd ? axis - shape.length : axis)),
        isSingle,
        epsilon,
      ),
    );
  return caseOf(applications, apply(LARGE, [-1], true, 1e-5));
}

const batchNormOf = (shape: Shape, axis: number, epsilon: number) =>
  applied({
    shape,
    options: { axis, epsilon },
    build: (x) => functions.batchNorm(x, { axis, epsilon }),
    keyOf: (index) => String(index.at(axis)),
    epsilon,
  });

const groupNormOf = (positions: Shape, groups: number, size: number, epsilon: number) =>
  applied({
    shape: [ROWS, ...positions, groups * size],
    options: { groups, epsilon },
    build: (x) => functions.groupNorm(x, groups, { epsilon }),
    keyOf: (index) => `${index[0]} ${Math.floor(index.at(-1)! / size)}`,
    epsilon,
  });

const instanceNormOf = (positions: Shape, channels: number, epsilon: number) =>
  applied({
    shape: [ROWS, ...positions, channels],
    options: { epsilon },
    build: (x) => functions.instanceNorm(x, { epsilon }),
    keyOf: (index) => `${index[0]} ${index.at(-1)}`,
    epsilon,
  });

const small = fc.integer({ min: 1, max: 4 });
const positions: fc.Arbitrary<Shape> = fc.oneof(
  fc.tuple(fc.integer({ min: 1, max: 6 })),
  fc.tuple(small, small),
);

export const normalizationFunctions = {
  layerNorm: alongSome(functions.layerNorm, true),
  rmsNorm: alongSome(functions.rmsNorm, false),
  batchNorm: caseOf(
    fc
      .tuple(alongAxis, fc.boolean(), epsilons)
      .map(([{ shape, axis }, fromEnd, epsilon]) =>
        batchNormOf(shape, fromEnd ? axis - shape.length : axis, epsilon),
      ),
    batchNormOf(LARGE, -1, 1e-5),
  ),
  groupNorm: caseOf(
    fc
      .tuple(fc.oneof(positions, fc.constant<Shape>([])), small, fc.integer({ min: 1, max: 5 }), epsilons)
      .map((all) => groupNormOf(...all)),
    groupNormOf([16], 8, 8, 1e-5),
  ),
  instanceNorm: caseOf(
    fc.tuple(positions, fc.integer({ min: 1, max: 20 }), epsilons).map((all) => instanceNormOf(...all)),
    instanceNormOf([16], 64, 1e-5),
  ),
} as const satisfies Record<string, OpCase>;

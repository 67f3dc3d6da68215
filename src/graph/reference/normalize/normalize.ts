/** Normalization over any axes, and its adjoint straight from the derivative of mean and variance. */
import type { Definition } from "../definition.js";
import { type NdArray, ndArray } from "../ndArray.js";

interface Over {
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly centered: boolean;
}

/** For each element the number of its group: the elements that share all indices but those along the axes. */
function groupsOf({ shape }: NdArray, axes: readonly number[]): { groupOf: Float64Array; groups: number } {
  const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const groupOf = ndArray(shape, (index) =>
    index.reduce((group, place, axis) => group * kept[axis]! + (axes.includes(axis) ? 0 : place), 0),
  ).data;
  return { groupOf, groups: kept.reduce((product, size) => product * size, 1) };
}

/** The elements of each group, as lines of all tensors, and back. */
function perGroup(
  inputs: readonly NdArray[],
  { axes }: Over,
  f: (...lines: (readonly number[])[]) => readonly number[],
): NdArray {
  const { shape } = inputs[0]!;
  const { groupOf, groups } = groupsOf(inputs[0]!, axes);
  const members = Array.from({ length: groups }, () => [] as number[]);
  groupOf.forEach((group, flat) => members[group]!.push(flat));
  const data = new Float64Array(groupOf.length);
  for (const places of members) {
    const made = f(...inputs.map((one) => places.map((flat) => one.data[flat]!)));
    places.forEach((flat, i) => {
      data[flat] = made[i]!;
    });
  }
  return { shape, data };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** x − mean, and the square root of its mean square with epsilon. */
function standardized(x: readonly number[], { epsilon, centered }: Over) {
  const center = centered ? mean(x) : 0;
  const d = x.map((value) => value - center);
  return { d, deviation: Math.sqrt(mean(d.map((value) => value * value)) + Math.fround(epsilon)) };
}

export const normalize: Definition<Over> = (inputs, _, over) =>
  perGroup(inputs, over, (x) => {
    const { d, deviation } = standardized(x!, over);
    return d.map((value) => value / deviation);
  });

export const normalizeGrad: Definition<Over> = (inputs, _, over) =>
  perGroup(inputs, over, (x, dy) => {
    const { d, deviation } = standardized(x!, over);
    const along = mean(d.map((value, i) => value * dy![i]!)) / deviation ** 3;
    const total = over.centered ? mean(dy!) / deviation : 0;
    return d.map((value, i) => dy![i]! / deviation - total - value * along);
  });

/** Reductions over any axes: each result gathers the elements whose other indices are its own. */
import type { Definition } from "../definition.js";
import { length, lines, ndArray } from "../ndArray.js";

export const fold =
  (f: (values: readonly number[]) => number): Definition<{ axes: readonly number[] }> =>
  ([x], shape, { axes }) => {
    const kept = x!.shape.map((axis, i) => (axes.includes(i) ? 1 : axis));
    const groups = Array.from({ length: length(kept) }, () => [] as number[]);
    ndArray(x!.shape, (index, flat) => {
      const group = index.reduce(
        (offset, position, i) => offset * kept[i]! + (kept[i] === 1 ? 0 : position),
        0,
      );
      groups[group]!.push(x!.data[flat]!);
      return 0;
    });
    return { shape, data: Float64Array.from(groups, f) };
  };

export const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

export const sum = fold(total);
export const mean = fold((values) => total(values) / values.length);

/** The first of equal maxima. */
export const argMax: Definition<unknown> = ([x], shape) => ({
  shape,
  data: Float64Array.from(lines(x!), (line) => line.indexOf(Math.max(...line))),
});

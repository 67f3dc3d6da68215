/** Where values come from and where they go: parameters, sources, reports. */
import type { ReportAttributes } from "../../primitives/step/report.js";
import type { ConstantAttributes, Parameter, SourceAttributes } from "../../primitives/step/source.js";
import type { Definition } from "../definition.js";
import { ndArray } from "../ndArray.js";

/** A number of the feed that is there. */
function given(values: ArrayLike<number> | undefined, index: number, what: string): number {
  const value = values?.[index];
  if (value === undefined) throw new Error(`reference: ${what} has no element ${index}.`);
  return value;
}

/** `self` is the very object that the graph holds: a parameter is known by its identity. */
export const parameter: Definition<Parameter> = (_, shape, self, { parameters }) =>
  ndArray(shape, (_index, i) => given(parameters?.get(self), i, self.name));

export const constant: Definition<ConstantAttributes> = (_, shape, { values }) =>
  ndArray(shape, (_index, i) => given(values, i, "constant"));

/** Scale 1 with offset 0 copies, so that −0 stays −0. */
export const source: Definition<SourceAttributes> = (_, shape, { slot, scale, offset }, { sources }) => {
  const isCopy = scale === 1 && offset === 0;
  return ndArray(shape, (_index, i) => {
    const x = given(sources?.[slot], i, `source ${slot}`);
    return isCopy ? x : Math.fround(scale) * x + Math.fround(offset);
  });
};

/** What is added to the sum that the host reads. */
export const report: Definition<ReportAttributes> = ([value], shape, { weighted, divisor }, { rows }) => ({
  shape,
  data: Float64Array.of((value!.data[0]! * (weighted ? rows : 1)) / divisor),
});

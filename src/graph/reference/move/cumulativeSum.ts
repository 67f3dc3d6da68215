import type { CumulativeSumAttributes } from "../../primitives/move/cumulativeSum.js";
import type { Definition } from "../definition.js";
import { ndArray } from "../ndArray.js";

/** Σ of x over the places of the axis up to each, or from it on where reverse; without itself where exclusive. */
export const cumulativeSum: Definition<CumulativeSumAttributes> = ([x], shape, attributes) => {
  const { axis, reverse, exclusive } = attributes;
  const step = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  return ndArray(shape, (index, flat) => {
    const place = index[axis]!;
    let sum = 0;
    for (let other = 0; other < shape[axis]!; other++) {
      const isBefore = reverse ? other > place : other < place;
      if (isBefore || (other === place && !exclusive)) sum += x!.data[flat + (other - place) * step]!;
    }
    return sum;
  });
};

import type { Definition } from "../definition.js";
import { ndArray } from "../ndArray.js";

export const fill: Definition<{ value: number }> = (_, shape, { value }) =>
  ndArray(shape, () => Math.fround(value));

import type { Definition } from "../definition.js";
import { tensor } from "../tensor.js";

export const fill: Definition<{ value: number }> = (_, shape, { value }) =>
  tensor(shape, () => Math.fround(value));

import type { Definition } from "../definition.js";
import { ndArray } from "../ndArray.js";

// An attribute is an f32 in its record, so an f32 is what it means.

export const leakyRelu: Definition<{ slope: number }> = ([x], shape, { slope }) =>
  ndArray(shape, (_, i) => (x!.data[i]! > 0 ? 1 : Math.fround(slope)) * x!.data[i]!);

export const clip: Definition<{ low: number; high: number }> = ([x], shape, { low, high }) =>
  ndArray(shape, (_, i) => Math.min(Math.max(x!.data[i]!, Math.fround(low)), Math.fround(high)));

export const hardTanh = clip;

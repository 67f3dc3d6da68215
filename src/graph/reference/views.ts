/** Views of their first input: what they say of gradients changes no value. */
import type { Definition } from "./definition.js";

export const stopGradient: Definition<unknown> = ([x], shape) => ({ shape, data: x!.data });

export const customGradient = stopGradient;

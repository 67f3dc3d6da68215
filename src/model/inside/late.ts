import { checkSurplus } from "../../check/surplus.js";
import { Late } from "../../late.js";
import type { ModelState } from "../state.js";

/** For looking into a step, and for loops of one's own. */
export const inside = new Late("inside", () => import("./inside.js"));

/** Calls a method of a model that lives there, with at most so many arguments. */
export async function callInside(
  who: keyof typeof import("./inside.js"),
  state: ModelState,
  given: ArrayLike<unknown>,
  most: number,
): Promise<unknown> {
  checkSurplus(who, given as IArguments, most);
  const part = inside.loaded ?? (await inside.load(who));
  const method = part[who] as (state: ModelState, ...given: readonly unknown[]) => Promise<unknown>;
  return method(state, ...Array.from(given));
}

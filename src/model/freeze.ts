import { OptionError } from "../check/errors.js";
import { text } from "../check/kinds.js";
import { matching } from "../check/patterns.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import type { ModelState } from "./state.js";

/** @throws OptionError for a pattern that no parameter matches, BusyError during `fit` */
export function setFrozen(
  state: ModelState,
  who: "freeze" | "unfreeze",
  patterns: readonly string[],
  isFrozen: boolean,
): void {
  const { parameters } = state;
  state.machine(who);
  state.access.check(who);
  if (patterns.length === 0) {
    throw new OptionError(`${who}: there is no pattern; needs the names of layers, as ${who}("dense").`);
  }
  const chosen = new Set<Parameter>();
  for (const pattern of patterns) {
    text()(who, "a pattern", pattern);
    for (const one of matching(who, pattern, parameters)) chosen.add(one);
  }
  const frozen = parameters.filter((one) => (chosen.has(one) ? isFrozen : !state.isTrained(one)));
  if (frozen.length === parameters.filter((one) => !state.isTrained(one)).length) {
    const changed = frozen.some((one) => state.isTrained(one));
    if (!changed) return;
  }
  state.setFrozen(who, new Set(frozen));
}

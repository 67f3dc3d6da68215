import { OptionError } from "../errors.js";
import type { Parameter } from "../ops/source.js";
import { checkType, choose } from "../options.js";
import type { ModelState } from "./state.js";

/** Letters that mean something in a regular expression. */
const SPECIAL = /[.+?^${}()|[\]\\]/g;

/** Whether a parameter is meant by a pattern: its own name, or that of its layer or of a network around it. */
function matcher(pattern: string): (name: string) => boolean {
  const expression = pattern.replace(SPECIAL, "\\$&").replaceAll("*", ".*");
  const whole = new RegExp(`^${expression}(/.*)?$`);
  return (name) => whole.test(name);
}

/** The networks around a parameter, and its layer: `encoder`, `encoder/dense` of `encoder/dense/kernel`. */
const around = (name: string) => [...name.matchAll(/\//g)].map(({ index }) => name.slice(0, index));

/** @throws OptionError for a pattern that no parameter matches, BusyError during `fit` */
export function setFrozen(
  state: ModelState,
  who: "freeze" | "unfreeze",
  patterns: readonly string[],
  isFrozen: boolean,
): void {
  const { parameters } = state;
  state.machine(who);
  if (patterns.length === 0) {
    throw new OptionError(`${who}: there is no pattern; needs the names of layers, as ${who}("dense").`);
  }
  const chosen = new Set<Parameter>();
  for (const pattern of patterns) {
    checkType(who, "a pattern", pattern, "string");
    const matches = matcher(pattern);
    const found = parameters.filter(({ name }) => matches(name));
    if (found.length === 0) {
      const layers = parameters.flatMap(({ name }) => around(name));
      choose(who, "layer with parameters", pattern, Object.fromEntries(layers.map((name) => [name, name])));
    }
    for (const one of found) chosen.add(one);
  }
  const frozen = parameters.filter((one) => (chosen.has(one) ? isFrozen : !state.isTrained(one)));
  if (frozen.length === parameters.filter((one) => !state.isTrained(one)).length) {
    const changed = frozen.some((one) => state.isTrained(one));
    if (!changed) return;
  }
  state.setFrozen(who, new Set(frozen));
}

import { choose } from "./options.js";

interface Named {
  readonly name: string;
}

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

/**
 * The parameters that a pattern means: `dense`, `encoder/*`.
 *
 * @throws OptionError for a pattern that no parameter matches
 */
export function matching<P extends Named>(who: string, pattern: string, parameters: readonly P[]): P[] {
  const matches = matcher(pattern);
  const found = parameters.filter(({ name }) => matches(name));
  if (found.length > 0) return found;
  const layers = parameters.flatMap(({ name }) => around(name));
  return choose(who, "layer with parameters", pattern, Object.fromEntries(layers.map((name) => [name, []])));
}

import { checkName } from "./options.js";

interface Named {
  readonly name: string;
}

/**
 * Whether a name is what a pattern says, `*` being any letters. What lies between two of them is found where it first
 * stands: looking further on could find nothing more, so that no part of the name is read twice.
 */
function globs(pattern: string): (name: string) => boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return (name) => name === pattern;
  const inner = others.filter((part) => part !== "");
  return (name) => {
    if (!name.startsWith(first)) return false;
    let at = first.length;
    for (const part of inner) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return name.length - last.length >= at && name.endsWith(last);
  };
}

/** Whether a parameter is meant by a pattern: its own name, or that of its layer or of a network around it. */
function matcher(pattern: string): (name: string) => boolean {
  const [itself, within] = [globs(pattern), globs(`${pattern}/*`)];
  return (name) => itself(name) || within(name);
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
  const layers = new Set(parameters.flatMap(({ name }) => around(name)));
  checkName(who, "layer with parameters", pattern, [...layers]);
  return [];
}

import { schedule } from "./schedule.js";
import type { Value } from "./value.js";

/** How many values use each value, roots counted as users. */
export type Uses = ReadonlyMap<Value, number>;

/**
 * Replaces a value by one that gives the same bits, or returns undefined.
 * `value` has rewritten inputs already; `uses` counts the users that a value had before this rewrite.
 */
export interface Rewrite {
  readonly name: string;
  apply(value: Value, uses: Uses): Value | undefined;
}

/**
 * Applies each rewrite in turn to everything that the roots need.
 * What the roots do not need is left out: that is the elimination of dead code.
 *
 * @returns the rewritten roots, in order
 */
export function rewrite(roots: readonly Value[], rewrites: readonly Rewrite[]): Value[] {
  return rewrites.reduce((current, rule) => applyOne(current, rule), [...roots]);
}

function applyOne(roots: readonly Value[], rule: Rewrite): Value[] {
  const order = schedule(roots);
  const uses = new Map<Value, number>();
  const count = (value: Value) => uses.set(value, (uses.get(value) ?? 0) + 1);
  for (const value of order) value.inputs.forEach(count);
  roots.forEach(count);

  const replaced = new Map<Value, Value>();
  const resolve = (value: Value) => replaced.get(value) as Value;
  for (const value of order) {
    const inputs = value.inputs.map(resolve);
    const same = inputs.every((input, i) => input === value.inputs[i]);
    const rebuilt: Value = same ? value : { ...value, inputs };
    if (!same) uses.set(rebuilt, uses.get(value) ?? 0);
    const result = rule.apply(rebuilt, uses) ?? rebuilt;
    if (result !== rebuilt) uses.set(result, uses.get(value) ?? 0);
    replaced.set(value, result);
  }
  return roots.map(resolve);
}

/** Numbers things by identity, in the order in which they are first seen. */
function numbering(): (thing: unknown) => number {
  const numbers = new Map<unknown, number>();
  return (thing) => {
    const number = numbers.get(thing) ?? numbers.size;
    numbers.set(thing, number);
    return number;
  };
}

/** Values with the same op, inputs and attributes are one value. */
export function commonSubexpressions(): Rewrite {
  const numberOf = numbering();
  const known = new Map<string, Value>();
  /** JSON knows neither −0 nor what is not finite: numbers as text do. Functions are the same only as themselves. */
  const exactly = (_: string, x: unknown) => {
    if (typeof x === "function") return `function ${numberOf(x)}`;
    return typeof x === "number" ? (Object.is(x, -0) ? "-0" : String(x)) : x;
  };
  return {
    name: "commonSubexpressions",
    apply(value) {
      const { op, inputs, attributes } = value;
      if (inputs.length === 0 || op.effect) return undefined;
      const key = `${numberOf(op)}(${inputs.map(numberOf)})${JSON.stringify(attributes, exactly)}`;
      const first = known.get(key);
      if (first === undefined) known.set(key, value);
      return first;
    },
  };
}

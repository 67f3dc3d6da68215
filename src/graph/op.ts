import { makeValue, type OpDefinition, type Value } from "./value.js";

/** An op that is called like the function that it is: `softmax(x)`, `dropout(x, { rate: 0.5, node: 1 })`. */
export type OpFunction<I extends readonly Value[], A> = ((
  ...args: [A] extends [undefined] ? I : [...I, A]
) => Value) &
  OpDefinition<I, A>;

/** Makes the callable op of a definition. */
export function defineOp<I extends readonly Value[], A = undefined>(
  definition: OpDefinition<I, A>,
): OpFunction<I, A> {
  const op = (...args: readonly unknown[]) => {
    const last = args.at(-1);
    const hasAttributes = !isValue(last);
    const inputs = (hasAttributes ? args.slice(0, -1) : args) as readonly Value[];
    return makeValue(op as unknown as OpDefinition, inputs, hasAttributes ? last : undefined);
  };
  const { name, ...rest } = definition;
  Object.defineProperty(op, "name", { value: name });
  return Object.assign(op, rest) as unknown as OpFunction<I, A>;
}

/** An object of values may have one that is named op. */
export const isValue = (x: unknown): x is Value =>
  typeof x === "object" && x !== null && "op" in x && typeof x.op === "function" && "inputs" in x;

import type { OpDefinition } from "./op.js";
import type { Shape } from "./shape.js";

/** One node of the graph: what an op makes of its inputs. Immutable; identity is the node's. */
export interface Value {
  readonly op: OpDefinition;
  readonly inputs: readonly Value[];
  readonly attributes: unknown;
  readonly shape: Shape;
  /** The layer that built it; a gradient belongs to the layer of the value that it comes from. */
  readonly layer: string;
}

let layer = "";

/** Runs `build` so that every value that it makes belongs to the layer of that name. */
export function inLayer<T>(name: string, build: () => T): T {
  const outer = layer;
  layer = name;
  try {
    return build();
  } finally {
    layer = outer;
  }
}

export function makeValue(op: OpDefinition, inputs: readonly Value[], attributes: unknown): Value {
  return { op, inputs, attributes, shape: op.shape(inputs, attributes), layer };
}

/**
 * Every value that the roots need, each after its inputs, roots in the order given.
 * Without recursion: a chain of thousands of layers must not overflow the stack.
 */
export function schedule(roots: readonly Value[]): Value[] {
  const order: Value[] = [];
  const seen = new Set<Value>();
  const stack: { value: Value; next: number }[] = [];
  for (const root of roots) {
    if (seen.has(root)) continue;
    seen.add(root);
    stack.push({ value: root, next: 0 });
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = top.value.inputs[top.next++];
      if (input === undefined) {
        order.push(top.value);
        stack.pop();
      } else if (!seen.has(input)) {
        seen.add(input);
        stack.push({ value: input, next: 0 });
      }
    }
  }
  return order;
}

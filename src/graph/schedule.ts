/** Nodes that need each other in a circle, so that none can come first. */
export class CycleError<N = unknown> extends Error {
  override readonly name = "CycleError";

  /** @param nodes each needs the next, and the last needs the first */
  constructor(readonly nodes: readonly N[]) {
    super(`${nodes.length} nodes need each other in a circle.`);
  }
}

/**
 * Every node that the roots need, each after its inputs, roots in the order given.
 * Without recursion: a chain of thousands of layers must not overflow the stack.
 *
 * @throws CycleError with the nodes of a circle, when there is one
 */
export function schedule<N extends { readonly inputs: readonly N[] }>(roots: readonly N[]): N[] {
  const order: N[] = [];
  /** Nodes met so far, and whether they are in the order yet: those that are not are on the stack. */
  const isDone = new Map<N, boolean>();
  const stack: { value: N; next: number }[] = [];
  const enter = (value: N) => {
    isDone.set(value, false);
    stack.push({ value, next: 0 });
  };
  for (const root of roots) {
    if (isDone.has(root)) continue;
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = top.value.inputs[top.next++];
      if (input === undefined) {
        order.push(top.value);
        isDone.set(top.value, true);
        stack.pop();
        continue;
      }
      const known = isDone.get(input);
      if (known === undefined) enter(input);
      else if (!known) throw new CycleError(circle(stack, input));
    }
  }
  return order;
}

/** The nodes from `start` to the top of the stack, which needs `start` again: each needs the next. */
function circle<N>(stack: readonly { readonly value: N }[], start: N): N[] {
  const path = stack.map(({ value }) => value);
  return path.slice(path.indexOf(start));
}

/**
 * Every node that the roots need, each after its inputs, roots in the order given.
 * Without recursion: a chain of thousands of layers must not overflow the stack.
 */
export function schedule<N extends { readonly inputs: readonly N[] }>(roots: readonly N[]): N[] {
  const order: N[] = [];
  const seen = new Set<N>();
  const stack: { value: N; next: number }[] = [];
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

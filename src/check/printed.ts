/** Has `console.log` print what an object's `toString` says, in place of its insides: in Node, Deno and Bun. */
export function printed<T extends object>(one: T): T {
  return Object.defineProperty(one, Symbol.for("nodejs.util.inspect.custom"), { value: () => `${one}` });
}

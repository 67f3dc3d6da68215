/**
 * Gives an instance methods and accessors of its own, each bound to it: they work when they are taken off it, and behind
 * a Proxy, as stores of user interfaces wrap what they hold, which has no private fields to find.
 */
export function bindMembers(instance: object): void {
  let type = Object.getPrototypeOf(instance) as object;
  for (; type !== Object.prototype; type = Object.getPrototypeOf(type) as object) {
    for (const key of Reflect.ownKeys(type)) {
      // What a class further down has in its place; and the constructor, which knows no instance.
      if (Object.hasOwn(instance, key) || key === "constructor") continue;
      const member = Object.getOwnPropertyDescriptor(type, key) as PropertyDescriptor;
      for (const part of ["value", "get", "set"] as const) member[part] &&= member[part].bind(instance);
      Object.defineProperty(instance, key, member);
    }
  }
}

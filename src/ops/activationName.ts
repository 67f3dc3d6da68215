/** The name of an activation, kept on its function: the table of rare activations has copies, which are other functions. */

const NAME = /* @__PURE__ */ Symbol.for("wasmgrad.activation");

/** The function, with the name by which options of layers know it. */
export const named = <F extends object>(name: string, activation: F): F =>
  Object.defineProperty(activation, NAME, { value: name });

/** The name that a function of `wasmgrad/ops` has; undefined for others. */
export const activationNameOf = (given: object): string | undefined =>
  (given as { readonly [NAME]?: string })[NAME];

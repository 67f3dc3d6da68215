/** What files may be made of, by family. */
import { later } from "../../check/kinds.js";

/** A function that makes a layer, a loss or another part of what it was given and its options. */
export type Maker = (...given: never[]) => unknown;

/** Functions that make parts, and parts of your own, by name. */
export type NamedParts = { readonly [name: string]: unknown };

/**
 * Parts by the names of the functions that make them, as `{ layers: { dense, attention } }`: those of your own, which nothing
 * else can know, and those of wasmgrad that a page needs, which then imports no others. A custom layer is made by its function
 * from `{ ...configuration, name, trainable }`; other functions of your own are taken as they are.
 */
export interface Parts {
  /** Functions that make layers, by the kinds of these. */
  readonly layers?: { readonly [kind: string]: Maker };
  /** Functions that make activations with options, and activations of your own. */
  readonly activations?: NamedParts;
  readonly initializers?: NamedParts;
  readonly constraints?: NamedParts;
  /** Functions that make losses, and losses of your own, as `compile` takes them. */
  readonly losses?: NamedParts;
  /** Functions that make metrics, and metrics of your own, as `customMetric` makes them. */
  readonly metrics?: NamedParts;
  readonly optimizers?: NamedParts;
  /** Functions that make schedules, and schedules of your own. */
  readonly schedules?: NamedParts;
}

/** What a part is one of. */
export type Family = keyof Parts;
/** Families of what is given as an option, each by what a file calls one of them. */
export const SINGULAR = {
  activation: "activations",
  initializer: "initializers",
  constraint: "constraints",
  loss: "losses",
  metric: "metrics",
  optimizer: "optimizers",
  schedule: "schedules",
} as const satisfies Record<string, Exclude<Family, "layers">>;
export type Singular = keyof typeof SINGULAR;

/** The schema of the options that are parts. */
export const PARTS = {
  layers: /* @__PURE__ */ later<Parts["layers"]>(),
  activations: /* @__PURE__ */ later<Parts["activations"]>(),
  initializers: /* @__PURE__ */ later<Parts["initializers"]>(),
  constraints: /* @__PURE__ */ later<Parts["constraints"]>(),
  losses: /* @__PURE__ */ later<Parts["losses"]>(),
  metrics: /* @__PURE__ */ later<Parts["metrics"]>(),
  optimizers: /* @__PURE__ */ later<Parts["optimizers"]>(),
  schedules: /* @__PURE__ */ later<Parts["schedules"]>(),
};

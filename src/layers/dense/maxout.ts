import { integer } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { maxout as maxoutOf } from "../../ops/gates.js";
import { type KernelOptions, kernelSchema } from "../kernel.js";
import { type Layer, layerTitle } from "../layer.js";
import { fullyConnected } from "./fullyConnected.js";

export interface MaxoutLayerOptions extends KernelOptions {
  /** Linear functions of which each unit takes the largest; default 2. */
  readonly pieces?: number;
}

/**
 * y[j] = max over i of (x · kernel + bias)[j · pieces + i]: a fully connected layer that learns its activation, convex
 * and linear piece by piece (Goodfellow, Warde-Farley, Mirza, Courville & Bengio 2013).
 *
 * x is [rows, in] or [rows, time, in], kernel [in, units · pieces], bias [units · pieces]. The kernel starts
 * `glorotUniform`, as one of so many units: the largest of two keeps the power of a signal.
 *
 * @param units outputs, at least 1
 * @throws OptionError for options that do not exist, ShapeError when it is called on an input without features
 */
export function maxout(units: number, options: MaxoutLayerOptions = {}): Layer {
  checkSurplus("maxout", arguments, 2);
  const who = layerTitle("maxout", options?.name);
  const settled = take(who, options, { pieces: integer(1, 2), ...kernelSchema("glorotUniform") });
  const { pieces } = settled;
  const activate: typeof maxoutOf = (x) => maxoutOf(x, { pieces });
  return fullyConnected({ kind: "maxout", who, units, pieces, activate }, settled);
}

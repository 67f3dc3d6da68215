/** Gated linear units: half of the features of their input are a gate for the other half. */

import { ShapeError } from "../../check/errors.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { geGlu as geGluOf, glu as gluOf, swiGlu as swiGluOf } from "../../ops/gates.js";
import { type Layer, layerTitle, makeLayer, NAME, type NameOptions } from "../layer.js";

function gated(kind: string, apply: (x: Value) => Value, options: NameOptions): Layer {
  const who = layerTitle(kind, options?.name);
  return makeLayer({
    kind,
    options: take(who, options, NAME),
    arity: "one",
    layout: "halves",
    shape: ([x]) => {
      const shape = x as Shape;
      const size = shape.at(-1) as number;
      if (shape.length > 1 && size !== ROWS && size % 2 === 0) return [...shape.slice(0, -1), size / 2];
      throw new ShapeError(
        `${who}: input is ${formatShape(shape)}; needs an even number of features, of which one half gates the ` +
          `other. Make dense(2 * units) before it.`,
      );
    },
    parameters: () => [],
    build: ([x]) => apply(x as Value),
  });
}

/**
 * y = a · sigmoid(b), where x is [a, b] along its last axis: `glu()(dense(2 * units)(x))` (Dauphin et al. 2017). As in
 * PyTorch, the second half is the gate.
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError unless the last axis is even
 */
export function glu(options: NameOptions = {}): Layer {
  checkSurplus("glu", arguments, 1);
  return gated("glu", gluOf, options);
}

/**
 * y = silu(a) · b, where x is [a, b] along its last axis: the SwiGLU of Shazeer (2020), whose first half is the gate.
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError unless the last axis is even
 */
export function swiGlu(options: NameOptions = {}): Layer {
  checkSurplus("swiGlu", arguments, 1);
  return gated("swiGlu", swiGluOf, options);
}

/**
 * y = gelu(a) · b, where x is [a, b] along its last axis: the GEGLU of Shazeer (2020), whose first half is the gate.
 *
 * @throws OptionError for options that do not exist; when it is called, ShapeError unless the last axis is even
 */
export function geGlu(options: NameOptions = {}): Layer {
  checkSurplus("geGlu", arguments, 1);
  return gated("geGlu", geGluOf, options);
}

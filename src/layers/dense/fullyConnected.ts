/** What layers with a kernel [in, width] and a bias [width] share: dense, and maxout. */
import { Form } from "../../../assembly/isa/matmul.js";
import { ShapeError } from "../../check/errors.js";
import { integer } from "../../check/kinds.js";
import type { Settled } from "../../check/schema.js";
import { matmul } from "../../graph/primitives/matmul/matmul.js";
import { formatShape, ROWS, type Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { kernelOf, type kernelSchema } from "../kernel.js";
import { type Layer, makeLayer } from "../layer.js";

/** A layer of its kind. */
export interface FullyConnected {
  readonly kind: string;
  /** How errors call it. */
  readonly who: string;
  /** Numbers that it makes of each row. */
  readonly units: number;
  /** Columns of the kernel for each unit. */
  readonly pieces: number;
  /** What becomes of x · kernel + bias. */
  activate(product: Value): Value;
}

/** x · w, by a kernel of its own where x has one. */
const productOf = (x: Value, w: Value) => x.op.product?.(x, w) ?? matmul(x, w, { form: Form.AB });

/** y = activate(x · kernel + bias). @throws OptionError; when it is called, ShapeError for an input without features */
export function fullyConnected(
  layer: FullyConnected,
  options: Settled<ReturnType<typeof kernelSchema>>,
): Layer {
  const { kind, who, units, pieces, activate } = layer;
  integer(1)(who, "units", units);
  const kernel = kernelOf(who, options);
  const declare = (fanIn: number) => kernel.declare([fanIn, units * pieces], { fanIn, fanOut: units });
  // What an initializer is not for, it refuses before the layer is called.
  declare(1);
  return makeLayer({
    kind,
    given: [units],
    options,
    arity: "one",
    layout: "dense",
    shape: ([x]) => {
      const input = x as Shape;
      // Rank 3 is [rows, time, features]; images are meant to be flattened, not mixed channel by channel.
      if (input.length < 2 || input.length > 3) {
        const mend = input.length > 3 ? " Add flatten() before it." : "";
        throw new ShapeError(`${who}: input is ${formatShape(input)}; needs [rows, features].${mend}`);
      }
      if (input.at(-1) === ROWS) {
        throw new ShapeError(
          `${who}: input is ${formatShape(input)}; needs features as its last axis, whose number is known.`,
        );
      }
      return [...input.slice(0, -1), units];
    },
    parameters: ([x]) => declare((x as Shape).at(-1) as number),
    build: ([x], parameters, context) =>
      kernel.apply((w) => productOf(x as Value, w), parameters, context, activate),
  });
}

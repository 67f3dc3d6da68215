import { share } from "../../check/kinds.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import { dropout as dropoutOp } from "../../graph/primitives/random/dropout.js";
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, layerTitle, makeLayer, NAME, type NameOptions } from "../layer.js";

/**
 * While training sets each element to 0 with probability `rate` and divides the others by 1 − rate; does nothing in
 * `evaluate` and `predict` (Srivastava et al. 2014, inverted form).
 *
 * What is dropped follows from the seed, the step and the layer's place alone. With `accumulate`, micro-batches drop
 * what the whole step would where a row has a multiple of 4 elements; else something else.
 *
 * @param rate in [0, 1)
 * @throws OptionError for a rate outside [0, 1)
 */
export function dropout(rate: number, options: NameOptions = {}): Layer {
  checkSurplus("dropout", arguments, 2);
  const who = layerTitle("dropout", options?.name);
  const settled = take(who, options, NAME);
  share()(who, "rate", rate);
  return makeLayer({
    kind: "dropout",
    given: [rate],
    options: settled,
    arity: "one",
    layout: "elementwise",
    shape: ([x]) => x as Shape,
    parameters: () => [],
    build: ([x], _, { training, node }) =>
      training && rate > 0 ? dropoutOp(x as Value, { rate, node }) : (x as Value),
  });
}

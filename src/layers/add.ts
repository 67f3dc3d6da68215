import { ShapeError } from "../errors.js";
import { formatShape, type Shape, sameShape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { add as addOp } from "../ops/binary.js";
import { checkKeys } from "../options.js";
import { type Layer, layerTitle, makeLayer, type NameOptions } from "./layer.js";

/** y = Σ of its inputs, all of one shape: the joint of a residual connection, `add()(x, branch)`. */
export function add(options: NameOptions = {}): Layer {
  checkKeys("add", options, ["name"]);
  const who = layerTitle("add", options.name);
  return makeLayer({
    kind: "add",
    name: options.name,
    arity: "many",
    shape: (inputs) => {
      const [first] = inputs as [Shape];
      const odd = inputs.find((shape) => !sameShape(shape, first));
      if (odd === undefined) return first;
      throw new ShapeError(
        `${who}: inputs are ${formatShape(first)} and ${formatShape(odd)}; needs equal shapes.`,
      );
    },
    parameters: () => [],
    build: ([first, ...others]) => others.reduce((sum, x) => addOp(sum, x), first as Value),
  });
}

/** Layers that go by the statistics of each row alone. */
import type { Shape } from "../../graph/shape.js";
import type { Value } from "../../graph/value.js";
import { type Layer, type LayerDefinition, type Layout, makeLayer } from "../layer.js";
import type { ScaleAndCenter } from "./scaleAndCenter.js";

/** How such a layer is made. */
export interface RowNorm {
  readonly kind: string;
  readonly options: LayerDefinition["options"];
  readonly scaling: ScaleAndCenter;
  /** What of the features goes together; default each for itself. */
  readonly layout?: Layout;
  /** Axes that gamma and beta go along, of an input that fits. @throws ShapeError */
  axesOf(input: Shape): readonly number[];
  normalize(x: Value): Value;
}

/** gamma · normalize(x) + beta, in training and without. */
export function rowNorm({
  kind,
  options,
  scaling,
  layout = "normalization",
  axesOf,
  normalize,
}: RowNorm): Layer {
  return makeLayer({
    kind,
    options,
    arity: "one",
    layout,
    shape: ([x]) => {
      axesOf(x as Shape);
      return x as Shape;
    },
    parameters: ([x]) => {
      const input = x as Shape;
      return scaling.declare(axesOf(input).map((axis) => input[axis] as number));
    },
    build: ([x], parameters, context) => {
      const input = x as Value;
      return scaling.apply(normalize(input), { parameters, axes: axesOf(input.shape), context });
    },
  });
}

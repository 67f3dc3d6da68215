import { ShapeError } from "../check/errors.js";
import { formatShape, type Shape } from "../graph/shape.js";
import { type Layer, layerTitle } from "./layer.js";

/** @throws ShapeError when uses of one layer would need weights of different shapes */
export function checkShared(
  layer: Layer,
  shared: readonly { readonly shape: Shape }[],
  declared: readonly { readonly shape: Shape }[],
): void {
  const shapes = (of: typeof shared) => of.map(({ shape }) => formatShape(shape)).join(" and ");
  if (shapes(shared) === shapes(declared)) return;
  throw new ShapeError(
    `${layerTitle(layer.kind, layer.label)}: is shared between inputs whose weights would differ: ` +
      `${shapes(shared)}, and ${shapes(declared)}. Make a second layer.`,
  );
}

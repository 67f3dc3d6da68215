import { ShapeError } from "../check/errors.js";
import { integer } from "../check/kinds.js";
import { describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { ROWS, type Shape } from "../graph/shape.js";
import { makeLayer, NAME, type NameOptions, type Node } from "./layer.js";

/**
 * Where data enters: `input(784)` takes rows of 784 numbers, `input([28, 28, 1])` rows of that shape.
 *
 * @param shape features of a row, or the sizes of its axes
 * @throws OptionError for a size that is not a positive integer
 */
export function input(shape: number | Shape, options: NameOptions = {}): Node {
  checkSurplus("input", arguments, 2);
  const settled = take("input", options, NAME);
  if (typeof shape !== "number" && !Array.isArray(shape)) {
    throw new ShapeError(
      `input: shape is ${describe(shape)}; needs a number, as in input(4), or an array of them.`,
    );
  }
  const row: number[] =
    // Each is checked as it comes, so that an array of holes is refused by its first.
    Array.from(typeof shape === "number" ? [shape] : shape, (axis) =>
      integer(1)("input", "an axis of its shape", axis),
    );
  if (row.length === 0) throw new ShapeError("input: shape is []; needs at least one axis, as in input(4).");
  const layer = makeLayer({
    kind: "input",
    given: [row],
    options: settled,
    arity: "many",
    layout: "input",
    shape: () => [ROWS, ...row],
    parameters: () => [],
    build: ([x]) => x as NonNullable<typeof x>,
  });
  return { layer, inputs: [], shape: [ROWS, ...row], site: new Error() };
}

/** Numbers that are known when the graph is built: quarters, so that each is an f32. */
import fc from "fast-check";
import type { NdArray } from "../../../src/graph/reference/ndArray.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import { constant, type Numbers } from "../../../src/ops/constant.ts";
import type { Application, OpCase } from "../../cases/case.ts";

const numbersOf = (size: number) => Array.from({ length: size }, (_, i) => ((i * 7) % 23) / 4 - 2.5);

/** Flat numbers, nested as a shape has it. */
function nested(flat: readonly number[], [length, ...inner]: Shape): Numbers {
  if (length === undefined) return flat[0]!;
  const part = flat.length / length;
  return Array.from({ length }, (_, i) => nested(flat.slice(i * part, (i + 1) * part), inner));
}

const constantOf = (shape: Shape, form: "nested" | "flat" | "typed"): Application => {
  const flat = numbersOf(shape.reduce((product, axis) => product * axis, 1));
  const given = form === "typed" ? Float64Array.from(flat) : flat;
  return {
    inputs: [],
    build: () => (form === "nested" ? constant(nested(flat, shape)) : constant(given, shape)),
    define: (): NdArray => ({ shape, data: Float64Array.from(flat) }),
    attributes: { shape, form },
  };
};

const forms = fc.constantFrom("nested", "flat", "typed");
/** An empty axis can only be nested as the last one: `[[], []]`. */
const shapes = fc.constantFrom<Shape>([], [1], [0], [5], [2, 3], [3, 0], [4, 1, 2], [17]);

export const constants = {
  constant: {
    applications: fc.tuple(shapes, forms).map((all) => constantOf(...all)),
    accuracy: "exact",
    gradient: "leaf",
    large: constantOf([64, 1024], "flat"),
  },
} as const satisfies Record<string, OpCase>;

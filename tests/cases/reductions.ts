/** Rows of reductions over any axes. */
import type { Over } from "../../src/graph/primitives/reduce/reduce.ts";
import type { Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import type { Accuracy, Application, Input, OpCase } from "./case.ts";
import { LARGE } from "./maps.ts";
import { overAxes } from "./shapes.ts";

export function reduction(
  op: (x: Value, over: Over) => Value,
  domains: Pick<Input, "domain" | "smooth">,
  accuracy: Accuracy,
): OpCase {
  const apply = ({ shape, axes }: { shape: Shape; axes: number[] }): Application => ({
    inputs: [{ shape, ...domains }],
    build: ([x]) => op(x!, { axes }),
    attributes: { axes },
  });
  return {
    applications: overAxes.map(apply),
    accuracy,
    gradient: "finite differences",
    large: apply({ shape: LARGE, axes: [1] }),
  };
}

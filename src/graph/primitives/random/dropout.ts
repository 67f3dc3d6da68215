import { randomKinds } from "../../../compile/facts/random.js";
import { defineOp, type OpFunction } from "../../op.js";
import type { Value } from "../../value.js";
import { count, real } from "../operands.js";

export interface DropoutAttributes {
  /** Share of the elements that become 0, in [0, 1). */
  readonly rate: number;
  /** Keys the random numbers: masks of one step differ from node to node. */
  readonly node: number;
}

/**
 * y = x · mask / (1 − rate): inverted dropout (Srivastava et al. 2014).
 * Linear in x, so the adjoint is the same op: the mask is drawn again from (seed, step, node), never stored.
 */
export const dropout: OpFunction<[Value], DropoutAttributes> = defineOp<[Value], DropoutAttributes>({
  name: "dropout",
  role: "passes",
  shape: ([x]) => x.shape,
  vjp: (_, __, dy, attributes) => [dropout(dy, attributes)],
  lower: (emit, [x], y, { rate, node }) =>
    emit(randomKinds.Dropout, { y, x, count: count(x.shape), rate: real(rate), node }),
  inPlace: [0],
});

import { transcendentalKinds } from "../../../compile/facts/transcendental.js";
import type { OpFunction } from "../../op.js";
import type { Value } from "../../value.js";
import { greaterEqual } from "../choice/comparison.js";
import { select } from "../choice/select.js";
import { affine } from "../elementwise/affine.js";
import { binary, equal, multiply } from "../elementwise/binary.js";
import { fill } from "../elementwise/fill.js";
import { log } from "./exponential.js";

const scalar = (value: number) => fill({ shape: [], value });

/**
 * y = aᵇ, with the special cases of IEEE 754's pow.
 *
 * da = dy · b · aᵇ⁻¹, which is 0 where b = 0; db = dy · y · ln a, which is 0 where a = 0 and b ≥ 0, as in PyTorch.
 */
export const power: OpFunction<[Value, Value], undefined> = binary(
  "power",
  () => transcendentalKinds.Power,
  (a, b, y, dy) => {
    const slope = multiply(b, power(a, affine(b, { scale: 1, offset: -1 })));
    const da = multiply(dy, select(equal(b, scalar(0)), scalar(0), slope));
    const isFlat = multiply(equal(a, scalar(0)), greaterEqual(b, scalar(0)));
    const db = multiply(dy, select(isFlat, scalar(0), multiply(y, log(a))));
    return [da, db];
  },
);

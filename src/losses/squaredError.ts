import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { squaredError } from "../graph/primitives/loss/loss.js";
import { REDUCTION } from "./arguments.js";
import type { Loss, ReductionOptions } from "./loss.js";
import { lastAxis, sameAsOutput, withColumns } from "./outputs.js";

/**
 * Mean over all elements of (prediction − target)², or their sum.
 *
 * @throws OptionError for options that do not exist
 */
export function meanSquaredError(options: ReductionOptions = {}): Loss {
  checkSurplus("meanSquaredError", arguments, 1);
  const settled = take("meanSquaredError", options, REDUCTION);
  const { reduction } = settled;
  return {
    name: "meanSquaredError",
    options: settled,
    reduction,
    decision: "none",
    targets: sameAsOutput,
    build: (prediction, target) => {
      const columns = withColumns(prediction);
      const losses = squaredError(columns, withColumns(target));
      return { losses, divisor: reduction === "mean" ? lastAxis(columns.shape) : 1 };
    },
    constantAnswer: { by: "variance" },
  };
}

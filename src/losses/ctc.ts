/** Connectionist temporal classification. */

import { ShapeError } from "../check/errors.js";
import { flag, integer } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { ctcAlpha, ctcLoss } from "../graph/primitives/sequence/ctc.js";
import { formatShape, type Shape } from "../graph/shape.js";
import type { Value } from "../graph/value.js";
import { equal, greaterEqual, where } from "../ops/comparison.js";
import { divide, maximum } from "../ops/elementwise.js";
import { sum } from "../ops/reductions.js";
import type { TargetForm } from "../rows/target.js";
import { REDUCTION } from "./arguments.js";
import type { LogitsOptions, Loss, ReductionOptions } from "./loss.js";
import { LOGITS, logSoftmaxLogits } from "./outputs.js";

export interface CtcOptions extends ReductionOptions, LogitsOptions {
  /** The class that stands for no label; default 0. */
  readonly blank?: number;
  /** Rows with too few times for their labels cost nothing instead of being refused; default false. */
  readonly zeroInfinity?: boolean;
}

/**
 * −ln of the probability that a sequence spells its labels, over all alignments (Graves et al. 2006): an alignment names a
 * class at each time, and spells what is left when repeats are made one and blanks are dropped.
 *
 * The output is [rows, time, classes], the blank among the classes: logits, or a softmax or log-softmax, behind which it
 * finds the logits; others as crossEntropy takes them. The target is [rows, labels]: the labels of a row, then −1 up to the end. Rows may
 * have any number of columns, the same in all data of a `fit`. All times of an output count: rows are not masked.
 *
 * A mean divides the loss of each row by the number of its labels, at least 1, as PyTorch's CTCLoss does and Keras does
 * not. A row needs a time for each label, and one more between two that are alike: with fewer its loss is infinite, and it
 * is refused, or costs 0 with `zeroInfinity`.
 *
 * @throws OptionError for options that do not exist or are outside their domain; at `compile`, ShapeError for an output of
 *   another shape
 */
export function ctc(options: CtcOptions = {}): Loss {
  checkSurplus("ctc", arguments, 1);
  const schema = { blank: integer(0, 0), zeroInfinity: flag(false), ...REDUCTION, ...LOGITS };
  const settled = take("ctc", options, schema);
  const { blank, zeroInfinity, fromLogits, reduction } = settled;
  return {
    name: "ctc",
    options: settled,
    reduction,
    decision: "none",
    // Of how many labels is known with the data; until then the plan is for one.
    targets: (output, columns = 1) => [labelsOf(output, blank, columns, zeroInfinity)],
    build: (prediction, target) => {
      const mend = 'For places that each have a label, use "crossEntropy".';
      const logits = logSoftmaxLogits("ctc", prediction, mend, fromLogits);
      const exact = ctcLoss(logits, ctcAlpha(logits, target, { blank }), target, { blank });
      const losses = zeroInfinity ? where(equal(exact, Number.POSITIVE_INFINITY), 0, exact) : exact;
      return { losses: reduction === "mean" ? divide(losses, lengths(target)) : losses };
    },
  };
}

/** How many labels each row has, at least 1. */
const lengths = (target: Value): Value => maximum(sum(greaterEqual(target, 0), { axis: 1 }), 1);

/** @throws ShapeError unless the output has a time and the blank among its classes */
function labelsOf(output: Shape, blank: number, columns: number, zeroInfinity: boolean): TargetForm {
  const [, time, classes] = output;
  if (output.length !== 3 || time === undefined || classes === undefined || classes <= blank) {
    throw new ShapeError(
      `ctc: output is ${formatShape(output)}; needs [rows, time, classes] with a blank of class ${blank}.`,
    );
  }
  const isLabel = (value: number) =>
    Number.isInteger(value) && value >= -1 && value < classes && value !== blank;
  const needed = `needs an integer class from 0 to ${classes - 1} other than the blank ${blank}, or −1 behind the last`;
  return {
    row: [columns],
    fault: (value) => (isLabel(value) ? undefined : needed),
    faultOfRow: (row) => misfit(row, time, zeroInfinity),
  };
}

/** What is wrong with the labels of a row, if anything. */
function misfit(row: ArrayLike<number>, time: number, zeroInfinity: boolean): string | undefined {
  const labels = Array.from(row);
  const end = labels.indexOf(-1);
  const length = end < 0 ? labels.length : end;
  if (labels.some((label, i) => i > length && label >= 0)) {
    return "has a label behind a −1; needs all labels before it";
  }
  const repeats = labels.filter((label, i) => i > 0 && i < length && label === labels[i - 1]).length;
  if (zeroInfinity || length + repeats <= time) return undefined;
  return (
    `has ${length} labels, ${repeats} of them like the one before, for ${time} times; needs ${length + repeats}. ` +
    "Give a longer output, or zeroInfinity: true"
  );
}

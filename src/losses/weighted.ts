/** Cross-entropies with weights of classes, or smoothed labels: imported when a loss has them. */
import { affine, negate } from "../graph/primitives/elementwise/affine.js";
import { add, multiply, subtract } from "../graph/primitives/elementwise/binary.js";
import { fill } from "../graph/primitives/elementwise/fill.js";
import { crossEntropy, crossEntropyOneHot } from "../graph/primitives/loss/loss.js";
import { take as gather, oneHot } from "../graph/primitives/move/indexing.js";
import { constant } from "../graph/primitives/step/source.js";
import { softplus } from "../graph/primitives/transcendental/transcendental.js";
import type { Value } from "../graph/value.js";
import type { LossTerms } from "./loss.js";

const scalar = (value: number): Value => fill({ shape: [], value });

const vector = (values: readonly number[]): Value =>
  constant({ shape: [values.length], values: Float32Array.from(values) });

/**
 * −Σ_c w_c t_c ln p_c of each row.
 *
 * @param isLabel whether the target is the number of a class, and not its probabilities
 */
export function weightedEntropy(
  logits: Value,
  target: Value,
  isLabel: boolean,
  smoothing: number,
  classWeights: readonly number[] | undefined,
): LossTerms {
  const classes = logits.shape.at(-1) as number;
  const ofClasses = classWeights && vector(classWeights);
  const weights = ofClasses && isLabel ? gather(ofClasses, target, { axis: 0 }) : undefined;
  if (weights !== undefined && smoothing === 0) return { losses: crossEntropy(logits, target), weights };
  const hot = isLabel ? oneHot(target, { depth: classes }) : target;
  const smooth = smoothing === 0 ? hot : affine(hot, { scale: 1 - smoothing, offset: smoothing / classes });
  const losses = crossEntropyOneHot(logits, ofClasses ? multiply(smooth, ofClasses) : smooth);
  return weights === undefined ? { losses } : { losses, weights, isWeighted: true };
}

/** w t softplus(−x) + (1 − t) softplus(x) for each element. */
export function weightedBinary(logits: Value, target: Value, weight: number | readonly number[]): Value {
  const yes = multiply(target, typeof weight === "number" ? scalar(weight) : vector(weight));
  const no = subtract(scalar(1), target);
  return add(multiply(yes, softplus(negate(logits))), multiply(no, softplus(logits)));
}

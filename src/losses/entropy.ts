/** The cross-entropy without weights. */
import * as lossOps from "../graph/primitives/loss/loss.js";
import type { Value } from "../graph/value.js";
import { areRows } from "./outputs.js";

/** Of logits and targets as they are given. */
export const entropyOf = (logits: Value, target: Value): Value =>
  (areRows(logits, target) ? lossOps.crossEntropyOneHot : lossOps.crossEntropy)(logits, target);

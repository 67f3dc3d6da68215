import { integer, numberOf } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { optimizerKinds } from "../compile/facts/optimizer.js";
import { type Instruction, instruction } from "../compile/instruction.js";
import type { UpdateGroup, UpdatePlaces } from "../compile/update.js";
import { chooseOptimizer, type OptimizerName } from "./index.js";
import { floats, type Optimizer, placesOf, real } from "./optimizer.js";
import { RARE } from "./rare.js";

export interface LookaheadOptions {
  /** Steps of the wrapped optimizer between two of the slow weights: k in the paper, at least 1; default 5. */
  readonly period?: number;
  /** Share of the way that the slow weights go: α in the paper, in (0, 1]; default 0.5. */
  readonly share?: number;
}

/**
 * Lookahead around any optimizer (Zhang et al. 2019, algorithm 1): every `period` steps, slow weights go a share of the
 * way to where the fast ones came, slow += share · (w − slow), and the fast ones start again from there, w = slow.
 *
 * `k = 5` and `α = 0.5` are what the paper has on ImageNet; TensorFlow Addons defaults to 6 and 0.5. Moments of the
 * wrapped optimizer stay as they are. A constraint is applied behind it, so that it holds for the slow weights too. It
 * takes one more copy of the weights.
 *
 * @param optimizer a name, or one that is configured
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function lookahead(optimizer: OptimizerName | Optimizer, options: LookaheadOptions = {}): Optimizer {
  checkSurplus("lookahead", arguments, 2);
  const inner = chooseOptimizer(optimizer, RARE, "lookahead");
  const settled = take("lookahead", options, {
    period: integer(1, 5),
    share: numberOf("a number in (0, 1]", (part) => part > 0 && part <= 1)(0.5),
  });
  const { period, share } = settled;
  const pass = ({ parameters, slots }: UpdatePlaces, { since }: UpdateGroup, isAfter: 0 | 1): Instruction =>
    instruction(optimizerKinds.Lookahead, "lookahead", {
      slow: slots[inner.slots] ?? null,
      parameter: parameters,
      count: floats(parameters),
      period,
      share: real(share),
      isAfter,
      since,
    });
  return {
    ...inner,
    name: `lookahead(${inner.name})`,
    given: [optimizer],
    options: settled,
    slots: inner.slots + 1,
    instructions: (places, group) => [
      pass(places, group, 0),
      ...inner.instructions(placesOf(inner, places), group),
      pass(places, group, 1),
    ],
    after: (places, group) => inner.after?.(placesOf(inner, places), group) ?? [],
  };
}

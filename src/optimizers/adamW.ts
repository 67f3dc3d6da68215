import { flag } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { type AdamOptions, adamOf } from "./adam.js";
import { momentSchema } from "./moments.js";
import { common, type Optimizer } from "./optimizer.js";

/** Those of `adam`; weightDecay is 0.01 unless it is given (Keras: 0.004). */
export type AdamWOptions = Omit<AdamOptions, "decoupled">;

/**
 * `adam` with decoupled weight decay: w −= learningRate · weightDecay · w before the step, and nothing of it in the
 * moments (Loshchilov & Hutter 2019). As torch.optim.AdamW: the learning rate is 0.001 and weightDecay 0.01 unless they
 * are given.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function adamW(options: AdamWOptions = {}): Optimizer {
  checkSurplus("adamW", arguments, 1);
  const schema = { ...common(0.001, 0.01), ...momentSchema(), amsgrad: flag(false) };
  return adamOf("adamW", take("adamW", options, schema), true);
}

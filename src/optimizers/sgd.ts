import { flag, numberOf, share } from "../check/kinds.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { updateKinds } from "../compile/facts/update.js";
import { common, configured, type Optimizer, type OptimizerOptions, pass, real } from "./optimizer.js";

export interface SgdOptions extends OptimizerOptions {
  /** Share of the last velocity that is kept, in [0, 1); default 0. */
  readonly momentum?: number;
  /** Looks ahead along the velocity; default false. */
  readonly nesterov?: boolean;
}

/**
 * g = gradient + weightDecay · w; v = momentum · v + g; w −= learningRate · (nesterov ? g + momentum · v : v).
 *
 * As torch.optim.SGD: v starts at 0 and there is no dampening (Sutskever et al. 2013). The learning rate is 0.01 unless
 * it is given. With all rows in a batch it is gradient descent, with one row in a batch stochastic gradient descent.
 *
 * @throws OptionError for options that do not exist or lie outside their domain
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  checkSurplus("sgd", arguments, 1);
  const settled = take("sgd", options, { ...common(0.01), momentum: share(0), nesterov: flag(false) });
  const { momentum, nesterov } = settled;
  if (nesterov) numberOf("a number in (0, 1) with nesterov", (m) => m > 0)()("sgd", "momentum", momentum);
  const amplification = 1 / (1 - momentum);
  return {
    ...configured("sgd", settled),
    slots: momentum === 0 ? 0 : 1,
    bound: (decay) => ({ amplification, constant: 0, decay: decay * amplification }),
    instructions: ({ slots: [velocity = null], ...places }, group) => [
      pass(updateKinds.Sgd, "sgd", places, group, {
        velocity,
        momentum: real(momentum),
        nesterov: nesterov ? 1 : 0,
      }),
    ],
  };
}

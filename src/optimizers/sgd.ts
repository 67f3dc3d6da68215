import { checkKeys, checkNumber, checkShare, checkType } from "../check/options.js";
import { updateKinds } from "../compile/facts/update.js";
import {
  COMMON_OPTIONS,
  commonOptions,
  type Optimizer,
  type OptimizerOptions,
  pass,
  real,
} from "./optimizer.js";

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
  checkKeys("sgd", options, [...COMMON_OPTIONS, "momentum", "nesterov"]);
  const { momentum = 0, nesterov = false } = options;
  checkShare("sgd", "momentum", momentum);
  checkType("sgd", "nesterov", nesterov, "boolean");
  if (nesterov) checkNumber("sgd", "momentum", momentum, "a number in (0, 1) with nesterov", (m) => m > 0);
  const amplification = 1 / (1 - momentum);
  return {
    ...commonOptions("sgd", options, 0.01),
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

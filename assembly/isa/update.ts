/**
 * The commonest updates of weights. In all updates, `rate` is a factor on the learning rate of the step, and `since` the
 * step that they began at.
 */
export enum UpdateOp {
  Sgd = 0x600,
  Adam = 0x601,
}

export enum SgdRecord { parameter = 2, velocity, gradient, count, momentum, nesterov, decay, rate, words }
/** With `largest`, an address, it divides by the largest variance so far: AMSGrad. */
export enum AdamRecord { parameter = 2, mean, variance, largest, gradient, count, beta1, beta2, epsilon, decay, decoupled, rate, since, words }

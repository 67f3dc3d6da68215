/** The rarer updates of weights, and what is done to gradients before and to weights after. */
export enum OptimizerOp {
  Adagrad = 0xb00,
  Rmsprop = 0xb01,
  Adadelta = 0xb02,
  Adamax = 0xb03,
  Nadam = 0xb04,
  Radam = 0xb05,
  Lion = 0xb06,
  Lbfgs = 0xb07,
  /** average = (1 − share) · average + share · parameter: MovingAverageRecord */
  MovingAverage = 0xb08,
  /** Slow weights follow the fast ones every `period` steps: LookaheadRecord */
  Lookahead = 0xb09,
  /** Clips each element of a gradient to ±limit, or its norm to `limit`: ClipGradientRecord */
  ClipGradient = 0xb0a,
  /** Brings a parameter back into what its constraint allows: ConstrainRecord */
  Constrain = 0xb0b,
}

export enum AdagradRecord { parameter = 2, sum, gradient, count, epsilon, rateDecay, initial, decay, rate, since, words }
/** `share` is 1 − rho, which 1 less a rounded rho is not. Without momentum, velocity is 0; unless it is centered, mean is 0. */
export enum RmspropRecord { parameter = 2, square, mean, velocity, gradient, count, share, epsilon, momentum, decay, rate, words }
export enum AdadeltaRecord { parameter = 2, square, change, gradient, count, share, epsilon, decay, rate, words }
export enum AdamaxRecord { parameter = 2, mean, largest, gradient, count, beta1, beta2, epsilon, decay, rate, since, words }
/** momentumBase + momentumRest: 0.96^momentumDecay, as a float and what the float leaves of it. */
export enum NadamRecord { parameter = 2, mean, variance, gradient, count, beta1, beta2, epsilon, momentumBase, momentumRest, decay, decoupled, rate, since, words }
/** beta2 + beta2Rest: as a float and what the float leaves of it. */
export enum RadamRecord { parameter = 2, mean, variance, gradient, count, beta1, beta2, beta2Rest, epsilon, decay, decoupled, rate, since, words }
export enum LionRecord { parameter = 2, mean, gradient, count, beta1, beta2, decay, rate, words }
/** `steps` and `changes` are `history` slots each, one behind the other, `count` floats apart: the oldest first. */
export enum LbfgsRecord { parameter = 2, direction, previous, steps, changes, gradient, count, history, decay, rate, since, words }
export enum MovingAverageRecord { average = 2, parameter, count, share, since, words }
/** `isAfter`: 0 before the update, where the slow weights begin; 1 after it. */
export enum LookaheadRecord { slow = 2, parameter, count, period, share, isAfter, since, words }
export enum ClipGradientRecord { gradient = 2, count, limit, byNorm, words }
/** A parameter is [outer, inner]; its norms are those of its columns. */
export enum ConstrainRecord { parameter = 2, outer, inner, kind, low, high, words }

/** What a parameter is kept to after each update. */
export enum Constraint {
  /** low ≤ w ≤ high */
  Range = 0,
  /** low ≤ ‖column‖ ≤ high, by scaling the column */
  Norm = 1,
}

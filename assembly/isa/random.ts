/** The commonest random numbers. */
export enum RandomOp {
  /** y = uniform over [low, high), drawn from (seed, node): UniformRecord */
  Uniform = 0x500,
  /** y = x · mask / (1 − rate), the mask drawn from (seed, step, node): DropoutRecord */
  Dropout = 0x501,
}

export enum UniformRecord { y = 2, count, low, high, node, words }
export enum DropoutRecord { y = 2, x, count, rate, node, words }

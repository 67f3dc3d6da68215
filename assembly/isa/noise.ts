/** Random numbers of rarer kinds. */
export enum NoiseOp {
  /** y = mean + deviation · z, z normal, drawn again while it is beyond `limit` deviations, from (seed, node): NormalRecord */
  Normal = 0xa00,
  /** y = uniform over [low, high), or normal of mean `low` and deviation `high`, drawn from (seed, step, node): NoiseRecord */
  UniformNoise = 0xa01,
  NormalNoise = 0xa02,
}

export enum NormalRecord { y = 2, count, mean, deviation, limit, node, words }
export enum NoiseRecord { y = 2, count, low, high, node, words }

/**
 * Functions of values: what layers, losses and traced functions are written with. Each differentiates itself.
 *
 * Shapes broadcast as in NumPy. Where a value is taken, a number may stand for a scalar. An axis below 0 counts from
 * the end; in a shape, −1 stands for the rows of the step.
 *
 * @packageDocumentation
 */
export type { Shape } from "../graph/shape.js";
export type { Value } from "../graph/value.js";
export {
  type CeluOptions,
  celu,
  type EluOptions,
  elu,
  type GeluOptions,
  gelu,
  geluTanh,
  type HardTanhOptions,
  hardSigmoid,
  hardSwish,
  hardTanh,
  type LeakyReluOptions,
  leakyRelu,
  logSoftmax,
  mish,
  relu,
  relu6,
  type SoftmaxOptions,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  swish,
  tanh,
} from "./activations.js";
export { equal, greater, greaterEqual, less, lessEqual, notEqual, where } from "./comparison.js";
export { constant, type Numbers } from "./constant.js";
export { customGradient, type ForEach } from "./customGradient.js";
export {
  abs,
  add,
  clip,
  cos,
  divide,
  erf,
  exp,
  expm1,
  log,
  log1p,
  maximum,
  minimum,
  multiply,
  negate,
  power,
  reciprocal,
  rsqrt,
  sign,
  sin,
  sqrt,
  square,
  stopGradient,
  subtract,
} from "./elementwise.js";
export { geGlu, glu, type MaxoutOptions, maxout, prelu, swiGlu } from "./gates.js";
export { type GatherOptions, gather, oneHot } from "./indexing.js";
export {
  type BatchNormOptions,
  batchNorm,
  groupNorm,
  instanceNorm,
  type LayerNormOptions,
  layerNorm,
  type NormOptions,
  type RmsNormOptions,
  rmsNorm,
} from "./normalization.js";
export type { Operand } from "./operand.js";
export {
  type AxisOptions,
  concat,
  type PadOptions,
  pad,
  type SliceOptions,
  slice,
  split,
  stack,
} from "./parts.js";
export { type MatmulOptions, matmul } from "./products.js";
export {
  dropout,
  type NormalOptions,
  randomNormal,
  randomUniform,
  type UniformOptions,
} from "./random.js";
export {
  type ArgMaxOptions,
  argMax,
  argMin,
  type CumulativeSumOptions,
  cumulativeSum,
  logSumExp,
  max,
  mean,
  min,
  type ReductionOptions,
  sum,
  type VarianceOptions,
  variance,
} from "./reductions.js";
export { broadcastTo, expandDims, reshape, squeeze, tile, transpose } from "./shapes.js";
export {
  type CosineSimilarityOptions,
  cosineSimilarity,
  type PairwiseDistanceOptions,
  pairwiseDistance,
} from "./similarity.js";

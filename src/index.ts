/**
 * Trains and runs neural networks wherever JavaScript runs.
 *
 * @packageDocumentation
 */
export type { Examples } from "./data/examples.js";
export type { Nested, Tensor, TypedArray } from "./data/table.js";
export type { Targeted } from "./data/target.js";
export {
  BusyError,
  DataError,
  DisposedError,
  DivergedError,
  type Divergence,
  OptionError,
  OutOfMemoryError,
  ShapeError,
} from "./errors.js";
export type { Shape } from "./graph/shape.js";
export { type ActivationName, activation } from "./layers/activations.js";
export { add } from "./layers/add.js";
export { type DenseOptions, dense } from "./layers/dense.js";
export { dropout } from "./layers/dropout.js";
export type { InitializerName } from "./layers/initialisers.js";
export { input } from "./layers/input.js";
export type { Layer, NameOptions, Node } from "./layers/layer.js";
export { flatten, type RescaleOptions, rescale } from "./layers/reshaping.js";
export { type CompileOptions, compile, type MemoryPlan, type Model } from "./model.js";
export { type Network, type NetworkLayer, network, sequential } from "./network.js";
export type { Precision } from "./runtime/engine.js";
export type { FitOptions, ValidatedFitOptions } from "./train/fit.js";
export {
  binaryCrossEntropy,
  crossEntropy,
  type Loss,
  type LossName,
  meanSquaredError,
  type Reduction,
  type ReductionOptions,
  sumOfSquares,
} from "./train/losses.js";
export type { MetricName } from "./train/metrics.js";
export {
  type AdamOptions,
  adam,
  type LearningRate,
  type Optimizer,
  type OptimizerName,
  type SgdOptions,
  sgd,
} from "./train/optimizers.js";
export type { EpochReport, Scores, StepReport, ValidatedReport } from "./train/reports.js";
export type { Batches } from "./train/slabs.js";
export type { NewWeight, Weight, Weights } from "./train/weights.js";

/** What `wasmgrad` and `wasmgrad/core` share: everything but `compile`, which brings an engine in. */
export type { PictureOptions } from "./compile/picture.js";
export type { Examples, Rows } from "./data/examples.js";
export type { Nested, Tensor, TypedArray } from "./data/table.js";
export type { Targeted } from "./data/target.js";
export {
  BusyError,
  CallbackError,
  DataError,
  DisposedError,
  DivergedError,
  type Divergence,
  FormatError,
  GradientError,
  OptionError,
  OutOfMemoryError,
  ShapeError,
  UnsupportedError,
  WorkerError,
} from "./errors.js";
export type {
  CeluOptions,
  EluOptions,
  GeluOptions,
  HardTanhOptions,
  LeakyReluOptions,
  SoftmaxOptions,
} from "./functions/activations.js";
export type { Shape } from "./graph/shape.js";
export type { Value } from "./graph/value.js";
export { celu, elu, gelu, hardTanh, leakyRelu, logSoftmax, softmax } from "./layers/activationOptions.js";
export {
  type Activation,
  type ActivationName,
  type ActivationOption,
  activation,
} from "./layers/activations.js";
export { type BatchNormLayerOptions, batchNorm } from "./layers/batchNorm.js";
export {
  type ConstraintName,
  type ConstraintOption,
  type MinMaxNormOptions,
  maxNorm,
  minMaxNorm,
  nonNegative,
  unitNorm,
} from "./layers/constraints.js";
export {
  type CustomLayerOptions,
  type CustomParameter,
  customLayer,
  type LayerInputs,
} from "./layers/custom.js";
export { type DenseOptions, dense } from "./layers/dense.js";
export { dropout } from "./layers/dropout.js";
export type { KernelOptions } from "./layers/fullyConnected.js";
export { geGlu, glu, swiGlu } from "./layers/gated.js";
export {
  type GroupNormLayerOptions,
  groupNorm,
  type InstanceNormLayerOptions,
  instanceNorm,
} from "./layers/groupNorm.js";
export {
  constant,
  type GainOptions,
  identity,
  type NormalInitializerOptions,
  normal,
  orthogonal,
  truncatedNormal,
  type UniformInitializerOptions,
  uniform,
  type VarianceScalingOptions,
  varianceScaling,
} from "./layers/initialiserOptions.js";
export type { Initializer, InitializerName } from "./layers/initialisers.js";
export { input } from "./layers/input.js";
export type { BuildContext, Layer, NameOptions, Node, TrainableOptions } from "./layers/layer.js";
export {
  type LayerNormLayerOptions,
  layerNorm,
  type RmsNormLayerOptions,
  rmsNorm,
} from "./layers/layerNorm.js";
export { type MaxoutLayerOptions, maxout } from "./layers/maxout.js";
export {
  add,
  average,
  type ConcatenateOptions,
  concatenate,
  maximum,
  minimum,
  multiply,
  subtract,
} from "./layers/merging.js";
export { alphaDropout, gaussianDropout, gaussianNoise, spatialDropout } from "./layers/noise.js";
export { type PreluOptions, prelu } from "./layers/prelu.js";
export {
  type L1L2Options,
  l1,
  l1l2,
  l2,
  type Regularizer,
  type RegularizerName,
  type RegularizerOption,
  type RegularizerOptions,
} from "./layers/regularisers.js";
export { flatten, type RescaleOptions, rescale } from "./layers/reshaping.js";
export type { ScaleAndCentreOptions, ScaleOptions } from "./layers/scaleAndCentre.js";
export type { LiveBuffer, MemoryPeak, MemoryPlan } from "./memory.js";
export type { Model, Predictions } from "./model.js";
export type { AnyNetwork, Network, NetworkLayer, NodesLike } from "./network/description.js";
export type { End, Ends } from "./network/ends.js";
export { type NetworkOptions, network } from "./network/network.js";
export { type ChainLink, sequential } from "./network/sequential.js";
export type { ParameterConstraint } from "./ops/source.js";
export type { Precision } from "./runtime/engine.js";
export type { EngineSource } from "./runtime/module.js";
export type { WebWorker } from "./runtime/spawn.js";
export type { CompileOptions, LossOption, PerOutput } from "./settings.js";
export type { Attachments } from "./train/attachments.js";
export { stepBudget, timeBudget } from "./train/callbacks/budgets.js";
export type { Callback, Outcome, Training } from "./train/callbacks/callback.js";
export {
  type Checkpoint,
  type CheckpointOptions,
  type Checkpoints,
  checkpoint,
} from "./train/callbacks/checkpoint.js";
export {
  type EarlyStopping,
  type EarlyStoppingOptions,
  earlyStopping,
} from "./train/callbacks/earlyStopping.js";
export { type LearningRateLog, type LogUnit, learningRateLog } from "./train/callbacks/learningRateLog.js";
export type { Mode } from "./train/callbacks/monitor.js";
export { type ProgressLineOptions, progressLine } from "./train/callbacks/progressLine.js";
export {
  type ReduceOnPlateau,
  type ReduceOnPlateauOptions,
  reduceOnPlateau,
} from "./train/callbacks/reduceOnPlateau.js";
export { swapAverages } from "./train/callbacks/swapAverages.js";
export {
  type CsvLogOptions,
  csvLog,
  jsonLinesLog,
  type TextLog,
  type TextLogOptions,
} from "./train/callbacks/textLog.js";
export { type CustomLossOptions, customLoss, type LossFunction } from "./train/customLoss.js";
export type { FitOptions, ValidatedFitOptions } from "./train/fit.js";
export type { Finding, FindingKind } from "./train/health/finding.js";
export type { LayerStatistics, StepStatistics, TensorStatistics } from "./train/health/statistics.js";
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  type CrossEntropyOptions,
  crossEntropy,
} from "./train/losses/crossEntropy.js";
export { type CtcOptions, ctc } from "./train/losses/ctc.js";
export {
  type BinaryFocalOptions,
  binaryFocal,
  type FocalOptions,
  focal,
} from "./train/losses/focal.js";
export {
  type GaussianOptions,
  gaussianNegativeLogLikelihood,
  klDivergence,
  type PoissonOptions,
  poisson,
} from "./train/losses/likelihood.js";
export type {
  ClassWeightOptions,
  Loss,
  PerClass,
  Reduction,
  ReductionOptions,
} from "./train/losses/loss.js";
export {
  type CategoricalHingeOptions,
  categoricalHinge,
  hinge,
  squaredHinge,
} from "./train/losses/margin.js";
export {
  type HuberOptions,
  huber,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  type QuantileOptions,
  quantile,
  type SmoothL1Options,
  smoothL1,
  sumOfSquares,
} from "./train/losses/regression.js";
export {
  type ContrastiveOptions,
  contrastive,
  cosineSimilarity,
  type TripletDistance,
  type TripletOptions,
  triplet,
} from "./train/losses/similarity.js";
export type { LossName } from "./train/losses.js";
export {
  type AverageOptions,
  binaryAccuracy,
  cohenKappa,
  type FBetaOptions,
  f1,
  fBeta,
  matthews,
  precision,
  recall,
  specificity,
  type ThresholdOptions,
  type TopKAccuracyOptions,
  topKAccuracy,
} from "./train/metrics/classification.js";
export {
  type CustomMetricOptions,
  customMetric,
  type MetricFunction,
} from "./train/metrics/customMetric.js";
export type { Metric, MetricOptions } from "./train/metrics/metric.js";
export type { CollectedName, MetricKey, MetricName, MetricOption } from "./train/metrics.js";
export { type AdadeltaOptions, adadelta } from "./train/optimizers/adadelta.js";
export { type AdagradOptions, adagrad } from "./train/optimizers/adagrad.js";
export { type AdamOptions, adam } from "./train/optimizers/adam.js";
export { type AdamaxOptions, adamax } from "./train/optimizers/adamax.js";
export { type AdamWOptions, adamW } from "./train/optimizers/adamW.js";
export {
  type ExponentialMovingAverageOptions,
  exponentialMovingAverage,
} from "./train/optimizers/exponentialMovingAverage.js";
export type { OptimizerName } from "./train/optimizers/index.js";
export { type LbfgsOptions, lbfgs } from "./train/optimizers/lbfgs.js";
export { type LionOptions, lion } from "./train/optimizers/lion.js";
export { type LookaheadOptions, lookahead } from "./train/optimizers/lookahead.js";
export type { MomentOptions } from "./train/optimizers/moments.js";
export { type NadamOptions, nadam } from "./train/optimizers/nadam.js";
export type {
  LearningRate,
  Optimizer,
  OptimizerOptions,
  ParameterGroup,
  ParameterGroups,
} from "./train/optimizers/optimizer.js";
export { type RadamOptions, radam } from "./train/optimizers/radam.js";
export { type RmspropOptions, rmsprop } from "./train/optimizers/rmsprop.js";
export { type SgdOptions, sgd } from "./train/optimizers/sgd.js";
export {
  learningRateRangeTest,
  type RangePoint,
  type RangeTest,
  type RangeTestOptions,
} from "./train/rangeTest.js";
export type {
  EpochReport,
  NamedScores,
  OutputScores,
  Scores,
  StepReport,
  TrainingMetric,
  ValidatedReport,
} from "./train/reports.js";
export {
  type CosineDecayOptions,
  type CosineDecayRestartsOptions,
  cosineDecay,
  cosineDecayRestarts,
} from "./train/schedules/cosine.js";
export {
  type DecayOptions,
  exponentialDecay,
  type InverseSquareRootOptions,
  inverseSquareRoot,
  inverseTimeDecay,
} from "./train/schedules/exponential.js";
export { type Annealing, type OneCycleOptions, oneCycle } from "./train/schedules/oneCycle.js";
export {
  constantRate,
  type MultiStepDecayOptions,
  multiStepDecay,
  type PiecewiseConstantDecayOptions,
  piecewiseConstantDecay,
  type StepDecayOptions,
  stepDecay,
} from "./train/schedules/piecewise.js";
export {
  type LinearDecayOptions,
  linearDecay,
  type PolynomialDecayOptions,
  polynomialDecay,
} from "./train/schedules/polynomial.js";
export type { Schedule } from "./train/schedules/schedule.js";
export { stepsOfEpochs } from "./train/schedules/stepsOfEpochs.js";
export { type WarmupOptions, warmup } from "./train/schedules/warmup.js";
export type { Batches } from "./train/slabs.js";
export type { Restored, RestoreOptions, SnapshotOptions } from "./train/snapshot.js";
export type { SourceOptions } from "./train/source.js";
export type { NewWeight, Weight, Weights } from "./train/weights.js";

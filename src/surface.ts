/** What `wasmgrad` and `wasmgrad/core` share: everything but `compile`, which brings an engine in. */

export { stepBudget, timeBudget } from "./callbacks/budgets.js";
export type { Callback, CallbackState, Outcome, Training } from "./callbacks/callback.js";
export { type Checkpoints, checkpoint } from "./callbacks/checkpoint.js";
export type { Checkpoint, CheckpointOptions } from "./callbacks/checkpointOptions.js";
export {
  type EarlyStopping,
  type EarlyStoppingOptions,
  earlyStopping,
} from "./callbacks/earlyStopping.js";
export type { Every } from "./callbacks/interval.js";
export { type LearningRateLog, type LogUnit, learningRateLog } from "./callbacks/learningRateLog.js";
export type { Mode } from "./callbacks/monitor.js";
export { type ProgressLineOptions, progressLine } from "./callbacks/progressLine.js";
export {
  type ReduceOnPlateau,
  type ReduceOnPlateauOptions,
  reduceOnPlateau,
} from "./callbacks/reduceOnPlateau.js";
export { swapAverages } from "./callbacks/swapAverages.js";
export {
  type CsvLogOptions,
  csvLog,
  jsonLinesLog,
  type TextLog,
  type TextLogOptions,
} from "./callbacks/textLog.js";
export {
  BusyError,
  CallbackError,
  CheckpointError,
  DataError,
  DisposedError,
  DivergedError,
  type Divergence,
  FormatError,
  GradientError,
  OptionError,
  OutOfMemoryError,
  ShapeError,
  StorageError,
  UnsupportedError,
  WorkerError,
} from "./check/errors.js";
export type { Configured } from "./check/schema.js";
export type { PictureOptions } from "./compile/picture.js";
export type { Stage } from "./compile/stages.js";
export type { ParameterConstraint } from "./graph/primitives/step/source.js";
export type { Shape } from "./graph/shape.js";
export type { Value } from "./graph/value.js";
export type { FileLimits } from "./io/safetensors/limits.js";
export type { Attachments } from "./io/snapshot/attachments.js";
export type { Restored, RestoreOptions } from "./io/snapshot/restore.js";
export type { SnapshotOptions } from "./io/snapshot/take.js";
export type { Store } from "./io/stores/store.js";
export {
  celu,
  elu,
  gelu,
  hardTanh,
  leakyRelu,
  logSoftmax,
  softmax,
} from "./layers/activation/activationOptions.js";
export {
  type Activation,
  type ActivationName,
  type ActivationOption,
  activation,
} from "./layers/activation/activations.js";
export { type PreluOptions, prelu } from "./layers/activation/prelu.js";
export {
  type Conv1dOptions,
  type Conv2dOptions,
  type ConvOptions,
  conv1d,
  conv2d,
} from "./layers/convolution/conv.js";
export {
  type DepthwiseConv2dOptions,
  depthwiseConv2d,
  type SeparableConv2dOptions,
  separableConv2d,
} from "./layers/convolution/depthwise.js";
export {
  type GlobalPoolOptions,
  globalAveragePool1d,
  globalAveragePool2d,
  globalMaxPool1d,
  globalMaxPool2d,
} from "./layers/convolution/global.js";
export type {
  CausalPadding,
  Padding1d,
  Padding2d,
  Sides1d,
  Sides2d,
  Size2d,
} from "./layers/convolution/places.js";
export {
  type AveragePool1dOptions,
  type AveragePool2dOptions,
  adaptiveAveragePool2d,
  averagePool1d,
  averagePool2d,
  type MaxPool1dOptions,
  type MaxPool2dOptions,
  maxPool1d,
  maxPool2d,
} from "./layers/convolution/pooling.js";
export { crop2d, upsample2d, zeroPad2d } from "./layers/convolution/resizing.js";
export {
  type Conv1dTransposeOptions,
  type Conv2dTransposeOptions,
  conv1dTranspose,
  conv2dTranspose,
} from "./layers/convolution/transposed.js";
export {
  type CustomLayerOptions,
  type CustomParameter,
  customLayer,
  type LayerInputs,
} from "./layers/custom.js";
export { type DenseOptions, dense } from "./layers/dense/dense.js";
export { geGlu, glu, swiGlu } from "./layers/dense/gated.js";
export { type MaxoutLayerOptions, maxout } from "./layers/dense/maxout.js";
export { input } from "./layers/input.js";
export type { KernelOptions } from "./layers/kernel.js";
export type { BuildContext, Layer, NameOptions, Node, TrainableOptions } from "./layers/layer.js";
export {
  add,
  average,
  type ConcatenateOptions,
  concatenate,
  maximum,
  minimum,
  multiply,
  subtract,
} from "./layers/merging/merging.js";
export { dropout } from "./layers/noise/dropout.js";
export { alphaDropout, gaussianDropout, gaussianNoise, spatialDropout } from "./layers/noise/noise.js";
export { type BatchNormLayerOptions, batchNorm } from "./layers/normalization/batchNorm.js";
export {
  type GroupNormLayerOptions,
  groupNorm,
  type InstanceNormLayerOptions,
  instanceNorm,
} from "./layers/normalization/groupNorm.js";
export {
  type LayerNormLayerOptions,
  layerNorm,
  type RmsNormLayerOptions,
  rmsNorm,
} from "./layers/normalization/layerNorm.js";
export type { ScaleAndCenterOptions, ScaleOptions } from "./layers/normalization/scaleAndCenter.js";
export {
  type ConfiguredConstraint,
  type ConstraintName,
  type ConstraintOption,
  type MinMaxNormOptions,
  maxNorm,
  minMaxNorm,
  nonNegative,
  unitNorm,
} from "./layers/parameters/constraints.js";
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
} from "./layers/parameters/initializerOptions.js";
export type { Initializer, InitializerName, InitializerOption } from "./layers/parameters/initializers.js";
export {
  type L1L2Options,
  l1,
  l1l2,
  l2,
  type Regularizer,
  type RegularizerName,
  type RegularizerOption,
  type RegularizerOptions,
} from "./layers/parameters/regularizers.js";
export { flatten, type RescaleOptions, rescale } from "./layers/shape/reshaping.js";
export { sparseInput } from "./layers/sparseInput.js";
export {
  type BinaryCrossEntropyOptions,
  binaryCrossEntropy,
  type CrossEntropyOptions,
  crossEntropy,
} from "./losses/crossEntropy.js";
export { type CtcOptions, ctc } from "./losses/ctc.js";
export { type CustomLossOptions, customLoss, type LossFunction } from "./losses/customLoss.js";
export {
  type BinaryFocalOptions,
  binaryFocal,
  type FocalOptions,
  focal,
} from "./losses/focal.js";
export type { LossName } from "./losses/index.js";
export {
  type GaussianOptions,
  gaussianNegativeLogLikelihood,
  klDivergence,
  type PoissonOptions,
  poisson,
} from "./losses/likelihood.js";
export type {
  ClassWeightOptions,
  LogitsOptions,
  Loss,
  PerClass,
  Reduction,
  ReductionOptions,
} from "./losses/loss.js";
export {
  type CategoricalHingeOptions,
  categoricalHinge,
  hinge,
  squaredHinge,
} from "./losses/margin.js";
export {
  type HuberOptions,
  huber,
  logCosh,
  meanAbsoluteError,
  type QuantileOptions,
  quantile,
  type SmoothL1Options,
  smoothL1,
  sumOfSquares,
} from "./losses/regression.js";
export {
  type ContrastiveOptions,
  contrastive,
  cosineSimilarity,
  type TripletDistance,
  type TripletOptions,
  triplet,
} from "./losses/similarity.js";
export { meanSquaredError } from "./losses/squaredError.js";
export {
  type AverageOptions,
  balancedAccuracy,
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
} from "./metrics/engine/classification.js";
export {
  type CustomMetricOptions,
  customMetric,
  type MetricFunction,
} from "./metrics/engine/customMetric.js";
export type { CollectedName, MetricKey, MetricName, MetricOption } from "./metrics/engine/index.js";
export type { Better, Metric, MetricOptions } from "./metrics/engine/metric.js";
export type {
  AnswerForm,
  AnswerOptions,
  AnswersOf,
  ClassName,
  ClassNames,
  FormOf,
  RowEncoder,
} from "./model/answerForms.js";
export type { GivenGradients, UpdateReport } from "./model/inside/applyGradients.js";
export type { CloneOptions } from "./model/inside/clone.js";
export type { GradientsOptions, NamedGradients } from "./model/inside/gradients.js";
export type { Trace, TracedLayer, TracedParameter, TraceOptions } from "./model/inside/traced.js";
export type { BatchReport } from "./model/inside/trainOnBatch.js";
export type { LiveBuffer, MemoryPeak, MemoryPlan } from "./model/memory.js";
export type { Model, Predictions } from "./model/model.js";
export type { InputRows, ModelData, NamedEnds, NamedExamples, TargetRows } from "./model/named.js";
export type { ProfileOptions } from "./model/profile/profile.js";
export type { Profile, ProfiledInstruction, ProfiledLayer, ProfiledWork } from "./model/profile/report.js";
export type { CompileOptions, LossOption, PerOutput } from "./model/settings.js";
export type { NewWeight, Weight, Weights } from "./model/weights.js";
export type { AnyNetwork, Network, NetworkLayer, NodesLike, ValuesLike } from "./network/description.js";
export type { End, Ends } from "./network/ends.js";
export { type NetworkOptions, network } from "./network/network.js";
export { type ChainLink, sequential } from "./network/sequential.js";
export type {
  CeluOptions,
  EluOptions,
  GeluOptions,
  HardTanhOptions,
  LeakyReluOptions,
  SoftmaxOptions,
} from "./ops/activations.js";
export { type AdadeltaOptions, adadelta } from "./optimizers/adadelta.js";
export { type AdagradOptions, adagrad } from "./optimizers/adagrad.js";
export { type AdamOptions, adam } from "./optimizers/adam.js";
export { type AdamaxOptions, adamax } from "./optimizers/adamax.js";
export { type AdamWOptions, adamW } from "./optimizers/adamW.js";
export {
  type ExponentialMovingAverageOptions,
  exponentialMovingAverage,
} from "./optimizers/exponentialMovingAverage.js";
export type { OptimizerName } from "./optimizers/index.js";
export { type LbfgsOptions, lbfgs } from "./optimizers/lbfgs.js";
export { type LionOptions, lion } from "./optimizers/lion.js";
export { type LookaheadOptions, lookahead } from "./optimizers/lookahead.js";
export type { MomentOptions } from "./optimizers/moments.js";
export { type NadamOptions, nadam } from "./optimizers/nadam.js";
export type {
  LearningRate,
  Optimizer,
  OptimizerOptions,
  ParameterGroup,
  ParameterGroups,
} from "./optimizers/optimizer.js";
export { type RadamOptions, radam } from "./optimizers/radam.js";
export { type RmspropOptions, rmsprop } from "./optimizers/rmsprop.js";
export { type SgdOptions, sgd } from "./optimizers/sgd.js";
export type { Examples } from "./rows/examples.js";
export type { InputData, Rows } from "./rows/fields.js";
export type { Nested, Tensor, TypedArray } from "./rows/table.js";
export type { Targeted } from "./rows/target.js";
export type { Precision } from "./runtime/engine.js";
export type { EngineSource } from "./runtime/module.js";
export {
  type CosineDecayOptions,
  type CosineDecayRestartsOptions,
  cosineDecay,
  cosineDecayRestarts,
} from "./schedules/cosine.js";
export {
  type DecayOptions,
  exponentialDecay,
  type InverseSquareRootOptions,
  inverseSquareRoot,
  inverseTimeDecay,
} from "./schedules/exponential.js";
export { type Annealing, type OneCycleOptions, oneCycle } from "./schedules/oneCycle.js";
export {
  constantRate,
  type MultiStepDecayOptions,
  multiStepDecay,
  type PiecewiseConstantDecayOptions,
  piecewiseConstantDecay,
  type StepDecayOptions,
  stepDecay,
} from "./schedules/piecewise.js";
export {
  type LinearDecayOptions,
  linearDecay,
  type PolynomialDecayOptions,
  polynomialDecay,
} from "./schedules/polynomial.js";
export type { Schedule } from "./schedules/schedule.js";
export { stepsOfEpochs } from "./schedules/stepsOfEpochs.js";
export { type WarmupOptions, warmup } from "./schedules/warmup.js";
export type { Signal } from "./train/abort.js";
export type { FeedOptions as SourceOptions } from "./train/feed/feed.js";
export type { Batches } from "./train/feed/slabs.js";
export type { FitOptions, ValidatedFitOptions } from "./train/fit.js";
export type { Finding, FindingKind } from "./train/health/finding.js";
export type { LayerStatistics, StepStatistics, TensorStatistics } from "./train/health/statistics.js";
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
  StepReports,
  TrainingMetric,
  ValidatedReport,
} from "./train/scoring/reports.js";
export type { WebWorker } from "./worker/spawn.js";

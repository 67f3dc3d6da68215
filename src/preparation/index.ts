/**
 * Data before it reaches a network: encoders that are fitted on training rows and saved with the model, classes
 * balanced, splits and cross-validation, and datasets that are read while the model trains.
 *
 * @packageDocumentation
 */
export type { Nested, Tensor, TypedArray } from "../data/table.js";
export { DataError, FormatError, OptionError } from "../errors.js";
export {
  type BalanceOptions,
  classWeights,
  oversample,
  type SampleOptions,
  sampleWeights,
  undersample,
} from "./balancing.js";
export type { Categories, Category } from "./cells.js";
export type { ClassLabels } from "./classes.js";
export {
  type ColumnEncoder,
  type ColumnsEncoder,
  columns,
  type Decoded,
  type DecodedRecords,
  type Records,
} from "./columns.js";
export {
  type Build,
  type CrossValidateOptions,
  crossValidate,
  type FoldInfo,
  type Part,
  type Trainable,
  type Transform,
} from "./crossValidate.js";
export { type BatchOptions, Dataset, type ShuffleOptions, type Zipped } from "./dataset.js";
export type { Encoder, FlatOptions, SavedEncoder } from "./encoder.js";
export { type RowOptions, takeRows } from "./exampleRows.js";
export type { CrossValidation, FlatScores, FoldResult, FoldScores } from "./foldScores.js";
export {
  groupKFold,
  type KFoldOptions,
  kFold,
  leaveOneOut,
  type RepeatedKFoldOptions,
  repeatedKFold,
  stratifiedKFold,
  type TimeSeriesSplitOptions,
  timeSeriesSplit,
} from "./folds.js";
export { type HashedData, type HashingEncoderOptions, hashingEncoder } from "./hashingEncoder.js";
export { type LabelEncoder, type Labels, labelEncoder } from "./labelEncoder.js";
export { type Encoders, loadEncoder } from "./loadEncoder.js";
export { type MinMaxScalerOptions, minMaxScaler } from "./minMaxScaler.js";
export { type DecodedCategories, type OneHotEncoderOptions, oneHotEncoder } from "./oneHotEncoder.js";
export { type OrdinalEncoderOptions, ordinalEncoder } from "./ordinalEncoder.js";
export type { BlobLike, ChunkOf, Elements, StreamLike, StreamReader } from "./sources.js";
export type { Fold, Keeps, RowsToSplit, Splitter } from "./splitter.js";
export type { Batched, Unbatched } from "./stack.js";
export { standardScaler } from "./standardScaler.js";
export { type TrainTest, type TrainTestSplitOptions, trainTestSplit } from "./trainTestSplit.js";

/**
 * Data before it reaches a network: encoders that are fitted on training rows and saved with the model, classes
 * balanced, splits and cross-validation, and datasets that are read while the model trains.
 *
 * @packageDocumentation
 */

export { DataError, FormatError, OptionError } from "../check/errors.js";
export { type SparseParts, SparseRows, toSparse } from "../rows/sparseRows.js";
export type { Nested, Tensor, TypedArray } from "../rows/table.js";
export { type BatchOptions, Dataset, type ShuffleOptions, type Zipped } from "./datasets/dataset.js";
export { type RowOptions, takeRows } from "./datasets/exampleRows.js";
export type { BlobLike, ChunkOf, Elements, StreamLike, StreamReader } from "./datasets/sources.js";
export type { Batched, Unbatched } from "./datasets/stack.js";
export { type BooleanEncoderOptions, booleanEncoder } from "./encoders/booleanEncoder.js";
export type { Categories, Category } from "./encoders/cells.js";
export type { ClassLabels } from "./encoders/classes.js";
export {
  type ColumnEncoder,
  type ColumnsEncoder,
  columns,
  type Decoded,
  type DecodedRecords,
  type Records,
} from "./encoders/columns.js";
export {
  type DateEncoderOptions,
  type DatePart,
  dateEncoder,
  type Moment,
  type Moments,
} from "./encoders/dateEncoder.js";
export type { Encoder, FlatOptions, SavedEncoder } from "./encoders/encoder.js";
export { type HashedData, type HashingEncoderOptions, hashingEncoder } from "./encoders/hashingEncoder.js";
export {
  type Completed,
  type ImputerOptions,
  type Incomplete,
  type IncompleteRows,
  imputer,
} from "./encoders/imputer.js";
export { type LabelEncoder, type Labels, labelEncoder } from "./encoders/labelEncoder.js";
export { type Encoders, loadEncoder } from "./encoders/loadEncoder.js";
export { type MinMaxScalerOptions, minMaxScaler } from "./encoders/minMaxScaler.js";
export {
  type DecodedCategories,
  type OneHotEncoderOptions,
  oneHotEncoder,
} from "./encoders/oneHotEncoder.js";
export { type OrdinalEncoderOptions, ordinalEncoder } from "./encoders/ordinalEncoder.js";
export { type RobustScalerOptions, robustScaler } from "./encoders/robustScaler.js";
export { standardScaler } from "./encoders/standardScaler.js";
export {
  type CountEncoderOptions,
  countEncoder,
  type SparseEncoder,
  type TfIdfEncoderOptions,
  tfIdfEncoder,
} from "./encoders/textEncoder.js";
export type { Texts } from "./encoders/tokens.js";
export type { VocabularyOptions } from "./encoders/vocabulary.js";
export { type Augmenter, type AugmentOptions, augment, type ImageExample } from "./images/augment.js";
export { centerDrawing, type DrawingOptions } from "./images/centerDrawing.js";
export { fromImageData, type ImageDataLike, type ImageDataOptions } from "./images/fromImageData.js";
export { type Mixer, type MixupBatch, type MixupOptions, mixup } from "./images/mixup.js";
export type { ImageShape, Pixels } from "./images/pixels.js";
export { type CifarFile, type CifarOptions, readCifar } from "./images/readCifar.js";
export { type IdxFile, readIdx } from "./images/readIdx.js";
export { type ResizeOptions, resizeImages } from "./images/resize.js";
export {
  type BalanceOptions,
  classWeights,
  oversample,
  type SampleOptions,
  sampleWeights,
  undersample,
} from "./splits/balancing.js";
export {
  type Build,
  type CrossValidateOptions,
  crossValidate,
  type FoldInfo,
  type Part,
  type Trainable,
  type Transform,
} from "./splits/crossValidate.js";
export type { CrossValidation, FlatScores, FoldResult, FoldScores } from "./splits/foldScores.js";
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
} from "./splits/folds.js";
export type { Fold, Keeps, RowsToSplit, Splitter } from "./splits/splitter.js";
export { type TrainTest, type TrainTestSplitOptions, trainTestSplit } from "./splits/trainTestSplit.js";
export { type WindowOptions, type Windows, windows } from "./windows.js";

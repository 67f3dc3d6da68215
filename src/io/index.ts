/**
 * Models that leave the program that made them: as a file with all that belongs to them, or the network alone as JSON.
 *
 * ```js
 * import { load, save } from "wasmgrad/io";
 * const bytes = await save(model, { encoders, labels });
 * const served = await load(bytes);
 * const answer = await served.predict(record);
 * ```
 *
 * @packageDocumentation
 */

export { DataError, FormatError, OptionError, StorageError, UnsupportedError } from "../check/errors.js";
export type { BrainInput, BrainModel, BrainOutput } from "./brain/fromBrain.js";
export type { Inspection, InspectOptions } from "./file/inspect.js";
export { type LoadOptions, load } from "./file/load.js";
export type { Answer, Answers, LoadedModel, Predicted } from "./file/loaded.js";
export { type AnyEncoder, type ClassNames, type SaveOptions, save } from "./file/save.js";
export {
  fromBrain,
  inspect,
  loadStateDict,
  openTensors,
  toStateDict,
  writeNpy,
  writeNpz,
  writeSafetensors,
} from "./foreign.js";
export type { Maker, NamedParts, Parts } from "./network/parts.js";
export { fromJSON } from "./network/read.js";
export {
  type SavedEnd,
  type SavedLayer,
  type SavedNetwork,
  type SavedNode,
  toJSON,
} from "./network/write.js";
export type { WriteNpzOptions } from "./numpy/writeNpz.js";
export { download } from "./places/download.js";
export type {
  AddressLike,
  BlobLike,
  Destination,
  FileHandleLike,
  Loaded,
  ReaderLike,
  ResponseLike,
  Source,
  StreamLike,
} from "./places/place.js";
export type { Dtype } from "./safetensors/dtypes.js";
export type { FileLimits } from "./safetensors/limits.js";
export type { WriteSafetensorsOptions } from "./safetensors/writeForeign.js";
export { fileStore } from "./stores/fileStore.js";
export { indexedDbStore } from "./stores/indexedDbStore.js";
export { type KeyValueOptions, type KeyValues, keyValueStore } from "./stores/keyValueStore.js";
export { memoryStore } from "./stores/memoryStore.js";
export { opfsStore } from "./stores/opfsStore.js";
export {
  type FoundCheckpoint,
  type ReadCheckpointOptions,
  readCheckpoint,
} from "./stores/readCheckpoint.js";
export type { Store } from "./stores/store.js";
export type { GivenTensor, GivenTensors } from "./tensors/newTensor.js";
export type { AnyNumbers, Numbers } from "./tensors/numbers.js";
export type { OpenTensorsOptions } from "./tensors/openTensors.js";
export type { OpenedFile, RangeReader, TensorSource } from "./tensors/source.js";
export type { InspectedTensor, ReadTensor, TensorFile, TensorLimits } from "./tensors/tensorFile.js";
export type { LoadStateDictOptions } from "./torch/loadStateDict.js";
export type { TorchNames } from "./torch/parameters.js";
export type { StateDict, StateDictOptions } from "./torch/toStateDict.js";

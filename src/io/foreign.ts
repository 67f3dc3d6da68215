/** Files and models of other programs. What reads and writes them is imported when one of these is called. */
import { checkSurplus } from "../check/surplus.js";
import { compile } from "../model/compile.js";
import type { Model } from "../model/model.js";
import type { CompileOptions } from "../model/settings.js";
import type { Ends } from "../network/ends.js";
import type { BrainModel } from "./brain/fromBrain.js";
import type { Inspection, InspectOptions } from "./file/inspect.js";
import { kindOfOthers } from "./file/others.js";
import { late } from "./late.js";
import type { WriteNpzOptions } from "./numpy/writeNpz.js";
import type { WriteSafetensorsOptions } from "./safetensors/writeForeign.js";
import type { GivenTensor, GivenTensors } from "./tensors/newTensor.js";
import type { OpenTensorsOptions } from "./tensors/openTensors.js";
import type { TensorSource } from "./tensors/source.js";
import type { TensorFile } from "./tensors/tensorFile.js";
import type { LoadStateDictOptions } from "./torch/loadStateDict.js";
import type { StateDict, StateDictOptions } from "./torch/toStateDict.js";

const exchange = (who: string) => late(who, () => import("./exchange.js"));

/**
 * What a file is and holds, from its header alone: nothing is built, no tensor and no checksum is looked at. A tensor of an
 * unknown type is refused by itself, and told as such. It reads model files, snapshots, safetensors, `.npy` and `.npz` of NumPy,
 * and JSON of brain.js, of `toJSON` and of encoders.
 *
 * @param source bytes, a `Blob`, a path or an open file in Node, Deno and Bun, or `{ size, read }`, of which it reads no more
 *   than it needs
 * @throws FormatError for a file of another kind, naming it where it is known, and for a header that says what cannot be
 */
export async function inspect(source: TensorSource, options: InspectOptions = {}): Promise<Inspection> {
  checkSurplus("inspect", arguments, 2);
  return (await exchange("inspect")).inspect(kindOfOthers, source, options);
}

/**
 * Opens a file of tensors of whoever wrote it: safetensors, `.npy` or `.npz`. It is told by its content. The header is read and
 * checked; a tensor's bytes are read when it is asked for, so that a large file is never wholly in memory.
 *
 * ```js
 * const file = await openTensors("model.safetensors");
 * file.tensors.map(({ name, dtype, shape }) => …);
 * const { shape, data } = await file.read("encoder.weight", { as: "F32" });
 * await file.close();
 * ```
 *
 * Numbers of every type: F64, F32, F16, BF16, I8 to U64, BOOL. A tensor of an unknown type is refused when it is read, not the
 * file. What is deflated in an `.npz` is unpacked to no more than it says, and no more than `limits.unpackedBytes`.
 *
 * @param source bytes, a `Blob`, a path or an open file in Node, Deno and Bun, or `{ size, read }`
 * @throws FormatError for a file of another kind, naming it where it is known, and for a header that says what cannot be;
 *   OptionError for what no bytes come from
 */
export async function openTensors(
  source: TensorSource,
  options: OpenTensorsOptions = {},
): Promise<TensorFile> {
  checkSurplus("openTensors", arguments, 2);
  return (await exchange("openTensors")).openTensors(kindOfOthers, source, options);
}

/**
 * A safetensors file that every tool reads: tensors aligned to their numbers, wide ones first, the header padded to eight bytes.
 * `dtype` converts, floats to the nearest, ties to even: `{ w: { shape, data, dtype: "BF16" } }`.
 *
 * ```js
 * const bytes = await writeSafetensors(await toStateDict(model), { metadata: { format: "pt" } });
 * ```
 *
 * @throws OptionError for what is no tensor; DataError for a number that the type does not hold
 */
export async function writeSafetensors(
  tensors: GivenTensors,
  options: WriteSafetensorsOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkSurplus("writeSafetensors", arguments, 2);
  return (await exchange("writeSafetensors")).writeSafetensors(tensors, options);
}

/**
 * An array as `numpy.save` writes it (`.npy`, version 1.0), in C order.
 *
 * @throws OptionError for what is no tensor, and for BF16, which NumPy has not; DataError for a number that the type does not hold
 */
export async function writeNpy(tensor: GivenTensor): Promise<Uint8Array<ArrayBuffer>> {
  checkSurplus("writeNpy", arguments, 1);
  return (await exchange("writeNpy")).writeNpy(tensor);
}

/**
 * Arrays by name as `numpy.savez` writes them (`.npz`); with `compress` as `numpy.savez_compressed`. Equal arrays make equal files.
 *
 * @throws OptionError for what is no tensor, BF16, a name that leads out of a folder, and more than 4 GiB; DataError
 */
export async function writeNpz(
  tensors: GivenTensors,
  options: WriteNpzOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkSurplus("writeNpz", arguments, 2);
  return (await exchange("writeNpz")).writeNpz(tensors, options);
}

/**
 * The weights of a model by the names and layouts of PyTorch, for `module.load_state_dict`: `dense/kernel` [in, out] as
 * `dense.weight` [out, in], kernels of convolutions as [out, in, …places], of transposed ones as [in, out, …places], gamma and
 * beta as `weight` and `bias`, running averages as `running_mean` and `running_var`; `separableConv2d` as the modules `depthwise`
 * and `pointwise`. Maps have their channels first there: what lies behind `flatten` is put in that order.
 *
 * ```python
 * module.load_state_dict(safetensors.torch.load_file("model.safetensors"))
 * ```
 *
 * With `{ optimizer: true }` also what the optimizer keeps, as `optimizer.state.dense.weight.exp_avg` and `.step`: by the names
 * that `torch.distributed.checkpoint.state_dict` flattens it to, with `optimizer.` before them.
 *
 * @throws OptionError for what is no model, or names that are not of its layers; UnsupportedError for a network, or the state of
 *   an optimizer, that PyTorch has not
 */
export async function toStateDict<M extends string, O extends Ends, I extends Ends>(
  model: Model<M, O, I>,
  options: StateDictOptions = {},
): Promise<StateDict> {
  checkSurplus("toStateDict", arguments, 2);
  return (await exchange("toStateDict")).toStateDict(model, options);
}

/**
 * Puts weights of PyTorch into a model of the same network: the way back from `toStateDict`. All is read and checked before the
 * first number is set. `num_batches_tracked` is passed over; numbers of 16 and 64 bits become f32.
 *
 * ```python
 * safetensors.torch.save_file(module.state_dict(), "model.safetensors")
 * ```
 * ```js
 * await loadStateDict(model, "model.safetensors", { layers: { dense: "fc1", dense_2: "fc2" } });
 * ```
 *
 * @param tensors a file of tensors, as `openTensors` takes it, or tensors by name
 * @throws FormatError with all that differs, if anything does, and for numbers that are not finite; BusyError during `fit`; else
 *   as `openTensors` and `toStateDict`
 */
export async function loadStateDict<M extends string, O extends Ends, I extends Ends>(
  model: Model<M, O, I>,
  tensors: TensorSource | GivenTensors,
  options: LoadStateDictOptions = {},
): Promise<void> {
  checkSurplus("loadStateDict", arguments, 3);
  await (await exchange("loadStateDict")).loadStateDict(kindOfOthers, model, tensors, options);
}

/**
 * A `NeuralNetwork` of brain.js as a model, of what its `toJSON()` gave, of versions 1 and 2: dense layers with its activation
 * and weights, as f32. `run` takes and gives records as its own does; `model` is for all else.
 *
 * ```js
 * const net = await fromBrain(JSON.parse(text));
 * await net.run({ r: 0.03, g: 0.7, b: 0.5 });           // { black: 0.02, white: 0.98 }
 * const bytes = await save(net.model);
 * ```
 *
 * @param options as of `compile`: with a loss it trains on
 * @throws FormatError naming the field that is wrong; UnsupportedError for networks of brain.js that are recurrent
 */
export async function fromBrain(json: string | object, options: CompileOptions = {}): Promise<BrainModel> {
  checkSurplus("fromBrain", arguments, 2);
  return (await exchange("fromBrain")).fromBrain(compile, json, options);
}

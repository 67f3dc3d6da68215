import { OptionError } from "../../check/errors.js";
import { flag, later } from "../../check/kinds.js";
import { checkKeys, describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Encoder } from "../../data/encoders/encoder.js";
import type { LabelEncoder } from "../../data/encoders/labelEncoder.js";
import { Model } from "../../model/model.js";
import type { ModelState } from "../../model/state.js";
import type { Ends } from "../../network/ends.js";
import { saveNetwork } from "../network/write.js";
import { places } from "../places/late.js";
import type { Destination } from "../places/place.js";
import { writeTensors } from "../safetensors/write.js";
import { plainOf } from "../snapshot/attachments.js";
import { KEY } from "../snapshot/state.js";
import { placesOf, savedProgress, tensorsOf } from "../snapshot/take.js";
import { FORMAT, FORMAT_WITH_LISTS, type ModelFile, VERSION } from "./format.js";
import { saveTraining } from "./training.js";

/** An encoder of any data. */
export type AnyEncoder = Pick<Encoder, "kind" | "toJSON">;
/** The names of classes in the order of their numbers, or the encoder that knows them. */
export type ClassNames = LabelEncoder | readonly (string | number | boolean)[];

export interface SaveOptions {
  /** What makes rows of the data: a fitted encoder, or with named inputs some by their names. */
  readonly encoders?: AnyEncoder | { readonly [input: string]: AnyEncoder };
  /** The classes that outputs stand for, or with named outputs those of some by their names. */
  readonly labels?: ClassNames | { readonly [output: string]: ClassNames };
  /**
   * true: also what the optimizer keeps and how far `fit` has come, so that the model trains on to the same bits. Default
   * false: two or three times smaller, and training begins anew from the weights.
   */
  readonly optimizer?: boolean;
  /** Whatever else JSON holds, by name. */
  readonly metadata?: { readonly [name: string]: unknown };
  /**
   * Where the file is put, beside being given back: a path or `file:` URL in Node, Deno and Bun, in a page the handle of a file.
   * What was there before stays there until all of the new one is written. A page has `download` too.
   */
  readonly to?: Destination;
}

/**
 * The whole model as bytes: the network, its weights, how it is trained, and what its data goes through. `load` makes a model
 * of them that predicts or trains on, without the code that made the network. It is a safetensors file: other tools read the
 * weights, by the names that `weights` gives them.
 *
 * Functions of your own go by their names: custom layers by kind and `configuration`, losses, metrics, activations and
 * schedules. `load` is given them again.
 *
 * @throws OptionError for encoders that have learned nothing, inputs and outputs that there are not, functions without a name,
 *   and what JSON would not give back; StorageError when the file cannot be written; DisposedError
 */
export async function save<M extends string, O extends Ends, I extends Ends>(
  model: Model<M, O, I>,
  options: SaveOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkSurplus("save", arguments, 2);
  if (!(model instanceof Model)) {
    throw new OptionError(`save: got ${describe(model)}; needs a model, as compile makes.`);
  }
  const { encoders, labels, optimizer, metadata, to } = take("save", options, {
    encoders: later<SaveOptions["encoders"]>(),
    labels: later<SaveOptions["labels"]>(),
    optimizer: flag(false),
    metadata: later<SaveOptions["metadata"]>(),
    to: later<SaveOptions["to"]>(),
  });
  const { state } = model;
  const { network } = state.settings;
  const ofInputs = byEnd("encoders", encoders, isEncoder, network.inputs, network.single.input);
  const ofOutputs = byEnd("labels", labels, isLabels, network.outputs, network.single.output);
  if (metadata !== undefined) checkKeys("save: metadata", metadata, Object.keys(metadata ?? {}));
  const bytes = await write(state, optimizer, {
    ...(ofInputs && {
      encoders: mapped(ofInputs, (one, at) => fitted(`save: encoders${at}`, one as AnyEncoder)),
    }),
    ...(ofOutputs && {
      labels: mapped(ofOutputs, (one, at) => savedLabels(`save: labels${at}`, one as ClassNames)),
    }),
    ...(metadata && { metadata: plainOf("save: metadata", metadata) as ModelFile["metadata"] & {} }),
  });
  if (to !== undefined) await (await places.load("save")).writePlace("save", to, bytes);
  return bytes;
}

/** Letters of encoders from which on their long lists become tensors: files that older versions read are left as they are. */
const MOST_TEXT = 2 ** 16;

async function write(
  state: ModelState,
  withOptimizer: boolean,
  { metadata, ...more }: Pick<ModelFile, "encoders" | "labels" | "metadata">,
): Promise<Uint8Array<ArrayBuffer>> {
  const isLong = JSON.stringify(more).length > MOST_TEXT;
  // Where there is no import() they stay in the text.
  const part = isLong ? await import("./encoderTensors.js").catch(() => undefined) : undefined;
  const { data, floats, texts } = part?.toTensors(more) ?? { data: more, floats: [], texts: [] };
  const machine = state.machine("save");
  const { settings, isTrained, standing, rateFactor } = state;
  const placed = placesOf(state, machine).map((one) =>
    withOptimizer ? one : { ...one, slots: 0, since: 0, places: one.places.slice(0, 1) },
  );
  const { step, epochs, progress } = standing;
  const saved: { readonly [K in keyof ModelFile]: unknown } = {
    kind: "model",
    format: floats.length + texts.length > 0 ? FORMAT_WITH_LISTS : FORMAT,
    madeBy: `wasmgrad ${VERSION}`,
    network: saveNetwork("save", settings.network),
    training: saveTraining("save", settings),
    parameters: placed.map(({ name, slots, since }) => ({ name, slots, since })),
    frozen: state.parameters.filter((one) => !isTrained(one)).map(({ name }) => name),
    ...(withOptimizer && { standing: { step, epochs, rateFactor, progress: savedProgress(progress) } }),
    ...data,
    ...(metadata && { metadata }),
  };
  return writeTensors("save", [...floats, ...tensorsOf(machine, placed), ...texts], {
    [KEY]: JSON.stringify(saved),
  });
}

type ByEnd = { readonly [end: string]: unknown };

/** By the names of ends what was given for one, or for some; "" stands for the one without a name. @throws OptionError */
function byEnd(
  what: string,
  given: unknown,
  isOne: (given: unknown) => boolean,
  ends: readonly { readonly name: string }[],
  isSingle: boolean,
): ByEnd | undefined {
  if (given === undefined) return undefined;
  if (isSingle && isOne(given)) return { "": given };
  const names = ends.map(({ name }) => name);
  if (isSingle || isOne(given)) {
    const needs = isSingle ? NEEDS[what] : `an object of them by name: ${names.join(", ")}`;
    throw new OptionError(`save: ${what} is ${describe(given)}; needs ${needs}.`);
  }
  checkKeys(`save: ${what}`, given as object, names, what === "labels" ? "output" : "input");
  for (const [name, one] of Object.entries(given as ByEnd)) {
    if (!isOne(one))
      throw new OptionError(`save: ${what}.${name} is ${describe(one)}; needs ${NEEDS[what]}.`);
  }
  return given as ByEnd;
}

const NEEDS: Readonly<Record<string, string>> = {
  encoders: "a fitted encoder, as columns(…) of wasmgrad/data",
  labels: "a fitted labelEncoder, or the names of classes",
};

const isEncoder = (given: unknown): boolean =>
  Object(given) === given && "toJSON" in (given as object) && "featureNames" in (given as object);

const isLabels = (given: unknown): boolean =>
  Array.isArray(given) || (Object(given) === given && "mostLikely" in (given as object));

const mapped = (given: ByEnd, make: (one: unknown, at: string) => unknown): ByEnd =>
  Object.fromEntries(Object.entries(given).map(([name, one]) => [name, make(one, name && `.${name}`)]));

/** @throws OptionError for an encoder that has learned nothing */
function fitted(at: string, encoder: AnyEncoder): unknown {
  const saved = encoder.toJSON();
  if (saved.fitted !== null) return plainOf(at, saved);
  throw new OptionError(
    `${at}: the ${encoder.kind} has learned nothing yet; call fit first, with the training rows.`,
  );
}

/** As a labelEncoder that has these classes. */
function savedLabels(at: string, given: ClassNames): unknown {
  if ("mostLikely" in given) return fitted(at, given);
  if (given.length === 0) throw new OptionError(`${at} is []; needs the name of each class.`);
  return plainOf(at, { encoder: "labelEncoder", format: 1, options: {}, fitted: { classes: [...given] } });
}

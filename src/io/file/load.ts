import { FormatError, UnsupportedError } from "../../check/errors.js";
import { flag, functionOf, later, optional } from "../../check/kinds.js";
import { describe } from "../../check/options.js";
import { take } from "../../check/schema.js";
import { checkSurplus } from "../../check/surplus.js";
import type { Encoder } from "../../data/encoders/encoder.js";
import type { LabelEncoder } from "../../data/encoders/labelEncoder.js";
import type { Node } from "../../layers/layer.js";
import { LOSSES } from "../../losses/index.js";
import { compile } from "../../model/compile.js";
import type { Model } from "../../model/model.js";
import type { CompileOptions } from "../../model/settings.js";
import type { ModelState } from "../../model/state.js";
import type { Network } from "../../network/description.js";
import type { Ends } from "../../network/ends.js";
import { OPTIMIZERS } from "../../optimizers/index.js";
import type { Signal } from "../../train/abort.js";
import { checkSignal } from "../../train/abort.js";
import { PARTS, type Parts } from "../network/parts.js";
import { readNetwork } from "../network/read.js";
import { MissingPart, type Registry, withParts } from "../network/registry.js";
import { places } from "../places/late.js";
import type { Loaded, Source } from "../places/place.js";
import type { ReadOptions } from "../places/read.js";
import { type FileLimits, limitsOption } from "../safetensors/limits.js";
import { putNumbers } from "../snapshot/restore.js";
import { numbersOf } from "../snapshot/tensors.js";
import { checkParameters, FORMAT_WITH_LISTS, type ModelFile } from "./format.js";
import { LoadedModel } from "./loaded.js";
import { readModel } from "./read.js";
import { readTraining, type TrainingOptions } from "./training.js";

type Placing = Pick<
  CompileOptions,
  "batchSize" | "memoryLimit" | "worker" | "precision" | "engine" | "families"
>;

export interface LoadOptions extends Parts, Placing {
  /**
   * true: it must train on; what that needs and was not given is refused. false: it only predicts, which takes less memory.
   * Default: it trains on where all is there; else it predicts, and `missing` says what was not given.
   */
  readonly training?: boolean;
  /** `loadEncoder` of wasmgrad/data, where the page has that already; default: it is imported when the file has encoders. */
  readonly encoders?: (saved: unknown) => unknown;
  /** What the file may ask for at most: for files of strangers. */
  readonly limits?: FileLimits;
  /** Called, and awaited, while the file comes from its place. */
  readonly onProgress?: (loaded: Loaded) => unknown;
  /** Ends the reading of a file: `load` rejects with its reason. */
  readonly signal?: Signal | undefined;
}

const PLACING = {
  batchSize: later<Placing["batchSize"]>(),
  memoryLimit: later<Placing["memoryLimit"]>(),
  worker: later<Placing["worker"]>(),
  precision: later<Placing["precision"]>(),
  engine: later<Placing["engine"]>(),
  families: later<Placing["families"]>(),
};

/** What compile has anyway. */
const OWN: Parts = {
  losses: /* @__PURE__ */ Object.fromEntries(/* @__PURE__ */ Object.entries(LOSSES).filter(([, one]) => one)),
  optimizers: /* @__PURE__ */ Object.fromEntries(
    /* @__PURE__ */ Object.entries(OPTIMIZERS).filter(([, one]) => one),
  ),
};

const CALL = "load(bytes, …)";

/**
 * The model of a file that `save` wrote, given as bytes or as the place where it is: a path in Node, Deno and Bun, a URL, a `File` or
 * `Blob`, a `Response`. It predicts or trains on, without the code that made its network.
 *
 * The parts that the network is made of are imported, all that there are, unless the options have what it needs:
 * `{ layers: { dense } }` keeps a page small. Parts of your own must be given, by their names. All of the file is checked before
 * anything is made of it.
 *
 * @throws FormatError for bytes that are no whole model file, were changed or say what cannot be, naming the field, and for
 *   parts of your own that were not given, with the line to write; StorageError when the file cannot be read; the signal's
 *   reason; what `compile` throws
 */
export async function load<I extends Ends = Node, O extends Ends = Node>(
  source: Uint8Array | ArrayBuffer | Source,
  options: LoadOptions = {},
): Promise<LoadedModel<I, O>> {
  checkSurplus("load", arguments, 2);
  const { limits, training, encoders, onProgress, signal, ...others } = take("load", options, {
    ...PARTS,
    ...PLACING,
    training: optional(flag()),
    encoders: optional(functionOf<(saved: unknown) => unknown>()),
    limits: limitsOption,
    onProgress: optional(functionOf<(loaded: Loaded) => unknown>()),
    signal: later<Signal | undefined>(),
  });
  checkSignal("load", signal);
  const { bytes, name } = await bytesIn(source, { most: limits.fileBytes, onProgress, signal });
  const who = name === undefined ? "load" : `load: ${name}`;
  const { file, tensors } = await withLists(readModel(who, bytes, limits));
  const numbers = numbersOf("load", file.parameters, tensors);
  const [parts, placing] = divided(others);
  const { network, settings, missing } = await withParts(
    CALL,
    parts,
    (one) => readParts(one, file, training),
    OWN,
  );
  const own = network.layers.flatMap(({ parameters }) => parameters);
  checkParameters("load", own, file, tensors);
  const revived = await encodersOf(file, encoders);
  const { seed, batchSize } = file.training;
  const compiled = (await compile(network, {
    batchSize,
    ...placing,
    ...settings,
    seed,
  } as CompileOptions)) as Model<string, Ends, Ends>;
  try {
    put(compiled.state, file, numbers, settings !== undefined);
  } catch (error) {
    compiled.dispose();
    throw error;
  }
  const model = compiled as unknown as Model<string, O, I>;
  return new LoadedModel<I, O>(model, network as unknown as Network<I, O>, {
    ...revived,
    missing,
    madeBy: file.madeBy,
    metadata: file.metadata ?? {},
  });
}

/** Bytes as they are given, or of the place that is. */
async function bytesIn(source: unknown, options: ReadOptions): Promise<{ bytes: unknown; name?: string }> {
  const isPlace = typeof source === "string" || PLACED.some((key) => Object(source)[key] !== undefined);
  return isPlace
    ? (await places.load("load")).readPlace("load", source as Source, options)
    : { bytes: source };
}

/** What an address, a blob, a response and the handle of a file have, and bytes do not. */
const PLACED = ["href", "stream", "headers", "getFile"];

type ReadFile = ReturnType<typeof readModel>;

/** The file with the lists of its encoders, and the tensors of its parameters. @throws FormatError */
async function withLists(read: ReadFile): Promise<ReadFile> {
  const { file, tensors } = read;
  if (file.format !== FORMAT_WITH_LISTS) return read;
  const isList = ({ name }: { readonly name: string }) => name.startsWith("/");
  const { fromTensors } = await imported(() => import("./encoderTensors.js"));
  const { encoders, labels } = file;
  const lists = fromTensors("load", { encoders, labels }, tensors.filter(isList));
  return { file: { ...file, ...lists } as ModelFile, tensors: tensors.filter((one) => !isList(one)) };
}

function divided(given: object): readonly [Parts, Placing] {
  const entries = Object.entries(given);
  const of = (isPart: boolean) =>
    Object.fromEntries(entries.filter(([key]) => Object.hasOwn(PARTS, key) === isPart));
  return [of(true), of(false)];
}

interface ReadParts {
  readonly network: Network<Ends, Ends>;
  /** Undefined where it only predicts. */
  readonly settings: TrainingOptions | undefined;
  readonly missing: readonly string[];
}

function readParts(parts: Registry, file: ModelFile, training: boolean | undefined): ReadParts {
  const network = readNetwork(parts, file.network, "network");
  if (training === false) return { network, settings: undefined, missing: [] };
  try {
    return { network, settings: readTraining(parts, file.training, network), missing: [] };
  } catch (error) {
    if (training === true || !(error instanceof MissingPart)) throw error;
    return { network, settings: undefined, missing: [error.message] };
  }
}

/** @throws FormatError */
function put(
  state: ModelState,
  file: ModelFile,
  numbers: ReturnType<typeof numbersOf>,
  isTraining: boolean,
): void {
  const byName = new Map(state.parameters.map((one) => [one.name, one]));
  const frozen = new Set(
    file.frozen.map((name, i) => {
      const one = byName.get(name);
      if (one !== undefined) return one;
      throw new FormatError(
        `load: frozen[${i}] is ${describe(name)}; needs the name of a parameter of the network.`,
      );
    }),
  );
  if (state.parameters.some((one) => state.isTrained(one) === frozen.has(one)))
    state.setFrozen("load", frozen);
  const { standing } = file;
  const goesOn = isTraining && standing !== undefined;
  if (goesOn) {
    const { trained } = state.machine("load").program;
    file.parameters.forEach(({ name, slots }, i) => {
      const needed =
        trained.get(byName.get(name) as NonNullable<ReturnType<typeof byName.get>>)?.slots.length ?? 0;
      if (slots === needed) return;
      throw new FormatError(
        `load: parameters[${i}].slots is ${slots}; needs ${needed}, as the optimizer keeps.`,
      );
    });
  }
  putNumbers("load", state, numbers, goesOn);
  if (!goesOn) return;
  state.rateFactor = standing.rateFactor;
  state.moveTo(standing);
}

/** @throws FormatError for an encoder that is damaged, or of no input or output; UnsupportedError */
async function encodersOf(
  { encoders, labels, network }: ModelFile,
  given: LoadOptions["encoders"],
): Promise<{ encoders: Record<string, Encoder<unknown>>; labels: Record<string, LabelEncoder> }> {
  if (encoders === undefined && labels === undefined) return { encoders: {}, labels: {} };
  const revive = given ?? (await importLoader());
  const all = <T>(
    what: "encoders" | "labels",
    saved: object | undefined,
    ends: readonly { readonly name?: string }[],
  ) =>
    Object.fromEntries(
      Object.entries(saved ?? {}).map(([name, one]) => {
        const at = `load: ${what}${name && `.${name}`}`;
        const isEnd = ends.some((end) => (end.name ?? "") === name);
        if (!isEnd)
          throw new FormatError(`${at} is of no ${what === "labels" ? "output" : "input"} of the network.`);
        const made = revive(one) as T & { readonly kind?: string };
        if ((made.kind === "labelEncoder") === (what === "labels")) return [name, made as T];
        throw new FormatError(
          `${at} is a ${made.kind}; needs ${what === "labels" ? "a labelEncoder" : "an encoder of rows"}.`,
        );
      }),
    );
  return {
    encoders: all<Encoder<unknown>>("encoders", encoders, network.inputs),
    labels: all<LabelEncoder>("labels", labels, network.outputs),
  };
}

const importLoader = async () => (await imported(() => import("./encoders.js"))).loadEncoder;

async function imported<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new UnsupportedError(
      "load: the file has encoders, and import() of what makes them failed here. Give it: " +
        'import { loadEncoder } from "wasmgrad/data", and load(bytes, { encoders: loadEncoder }).',
      { cause },
    );
  }
}

import { Method } from "../../assembly/isa/control.js";
import { bindMembers } from "../check/bindMembers.js";
import { OptionError, WorkerError } from "../check/errors.js";
import { integer, later, positive } from "../check/kinds.js";
import { checkData, choose, describe } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { parameterElements } from "../compile/graphs.js";
import { drawLifetimes, type PictureOptions } from "../compile/picture.js";
import { print } from "../compile/print.js";
import { recomputation } from "../compile/recompute/late.js";
import { type Restored, type RestoreOptions, restoreSnapshot } from "../io/snapshot/restore.js";
import { type SnapshotOptions, takeSnapshot } from "../io/snapshot/take.js";
import { withParts } from "../late.js";
import type { Node } from "../layers/layer.js";
import type { MetricKey, MetricOption } from "../metrics/engine/index.js";
import type { Network } from "../network/description.js";
import type { Ends } from "../network/ends.js";
import type { Examples } from "../rows/examples.js";
import type { Rows } from "../rows/fields.js";
import type { EngineLoader } from "../runtime/engine.js";
import { LocalPort } from "../runtime/local.js";
import { startPass } from "../runtime/machine.js";
import { modulesFor } from "../runtime/module.js";
import type { Port } from "../runtime/port.js";
import type { Signal } from "../train/abort.js";
import type { FitOptions, ValidatedFitOptions } from "../train/fit.js";
import { training } from "../train/late.js";
import { evaluation } from "../train/parts.js";
import { hasLoss } from "../train/scoring/outputs.js";
import type { EpochReport, Scores, ValidatedReport } from "../train/scoring/reports.js";
import { remote } from "../worker/late.js";
import type { WebWorker } from "../worker/spawn.js";
import { setFrozen } from "./freeze.js";
import { type MemoryPlan, memoryOf } from "./memory.js";
import type { InputRows, ModelData, NamedEnds, NamedExamples } from "./named.js";
import { activationsOf, predictState } from "./predict.js";
import { profiling } from "./profile/late.js";
import type { ProfileOptions } from "./profile/profile.js";
import type { Profile } from "./profile/report.js";
import { importNames } from "./rareNames.js";
import { type CompileOptions, toSettings } from "./settings.js";
import { ModelState, whenPlanned } from "./state.js";
import { summarize } from "./summary.js";
import { type NewWeight, readAverages, readWeights, type Weights, writeWeights } from "./weights.js";

/** What `predict` gives: the numbers of the one output, or of each by its name. */
export type Predictions<O extends Ends> = O extends Node
  ? Float32Array
  : { readonly [K in keyof O]: Float32Array };

/** What `compile` does, wherever the engine comes from. */
export async function createModel<I extends Ends, O extends Ends, const M extends MetricOption>(
  network: Network<I, O>,
  options: CompileOptions<M, O>,
  load: EngineLoader,
): Promise<Model<MetricKey<M>, O, NamedEnds<I>>> {
  const rare = importNames(options);
  const names = rare && (await rare);
  const settings = await withParts("compile", () =>
    toSettings(network, options as CompileOptions<MetricOption, Ends>, names),
  );
  const [modules, compiler] = await Promise.all([
    modulesFor("compile", options, load),
    hasLoss(settings) ? training.load("compile") : undefined,
  ]);
  // Where it cannot be loaded, whoever needs it says so: freeze and restore cannot wait for it.
  if (options.memoryLimit !== undefined) await recomputation.load("compile").catch(() => undefined);
  const port = await openPort(modules.core, options.worker);
  try {
    const state = await whenPlanned("compile", () => new ModelState(port, modules, settings, compiler));
    await initialize(state);
    return new Model<MetricKey<M>, O, NamedEnds<I>>(state);
  } catch (error) {
    // There is no model that could be disposed: its worker would live on.
    port.dispose();
    throw error;
  }
}

/** An engine in this thread, or in a worker, the code for which is loaded only then. */
async function openPort(
  module: WebAssembly.Module,
  worker: boolean | (() => WebWorker) = false,
): Promise<Port> {
  if (worker === false) return new LocalPort(module);
  if (worker !== true && typeof worker !== "function") {
    throw new OptionError(
      `compile: worker is ${describe(worker)}; needs true, or a function that makes the worker.`,
    );
  }
  const { RemotePort } = await remote.load("compile").catch((cause: unknown) => {
    // Service workers forbid import(), and have no workers.
    throw new WorkerError(
      "compile: worker is given, and the code for it cannot be imported here; a service worker has no workers. " +
        "Leave it out: fit yields to other tasks in any case.",
      { cause },
    );
  });
  return RemotePort.open(module, worker);
}

async function initialize(state: ModelState): Promise<void> {
  const machine = state.machine("compile");
  const staged = { rows: 1, epochRows: 0, sources: [], order: 0 };
  await machine.run(Method.Initialize, { staged, pass: startPass(), batchRows: 1, steps: 1 });
  await machine.port.refresh();
  for (const one of state.parameters) {
    const place = machine.program.parameters.get(one);
    if (one.initial.finish === undefined || place === undefined) continue;
    const drawn = machine.floats(place, parameterElements(one)).slice();
    machine.write(place, await one.initial.finish(drawn, one.shape));
  }
}

/** The option of what can be stopped: the signal is checked where it is listened to. */
const SIGNAL = { signal: /* @__PURE__ */ later<Signal | undefined>() };

/** A compiled network with its weights in a linear memory of its own. `compile` makes it. */
export class Model<M extends string = never, O extends Ends = Node, I extends Ends = Ends> {
  // As fields, not as a call: who does not compile a network does not carry this class either.
  /** @internal */
  static readonly name = "Model";
  /** @internal */
  get [Symbol.toStringTag](): string {
    return "Model";
  }
  readonly #state: ModelState;

  /** @internal */
  constructor(state: ModelState) {
    this.#state = state;
    bindMembers(this);
  }

  /**
   * What `gradientCheck` looks into.
   *
   * @internal
   */
  get state(): ModelState {
    return this.#state;
  }

  /**
   * Trains on rows of arrays, or on batches as an iterable gives them: one step each, and the next is asked for only
   * after the last was trained on. For several epochs an iterable must start anew each time; a generator does not, so
   * pass the function that makes it.
   *
   * Yields to the event loop, so a page stays alive and `predict` may run between two steps.
   *
   * @returns a report for each epoch
   * @throws DataError, OptionError before anything is changed; DivergedError when loss or gradient are no longer
   *   finite; the signal's reason when it is aborted; BusyError while another `fit` runs. After an error the model
   *   holds the weights of its last whole step.
   */
  fit(data: ModelData<I, O>, options: ValidatedFitOptions<M, O, I>): Promise<ValidatedReport<M, O>[]>;
  fit(data: ModelData<I, O>, options?: FitOptions<M, O, I>): Promise<EpochReport<M, O>[]>;
  async fit(
    data: ModelData<I, O>,
    options: FitOptions<M, O, I> | ValidatedFitOptions<M, O, I> = {},
  ): Promise<ValidatedReport<M, O>[]> {
    checkSurplus("fit", arguments, 2);
    // The scores have the metrics that `compile` was given, which M names, and the outputs of O.
    const { fitState } = training.loaded ?? (await training.load("fit"));
    return (await fitState(this.#state, data as Examples, options as FitOptions)) as ValidatedReport<M, O>[];
  }

  /**
   * Loss and metrics on data, without training on it. Dropout does nothing. May run while `fit` does.
   *
   * @throws DataError; BusyError when `fit` runs on targets of another form, labels or rows
   */
  async evaluate(
    data: ModelData<I, O>,
    options: { readonly signal?: Signal | undefined } = {},
  ): Promise<Scores<M, O>> {
    checkSurplus("evaluate", arguments, 2);
    checkData("evaluate", options);
    take("evaluate", options, SIGNAL);
    const { evaluateState } = evaluation.loaded ?? (await evaluation.load("evaluate"));
    return (await evaluateState(this.#state, "evaluate", data as Examples, options.signal)) as Scores<M, O>;
  }

  /**
   * The outputs for each row of x, row after row: of one output its numbers, of several an object of them by name.
   * May run while `fit` does: it sees the weights between two steps.
   */
  async predict(
    x: InputRows<I>,
    options: { readonly signal?: Signal | undefined } = {},
  ): Promise<Predictions<O>> {
    checkSurplus("predict", arguments, 2);
    take("predict", options, SIGNAL);
    return (await predictState(this.#state, x as Rows, options.signal)) as Predictions<O>;
  }

  /**
   * What layers inside the network make of each row of x, by their names: `model.activations(x, ["hidden"])`.
   *
   * @throws OptionError for a name that no layer has, BusyError for layers that were not asked for before `fit` began
   */
  async activations<const L extends string>(
    x: InputRows<I>,
    layers: readonly L[],
    options: { readonly signal?: Signal | undefined } = {},
  ): Promise<{ readonly [K in L]: Float32Array }> {
    checkSurplus("activations", arguments, 3);
    take("activations", options, SIGNAL);
    return (await activationsOf(this.#state, x as Rows, layers, options.signal)) as {
      [K in L]: Float32Array;
    };
  }

  /**
   * Freezes parameters: training leaves them as they are, and they cost no gradient and no slot. Recompiles, and keeps
   * all weights.
   *
   * @param patterns names of layers or parameters, `*` for any letters: `"encoder"`, `"*&#47;bias"`
   * @throws OptionError for a pattern that nothing matches, BusyError during `fit`
   */
  freeze(...patterns: string[]): void {
    setFrozen(this.#state, "freeze", patterns, true);
  }

  /** Trains parameters again that were frozen, with slots that start anew. @throws OptionError, BusyError */
  unfreeze(...patterns: string[]): void {
    setFrozen(this.#state, "unfreeze", patterns, false);
  }

  /** A copy of all weights by name. */
  weights(): Weights {
    checkSurplus("weights", arguments, 0);
    return readWeights(this.#state);
  }

  /**
   * A copy of the averages that `exponentialMovingAverage` keeps, by name; of what it has no average of, which is frozen,
   * a running average, or not trained for a step yet, the weights. `setWeights(averagedWeights())` puts them in place:
   * the average goes on from where it was, training from there.
   *
   * @throws OptionError when the optimizer keeps no average
   */
  averagedWeights(): Weights {
    checkSurplus("averagedWeights", arguments, 0);
    return readAverages(this.#state);
  }

  /** Sets the weights that are named. @throws BusyError during `fit`, where callbacks may; ShapeError, DataError, OptionError */
  setWeights(weights: Readonly<Record<string, NewWeight>>): void {
    checkSurplus("setWeights", arguments, 1);
    writeWeights(this.#state, weights);
  }

  /**
   * The whole state of training as bytes: weights, what the optimizer keeps, the random numbers, and how far `fit` has
   * come. May be taken in the callbacks of `fit`. What `attachments` names is kept with it: encoders of the data, names
   * of classes, whatever JSON holds.
   *
   * @throws OptionError for attachments that JSON would not give back as they are
   */
  snapshot(options: SnapshotOptions = {}): Uint8Array<ArrayBuffer> {
    checkSurplus("snapshot", arguments, 1);
    return takeSnapshot(this.#state, options);
  }

  /**
   * Puts the state of a snapshot into this model, compiled of the same network with the same loss, optimizer and seed, in
   * whatever process or runtime: `fit` with `resume: true` then goes on to the same bits. What differs is refused:
   *
   * - with `weightsOnly`, a model that only predicts needs no loss, no optimizer and no layer that does nothing then
   * - with `newSettings`, training goes on by another learning rate, loss or seed than before; `learningRateFactor` scales
   *   the rate of one that was restored as it was
   *
   * Functions of your own are not compared, but by the kind of a `customLayer` and the name of a `customLoss`.
   *
   * @returns the attachments that the snapshot was taken with
   * @throws FormatError for bytes that are no whole snapshot or were changed, and for a snapshot of another network or
   *   training, with what differs; BusyError during `fit`
   */
  restore(snapshot: Uint8Array | ArrayBuffer, options: RestoreOptions = {}): Restored {
    checkSurplus("restore", arguments, 2);
    return restoreSnapshot(this.#state, snapshot, options);
  }

  /**
   * Factor on the learning rate, whatever its schedule: 1 until reduceOnPlateau or a roll-back lowers it. It stays from
   * one `fit` to the next, and goes with snapshots; set it to 1 to begin anew.
   *
   * @throws BusyError when it is set during `fit`, where callbacks may scale it; OptionError unless it is a positive number
   */
  get learningRateFactor(): number {
    return this.#state.rateFactor;
  }

  set learningRateFactor(factor: number) {
    this.#state.machine("learningRateFactor");
    this.#state.access.check("learningRateFactor", { instead: "scaleLearningRate" });
    positive()("model", "learningRateFactor", factor);
    this.#state.rateFactor = factor;
  }

  /** Layers, output shapes and numbers of parameters as a table; at its end how many are trained, unless all are. */
  summary(): string {
    checkSurplus("summary", arguments, 0);
    const { settings, isTrained } = this.#state;
    return summarize(settings.network, isTrained);
  }

  /** Bytes of linear memory, known before the first step. */
  get memory(): MemoryPlan {
    return memoryOf(this.#state.machine("memory"));
  }

  /**
   * The plan of the training step as a picture, a line for each buffer of the arena with a bar over the instructions
   * that use it; of `predict` when there is no loss.
   */
  lifetimes(options: PictureOptions = {}): string {
    checkSurplus("lifetimes", arguments, 1);
    const settled = take("lifetimes", options, { most: integer(1, 40), columns: integer(1, 64) });
    return drawLifetimes(this.#state.machine("lifetimes").program.lifetimes, settled);
  }

  /**
   * Where the time of a training step goes, of `predict` when there is no loss: milliseconds, multiplications and bytes of
   * each instruction and layer, forward, backward and in the update. `console.log(String(await model.profile({ x, y })))`
   * prints it as tables. Each is repeated until the clock can tell, in this thread, by a copy of the model in a memory of its
   * own, which is let go of afterwards: not a bit of the model changes, and `fit` may run meanwhile.
   *
   * @throws DataError, OptionError; UnsupportedError where clocks stand still while code runs, as in workerd; DivergedError when
   *   loss or gradient are not finite; OutOfMemoryError when there is no room for the copy
   */
  async profile(data: NamedExamples<I, O>, options: ProfileOptions = {}): Promise<Profile> {
    checkSurplus("profile", arguments, 2);
    checkData("profile", options);
    const { profileState } = await profiling.load("profile");
    return profileState(this.#state, data as Examples, options);
  }

  /** The program of a method, one instruction a line. */
  disassemble(method: "train" | "evaluate" | "predict" = "train"): string {
    checkSurplus("disassemble", arguments, 1);
    const methods = { train: Method.Train, evaluate: Method.Evaluate, predict: Method.Predict } as const;
    const chosen = choose("disassemble", "method", method, methods);
    return print(this.#state.machine("disassemble").program.methods[chosen] ?? []);
  }

  /**
   * Lets go of the memory now instead of when the model is no longer reachable; ends its worker, which nothing else does
   * while the program runs. Doing it twice is fine.
   */
  dispose(): void {
    this.#state.dispose();
  }
}

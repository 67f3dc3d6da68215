import { Method } from "../../assembly/isa/control.js";
import { bindMembers } from "../check/bindMembers.js";
import { integer, later, positive } from "../check/kinds.js";
import { checkData, choose } from "../check/options.js";
import { take } from "../check/schema.js";
import { checkSurplus } from "../check/surplus.js";
import { drawLifetimes, type PictureOptions } from "../compile/picture.js";
import { print } from "../compile/print.js";
import { type Restored, type RestoreOptions, restoreSnapshot } from "../io/snapshot/restore.js";
import { type SnapshotOptions, takeSnapshot } from "../io/snapshot/take.js";
import type { Node } from "../layers/layer.js";
import type { Ends } from "../network/ends.js";
import { shown } from "../network/picture.js";
import type { Examples } from "../rows/examples.js";
import type { Rows } from "../rows/fields.js";
import type { Signal } from "../train/abort.js";
import type { FitOptions, ValidatedFitOptions } from "../train/fit.js";
import { training } from "../train/late.js";
import { answers, evaluation } from "../train/parts.js";
import type { EpochReport, Scores, ValidatedReport } from "../train/scoring/reports.js";
import type { AnswerForm, AnswerOptions, AnswersOf } from "./answerForms.js";
import { setFrozen } from "./freeze.js";
import type { GivenGradients, UpdateReport } from "./inside/applyGradients.js";
import type { CloneOptions } from "./inside/clone.js";
import type { GradientsOptions, NamedGradients } from "./inside/gradients.js";
import { callInside } from "./inside/late.js";
import type { Trace, TraceOptions } from "./inside/traced.js";
import type { BatchReport } from "./inside/trainOnBatch.js";
import { type MemoryPlan, memoryOf } from "./memory.js";
import type { InputRows, ModelData, NamedExamples } from "./named.js";
import { activationsOf, predictState, predictStateNow } from "./predict.js";
import { profiling } from "./profile/late.js";
import type { ProfileOptions } from "./profile/profile.js";
import type { Profile } from "./profile/report.js";
import type { ModelState } from "./state.js";
import { summaryOf } from "./summary.js";
import { type NewWeight, readAverages, readWeights, type Weights, writeWeights } from "./weights.js";

/** What `predict` gives: the numbers of the one output, or of each by its name. */
export type Predictions<O extends Ends> = O extends Node
  ? Float32Array
  : { readonly [K in keyof O]: Float32Array };

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
    Object.assign(
      this,
      shown(state.settings.network, () => summaryOf(state), this.weights),
    );
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
   *
   * `as: "rows"` gives the numbers of each row by themselves, `as: "classes"` the name of its most likely class, by
   * `labels`, or its number. `as: "row"` and `as: "class"` take one row and give one answer. With `encoder`, x is what that
   * takes, as records.
   *
   * @throws DataError, OptionError
   *
   * @example
   * await model.predict({ age: 31, color: "red" }, { as: "class", encoder: people, labels: ["no", "yes"] }); // "yes"
   */
  predict<const F extends AnswerForm>(x: unknown, options: AnswerOptions<F, O>): Promise<AnswersOf<O, F>>;
  predict(x: InputRows<I>, options?: { readonly signal?: Signal | undefined }): Promise<Predictions<O>>;
  async predict(x: unknown, options: object = {}): Promise<unknown> {
    checkSurplus("predict", arguments, 2);
    const { as, encoder } = (options ?? {}) as { as?: unknown; encoder?: unknown };
    if (as !== undefined || encoder !== undefined) {
      return (await answers.load("predict")).answer(this.#state, x, options);
    }
    const { signal } = take("predict", options as { signal?: Signal }, SIGNAL);
    return predictState(this.#state, x as Rows, signal);
  }

  /**
   * The same at once, for a loop that must not wait: a drawn frame, a step in a game. Needs the engine in this thread.
   *
   * @throws what `predict` throws; UnsupportedError where the engine is in a worker, or waits for one of its families
   */
  predictNow(x: InputRows<I>): Predictions<O> {
    checkSurplus("predictNow", arguments, 1);
    return predictStateNow(this.#state, x as Rows) as Predictions<O>;
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
   * The gradient of the loss, ∂loss/∂w, by each parameter that is trained, named and shaped as `weights()` has it; or, as
   * `of` asks, by what layers make, before and behind their activations, and by inputs: `{ of: ["dense/preActivation"] }`.
   *
   * It is that of the next step of training on all rows given, as `fit` works it out before clipping and update:
   * of its loss, the mean over rows or their sum, with weights of rows, regularizers and what layers add. Of batches it
   * is that of the mean over all their rows. What the loss does not depend on has a gradient of zeros. Changes nothing,
   * takes a memory of its own, in this thread, and may run while `fit` does.
   *
   * @throws OptionError for what is frozen, or there is not; DataError; OutOfMemoryError; the signal's reason
   */
  gradients<const L extends string = string>(
    data: ModelData<I, O>,
    options?: GradientsOptions<L>,
  ): Promise<NamedGradients<L>>;
  gradients(...given: unknown[]) {
    return callInside("gradients", this.#state, given, 2);
  }

  /**
   * The next step of training on these rows as one batch, laid open: weighted sums, activations, loss, the gradient by
   * all of them, and each parameter before and after. `String(trace)` is a text to read. It is made by the records of
   * `fit` on a copy, so its new weights are those of `fit` to the bit; the model stays as it is.
   *
   * @throws OptionError, DataError, OutOfMemoryError, DivergedError
   */
  trace(data: NamedExamples<I, O>, options?: TraceOptions): Promise<Trace>;
  trace(...given: unknown[]) {
    return callInside("trace", this.#state, given, 2);
  }

  /**
   * One step of training on these rows as one batch: what loops of one's own are made of. Over the batches that `fit`
   * would take it comes to the bits of `fit`. Looks for nothing that is wrong, and counts no epoch.
   *
   * @throws DataError, BusyError, OutOfMemoryError; DivergedError, and then the model holds the weights from before
   */
  trainOnBatch(data: NamedExamples<I, O>): Promise<BatchReport<M, O>>;
  trainOnBatch(...given: unknown[]) {
    return callInside("trainOnBatch", this.#state, given, 1);
  }

  /**
   * One update by these gradients, as `fit` makes it: clipping, optimizer, constraints, and a step further.
   * `applyGradients(await gradients(batch, { averages: true }))` is `trainOnBatch(batch)`, to the bit.
   *
   * @param gradients one for each parameter that is trained; of a running average what it moves towards, or it stays
   * @throws ShapeError with all that does not fit this network; DataError, BusyError; DivergedError, and then the model
   *   holds the weights from before
   */
  applyGradients(gradients: GivenGradients): Promise<UpdateReport>;
  applyGradients(...given: unknown[]) {
    return callInside("applyGradients", this.#state, given, 1);
  }

  /**
   * A model of the same network, compiled alike, with a copy of all that this one has learned: weights, what the
   * optimizer keeps, what is frozen, and how far training has come. Each goes on for itself, to the same bits.
   */
  clone(options?: CloneOptions): Promise<Model<M, O, I>>;
  async clone(...given: unknown[]): Promise<never> {
    return new Model((await callInside("clone", this.#state, given, 1)) as ModelState) as never;
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
   * Moves the weights that are named by that share towards others, w + share · (other − w): the soft update by which a
   * target network follows another.
   *
   * @param share in (0, 1]
   * @throws what `setWeights` throws
   */
  moveWeights(weights: Readonly<Record<string, NewWeight>>, share: number): Promise<void>;
  moveWeights(...given: unknown[]) {
    return callInside("moveWeights", this.#state, given, 2);
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

  /**
   * Layers with their activations, what each is called on, output shapes, numbers of parameters and, as estimates for one
   * row, multiplications and bytes, as a table; what is frozen, loss and optimizer. `console.log(model)` prints it too.
   */
  summary(): string {
    checkSurplus("summary", arguments, 0);
    return summaryOf(this.#state);
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
   * each instruction and layer, forward, backward and in the update. `console.log(await model.profile({ x, y }))`
   * prints it as tables. Each is repeated until the clock can tell, in this thread, by a copy of the model in a memory of its
   * own, which is let go of afterwards: not a bit of the model changes, and `fit` may run meanwhile.
   *
   * @throws DataError, OptionError; UnsupportedError where clocks stand still while code runs, as in workerd; DivergedError when
   *   loss or gradient are not finite; OutOfMemoryError when there is no room for the copy
   */
  async profile(data: NamedExamples<I, O>, options: ProfileOptions = {}): Promise<Profile> {
    const { profileState } = await profiling.load("profile");
    return profileState(this.#state, data as Examples, options, arguments);
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

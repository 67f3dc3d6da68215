import { DisposedError, OptionError } from "../check/errors.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { withParts } from "../late.js";
import { splitSeed } from "../numeric/random.js";
import type { ExampleShapes } from "../rows/examples.js";
import type { TargetForm } from "../rows/target.js";
import type { Modules } from "../runtime/engine.js";
import { Machine } from "../runtime/machine.js";
import { type Awaitable, isPromise, type Port, whenGrown } from "../runtime/port.js";
import { Progress, type Standing } from "../train/progress.js";
import { hasTarget } from "../train/scoring/outputs.js";
import type { SavedCallback } from "./callbackState.js";
import { describeModel, type ModelDescription } from "./description.js";
import { Access, type Lease } from "./lease.js";
import { Programs, type Settings, type TrainingCompiler } from "./programs.js";

/** A plan, made again with the part that it needs, and again when the engine has grown for it. */
export const whenPlanned = <T>(who: string, plan: () => T): Awaitable<T> =>
  withParts(who, () => whenGrown(plan));

/** A compiled network and the one linear memory that it is bound to. */
export class ModelState {
  readonly settings: Settings;
  /** The engine, for whoever needs another memory. */
  readonly modules: Modules;
  readonly parameters: readonly Parameter[];
  /** What examples are checked against. */
  readonly shapes: ExampleShapes;
  readonly programs: Programs;
  readonly access = new Access();
  /** Counts the training steps. */
  #machine: Machine | undefined;
  /** How far the last `fit` came, if there was one. */
  progress: Progress | undefined;
  /** Epochs trained over the life of the model: keys the shuffling. */
  epochs = 0;
  /**
   * Factor on the learning rate, over the life of the model: reduceOnPlateau and a roll-back lower it. It changes
   * between two steps only, when the weights here are those of the engine.
   */
  rateFactor = 1;
  /** What the callbacks of the last `fit`, or of the one that runs, go on with. */
  callbackStates: () => readonly SavedCallback[] = () => [];
  /** The last step that was looked at for what is wrong. */
  lookedAt = Number.NEGATIVE_INFINITY;
  /** Calculations beside the training that are kept for the next call: see inside/calculators.ts. */
  readonly calculations = new Map<string, unknown>();
  /** What was warned of, where nobody else was told. */
  readonly warned = new Set<string>();
  #description: ModelDescription | undefined;
  /** Of an engine elsewhere, where its weights were brought here in the midst of a `fit`. */
  #reported: Standing | undefined;

  /** @param compiler needed with a loss */
  constructor(port: Port, modules: Modules, settings: Settings, compiler: TrainingCompiler | undefined) {
    this.settings = settings;
    this.modules = modules;
    const { network, outputs, rows } = settings;
    this.parameters = network.layers.flatMap(({ parameters }) => parameters);
    const scored = outputs.flatMap(({ name, index, loss }) => {
      const shape = network.outputs[index]?.shape;
      return loss === undefined || shape === undefined ? [] : [{ name, shape, loss }];
    });
    const targets = scored.filter(hasTarget);
    this.shapes = { inputs: network.inputs, targets, scored, single: network.single };
    const forms = targets.map(({ shape, loss }) => loss.targets(shape)[0] as TargetForm);
    this.programs = new Programs(settings, this.parameters, forms, compiler);
    this.#machine = new Machine(port, this.programs.maker({ forms, rows, accumulates: false }), {
      family: modules.family,
      limitBytes: settings.memoryLimit,
      seed: splitSeed(settings.seed),
    });
  }

  /** What it is, as snapshots tell it. */
  get description(): ModelDescription {
    this.#description ??= describeModel(this.settings);
    return this.#description;
  }

  /** @throws DisposedError after `dispose` */
  machine(who: string): Machine {
    if (this.#machine !== undefined) return this.#machine;
    throw new DisposedError(`${who}: the model was disposed. Compile the network again.`);
  }

  get disposed(): boolean {
    return this.#machine === undefined;
  }

  dispose(): void {
    this.#machine?.port.dispose();
    this.#machine = undefined;
    this.programs.clear();
  }

  /** Training steps over the life of the model. */
  get step(): number {
    return this.machine("fit").step;
  }

  /** How far the training has come that the weights here, which may lag behind, are of. */
  get standing(): Standing {
    return this.#reported ?? this.#now();
  }

  #now(): Standing {
    const { step, epochs, progress } = this;
    return { step, epochs, progress: progress?.save() };
  }

  /** Goes to where training stood with the weights that are here now. A `fit` that runs goes on from there. */
  moveTo({ step, epochs, progress }: Standing): void {
    this.machine("restore").step = step;
    this.epochs = epochs;
    if (progress === undefined) this.progress = undefined;
    else {
      this.progress ??= new Progress(progress.plan);
      this.progress.moveTo(progress);
    }
    if (this.#reported !== undefined) this.leave();
  }

  /** Notes that training moves on from where it stands now, while the weights here do not. */
  leave(): void {
    if (this.machine("fit").port.isElsewhere) this.#reported = this.#now();
  }

  /** Notes that the weights here are those of the engine; of one that has ended, what it did since is lost. */
  arrive(hasEnded = false): void {
    if (hasEnded && this.#reported !== undefined && !this.disposed) this.moveTo(this.#reported);
    this.#reported = undefined;
  }

  /** Brings the weights here where the engine is elsewhere. @throws WorkerError, DisposedError when it has ended */
  refresh(): Awaitable<void> {
    if (this.disposed) return;
    const fresh = this.machine("fit").port.refresh();
    if (!isPromise(fresh)) return;
    const now = this.#now();
    return Promise.resolve(fresh).then(() => {
      this.#reported = now;
    });
  }

  /** Whether `fit` runs. */
  get fitting(): boolean {
    return this.access.isLeased;
  }

  /** @throws OptionError when there is nothing to make small */
  checkLoss(who: string): void {
    if (this.programs.hasLoss) return;
    throw new OptionError(
      `${who}: the network was compiled without a loss; compile it with one, as { loss: "crossEntropy" }.`,
    );
  }

  /** @throws OptionError when there is nothing to train */
  checkTrained(who: string): void {
    if (this.machine(who).program.trained.size > 0) return;
    throw new OptionError(
      `${who}: there are no parameters to train${this.parameters.length > 0 ? ": all are frozen. Unfreeze some" : ". Add a layer that has some"}.`,
    );
  }

  get isTrained(): (one: Parameter) => boolean {
    return this.programs.isTrained;
  }

  /** Whether the loaded program also serves so many rows, in one go or, to the row, as a micro-batch. */
  fits(forms: readonly TargetForm[], rows: number, accumulates: boolean): boolean {
    const { program } = this.machine("model");
    const hasRoom = accumulates ? rows === program.rows : rows <= program.rows;
    return this.programs.takes(forms) && hasRoom && accumulates === program.accumulates;
  }

  /**
   * Loads the program for these forms of targets and at least so many rows; weights and slots stay. `staged` bytes
   * must fit too. A program that accumulates has exactly so many rows.
   */
  load(
    who: string,
    forms: readonly TargetForm[],
    rows: number,
    { staged = 0, accumulates = false } = {},
  ): Awaitable<void> {
    return whenPlanned(who, () => {
      const machine = this.machine(who);
      const room = accumulates ? rows : Math.max(rows, machine.program.rows);
      this.programs.load(machine, { forms, rows: room, accumulates }, staged);
    });
  }

  /** Sets which parameters training leaves as they are. @throws BusyError */
  setFrozen(who: string, frozen: ReadonlySet<Parameter>): void {
    this.access.check(who);
    const since = this.parameters.flatMap((one) => {
      if (frozen.has(one)) return [];
      // An optimizer that updates all as one begins anew with all.
      const since = this.settings.optimizer.isWhole ? undefined : this.programs.since(one);
      return [[one, since ?? this.step] as const];
    });
    this.programs.change(this.machine(who), { frozen, since: new Map(since) });
  }

  /** Sets since when parameters are trained: the program counts the steps of each. */
  setSince(who: string, since: ReadonlyMap<Parameter, number>): void {
    const { programs } = this;
    if (this.parameters.every((one) => (programs.since(one) ?? 0) === since.get(one))) return;
    programs.change(this.machine(who), { since });
  }

  /** Makes observed steps measure updates too, from now on. */
  measureUpdates(lease: Lease): Awaitable<void> {
    return whenPlanned("fit", () => {
      this.access.check("fit", { lease });
      this.programs.measureUpdates(this.machine("fit"));
    });
  }

  /** Makes `predict` leave the results of these layers too. @throws BusyError */
  observe(who: string, names: readonly string[]): Awaitable<void> {
    return whenPlanned(who, () => {
      const { observed } = this.programs;
      if (names.every((name) => observed.includes(name))) return;
      this.access.check(who);
      this.programs.change(this.machine(who), { observed: [...new Set([...observed, ...names])] }, true);
    });
  }
}

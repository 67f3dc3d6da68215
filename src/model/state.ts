import { BusyError, DisposedError, OptionError } from "../check/errors.js";
import { buildGraphs, type Graphs, type Scoreboard } from "../compile/graphs.js";
import type { Treatment } from "../compile/memory/segments.js";
import { makeProgram } from "../compile/program.js";
import type { Clipping } from "../compile/update.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { sizeOf } from "../graph/shape.js";
import type { AnyNetwork } from "../network/description.js";
import { splitSeed } from "../numeric/random.js";
import { treatments } from "../optimizers/index.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { ExampleShapes } from "../rows/examples.js";
import { formsKey, type TargetForm, targetColumns } from "../rows/target.js";
import type { Modules } from "../runtime/engine.js";
import { Machine, type MakeProgram } from "../runtime/machine.js";
import { type Awaitable, isPromise, type Port } from "../runtime/port.js";
import type { Progress, Standing } from "../train/progress.js";
import { hasTarget, makeObjective, type ObjectiveSettings, reductionOf } from "../train/scoring/objective.js";

/** What `compile` settled, with every default filled in. */
export interface Settings extends ObjectiveSettings {
  readonly network: AnyNetwork;
  readonly optimizer: Optimizer;
  readonly clipping: Clipping;
  readonly seed: number;
  /** Rows that are planned for at first. */
  readonly rows: number;
  readonly memoryLimit: number;
}

/** What a program is made for. */
interface Purpose {
  readonly forms: readonly TargetForm[];
  /** Rows that a step, or each of its micro-batches, takes at most. */
  readonly rows: number;
  readonly accumulates: boolean;
}

/** A compiled network and the one linear memory that it is bound to. */
export class ModelState {
  readonly settings: Settings;
  readonly parameters: readonly Parameter[];
  /** What examples are checked against. */
  readonly shapes: ExampleShapes;
  /** Graphs by the forms of the targets, for the parameters that are trained and the layers that are observed now. */
  readonly #graphs = new Map<string, Graphs>();
  #frozen: ReadonlySet<Parameter>;
  readonly #treatmentOf: (one: Parameter) => Treatment;
  /** Of parameters that were unfrozen: when. Their slots start anew, and so does what counts their steps. */
  #since: ReadonlyMap<Parameter, number> = new Map();
  #observed: readonly string[] = [];
  /** Whether an observed step measures what updates add to weights. */
  #observes: "results" | "updates" = "results";
  #forms: readonly TargetForm[];
  #machine: Machine | undefined;
  /** True while `fit` runs. */
  fitting = false;
  /** Whether there is anything to make small: a loss of an output, or one that a layer adds. */
  readonly #hasLoss: boolean;
  /** How far the last `fit` came, if there was one. */
  progress: Progress | undefined;
  /** Epochs trained over the life of the model: keys the shuffling. */
  epochs = 0;
  /**
   * Factor on the learning rate, over the life of the model: reduceOnPlateau and a roll-back lower it. It changes
   * between two steps only, when the weights here are those of the engine.
   */
  rateFactor = 1;
  /** The last step that was looked at for what is wrong. */
  lookedAt = Number.NEGATIVE_INFINITY;
  /** Of an engine elsewhere, where its weights were brought here in the midst of a `fit`. */
  #reported: Standing | undefined;

  constructor(port: Port, { family }: Pick<Modules, "family">, settings: Settings) {
    this.settings = settings;
    const { network, outputs } = settings;
    this.parameters = network.layers.flatMap(({ parameters }) => parameters);
    this.#treatmentOf = treatments(settings.optimizer, this.parameters);
    this.#frozen = new Set(this.parameters.filter(({ trainable }) => trainable === false));
    const scored = outputs.flatMap(({ name, index, loss }) => {
      const shape = network.outputs[index]?.shape;
      return loss === undefined || shape === undefined ? [] : [{ name, shape, loss }];
    });
    const targets = scored.filter(hasTarget);
    this.shapes = { inputs: network.inputs, targets, scored, single: network.single };
    this.#hasLoss = scored.length > 0 || settings.lossLayers.length > 0;
    this.#forms = targets.map(({ shape, loss }) => loss.targets(shape)[0] as TargetForm);
    const make = this.#maker({ forms: this.#forms, rows: settings.rows, accumulates: false });
    this.#machine = new Machine(port, make, {
      family,
      limitBytes: settings.memoryLimit,
      seed: splitSeed(settings.seed),
    });
  }

  /** @throws DisposedError after `dispose` */
  machine(who: string): Machine {
    if (this.#machine !== undefined) return this.#machine;
    throw new DisposedError(`${who}: the model was disposed. Compile the network again.`);
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
    return { step, epochs, progress: progress && { ...progress, sums: Array.from(progress.sums) } };
  }

  /** Notes that training moves on from where it stands now, while the weights here do not. */
  leave(): void {
    if (this.machine("fit").port.isElsewhere) this.#reported = this.#now();
  }

  /** Notes that the weights here are those of the engine; of one that has ended, what it did since is lost. */
  arrive(hasEnded = false): void {
    if (hasEnded && this.#reported !== undefined && this.#machine !== undefined) {
      this.#machine.step = this.#reported.step;
      this.epochs = this.#reported.epochs;
      this.progress = this.#reported.progress;
    }
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

  /** @throws BusyError while `fit` runs */
  checkIdle(who: string, instead?: string): void {
    if (!this.fitting) return;
    // Whoever awaits fit in a callback would wait for ever.
    const mend = instead === undefined ? "" : ` A callback has training.${instead}.`;
    throw new BusyError(`${who}: the model is in fit; await it, or abort it with its signal.${mend}`);
  }

  /** @throws OptionError when there is nothing to make small */
  checkLoss(who: string): void {
    if (this.#hasLoss) return;
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

  /** What reports show of the sums of a pass. */
  get scores(): Scoreboard {
    return this.#graphsFor(this.#forms).scores;
  }

  isTrained = (one: Parameter): boolean => !this.#frozen.has(one);

  /** The step at which a parameter's training began; undefined for one that is frozen. */
  since = (one: Parameter): number | undefined =>
    this.isTrained(one) ? (this.#since.get(one) ?? 0) : undefined;

  /** Layers whose results `predict` leaves behind its outputs. */
  get observed(): readonly string[] {
    return this.#observed;
  }

  #graphsFor(forms: readonly TargetForm[]): Graphs {
    const key = formsKey(forms);
    let graphs = this.#graphs.get(key);
    if (graphs === undefined) {
      const { network } = this.settings;
      const objective = this.#hasLoss ? makeObjective(this.settings, forms) : undefined;
      graphs = buildGraphs(network, objective, { isTrained: this.isTrained, observed: this.#observed });
      this.#graphs.set(key, graphs);
    }
    return graphs;
  }

  #maker({ forms, rows, accumulates }: Purpose): MakeProgram {
    const { network, optimizer, clipping } = this.settings;
    const isWeighted = reductionOf(this.settings) === "mean";
    const graphs = this.#graphsFor(forms);
    const options = {
      parameters: this.parameters,
      since: this.since,
      update: optimizer,
      clipping,
      observes: this.#observes,
      treatmentOf: this.#treatmentOf,
      accumulates,
      weighted: isWeighted,
      rows,
      sourceColumns: [
        ...network.inputs.map(({ shape }) => sizeOf(shape).factor),
        ...forms.map((form) => targetColumns(form)),
      ],
    };
    return (arenaLimit) =>
      makeProgram(graphs, arenaLimit === undefined ? options : { ...options, arenaLimit });
  }

  /** What the loaded program takes for targets. */
  get targetForms(): readonly TargetForm[] {
    return this.#forms;
  }

  /** Whether the loaded program is for these forms of targets. */
  takes(forms: readonly TargetForm[]): boolean {
    return formsKey(forms) === formsKey(this.#forms);
  }

  /** Whether it also serves so many rows, in one go or, to the row, as a micro-batch. */
  fits(forms: readonly TargetForm[], rows: number, accumulates: boolean): boolean {
    const { program } = this.machine("model");
    const hasRoom = accumulates ? rows === program.rows : rows <= program.rows;
    return this.takes(forms) && hasRoom && accumulates === program.accumulates;
  }

  /**
   * Loads the program for these forms of targets and at least so many rows; weights and slots stay. `staged` bytes
   * must fit too. A program that accumulates has exactly so many rows.
   */
  load(forms: readonly TargetForm[], rows: number, { staged = 0, accumulates = false } = {}): void {
    const machine = this.machine("model");
    const room = accumulates ? rows : Math.max(rows, machine.program.rows);
    machine.load(this.#maker({ forms, rows: room, accumulates }), staged);
    this.#forms = forms;
  }

  /** Loads the program for other parameters to train or layers to observe. After an error all is as before. */
  #reload(change: () => void): void {
    const before = [this.#frozen, this.#since, this.#observed, this.#observes] as const;
    const machine = this.machine("model");
    const { rows, accumulates } = machine.program;
    change();
    this.#graphs.clear();
    try {
      machine.load(this.#maker({ forms: this.#forms, rows, accumulates }));
    } catch (error) {
      [this.#frozen, this.#since, this.#observed, this.#observes] = before;
      this.#graphs.clear();
      throw error;
    }
  }

  /** Sets which parameters training leaves as they are. @throws BusyError */
  setFrozen(who: string, frozen: ReadonlySet<Parameter>): void {
    this.checkIdle(who);
    const since = this.parameters.flatMap((one) => {
      if (frozen.has(one)) return [];
      // An optimizer that updates all as one begins anew with all.
      const since = this.settings.optimizer.isWhole ? undefined : this.since(one);
      return [[one, since ?? this.step] as const];
    });
    this.setTraining(frozen, new Map(since));
  }

  /** Sets what is trained, and since when. */
  setTraining(frozen: ReadonlySet<Parameter>, since: ReadonlyMap<Parameter, number>): void {
    this.#reload(() => {
      this.#frozen = frozen;
      this.#since = since;
    });
  }

  /** Makes observed steps measure updates too, from now on. */
  measureUpdates(): void {
    if (this.#observes === "updates") return;
    this.#reload(() => {
      this.#observes = "updates";
    });
  }

  /** Makes `predict` leave the results of these layers too. @throws BusyError */
  observe(who: string, names: readonly string[]): void {
    if (names.every((name) => this.#observed.includes(name))) return;
    this.checkIdle(who);
    this.#reload(() => {
      this.#observed = [...new Set([...this.#observed, ...names])];
    });
  }

  get disposed(): boolean {
    return this.#machine === undefined;
  }

  dispose(): void {
    this.#machine?.port.dispose();
    this.#machine = undefined;
    this.#graphs.clear();
  }
}

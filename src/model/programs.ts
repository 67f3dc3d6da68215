import { type Graphs, predictionGraphs, type Scoreboard } from "../compile/graphs.js";
import type { Treatment } from "../compile/memory/segments.js";
import { makeProgram } from "../compile/program.js";
import { planWithin } from "../compile/recompute/late.js";
import type { trainingGraphs } from "../compile/trainingGraphs.js";
import type { trainingMethods } from "../compile/trainingMethods.js";
import type { Clipping } from "../compile/update.js";
import type { Parameter } from "../graph/primitives/step/source.js";
import { sizeOf } from "../graph/shape.js";
import type { AnyNetwork } from "../network/description.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { treatments } from "../optimizers/treatments.js";
import { formsKey, type TargetForm, targetColumns } from "../rows/target.js";
import type { Machine, MakeProgram } from "../runtime/machine.js";
import type { makeObjective } from "../train/scoring/objective.js";
import { hasLoss, type ObjectiveSettings, reductionOf } from "../train/scoring/outputs.js";

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

/** What programs are made by where there is a loss. */
export interface TrainingCompiler {
  readonly makeObjective: typeof makeObjective;
  readonly trainingGraphs: typeof trainingGraphs;
  readonly trainingMethods: typeof trainingMethods;
}

/** What a program is made for, by the data that it is to take. */
export interface Purpose {
  readonly forms: readonly TargetForm[];
  /** Rows that a step, or each of its micro-batches, takes at most. */
  readonly rows: number;
  readonly accumulates: boolean;
}

/** What a program is made for, by what is asked of the network. */
interface Wish {
  readonly frozen: ReadonlySet<Parameter>;
  /** Of parameters that were unfrozen: when. Their slots start anew, and so does what counts their steps. */
  readonly since: ReadonlyMap<Parameter, number>;
  /** Layers whose results `predict` leaves behind its outputs. */
  readonly observed: readonly string[];
  /** Whether an observed step measures what updates add to weights. */
  readonly observes: "results" | "updates";
}

/** The programs of a model: makes them, and knows what the loaded one is for. */
export class Programs {
  readonly #settings: Settings;
  readonly #parameters: readonly Parameter[];
  readonly #compiler: TrainingCompiler | undefined;
  readonly #treatmentOf: (one: Parameter) => Treatment;
  /** Graphs by the forms of the targets, for what is wished now. */
  readonly #graphs = new Map<string, Graphs>();
  #wish: Wish;
  #forms: readonly TargetForm[];
  /** Whether there is anything to make small: a loss of an output, or one that a layer adds. */
  readonly hasLoss: boolean;

  /**
   * @param forms of the targets, to begin with
   * @param compiler needed with a loss
   */
  constructor(
    settings: Settings,
    parameters: readonly Parameter[],
    forms: readonly TargetForm[],
    compiler: TrainingCompiler | undefined,
  ) {
    this.#settings = settings;
    this.#compiler = compiler;
    this.#parameters = parameters;
    this.#treatmentOf = treatments(settings.optimizer, parameters);
    this.hasLoss = hasLoss(settings);
    this.#forms = forms;
    const frozen = new Set(parameters.filter(({ trainable }) => trainable === false));
    this.#wish = { frozen, since: new Map(), observed: [], observes: "results" };
  }

  /** What the loaded program takes for targets. */
  get forms(): readonly TargetForm[] {
    return this.#forms;
  }

  /** Whether the loaded program is for these forms of targets. */
  takes(forms: readonly TargetForm[]): boolean {
    return forms === this.#forms || formsKey(forms) === formsKey(this.#forms);
  }

  /** What reports show of the sums of a pass. */
  get scores(): Scoreboard {
    return this.#graphsFor(this.#forms).scores;
  }

  get observed(): readonly string[] {
    return this.#wish.observed;
  }

  isTrained = (one: Parameter): boolean => !this.#wish.frozen.has(one);

  /** The step at which a parameter's training began; undefined for one that is frozen. */
  since = (one: Parameter): number | undefined =>
    this.isTrained(one) ? (this.#wish.since.get(one) ?? 0) : undefined;

  /** How to make the program for some data. */
  maker({ forms, rows, accumulates }: Purpose): MakeProgram {
    const { network, optimizer, clipping } = this.#settings;
    const graphs = this.#graphsFor(forms);
    const trainingMethods = this.#compiler?.trainingMethods;
    const options = {
      parameters: this.#parameters,
      since: this.since,
      update: optimizer,
      clipping,
      observes: this.#wish.observes,
      treatmentOf: this.#treatmentOf,
      accumulates,
      weighted: reductionOf(this.#settings) === "mean",
      rows,
      sourceColumns: [
        ...network.inputs.map(({ shape, entry }) => entry?.words(rows) ?? sizeOf(shape).factor),
        ...forms.map((form) => targetColumns(form)),
      ],
      ...(trainingMethods && { trainingMethods }),
    };
    return (arenaLimit) =>
      makeProgram(graphs, arenaLimit === undefined ? options : { ...options, arenaLimit, planWithin });
  }

  #graphsFor(forms: readonly TargetForm[]): Graphs {
    const key = formsKey(forms);
    let graphs = this.#graphs.get(key);
    if (graphs === undefined) {
      const { network } = this.#settings;
      const { isTrained, observed } = this;
      const options = { isTrained, observed };
      const compiler = this.#compiler;
      graphs =
        compiler === undefined
          ? predictionGraphs(network, options)
          : compiler.trainingGraphs(network, compiler.makeObjective(this.#settings, forms), options);
      this.#graphs.set(key, graphs);
    }
    return graphs;
  }

  /** Loads the program for some data, for which there must be `staged` bytes too. */
  load(machine: Machine, purpose: Purpose, staged: number): void {
    machine.load(this.maker(purpose), staged, true);
    this.#forms = purpose.forms;
  }

  /** Loads the program for other wishes. After an error all is as before. @param canWait see Machine.load */
  change(machine: Machine, wish: Partial<Wish>, canWait = false): void {
    const before = this.#wish;
    const { rows, accumulates } = machine.program;
    this.#wish = { ...before, ...wish };
    this.#graphs.clear();
    try {
      machine.load(this.maker({ forms: this.#forms, rows, accumulates }), 0, canWait);
    } catch (error) {
      this.#wish = before;
      this.#graphs.clear();
      throw error;
    }
  }

  /** Makes observed steps measure updates too, from now on. */
  measureUpdates(machine: Machine): void {
    if (this.#wish.observes !== "updates") this.change(machine, { observes: "updates" }, true);
  }

  clear(): void {
    this.#graphs.clear();
  }
}

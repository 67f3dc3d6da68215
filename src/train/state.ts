import { buildGraphs, type Graphs } from "../compile/graphs.js";
import { makeProgram, type Program } from "../compile/program.js";
import { type TargetForm, targetColumns } from "../data/target.js";
import { BusyError, DisposedError, OptionError } from "../errors.js";
import { sizeOf } from "../graph/shape.js";
import type { Network } from "../network.js";
import type { Parameter } from "../ops/source.js";
import { Machine } from "../runtime/machine.js";
import type { Loss } from "./losses.js";
import { chooseMetric, type MetricName } from "./metrics.js";
import type { Optimizer } from "./optimizers.js";

/** What `compile` settled, with every default filled in. */
export interface Settings {
  readonly network: Network;
  readonly loss: Loss | undefined;
  readonly metrics: readonly MetricName[];
  readonly optimizer: Optimizer;
  readonly clipNorm: number;
  readonly seed: number;
  /** Rows that are planned for at first. */
  readonly rows: number;
  readonly memoryLimit: number;
}

/** A compiled network and the one linear memory that it is bound to. */
export class ModelState {
  readonly settings: Settings;
  readonly parameters: readonly Parameter[];
  readonly #graphs = new Map<number, Graphs>();
  #form: TargetForm | undefined;
  #machine: Machine | undefined;
  /** True while `fit` runs. */
  fitting = false;
  /** Epochs trained over the life of the model: keys the shuffling. */
  epochs = 0;

  constructor(module: WebAssembly.Module, settings: Settings) {
    this.settings = settings;
    this.parameters = settings.network.layers.flatMap(({ parameters }) => parameters);
    this.#form = settings.loss?.targets(settings.network.outputShape)[0];
    this.#machine = new Machine(module, this.#program(this.#form, settings.rows), settings.memoryLimit);
  }

  /** @throws DisposedError after `dispose` */
  machine(who: string): Machine {
    if (this.#machine !== undefined) return this.#machine;
    throw new DisposedError(`${who}: the model was disposed. Compile the network again.`);
  }

  /** @throws BusyError while `fit` runs */
  checkIdle(who: string): void {
    if (this.fitting)
      throw new BusyError(`${who}: the model is in fit; await it, or abort it with its signal.`);
  }

  loss(who: string): Loss {
    const { loss } = this.settings;
    if (loss !== undefined) return loss;
    throw new OptionError(
      `${who}: the network was compiled without a loss; compile it with one, as { loss: "crossEntropy" }.`,
    );
  }

  #program(form: TargetForm | undefined, rows: number): Program {
    const { network, loss, metrics, optimizer, clipNorm } = this.settings;
    const key = form === undefined ? 0 : targetColumns(form);
    let graphs = this.#graphs.get(key);
    if (graphs === undefined) {
      const objective = loss &&
        form && {
          targetRow: form.row,
          loss: loss.build,
          reduction: loss.reduction,
          metrics: (prediction: Parameters<Loss["build"]>[0], target: Parameters<Loss["build"]>[1]) =>
            metrics.map((name) => chooseMetric(name)(prediction, target, loss)),
        };
      graphs = buildGraphs(network, objective);
      this.#graphs.set(key, graphs);
    }
    const sourceColumns = [
      sizeOf(network.inputShape).factor,
      ...(form === undefined ? [] : [targetColumns(form)]),
    ];
    return makeProgram(graphs, {
      parameters: this.parameters,
      update: optimizer,
      clipNorm,
      rows,
      sourceColumns,
    });
  }

  /** Whether the loaded program serves this form of target and so many rows. */
  fits(form: TargetForm, rows: number): boolean {
    const sameForm = this.#form !== undefined && targetColumns(form) === targetColumns(this.#form);
    return sameForm && rows <= this.machine("model").program.rows;
  }

  /** Loads the program for this form of target and at least so many rows; weights and slots stay. `staged` bytes must fit too. */
  load(form: TargetForm, rows: number, staged = 0): void {
    const machine = this.machine("model");
    machine.load(this.#program(form, Math.max(rows, machine.program.rows)), staged);
    this.#form = form;
  }

  get disposed(): boolean {
    return this.#machine === undefined;
  }

  dispose(): void {
    this.#machine = undefined;
    this.#graphs.clear();
  }
}

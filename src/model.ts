import { Control, Method } from "../assembly/isa.js";
import { print } from "./compile/print.js";
import type { Examples } from "./data/examples.js";
import type { Tensor } from "./data/table.js";
import { named, OptionError } from "./errors.js";
import type { Network } from "./network.js";
import { checkData, checkInteger, checkKeys, checkNumber, choose, describe } from "./options.js";
import { splitSeed } from "./random.js";
import { ADDRESSABLE_BYTES, type Precision } from "./runtime/engine.js";
import { loadInline } from "./runtime/load.inline.js";
import { startPass } from "./runtime/machine.js";
import { summarise } from "./summary.js";
import { evaluateState, predictState } from "./train/evaluate.js";
import { type FitOptions, fitState, type ValidatedFitOptions } from "./train/fit.js";
import { chooseLoss, type Loss, type LossName } from "./train/losses.js";
import { chooseMetric, type MetricName } from "./train/metrics.js";
import { chooseOptimizer, type Optimizer, type OptimizerName } from "./train/optimizers.js";
import type { EpochReport, Scores, ValidatedReport } from "./train/reports.js";
import type { Batches } from "./train/slabs.js";
import { ModelState } from "./train/state.js";
import { type NewWeight, readWeights, type Weights, writeWeights } from "./train/weights.js";

export interface CompileOptions<M extends MetricName = MetricName> {
  /** What training makes small. Without one, the model only predicts. */
  readonly loss?: LossName | Loss;
  /** Default `adam`. */
  readonly optimizer?: OptimizerName | Optimizer;
  /** Reported beside the loss. */
  readonly metrics?: readonly M[];
  /** Whole number that initial weights, shuffling and dropout follow from; default 0. */
  readonly seed?: number;
  /** Rows that the plan has room for; default 32. A larger batchSize of `fit` makes room for itself. */
  readonly batchSize?: number;
  /** Scales the gradient down to this norm where it is longer (Pascanu et al. 2013). Default: never. */
  readonly clipNorm?: number;
  /** Bytes of linear memory that the model may take; default what 32 bits address. */
  readonly memoryLimit?: number;
  /** `exact` (default): the same bits everywhere. `fast`: fused multiply-add where the engine has it. */
  readonly precision?: Precision;
}

/** Bytes of linear memory, by what they hold. */
export interface MemoryPlan {
  /** Weights and biases. */
  readonly parameters: number;
  /** Their gradients. */
  readonly gradients: number;
  /** What the optimizer keeps for each parameter. */
  readonly slots: number;
  /** Activations and their gradients, which share room when they are not needed at the same time. */
  readonly arena: number;
  /** Room to pack the operands of a matrix product. */
  readonly scratch: number;
  /** Rows on their way into `evaluate` and `predict`. */
  readonly chunk: number;
  /** Constants of the engine, instructions and control block. */
  readonly program: number;
  /** All of the above. */
  readonly planned: number;
  /** Training rows that the last `fit` staged, and what rounding to whole pages adds. */
  readonly staged: number;
  /** What the model holds now: the plan, and what is staged. */
  readonly total: number;
}

const OPTION_NAMES = [
  "loss",
  "optimizer",
  "metrics",
  "seed",
  "batchSize",
  "clipNorm",
  "memoryLimit",
  "precision",
];

/**
 * Plans a network's memory, writes its program and binds both to a new engine.
 *
 * @throws OptionError for options that do not exist or lie outside their domain, ShapeError when loss, metrics and
 *   output do not fit each other, OutOfMemoryError when the plan exceeds `memoryLimit`
 */
export async function compile<const M extends MetricName = never>(
  network: Network,
  options: CompileOptions<M> = {},
): Promise<Model<M>> {
  checkKeys("compile", options, OPTION_NAMES);
  if (typeof network !== "object" || network === null || !("layers" in network)) {
    throw new OptionError(
      `compile: the network is ${describe(network)}; needs what sequential(…) or network(…) returns.`,
    );
  }
  const { seed = 0, batchSize = 32, clipNorm = 0, memoryLimit = ADDRESSABLE_BYTES, metrics = [] } = options;
  const { optimizer = "adam", precision = "exact" } = options;
  checkInteger("compile", "seed", seed, 0);
  checkInteger("compile", "batchSize", batchSize, 1);
  if (options.clipNorm !== undefined) {
    checkNumber("compile", "clipNorm", clipNorm, "a positive number", (norm) => norm > 0);
  }
  checkInteger("compile", "memoryLimit", memoryLimit, 1);
  if (!Array.isArray(metrics)) {
    throw new OptionError(`compile: metrics is ${describe(metrics)}; needs an array, as ["accuracy"].`);
  }
  metrics.forEach((name, i) => {
    chooseMetric(name);
    if (metrics.indexOf(name) < i)
      throw new OptionError(`compile: metric "${name}" is named twice; needs it once.`);
  });
  if (metrics.length > 0 && options.loss === undefined) {
    throw new OptionError(
      `compile: there are metrics but no loss; needs a loss that says what the targets are.`,
    );
  }
  const build = choose("compile", "precision", precision, { exact: "exact", fast: "fast" } as const);
  const module = await loadInline(build);
  const state = new ModelState(module, {
    network,
    loss: options.loss === undefined ? undefined : chooseLoss(options.loss),
    metrics,
    optimizer: chooseOptimizer(optimizer),
    clipNorm,
    seed,
    rows: batchSize,
    memoryLimit: Math.min(memoryLimit, ADDRESSABLE_BYTES),
  });
  initialise(state);
  return new Model(state);
}

function initialise(state: ModelState): void {
  const machine = state.machine("compile");
  const [low, high] = splitSeed(state.settings.seed);
  machine.setU32(Control.seedLow, low);
  machine.setU32(Control.seedHigh, high);
  machine.run(Method.Initialise, { rows: 1, epochRows: 0, sources: [], order: 0 }, startPass(), 1, 1);
}

/** A compiled network with its weights in a linear memory of its own. `compile` makes it. */
export class Model<M extends MetricName = never> {
  static {
    named(Model, "Model");
  }
  readonly #state: ModelState;

  /** @internal */
  constructor(state: ModelState) {
    this.#state = state;
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
  fit(
    data: Examples | Batches | (() => Batches),
    options: ValidatedFitOptions<M>,
  ): Promise<ValidatedReport<M>[]>;
  fit(data: Examples | Batches | (() => Batches), options?: FitOptions<M>): Promise<EpochReport<M>[]>;
  async fit(
    data: Examples | Batches | (() => Batches),
    options: FitOptions<M> | ValidatedFitOptions<M> = {},
  ): Promise<ValidatedReport<M>[]> {
    // The scores have the metrics that `compile` was given, which M names.
    return (await fitState(this.#state, data, options as FitOptions)) as ValidatedReport<M>[];
  }

  /** Loss and metrics on data, without training on it. Dropout does nothing. @throws DataError, BusyError */
  async evaluate(
    data: Examples | Batches | (() => Batches),
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<Scores<M>> {
    checkData("evaluate", options);
    checkKeys("evaluate", options, ["signal"]);
    return (await evaluateState(this.#state, "evaluate", data, options.signal)) as Scores<M>;
  }

  /** The outputs for each row of x, row after row. May run while `fit` does: it sees the weights between two steps. */
  async predict(x: Tensor, options: { readonly signal?: AbortSignal } = {}): Promise<Float32Array> {
    checkKeys("predict", options, ["signal"]);
    return predictState(this.#state, x, options.signal);
  }

  /** A copy of all weights by name. */
  weights(): Weights {
    return readWeights(this.#state);
  }

  /** Sets the weights that are named. @throws BusyError during `fit`, ShapeError, DataError, OptionError */
  setWeights(weights: Readonly<Record<string, NewWeight>>): void {
    writeWeights(this.#state, weights);
  }

  /** Layers, output shapes and numbers of parameters as a table. */
  summary(): string {
    return summarise(this.#state.settings.network);
  }

  /** Bytes of linear memory, known before the first step. */
  get memory(): MemoryPlan {
    const machine = this.#state.machine("memory");
    const { parameters, gradients, slots, arena, scratch } = machine.program.segments;
    const chunk = machine.layout.data - machine.layout.chunk;
    const program = machine.layout.bases.parameters;
    const planned = machine.layout.data;
    return {
      parameters,
      gradients,
      slots,
      arena,
      scratch,
      chunk,
      program,
      planned,
      staged: machine.engine.bytes - planned,
      total: machine.engine.bytes,
    };
  }

  /** The program of a method, one instruction a line. */
  disassemble(method: "train" | "evaluate" | "predict" = "train"): string {
    const methods = { train: Method.Train, evaluate: Method.Evaluate, predict: Method.Predict } as const;
    const chosen = choose("disassemble", "method", method, methods);
    return print(this.#state.machine("disassemble").program.methods[chosen] ?? []);
  }

  /** Lets go of the memory now instead of when the model is no longer reachable. Doing it twice is fine. */
  dispose(): void {
    this.#state.dispose();
  }
}

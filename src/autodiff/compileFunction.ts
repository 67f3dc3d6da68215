import { DataError, DisposedError, OptionError } from "../check/errors.js";
import { checkInteger, checkKeys, checkType } from "../check/options.js";
import { checkSurplus } from "../check/surplus.js";
import { print } from "../compile/print.js";
import { withParts } from "../late.js";
import { type Calculator, openCalculator } from "../model/calculator.js";
import { type MemoryPlan, memoryOf } from "../model/memory.js";
import { checkedWeights, type NewWeight, type Weights } from "../model/weights.js";
import { ADDRESSABLE_BYTES, type Precision } from "../runtime/engine.js";
import { loadEngine } from "../runtime/load.js";
import { type EngineSource, modulesFor } from "../runtime/module.js";
import { writeArguments } from "./arguments.js";
import { type Derivative, differentiate, type Trace, traceFunction } from "./trace.js";
import type {
  GradientInputs,
  Gradients,
  InputNumbers,
  InputShapes,
  InputValues,
  OutputName,
  OutputNumbers,
  OutputValues,
  Seeds,
} from "./types.js";

export interface FunctionOptions<
  I extends InputShapes = InputShapes,
  O extends OutputValues = OutputValues,
  G extends GradientInputs<I> | undefined = undefined,
  S extends boolean = false,
  W extends boolean = false,
> {
  /** Shape of the one input, as `[2, 3]`, or of each by its name, as `{ a: [2, 3], b: [] }`. */
  readonly inputs: I;
  /** Inputs by which the function is differentiated: their names, or `true` for all. Default: none. */
  readonly gradients?: G;
  /** Which of several outputs is differentiated. */
  readonly of?: OutputName<O>;
  /**
   * `true` differentiates Σ seed · output, whose seeds each call brings: the vector-Jacobian product of outputs that are
   * no scalars. Default false.
   */
  readonly seeds?: S;
  /** `true` differentiates by the parameters of the layers and networks that the function calls, too. Default false. */
  readonly weightGradients?: W;
  /** What these parameters begin with, by name, as `model.weights()` gives it; the others as their layers say. */
  readonly weights?: Readonly<Record<string, NewWeight>>;
  /** Whether layers do as in training, where dropout drops and batchNorm takes the statistics of its rows. Default true. */
  readonly training?: boolean;
  /** Whole number that random numbers follow from; default 0. */
  readonly seed?: number;
  /** Bytes of linear memory that the function may take; default what 32 bits address. */
  readonly memoryLimit?: number;
  /** `exact` (default): the same bits everywhere. `fast`: fused multiply-add where the engine has it. */
  readonly precision?: Precision;
  /** In place of the engine that the package carries, as `compile` takes it. */
  readonly engine?: EngineSource;
}

/** What a call gives: the outputs, or with gradients both. */
export type FunctionResult<I extends InputShapes, O extends OutputValues, G, W = false> = W extends true
  ? { readonly value: OutputNumbers<O>; readonly weightGradients: Weights } & (G extends undefined
      ? unknown
      : { readonly gradients: Gradients<I, G> })
  : G extends undefined
    ? OutputNumbers<O>
    : { readonly value: OutputNumbers<O>; readonly gradients: Gradients<I, G> };

/** A traced function in a linear memory of its own. Calls are synchronous; results are copies. */
export interface CompiledFunction<
  I extends InputShapes,
  O extends OutputValues,
  G = undefined,
  S = false,
  W = false,
> {
  /**
   * @param inputs numbers of just the shapes it was compiled for, NaN and infinities among them if need be
   * @param seeds for each output that is differentiated, numbers of its shape
   * @throws ShapeError for too few or too many numbers, DataError for what is no number or an index out of range,
   *   DisposedError
   */
  (inputs: InputNumbers<I>, ...seeds: S extends true ? [Seeds<O>] : []): FunctionResult<I, O, G, W>;
  /** A copy of the parameters of the layers and networks that it calls, by name. */
  weights(): Weights;
  /** Sets those that are named. @throws OptionError, ShapeError, DataError before anything is changed */
  setWeights(weights: Readonly<Record<string, NewWeight>>): void;
  /** Bytes of linear memory; the inputs count as parameters. */
  readonly memory: MemoryPlan;
  /** Its program, one instruction a line. */
  disassemble(): string;
  /** Lets go of the memory now instead of when the function is no longer reachable. Doing it twice is fine. */
  dispose(): void;
}

const OPTION_NAMES = [
  ...["inputs", "gradients", "of", "seeds", "weightGradients", "weights", "training", "seed"],
  ...["memoryLimit", "precision", "engine"],
];

/**
 * Compiles a plain function of values, written with the functions of `wasmgrad/ops`:
 *
 * ```js
 * const norm = await compileFunction((x) => sqrt(sum(square(x))), { inputs: [3], gradients: true });
 * const { value, gradients } = norm([1, 2, 2]); // Float32Array [3], Float32Array [1/3, 2/3, 2/3]
 * ```
 *
 * It is called once, here, on a value for each input, and returns a value or an object of them. What follows only from
 * its inputs' shapes (loops, branches) is settled then; each call of the compiled function runs the program again.
 *
 * With `gradients`, a call returns `{ value, gradients }`: what it would return without, and the gradients of the one
 * scalar output, or of the one that `of` names. With `seeds`, each call brings a vector for the vector-Jacobian product
 * of its outputs; one that is left out counts as zeros. An input that the output does not depend on has a gradient of
 * zeros.
 *
 * Layers and networks may be called on its values: they are built there, with parameters of the function's own, by the
 * names that a network of them has; of one network alone by its own, so that `weights: model.weights()` fits.
 *
 * Random functions draw new numbers in each call: those of the n-th call follow from `seed` and n. `dropout` drops.
 *
 * @throws OptionError for options or names that there are not, ShapeError for ops that do not fit, a function that
 *   returns no value or an output that is no scalar, GradientError when the gradient is asked of an op that has none,
 *   OutOfMemoryError when the plan exceeds `memoryLimit`
 */
export async function compileFunction<
  const I extends InputShapes,
  O extends OutputValues,
  const G extends GradientInputs<I> | undefined = undefined,
  const S extends boolean = false,
  const W extends boolean = false,
>(
  build: (inputs: InputValues<I>) => O,
  options: FunctionOptions<I, O, G, S, W>,
): Promise<CompiledFunction<I, O, G, S, W>> {
  checkSurplus("compileFunction", arguments, 2);
  checkKeys("compileFunction", options, OPTION_NAMES);
  const { seed = 0, memoryLimit = ADDRESSABLE_BYTES, seeds = false } = options;
  checkInteger("compileFunction", "seed", seed, 0);
  checkInteger("compileFunction", "memoryLimit", memoryLimit, 1);
  checkType("compileFunction", "seeds", seeds, "boolean");
  const { training = true, weightGradients = false, weights: first = {} } = options;
  checkType("compileFunction", "training", training, "boolean");
  checkType("compileFunction", "weightGradients", weightGradients, "boolean");
  const trace = await withParts("compileFunction", () =>
    traceFunction("compileFunction", build, options.inputs, training),
  );
  const derivative = derivativeOf(trace, options);
  const limit = Math.min(memoryLimit, ADDRESSABLE_BYTES);
  const calculator = await openCalculator(await modulesFor("compileFunction", options, loadEngine), {
    who: trace.who,
    parameters: [...trace.weights, ...trace.inputs, ...(derivative?.seeds ?? [])].map(
      ({ parameter }) => parameter,
    ),
    initialized: trace.weights.map(({ parameter }) => parameter),
    results: [...trace.outputs.map(({ value }) => value), ...(derivative?.gradients ?? [])],
    rows: 1,
    sourceColumns: [],
    seed,
    memoryLimit: limit,
  });
  setNumbers(trace, calculator, first);
  return callable(
    trace,
    derivative,
    calculator,
    options.gradients !== undefined,
  ) as unknown as CompiledFunction<I, O, G, S, W>;
}

/** Sets the parameters of layers that are named; checks all of them before it changes the first. */
function setNumbers(
  { who, weights }: Trace,
  to: Calculator,
  given: Readonly<Record<string, NewWeight>>,
): void {
  const parameters = weights.map(({ parameter }) => parameter);
  for (const { one, values } of checkedWeights(`${who}: weights`, { parameters }, given)) {
    to.parameter(one).set(values);
  }
}

interface GivenOptions {
  readonly gradients?: unknown;
  readonly of?: string | undefined;
  readonly seeds?: boolean;
  readonly weightGradients?: boolean;
}

function derivativeOf(trace: Trace, given: GivenOptions): Derivative | undefined {
  const { gradients, of, seeds = false, weightGradients: weights = false } = given;
  if (weights && trace.weights.length === 0) {
    throw new OptionError(
      `${trace.who}: weightGradients is true, and the function calls no layer that has parameters; needs one. Leave it out.`,
    );
  }
  if (gradients !== undefined || weights) return differentiate(trace, { gradients, of, seeds, weights });
  if (of === undefined && !seeds) return undefined;
  throw new OptionError(
    `${trace.who}: there is ${seeds ? "seeds" : "of"} but no gradients; needs gradients: true, or names of inputs.`,
  );
}

function callable(trace: Trace, derivative: Derivative | undefined, loaded: Calculator, isByInputs: boolean) {
  const { layer, inputs, outputs, single } = trace;
  let calculator: Calculator | undefined = loaded;
  let calls = 0;
  const alive = (): Calculator => {
    if (calculator !== undefined) return calculator;
    throw new DisposedError(`${layer}: the function was disposed. Compile it again.`);
  };
  const call = (...given: readonly unknown[]) => {
    const to = alive();
    const seeds = derivative?.seeds ?? [];
    checkCount(layer, given, seeds.length > 0 ? 2 : 1);
    writeArguments(to, inputs, given[0], { who: `${layer}: input`, single: single.input });
    if (seeds.length > 0) {
      writeArguments(to, seeds, given[1], { who: `${layer}: seed`, single: single.output, isOptional: true });
    }
    to.run(calls++);
    const numbers = (named: readonly { readonly name: string }[], isSingle: boolean, first: number) =>
      isSingle
        ? to.result(first)
        : Object.fromEntries(named.map(({ name }, i) => [name, to.result(first + i)] as const));
    const value = numbers(outputs, single.output, 0);
    if (derivative === undefined) return value;
    const { wanted, weights } = derivative;
    const weightGradients = () =>
      Object.fromEntries(
        weights.map(({ name, shape }, i) => {
          return [name, { shape: [...shape], data: to.result(outputs.length + wanted.length + i) }];
        }),
      );
    return {
      value,
      ...(isByInputs && { gradients: numbers(wanted, single.input, outputs.length) }),
      ...(weights.length > 0 && { weightGradients: weightGradients() }),
    };
  };
  Object.defineProperty(call, "name", { value: layer });
  Object.defineProperty(call, "memory", { get: () => memoryOf(alive().machine), enumerable: true });
  return Object.assign(call, {
    weights: () =>
      Object.fromEntries(
        trace.weights.map(({ name, shape, parameter }) => {
          return [name, { shape: [...shape], data: alive().parameter(parameter).slice() }];
        }),
      ),
    setWeights: (weights: Readonly<Record<string, NewWeight>>) => setNumbers(trace, alive(), weights),
    disassemble: () => print(alive().instructions),
    dispose: () => {
      calculator = undefined;
    },
  });
}

function checkCount(who: string, given: readonly unknown[], needed: number): void {
  if (given.length === needed || (given.length === 0 && needed === 1)) return;
  throw new DataError(
    `${who}: called with ${given.length} arguments; needs ${needed === 1 ? "the inputs, one by its shape or several by name" : "the inputs and the seeds"}.`,
  );
}

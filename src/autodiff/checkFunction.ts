import { checkInteger } from "../check/options.js";
import { evaluate } from "../graph/reference/evaluate.js";
import { sizeOf } from "../graph/shape.js";
import { withParts } from "../late.js";
import { openCalculator } from "../model/calculator.js";
import { Purpose, randomStream } from "../numeric/random.js";
import type { Modules } from "../runtime/engine.js";
import { ADDRESSABLE_BYTES } from "../runtime/engine.js";
import { writeArguments } from "./arguments.js";
import { type CheckSettings, compareGradients, type Subject } from "./compareGradients.js";
import type { GradientCheck } from "./report.js";
import { type Argument, type Derivative, differentiate, type Trace, traceFunction } from "./trace.js";

const WHO = "gradientCheck";

interface FunctionToCheck {
  readonly inputs?: unknown;
  readonly gradients?: unknown;
  readonly seed?: number;
}

/** Checks the gradients of a function of values at `data`. */
export async function checkFunction(
  build: unknown,
  data: unknown,
  { inputs, gradients = true, seed = 0 }: FunctionToCheck,
  settings: CheckSettings,
): Promise<GradientCheck> {
  checkInteger(WHO, "seed", seed, 0);
  const trace = await withParts(WHO, () => traceFunction(WHO, build, inputs));
  const derivative = differentiate(trace, { gradients, of: undefined, seeds: !isScalar(trace) });
  const calculator = await calculatorFor(trace, derivative, settings.modules, seed);
  writeArguments(calculator, trace.inputs, data, { who: `${WHO}: input`, single: trace.single.input });
  const { loss, seeds, wanted } = derivative;
  seeds.forEach(({ parameter }, which) => writeSeeds(calculator.parameter(parameter), which));
  const numbersOf = ({ parameter }: Argument) => calculator.parameter(parameter).slice();
  const parameters = new Map(
    [...trace.inputs, ...trace.weights, ...seeds].map((one) => [
      one.parameter,
      numbersOf(one) as ArrayLike<number>,
    ]),
  );
  calculator.run(0);
  const lossWith = (replaced: typeof parameters) =>
    evaluate([loss], { rows: 1, parameters: replaced, seed, step: 0 })[0]?.data[0] as number;
  const subjects = wanted.map(({ name, shape, parameter }, i): Subject => {
    const values = Float64Array.from(parameters.get(parameter) as ArrayLike<number>);
    const lossAt = (element: number, x: number) =>
      lossWith(new Map(parameters).set(parameter, values.with(element, x)));
    return { name, shape, values, gradient: calculator.result(i), lossAt };
  });
  return compareGradients(WHO, subjects, lossWith(parameters), settings);
}

const isScalar = ({ outputs }: Trace) =>
  outputs.length === 1 && outputs.every(({ value }) => sizeOf(value.shape).factor === 1);

const calculatorFor = (
  { who, inputs, weights }: Trace,
  { seeds, gradients }: Derivative,
  modules: Modules,
  seed: number,
) =>
  openCalculator(modules, {
    who,
    parameters: [...weights, ...inputs, ...seeds].map(({ parameter }) => parameter),
    initialized: weights.map(({ parameter }) => parameter),
    results: gradients,
    rows: 1,
    sourceColumns: [],
    seed,
    memoryLimit: ADDRESSABLE_BYTES,
  });

/** Weights of both signs and of ordinary size, so that no part of an output cancels another or counts for nothing. */
function writeSeeds(seeds: Float32Array, which: number): void {
  const stream = randomStream(0, which, 1, Purpose.Shuffle);
  for (let i = 0; i < seeds.length; i++) {
    const word = stream.uint32(i);
    seeds[i] = (word & 1 ? 1 : -1) * (0.5 + word / 2 ** 32);
  }
}

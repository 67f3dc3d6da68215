/** Cases of the activations. */
import fc from "fast-check";
import { type NdArray, ndArray } from "../../../src/graph/reference/ndArray.ts";
import type { Shape } from "../../../src/graph/shape.ts";
import type { Value } from "../../../src/graph/value.ts";
import * as functions from "../../../src/ops/activations.ts";
import type { Accuracy, Application, OpCase } from "../../cases/case.ts";
import { anything, awayFromZero, type Domain, uniform, wide } from "../../cases/domains.ts";
import { alongAxis } from "../../cases/shapes.ts";
import { LARGE, ofOne } from "./pointwise.ts";

const ordinary = uniform(-3, 3);
const offZero = awayFromZero(0.05, 3);
const TWO_ULP: Accuracy = { relative: 2 ** -22 };
const ROUNDED: Accuracy = { relative: 2 ** -23.9 };

/** Elements that share all indices but that along the axis, as f maps them. */
const alongLines =
  (axis: number, f: (line: readonly number[]) => readonly number[]) =>
  ([x]: readonly NdArray[]): NdArray => {
    const place = (axis + x!.shape.length) % x!.shape.length;
    const lines = new Map<string, number[]>();
    const keyOf = (index: readonly number[]) => index.filter((_, i) => i !== place).join();
    ndArray(x!.shape, (index, flat) => {
      lines.set(keyOf(index), [...(lines.get(keyOf(index)) ?? []), x!.data[flat]!]);
      return 0;
    });
    const mapped = new Map([...lines].map(([key, line]) => [key, f(line)] as const));
    return ndArray(x!.shape, (index) => mapped.get(keyOf(index))![index[place]!]!);
  };

/** ln Σ eˣ, without overflow. */
function logSumExp(line: readonly number[]): number {
  const most = Math.max(...line);
  return most + Math.log(line.reduce((sum, x) => sum + Math.exp(x - most), 0));
}

function softmaxLike(
  build: (x: Value, options: functions.SoftmaxOptions) => Value,
  f: (x: number, normalizer: number) => number,
  accuracy: Accuracy,
): OpCase {
  const apply = (shape: Shape, axis: number | undefined): Application => {
    const options = axis === undefined ? {} : { axis };
    return {
      inputs: [{ shape, domain: uniform(-8, 8) }],
      build: ([x]) => build(x!, options),
      define: alongLines(axis ?? -1, (line) => {
        const normalizer = logSumExp(line);
        return line.map((x) => f(x, normalizer));
      }),
      attributes: options,
    };
  };
  const applications = alongAxis.chain(({ shape, axis }) =>
    fc.constantFrom(axis, axis - shape.length, undefined).map((one) => apply(shape, one)),
  );
  return { applications, accuracy, gradient: "finite differences", large: apply(LARGE, 0) };
}

const around6: Domain = (values, chance) => {
  for (let i = 0; i < values.length; i++) values[i] = Math.floor(50 * chance()) / 5 - 1.9;
};

/** Odd tenths: off the kinks of the hard ones by more than a step. */
const off3: Domain = (values, chance) => {
  for (let i = 0; i < values.length; i++) values[i] = Math.floor(50 * chance()) / 5 - 4.9;
};

// Constants are f32 in the graph.
const SIXTH = Math.fround(1 / 6);
const LAMBDA = Math.fround(1.0507009873554805);
const ALPHA = Math.fround(1.6732632423543772);

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const cubic = (x: number) => 2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);

/** Φ(x), by Simpson's rule over the tail: relative to its own end, where a sum from the middle would cancel. */
export function distribution(x: number): number {
  const end = -Math.abs(x);
  // Beyond it the density is below 1e−17 of that at the end.
  const [steps, width] = [4000, 40 / (3.3 - end)];
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const t = end - (i * width) / steps;
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp((end * end - t * t) / 2);
  }
  const tail = (Math.exp((-end * end) / 2) * sum * width) / (3 * steps * Math.sqrt(2 * Math.PI));
  return x > 0 ? 1 - tail : tail;
}

const geluOf = (approximate: boolean | undefined, share: (x: number) => number, reach: number): OpCase =>
  ofOne(
    (x) => functions.gelu(x, approximate === undefined ? {} : { approximate }),
    (x) => x * share(x),
    { domain: uniform(-reach, reach), smooth: ordinary },
    { relative: 2 ** -23 },
  );

/** One row for several ways to call a function. */
const eitherOf = (...[first, ...others]: readonly OpCase[]): OpCase => ({
  ...(first as OpCase),
  applications: fc.oneof(...[first as OpCase, ...others].map(({ applications }) => applications)),
});

export const activations = {
  tanh: ofOne(functions.tanh, Math.tanh, { domain: uniform(-10, 10), smooth: ordinary }, TWO_ULP),
  sigmoid: ofOne(
    functions.sigmoid,
    (x) => 1 / (1 + Math.exp(-x)),
    { domain: uniform(-80, 80), smooth: ordinary },
    TWO_ULP,
  ),
  softplus: ofOne(
    functions.softplus,
    (x) => (x > 30 ? x + Math.exp(-x) : Math.log1p(Math.exp(x))),
    { domain: uniform(-80, 80), smooth: ordinary },
    ROUNDED,
  ),
  relu: ofOne(functions.relu, (x) => (x > 0 ? x : 0), { domain: anything, smooth: offZero }, "exact"),
  relu6: ofOne(
    functions.relu6,
    (x) => Math.min(Math.max(x, 0), 6),
    { domain: anything, smooth: around6 },
    "exact",
  ),
  leakyRelu: withOption(
    functions.leakyRelu,
    "slope",
    [undefined, 0.25, 0],
    // The default is an f32 in the graph.
    (x, slope = Math.fround(0.01)) => (x > 0 ? x : slope * x),
    { relative: 2 ** -23.9 },
  ),
  elu: withOption(
    functions.elu,
    "alpha",
    [undefined, 0.25, 2],
    (x, alpha = 1) => (x > 0 ? x : alpha * Math.expm1(x)),
    ROUNDED,
  ),
  selu: ofOne(
    functions.selu,
    (x) => LAMBDA * (x > 0 ? x : ALPHA * Math.expm1(x)),
    { domain: wide, smooth: offZero },
    // Both constants and both products round.
    { relative: 2 ** -22 },
  ),
  celu: withOption(
    functions.celu,
    "alpha",
    [undefined, 0.25, 2],
    (x, alpha = 1) => Math.max(x, 0) + Math.min(0, alpha * Math.expm1(x / alpha)),
    { relative: 2 ** -23 },
  ),
  // As far to the left as the results are normal: what is subnormal is flushed.
  gelu: eitherOf(
    geluOf(undefined, distribution, 12),
    geluOf(false, distribution, 12),
    geluOf(true, (x) => sigmoid(cubic(x)), 9),
  ),
  geluTanh: ofOne(
    functions.geluTanh,
    (x) => x * sigmoid(cubic(x)),
    { domain: uniform(-9, 9), smooth: ordinary },
    ROUNDED,
  ),
  silu: ofOne(
    functions.silu,
    (x) => x * sigmoid(x),
    { domain: uniform(-80, 80), smooth: ordinary },
    { relative: 2.5 * 2 ** -23 },
  ),
  swish: ofOne(
    functions.swish,
    (x) => x * sigmoid(x),
    { domain: uniform(-80, 80), smooth: ordinary },
    { relative: 2.5 * 2 ** -23 },
  ),
  mish: ofOne(
    functions.mish,
    (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
    { domain: uniform(-80, 80), smooth: ordinary },
    ROUNDED,
  ),
  softsign: ofOne(
    functions.softsign,
    (x) => x / (1 + Math.abs(x)),
    { domain: wide, smooth: offZero },
    { relative: 2 ** -23 },
  ),
  hardSigmoid: ofOne(
    functions.hardSigmoid,
    (x) => Math.min(Math.max(x + 3, 0), 6) * SIXTH,
    { domain: anything, smooth: off3 },
    // The sum, the sixth and the product round.
    { relative: 2 ** -22 },
  ),
  hardSwish: ofOne(
    functions.hardSwish,
    (x) => x * Math.min(Math.max(x + 3, 0), 6) * SIXTH,
    { domain: uniform(-8, 8), smooth: off3 },
    { relative: 2 ** -22 },
  ),
  hardTanh: eitherOf(
    ...[{}, { low: -2 }, { low: 0.25, high: 4 }].map((options: functions.HardTanhOptions) =>
      ofOne(
        (x) => functions.hardTanh(x, options),
        (x) => Math.min(Math.max(x, options.low ?? -1), options.high ?? 1),
        { domain: anything, smooth: off3 },
        "exact",
      ),
    ),
  ),
  softmax: softmaxLike(functions.softmax, (x, normalizer) => Math.exp(x - normalizer), { relative: 1e-6 }),
  logSoftmax: softmaxLike(functions.logSoftmax, (x, normalizer) => x - normalizer, {
    relative: 3e-7,
    floor: 16,
  }),
} as const satisfies Record<string, OpCase>;

/** A function of a value and one option, which may be left out. */
function withOption<O extends string>(
  build: (x: Value, options: { readonly [name in O]?: number }) => Value,
  name: O,
  choices: readonly (number | undefined)[],
  f: (x: number, option?: number) => number,
  accuracy: Accuracy,
): OpCase {
  const [first, ...others] = choices.map((choice) =>
    ofOne(
      (x) => build(x, (choice === undefined ? {} : { [name]: choice }) as { readonly [key in O]?: number }),
      (x) => f(x, choice),
      { domain: wide, smooth: offZero },
      accuracy,
    ),
  );
  return {
    ...first!,
    applications: fc.oneof(first!.applications, ...others.map(({ applications }) => applications)),
  };
}

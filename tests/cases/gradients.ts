/** The gradient of a case in three ways: by the engine, by the f64 reference, by finite differences. */
import { backward } from "../../src/graph/backward.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import type { Feed } from "../../src/graph/reference/definition.ts";
import { evaluate } from "../../src/graph/reference/evaluate.ts";
import type { Value } from "../../src/graph/value.ts";
import { describeTrial, type Trial } from "./case.ts";
import { prepare } from "./prepare.ts";
import { GraphProgram } from "./run.ts";

export const chainRule = {
  add: ops.add,
  onesLike: ({ shape }: Value) => ops.fill({ shape, value: 1 }),
};

/** Elements of each input that are moved; the rest is taken on trust, which the next trial puts elsewhere. */
const MOVED = 16;

/** f64 numbers differ by 1e−16: a step of 1e−5 leaves eleven digits of the difference, and its cube is beyond them. */
const STEP = 1e-5;

export interface Gradient {
  /** Place of the element in its input. */
  readonly name: string;
  readonly engine: number;
  readonly reference: number;
  readonly differences: number;
  /** Largest gradient of that input: what an error is small beside. */
  readonly size: number;
}

/** Gradients of L = Σ y · w, with fixed weights w, by each input that has one. */
export function gradients(trial: Trial): Gradient[] {
  const { inputs, y, feed, values, weights } = prepare(trial, ({ smooth, domain }) => smooth ?? domain);
  const product = ops.multiply(y, weights(y));
  const loss = ops.sum(product, { axes: product.shape.map((_, axis) => axis) });
  const moved = inputs.flatMap((input, i) =>
    trial.inputs[i]!.constant ? [] : [{ input, values: values[i]!, i }],
  );
  const roots = backward(
    loss,
    moved.map(({ input }) => input),
    chainRule,
  ).map((gradient, i) => {
    if (gradient === null) throw new Error(`input ${moved[i]!.i} has no gradient`);
    return gradient;
  });
  const engine = new GraphProgram(roots, { maxRows: trial.rows + trial.spare }).run(feed);
  const reference = evaluate(roots, feed);
  return moved.flatMap(({ values: numbers, i }, which) => {
    const size = reference[which]!.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    return someOf(numbers.length, trial.seed).map((element) => ({
      name: `input ${i}, element ${element}`,
      engine: engine[which]![element]!,
      reference: reference[which]!.data[element]!,
      differences: difference(product, feed, numbers, element),
      size,
    }));
  });
}

/** The first and last of n elements, and others as the seed has it. */
function someOf(n: number, seed: number): number[] {
  if (n <= MOVED) return Array.from({ length: n }, (_, i) => i);
  const others = Array.from({ length: MOVED - 2 }, (_, i) => (seed >>> 0) + i * 2654435761);
  return [...new Set([0, n - 1, ...others.map((word) => word % n)])];
}

/**
 * (L(x + h) − L(x − h)) / 2h in f64, x being one element of those numbers of the feed and L the sum of the terms. They are
 * compared one by one: those that x does not change cancel, and leave none of what rounds a sum of thousands.
 */
export function difference(terms: Value, feed: Feed, numbers: ArrayLike<number>, element: number): number {
  const moved = (step: number) => {
    const copy = Float64Array.from(numbers);
    copy[element]! += step;
    const replaced = (values: ArrayLike<number>) => (values === numbers ? copy : values);
    const sources = (feed.sources ?? []).map(replaced);
    const parameters = new Map(
      [...(feed.parameters ?? [])].map(([key, all]) => [key, replaced(all)] as const),
    );
    return evaluate([terms], { ...feed, sources, parameters })[0]!.data;
  };
  const [ahead, behind] = [moved(STEP), moved(-STEP)];
  return ahead.reduce((sum, term, i) => sum + (term - behind[i]!), 0) / (2 * STEP);
}

/** The rule is proved in f64, where nothing hides it; then the kernels that carry it out. */
export function checkGradient(trial: Trial): number {
  const found = gradients(trial);
  for (const { name, engine, reference, differences, size } of found) {
    const scale = Math.max(size, 0.01);
    const wrong = (who: string, got: number) =>
      new Error(`${describeTrial(trial)}: ${who} of ${name} is ${got} instead of ${differences}`);
    if (!(Math.abs(reference - differences) <= 1e-6 * scale)) throw wrong("the gradient in f64", reference);
    if (!(Math.abs(engine - differences) <= 1e-4 * scale)) throw wrong("the engine's gradient", engine);
  }
  return found.length;
}

/** Every op through the low-level door: forward and gradients of compiled functions against the f64 reference. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileFunction } from "../../src/autodiff/compileFunction.ts";
import { ShapeError } from "../../src/check/errors.ts";
import { backward } from "../../src/graph/backward.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { parameter } from "../../src/graph/primitives/step/source.ts";
import type { Feed } from "../../src/graph/reference/definition.ts";
import { evaluate } from "../../src/graph/reference/evaluate.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { allowed, compare, floorsOf } from "../cases/accuracy.ts";
import { describeTrial, type OpCase, type Trial, trials } from "../cases/case.ts";
import { chainRule } from "../cases/gradients.ts";
import { caseNames, cases } from "../cases/index.ts";
import { prepare } from "../cases/prepare.ts";
import { howMany } from "../given/depth.ts";
import { functionCases } from "../ops/cases/index.ts";

const seed = Number(process.env.WASMGRAD_SEED ?? 4);
const TRIALS = howMany(8, 80);

/** Sources bring rows, which functions do not have; a report is no value. */
const WITHOUT_A_DOOR = ["source", "report", "sparseSource", "sparseProduct", "sparseProductGrad"];

/** The trial with a number for the rows; undefined where its attributes speak of them. */
function withoutRows(trial: Trial): Trial | undefined {
  const fixed = (shape: Shape) => shape.map((axis) => (axis === ROWS ? trial.rows : axis));
  const inputs = trial.inputs.map((input) => ({ ...input, shape: fixed(input.shape) }));
  try {
    const { shape } = trial.build(
      inputs.map((input, i) => parameter({ name: `${i}`, shape: input.shape, initial: { low: 0, high: 0 } })),
    );
    return shape.includes(ROWS) ? undefined : { ...trial, inputs };
  } catch (error) {
    if (error instanceof ShapeError) return undefined;
    throw error;
  }
}

const named = <T>(list: readonly T[]) => Object.fromEntries(list.map((one, i) => [`x${i}`, one]));

/** The trial as a function of its inputs by name, and the graph that the reference evaluates. */
function doorOf(trial: Trial, differentiable: boolean) {
  const pick = differentiable ? (input: Trial["inputs"][number]) => input.smooth ?? input.domain : undefined;
  const { inputs, y, feed, values } = prepare(trial, pick);
  const shapes = named(trial.inputs.map(({ shape }) => shape));
  const build = (given: Readonly<Record<string, Value>>) =>
    trial.build(trial.inputs.map((_, i) => given[`x${i}`]!));
  // The first call draws the numbers of step 0; what an attribute says of rows is said of one.
  return {
    inputs,
    y,
    feed: { ...feed, step: 0, rows: 1 },
    shapes,
    build,
    numbers: named(values as Float32Array[]),
  };
}

async function checkForward(trial: Trial, { accuracy }: OpCase): Promise<void> {
  const { y, feed, shapes, build, numbers } = doorOf(trial, false);
  const call = await compileFunction(build, { inputs: shapes, seed: feed.seed! });
  const actual = call(numbers);
  call.dispose();
  const expected = evaluate([y], feed)[0]!.data;
  const { error, message } = compare(actual, expected, accuracy, floorsOf(y, accuracy, feed));
  if (error > allowed(accuracy)) throw new Error(`${describeTrial(trial)}: ${message}`);
}

/** Gradients of Σ seed · y, the seeds being of ordinary size. */
async function checkGradients(trial: Trial): Promise<void> {
  const { inputs, y, feed, shapes, build, numbers } = doorOf(trial, true);
  const wanted = trial.inputs.flatMap(({ constant }, i) => (constant ? [] : [i]));
  const call = await compileFunction(build, {
    inputs: shapes,
    gradients: wanted.map((i) => `x${i}`),
    seeds: true,
    seed: feed.seed!,
  });
  const size = y.shape.reduce((product, axis) => product * axis, 1);
  const seeds = Float32Array.from({ length: size }, (_, i) => ((i * 7) % 11) / 4 - 1.3);
  const { gradients } = call(numbers, seeds);
  call.dispose();
  const weights = ops.constant({ shape: y.shape, values: seeds });
  const product = ops.multiply(y, weights);
  const loss = ops.sum(product, { axes: product.shape.map((_, axis) => axis) });
  const found = backward(
    loss,
    wanted.map((i) => inputs[i]!),
    chainRule,
  );
  wanted.forEach((i, which) => {
    const gradient = found[which];
    const expected = gradient ? evaluateOne(gradient, feed) : new Float64Array(numbers[`x${i}`]!.length);
    const floor = Math.max(0.01, ...expected.map(Math.abs));
    const { error, message } = compare(gradients[`x${i}`]!, expected, { relative: 1e-4 }, floor);
    if (error > 1e-4) throw new Error(`${describeTrial(trial)}: gradient of input ${i}: ${message}`);
  });
}

const evaluateOne = (value: Value, feed: Feed) => evaluate([value], feed)[0]!.data;

const all: readonly (readonly [string, OpCase])[] = [
  ...caseNames
    .filter((name) => !WITHOUT_A_DOOR.includes(name))
    .map((name) => [`op ${name}`, cases[name]] as const),
  ...Object.entries(functionCases).map(([name, one]) => [`function ${name}`, one] as const),
];

/** Runs a check on trials; those whose attributes speak of rows are left out. @returns how many were checked */
async function run(one: OpCase, check: (trial: Trial) => Promise<void>): Promise<number> {
  let checked = 0;
  for (const trial of fc.sample(trials(one.applications), { numRuns: TRIALS, seed })) {
    const fixed = withoutRows(trial);
    if (fixed === undefined) continue;
    await check(fixed);
    checked++;
  }
  return checked;
}

describe("a compiled function of", () => {
  it.each(all)("%s gives what its definition says", async (_, one) => {
    expect(await run(one, (trial) => checkForward(trial, one))).toBeGreaterThan(TRIALS / 10);
  });

  it.each(all.filter(([, { gradient }]) => gradient === "finite differences"))(
    "%s has its gradients",
    async (_, one) => {
      expect(await run(one, checkGradients)).toBeGreaterThan(TRIALS / 10);
    },
  );
});

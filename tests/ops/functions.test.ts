/** The public functions of values, each against its own definition in f64 and finite differences of it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/graph/reference/evaluate.ts";
import { concrete, type NdArray } from "../../src/graph/reference/ndArray.ts";
import { allowed, compare, floorsOf } from "../cases/accuracy.ts";
import { describeTrial, type OpCase, type Trial, trials } from "../cases/case.ts";
import { checkGradient } from "../cases/gradients.ts";
import { prepare } from "../cases/prepare.ts";
import { GraphProgram } from "../cases/run.ts";
import { howMany } from "../given/depth.ts";
import { functionCases } from "./cases/index.ts";

/** Fixed, so that a red test stays red; WASMGRAD_SEED looks elsewhere. */
const seed = Number(process.env.WASMGRAD_SEED ?? 3);
const TRIALS = howMany(12, 300);

/** Throws unless graph and engine give what the definition says, shape included. */
function checkForward(trial: Trial, { accuracy }: OpCase): void {
  const { inputs, y, feed } = prepare(trial);
  const tensors = evaluate(inputs, feed);
  const expected = trial.define?.(tensors) as NdArray;
  const shape = concrete(y.shape, trial.rows);
  if (shape.join() !== expected.shape.join()) {
    throw new Error(`${describeTrial(trial)}: shape [${shape}] instead of [${expected.shape}]`);
  }
  const inF64 = compare(evaluate([y], feed)[0]!.data, expected.data, { relative: 1e-9, floor: 1e-3 });
  if (inF64.error > 1e-9) throw new Error(`${describeTrial(trial)}: in f64 ${inF64.message}`);
  const [actual] = new GraphProgram([y], { maxRows: trial.rows + trial.spare }).run(feed);
  const { error, message } = compare(actual!, expected.data, accuracy, floorsOf(y, accuracy, feed));
  if (error > allowed(accuracy)) throw new Error(`${describeTrial(trial)}: ${message}`);
}

describe.each(Object.entries(functionCases))("%s", (_, one) => {
  it("is what its definition says, at any shape", () => {
    fc.assert(
      fc.property(trials(one.applications), (trial) => checkForward(trial, one)),
      { numRuns: TRIALS, seed },
    );
  });

  if (one.gradient === "finite differences") {
    it("has the gradient that finite differences find, at any shape", () => {
      let checked = 0;
      const check = (trial: Trial) => {
        checked += checkGradient(trial);
      };
      fc.assert(fc.property(trials(one.applications), check), { numRuns: TRIALS, seed });
      expect(checked).toBeGreaterThan(TRIALS);
    });
  }
});

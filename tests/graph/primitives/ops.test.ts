/** Every op against its f64 definition, and every gradient against finite differences of that definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/graph/reference/evaluate.ts";
import { allowed, compare, floorsOf } from "../../cases/accuracy.ts";
import { describeTrial, type OpCase, type Trial, trials } from "../../cases/case.ts";
import { checkGradient } from "../../cases/gradients.ts";
import { caseNames, cases } from "../../cases/index.ts";
import { prepare } from "../../cases/prepare.ts";
import { GraphProgram } from "../../cases/run.ts";
import { howMany } from "../../given/depth.ts";

/** Fixed, so that a red test stays red; WASMGRAD_SEED looks elsewhere. */
const seed = Number(process.env.WASMGRAD_SEED ?? 2);
const FORWARD_TRIALS = howMany(40, 1000);
const GRADIENT_TRIALS = howMany(16, 400);

/** Throws unless the engine's result of a trial is as near to f64 as its case asks, with and without shared buffers. */
function checkForward(trial: Trial, { accuracy }: OpCase): void {
  const { y, feed } = prepare(trial);
  const expected = evaluate([y], feed)[0]!.data;
  const floors = floorsOf(y, accuracy, feed);
  for (const sharing of [false, true]) {
    const [actual] = new GraphProgram([y], { maxRows: trial.rows + trial.spare, sharing }).run(feed);
    const { error, message } = compare(actual!, expected, accuracy, floors);
    if (error > allowed(accuracy)) throw new Error(`${describeTrial(trial)}: ${message}`);
  }
}

describe.each(caseNames)("%s", (name) => {
  const one = cases[name];

  it("is what its definition in f64 says, at any shape", () => {
    const check = (trial: Trial) => checkForward(trial, one);
    fc.assert(fc.property(trials(one.applications), check), { numRuns: FORWARD_TRIALS, seed });
  });

  it("is what its definition in f64 says, at the size of a network", () => {
    checkForward({ ...one.large, rows: 64, spare: 0, seed }, one);
  });

  if (one.gradient === "finite differences") {
    it("has the gradient that finite differences find, at any shape", () => {
      let checked = 0;
      const check = (trial: Trial) => {
        checked += checkGradient(trial);
      };
      fc.assert(fc.property(trials(one.applications), check), { numRuns: GRADIENT_TRIALS, seed });
      expect(checked).toBeGreaterThan(GRADIENT_TRIALS);
    });
  }
});

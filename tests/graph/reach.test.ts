/** What an op can give lies within its reach: of every case of every op, by the f64 reference. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scale } from "../../src/graph/primitives/elementwise/affine.ts";
import { add } from "../../src/graph/primitives/elementwise/binary.ts";
import { sigmoid, tanh } from "../../src/graph/primitives/elementwise/unary.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { placeholder } from "../../src/graph/primitives/step/source.ts";
import { reachOf } from "../../src/graph/reach.ts";
import { evaluate } from "../../src/graph/reference/evaluate.ts";
import type { Value } from "../../src/graph/value.ts";
import { describeTrial, type Trial, trials } from "../cases/case.ts";
import { caseNames, cases } from "../cases/index.ts";
import { prepare } from "../cases/prepare.ts";
import { howMany } from "../given/depth.ts";

/** They are named for their mean: see reach.ts. */
const NOISE = ["normalNoise", "uniformNoise"];

/** An op of values that are bounded themselves: of sigmoids, or tanhs. */
const within = (trial: Trial, bound: (x: Value) => Value) => ({
  ...trial,
  build: (inputs: readonly Value[]) => trial.build(inputs.map((x) => bound(x))),
});

describe("the reach", () => {
  it.each(caseNames.filter((name) => !NOISE.includes(name)))("of %s holds what it gives", (name) => {
    fc.assert(
      fc.property(
        trials(cases[name].applications),
        fc.constantFrom(undefined, sigmoid, tanh),
        (trial, bound) => {
          // Places and labels are whole numbers; sparse rows lie as they are staged.
          const takesAny = !/^(take|scatterAdd|oneHot|ctc|crossEntropy|sparse)/.test(name);
          const { y, feed } = prepare(bound && takesAny ? within(trial, bound) : trial);
          const [low, high] = reachOf(y);
          const room = 1e-6 * Math.max(1, ...[low, high].map(Math.abs).filter(Number.isFinite));
          for (const value of evaluate([y], feed)[0]?.data ?? []) {
            if (Number.isNaN(value) || (value >= low - room && value <= high + room)) continue;
            throw new Error(`${describeTrial(trial)}: ${value} is not within ${low} … ${high}`);
          }
        },
      ),
      { numRuns: howMany(12, 200), seed: 7 },
    );
  });

  it("of a chain of thousands is found without recursion", () => {
    let x: Value = sigmoid(placeholder([-1, 2], 0));
    for (let i = 0; i < 5000; i++) x = scale(add(x, x), 0.5);
    expect(reachOf(x)).toEqual([0, 1]);
  });

  it("of a softmax of one unit is 1, and of a norm of one number 0", () => {
    const x = placeholder([-1, 1], 0);
    expect(reachOf(ops.softmax(x))).toEqual([1, 1]);
    expect(reachOf(ops.normalize(x, { axes: [1], epsilon: 1e-5, centered: true })).map(Math.abs)).toEqual([
      0, 0,
    ]);
  });
});

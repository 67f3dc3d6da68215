/** What the elementwise, comparing, activating and random functions refuse, and how they say so. */
import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/check/errors.ts";
import { fill } from "../../src/graph/primitives/elementwise/fill.ts";
import type { Shape } from "../../src/graph/shape.ts";
import { inBuild, inLayer, nextNode } from "../../src/graph/value.ts";
import { elu, leakyRelu, logSoftmax, softmax } from "../../src/ops/activations.ts";
import { less, where } from "../../src/ops/comparison.ts";
import { add, clip, exp, power } from "../../src/ops/elementwise.ts";
import { dropout, randomNormal, randomUniform } from "../../src/ops/random.ts";

const value = (...shape: Shape) => fill({ shape, value: 1 });

/** The message of what a call throws, which is of that class. */
function refusal(type: typeof OptionError | typeof ShapeError, call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(type);
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}

describe("shapes that do not broadcast", () => {
  it.each([
    ["add", () => add(value(3, 4), value(3, 5))],
    ["power", () => power(value(3, 4), value(3, 5))],
    ["less", () => less(value(3, 4), value(3, 5))],
    ["where", () => where(1, value(3, 4), value(3, 5))],
  ])("are refused by %s in its own name, with both shapes and the axis", (who, call) => {
    expect(refusal(ShapeError, call)).toBe(
      `${who}: [3, 4] and [3, 5] do not broadcast: axis 1 is 4 and 5; needs equal sizes, or 1.`,
    );
  });

  it("are refused where the condition is the odd one", () => {
    expect(refusal(ShapeError, () => where(value(2), value(3), 0))).toMatch(/^where: \[2\] and \[3\] do not/);
  });
});

describe("what is neither a value nor a number", () => {
  it("is refused", () => {
    expect(refusal(ShapeError, () => exp([1, 2] as never))).toMatch(/^exp: got an array of 2; needs a value/);
    expect(refusal(ShapeError, () => power("x" as never, 2))).toMatch(/^power: got "x"; needs a value/);
  });
});

describe("clip", () => {
  it("refuses ends that are exchanged, NaN or no numbers", () => {
    expect(refusal(OptionError, () => clip(1, 2, 1))).toBe(
      "clip: low is 2 and high 1; needs low ≤ high. Exchange them.",
    );
    expect(refusal(OptionError, () => clip(1, Number.NaN, 1))).toBe(
      "clip: low is NaN; needs a number. Use minimum() for a value.",
    );
    expect(refusal(OptionError, () => clip(1, 0, value(2) as never))).toMatch(/^clip: high is an object/);
  });
});

describe("an activation", () => {
  it("refuses options that it does not have, or whose value is not finite", () => {
    expect(refusal(OptionError, () => leakyRelu(1, { alpha: 1 } as never))).toMatch(
      /^leakyRelu: there is no option "alpha"/,
    );
    expect(refusal(OptionError, () => leakyRelu(1, { slope: Number.POSITIVE_INFINITY }))).toBe(
      "leakyRelu: slope is Infinity; needs a finite number.",
    );
    expect(refusal(OptionError, () => elu(1, { alpha: "1" as never }))).toBe(
      'elu: alpha is "1"; needs a finite number.',
    );
  });

  it("along an axis refuses an axis that there is not, and a scalar", () => {
    expect(refusal(ShapeError, () => softmax(value(2, 3), { axis: 2 }))).toBe(
      "softmax: axis is 2; needs an integer from -2 to 1.",
    );
    expect(refusal(ShapeError, () => logSoftmax(1))).toBe(
      "logSoftmax: got a scalar; needs at least one axis. Use reshape(x, [1]).",
    );
  });
});

describe("random functions", () => {
  it.each([-0.1, 1, 0.99999999, Number.NaN])("refuse a rate of %s", (rate) => {
    expect(refusal(OptionError, () => dropout(1, rate))).toMatch(
      /^dropout: rate is .*; needs a number in \[0, 1\)\.$/,
    );
  });

  it("refuse what is no shape", () => {
    expect(refusal(ShapeError, () => randomNormal(3 as never))).toBe(
      "randomNormal: shape is 3; needs an array of sizes.",
    );
    expect(refusal(ShapeError, () => randomUniform([2.5]))).toMatch(/^randomUniform: a size is 2.5; needs/);
    expect(refusal(ShapeError, () => randomUniform([-2]))).toMatch(/^randomUniform: a size is -2; needs/);
    expect(refusal(ShapeError, () => randomNormal([-1, 3, -1]))).toMatch(/rows, −1, twice/);
  });

  it("refuse a negative deviation and bounds that are exchanged", () => {
    expect(refusal(OptionError, () => randomNormal([2], { deviation: -1 }))).toBe(
      "randomNormal: deviation is -1; needs a number of at least 0.",
    );
    expect(refusal(OptionError, () => randomUniform([2], { low: 2 }))).toBe(
      "randomUniform: low is 2 and high 1; needs low ≤ high. Exchange them.",
    );
    expect(refusal(OptionError, () => randomUniform([2], { hi: 2 } as never))).toMatch(/no option "hi"/);
  });

  it("may be called 256 times in one layer, whose name is told when it calls once more", () => {
    const draw = (times: number) => () =>
      inLayer("noisy", () =>
        inBuild({ node: 1 }, () => new Set(Array.from({ length: times }, () => nextNode()))),
      );
    expect(draw(256)().size).toBe(256);
    expect(draw(257)).toThrow("noisy: builds more than 256 random ops.");
  });
});

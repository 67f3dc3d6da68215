/** Gradients where a function has a kink, a pole or a flat end: what PyTorch 2 gives there, as its documentation says. */
import { describe, expect, it } from "vitest";
import { backward } from "../../src/graph/backward.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { evaluate } from "../../src/graph/reference/evaluate.ts";
import type { Value } from "../../src/graph/value.ts";
import { elu, leakyRelu, relu, relu6, softplus } from "../../src/ops/activations.ts";
import { greater, where } from "../../src/ops/comparison.ts";
import {
  abs,
  clip,
  exp,
  log,
  maximum,
  multiply,
  power,
  sign,
  sqrt,
  stopGradient,
} from "../../src/ops/elementwise.ts";
import { chainRule } from "../cases/gradients.ts";
import { Inputs } from "../cases/prepare.ts";
import { GraphProgram } from "../cases/run.ts";

/** dΣf by each of the inputs, in the engine and in f64, which must agree. */
function gradients(f: (...inputs: Value[]) => Value, ...numbers: number[][]): number[][] {
  const inputs = new Inputs({ rows: 1, seed: 1 });
  const values = numbers.map(
    (list) => inputs.add({ shape: [list.length] }, (target) => target.set(list)).value,
  );
  const y = f(...values);
  const found = backward(ops.sum(y, { axes: [0] }), values, chainRule);
  const roots = found.map((dx, i) => dx ?? ops.fill({ shape: values[i]!.shape, value: 0 }));
  const reference = evaluate(roots, inputs.feed).map(({ data }) => [...data].map(Math.fround));
  const engine = new GraphProgram(roots, { maxRows: 1 }).run(inputs.feed).map((list) => [...list]);
  engine.flat().forEach((dx, i) => {
    const expected = reference.flat()[i]!;
    if (Number.isFinite(expected))
      expect(Math.abs(dx - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(expected));
    else expect(dx).toBe(expected);
  });
  return reference.map((list) => list.map((dx) => dx + 0));
}

describe("the gradient at a kink", () => {
  it.each([
    ["abs at 0", abs, [0, -0, 2], [0, 0, 1]],
    ["sign anywhere", sign, [0, 3, -3], [0, 0, 0]],
    ["relu at 0", relu, [0, -1, 1], [0, 0, 1]],
    ["relu6 at 0 and 6", relu6, [0, 6, 3, 7, -1], [0, 0, 1, 0, 0]],
    ["leakyRelu at 0", (x: Value) => leakyRelu(x, { slope: 0.25 }), [0, 1, -1], [0.25, 1, 0.25]],
    ["elu at 0", (x: Value) => elu(x, { alpha: 0.5 }), [0, 1], [0.5, 1]],
    ["clip at its ends", (x: Value) => clip(x, -1, 2), [-1, 2, -1.5, 2.5, 0], [1, 1, 0, 0, 1]],
    ["maximum of equals", (x: Value) => maximum(x, 1), [1, 2, 0], [0.5, 1, 0]],
    ["stopGradient", (x: Value) => multiply(stopGradient(x), x), [3], [3]],
    ["a comparison, which is a constant", (x: Value) => multiply(x, greater(x, 1)), [3, 1], [1, 0]],
  ] as const)("of %s", (_, f, x, dx) => {
    expect(gradients(f as (x: Value) => Value, [...x])).toEqual([[...dx]]);
  });
});

describe("power", () => {
  it("has no NaN in the gradient by its base where that is 0", () => {
    const [da] = gradients(power, [0, 0, 0, 0, 0], [0, 1, 2, 0.5, -1]);
    expect(da).toEqual([0, 1, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  });

  it("has a gradient of 0 by its exponent where the base is 0 and the exponent is not below it", () => {
    const [, db] = gradients(power, [0, 0, 0], [0, 1, 2.5]);
    expect(db).toEqual([0, 0, 0]);
  });

  it("has the gradient b aᵇ⁻¹ at negative bases under whole exponents", () => {
    const [da] = gradients((a, b) => power(a, stopGradient(b)), [-2, -2, -2, -2], [3, 2, 1, 0]);
    expect(da).toEqual([12, -4, 1, 0]);
  });

  it("squares where the exponent is the number 2", () => {
    expect(power(ops.fill({ shape: [], value: 1 }), 2).op.name).toBe("square");
    expect(gradients((x) => power(x, 2), [0, -3])).toEqual([[0, -6]]);
  });
});

describe("where", () => {
  it("keeps the NaN of what is not taken out of y and its gradient", () => {
    expect(gradients((x, y) => where(greater(x, 0), x, y), [1, -1], [Number.NaN, 2])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it("of the input keeps out slopes that are NaN or infinite", () => {
    // √x at x ≤ 0, and eˣ, which overflows where x is 100.
    const safe = (x: Value) => where(greater(x, 0), sqrt(where(greater(x, 0), x, 1)), 0);
    expect(gradients(safe, [0, -1, 4])).toEqual([[0, 0, 0.25]]);
    const bounded = (x: Value) => where(greater(x, 1), x, exp(where(greater(x, 1), 0, x)));
    expect(gradients(bounded, [100, 0])).toEqual([[1, 1]]);
  });
});

describe("elu and softplus", () => {
  it("have finite gradients where eˣ overflows or vanishes", () => {
    expect(gradients((x) => elu(x), [100, 3e38, -200])).toEqual([[1, 1, 0]]);
    expect(gradients((x) => softplus(x), [100, 3e38, -200, -3e38])).toEqual([[1, 1, 0, 0]]);
  });
});

describe("log of what is clipped", () => {
  it("has no gradient below the clip", () => {
    expect(gradients((x) => log(clip(x, 0.5, 2)), [0, 1, 0.5])).toEqual([[0, 1, 2]]);
  });
});

import * as unary from "../../../assembly/kernels/elementwise/unary";
import { Kernel, one, worstOf } from "../mapped";

describe("elementwise functions, for every tail, in place too, touching nothing beyond n", () => {
  it("copy, negate, abs, relu are exact", () => {
    expect(worstOf(unary.copy, (x) => x)).toBe(0);
    expect(worstOf(unary.negate, (x) => -x)).toBe(0);
    expect(worstOf(unary.abs, (x) => (x < 0 ? -x : x))).toBe(0);
    expect(worstOf(unary.relu, (x) => (x < 0 ? 0 : x))).toBe(0);
  });

  it("square, squareRoot, reciprocal are correctly rounded", () => {
    expect(worstOf(unary.square, (x) => x * x)).toBeLessThanOrEqual(0.5);
    expect(worstOf(unary.squareRoot, (x) => Math.sqrt(x))).toBeLessThanOrEqual(0.5);
    expect(worstOf(unary.reciprocal, (x) => 1 / x)).toBeLessThanOrEqual(0.5);
  });

  it("tanh, sigmoid are within 2 ulp", () => {
    expect(worstOf(unary.tanh, (x) => Math.tanh(x))).toBeLessThanOrEqual(2);
    expect(worstOf(unary.sigmoid, (x) => 1 / (1 + Math.exp(-x)))).toBeLessThanOrEqual(2);
  });

  it("affine scales and shifts", () => {
    // Powers of two, so that nothing is rounded but the sum.
    const affine: Kernel = (y, x, n) => unary.affine(y, x, n, -0.25, 8);
    expect(worstOf(affine, (x) => -0.25 * x + 8)).toBeLessThanOrEqual(0.5);
  });

  it("greaterThan is 1 above the threshold and 0 at and below it", () => {
    const kernel: Kernel = (y, x, n) => unary.greaterThan(y, x, n, 0.5);
    expect(worstOf(kernel, (x) => (x > 0.5 ? 1 : 0))).toBe(0);
    expect(one(kernel, 0.5)).toBe(0);
    expect(one(kernel, Infinity)).toBe(1);
    expect(one(kernel, NaN)).toBe(0);
  });
});

describe("elementwise functions at the ends of the range", () => {
  it("let NaN through, so that divergence is seen", () => {
    expect(isNaN(one(unary.copy, NaN))).toBe(true);
    expect(isNaN(one(unary.negate, NaN))).toBe(true);
    expect(isNaN(one(unary.abs, NaN))).toBe(true);
    expect(isNaN(one(unary.square, NaN))).toBe(true);
    expect(isNaN(one(unary.squareRoot, NaN))).toBe(true);
    expect(isNaN(one(unary.reciprocal, NaN))).toBe(true);
    expect(isNaN(one(unary.tanh, NaN))).toBe(true);
    expect(isNaN(one(unary.sigmoid, NaN))).toBe(true);
    expect(isNaN(one(unary.relu, NaN))).toBe(true);
  });

  it("reach their limits", () => {
    expect(one(unary.relu, Infinity)).toBe(Infinity);
    expect(one(unary.relu, -Infinity)).toBe(0);
    expect(one(unary.relu, 1e-40)).toBe(1e-40);
    expect(one(unary.reciprocal, 0)).toBe(Infinity);
    expect(one(unary.reciprocal, -Infinity)).toBe(0);
    expect(one(unary.square, 1e38)).toBe(Infinity);
    expect(one(unary.squareRoot, Infinity)).toBe(Infinity);
    expect(isNaN(one(unary.squareRoot, -1))).toBe(true);
    expect(one(unary.abs, -1e38)).toBe(1e38);
  });
});

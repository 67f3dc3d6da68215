import * as piecewise from "../../../assembly/kernels/elementwise/piecewise";
import { at, buffer, ulps } from "../floats";
import { Kernel, one, worstOf } from "../mapped";

const leakyRelu: Kernel = (y, x, n) => piecewise.leakyRelu(y, x, n, 0.25);
const clip: Kernel = (y, x, n) => piecewise.clip(y, x, n, -1.5, 2);

describe("functions that are linear piece by piece", () => {
  it("are exact for every tail, in place too, touching nothing beyond n", () => {
    expect(worstOf(piecewise.sign, (x) => (x > 0 ? 1 : x < 0 ? -1 : 0))).toBe(0);
    expect(worstOf(leakyRelu, (x) => (x > 0 ? x : 0.25 * x))).toBe(0);
    expect(worstOf(clip, (x) => (x < -1.5 ? -1.5 : x > 2 ? 2 : x))).toBe(0);
  });

  it("let NaN through, so that divergence is seen", () => {
    expect(isNaN(one(piecewise.sign, NaN))).toBe(true);
    expect(isNaN(one(leakyRelu, NaN))).toBe(true);
    expect(isNaN(one(clip, NaN))).toBe(true);
    expect(isNaN(one(piecewise.reciprocalSquareRoot, NaN))).toBe(true);
  });

  it("reach their limits", () => {
    expect(one(piecewise.sign, Infinity)).toBe(1);
    expect(one(piecewise.sign, -Infinity)).toBe(-1);
    expect(one(piecewise.sign, 1e-45)).toBe(1);
    expect(one(piecewise.sign, -1e-45)).toBe(-1);
    expect(reinterpret<u32>(one(piecewise.sign, -0.0))).toBe(0x80000000);
    expect(one(leakyRelu, Infinity)).toBe(Infinity);
    expect(one(leakyRelu, -Infinity)).toBe(-Infinity);
    expect(one(clip, Infinity)).toBe(2);
    expect(one(clip, -Infinity)).toBe(-1.5);
  });

  it("clip at infinite ends leaves everything", () => {
    const kernel: Kernel = (y, x, n) => piecewise.clip(y, x, n, -Infinity, Infinity);
    expect(one(kernel, -Infinity)).toBe(-Infinity);
    expect(one(kernel, 3.4e38)).toBe(3.4e38);
  });
});

describe("reciprocalSquareRoot", () => {
  it("is within 1.5 ulp over all positive floats, subnormal ones included", () => {
    const x = buffer(1);
    let worst: f64 = 0;
    for (let bits: u32 = 1; bits < 0x7f800000; bits += 4999) {
      store<u32>(x, bits);
      const expected = 1 / Math.sqrt(<f64>at(x, 0));
      piecewise.reciprocalSquareRoot(x, x, 1);
      worst = max(worst, ulps(at(x, 0), expected));
    }
    heap.free(x);
    expect(worst).toBeLessThanOrEqual(1.5);
  });

  it("is infinite at 0, 0 at Infinity, NaN below 0", () => {
    expect(one(piecewise.reciprocalSquareRoot, 0)).toBe(Infinity);
    expect(one(piecewise.reciprocalSquareRoot, -0.0)).toBe(-Infinity);
    expect(one(piecewise.reciprocalSquareRoot, Infinity)).toBe(0);
    expect(isNaN(one(piecewise.reciprocalSquareRoot, -1))).toBe(true);
  });
});

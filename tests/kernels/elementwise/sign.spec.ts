import * as sign from "../../../assembly/kernels/elementwise/sign";
import { at, buffer, ulps } from "../floats";
import { one, worstOf } from "../mapped";

describe("sign", () => {
  it("is exact for every tail, in place too, touching nothing beyond n", () => {
    expect(worstOf(sign.sign, (x) => (x > 0 ? 1 : x < 0 ? -1 : 0))).toBe(0);
  });

  it("lets NaN through, and keeps the sign of 0", () => {
    expect(isNaN(one(sign.sign, NaN))).toBe(true);
    expect(one(sign.sign, Infinity)).toBe(1);
    expect(one(sign.sign, -Infinity)).toBe(-1);
    expect(one(sign.sign, 1e-45)).toBe(1);
    expect(one(sign.sign, -1e-45)).toBe(-1);
    expect(reinterpret<u32>(one(sign.sign, -0.0))).toBe(0x80000000);
  });
});

describe("reciprocalSquareRoot", () => {
  it("is within 1.5 ulp over all positive floats, subnormal ones included", () => {
    const x = buffer(1);
    let worst: f64 = 0;
    for (let bits: u32 = 1; bits < 0x7f800000; bits += 4999) {
      store<u32>(x, bits);
      const expected = 1 / Math.sqrt(<f64>at(x, 0));
      sign.reciprocalSquareRoot(x, x, 1);
      worst = max(worst, ulps(at(x, 0), expected));
    }
    heap.free(x);
    expect(worst).toBeLessThanOrEqual(1.5);
  });

  it("is infinite at 0, 0 at Infinity, NaN below 0 and of NaN", () => {
    expect(isNaN(one(sign.reciprocalSquareRoot, NaN))).toBe(true);
    expect(one(sign.reciprocalSquareRoot, 0)).toBe(Infinity);
    expect(one(sign.reciprocalSquareRoot, -0.0)).toBe(-Infinity);
    expect(one(sign.reciprocalSquareRoot, Infinity)).toBe(0);
    expect(isNaN(one(sign.reciprocalSquareRoot, -1))).toBe(true);
  });
});

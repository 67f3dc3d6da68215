import { exp, log } from "../../../assembly/kernels/transcendental/exponential";
import { one, worstOf } from "../mapped";

describe("exp and log", () => {
  it("are within 2 ulp, for every tail, in place too, touching nothing beyond n", () => {
    expect(worstOf(exp, (x) => Math.exp(x))).toBeLessThanOrEqual(2);
    expect(worstOf(log, (x) => Math.log(x))).toBeLessThanOrEqual(2);
  });

  it("let NaN through, so that divergence is seen", () => {
    expect(isNaN(one(exp, NaN))).toBe(true);
    expect(isNaN(one(log, NaN))).toBe(true);
  });
});

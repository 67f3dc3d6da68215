import * as piecewise from "../../../assembly/kernels/choice/piecewise";
import { Kernel, one, worstOf } from "../mapped";

const leakyRelu: Kernel = (y, x, n) => piecewise.leakyRelu(y, x, n, 0.25);
const clip: Kernel = (y, x, n) => piecewise.clip(y, x, n, -1.5, 2);

describe("functions that are linear piece by piece", () => {
  it("are exact for every tail, in place too, touching nothing beyond n", () => {
    expect(worstOf(leakyRelu, (x) => (x > 0 ? x : 0.25 * x))).toBe(0);
    expect(worstOf(clip, (x) => (x < -1.5 ? -1.5 : x > 2 ? 2 : x))).toBe(0);
  });

  it("let NaN through, so that divergence is seen", () => {
    expect(isNaN(one(leakyRelu, NaN))).toBe(true);
    expect(isNaN(one(clip, NaN))).toBe(true);
  });

  it("reach their limits", () => {
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

import { reluGrad, sigmoidGrad, tanhGrad } from "../../../assembly/kernels/elementwise/unaryGrad";
import { at, buffer, guarded, put, sample, samples } from "../floats";

type Kernel = (dx: usize, y: usize, dy: usize, n: u32) => void;
type Formula = (y: f64, dy: f64) => f64;

/** Whether dx agrees with the formula to 4e-7 · |dy| for every tail, out of place and in place of either operand. */
function agrees(kernel: Kernel, formula: Formula): bool {
  for (let n: u32 = 0; n <= 35; n++) {
    const y = buffer(n);
    for (let i: u32 = 0; i < n; i++) put(y, i, sample(i) / 4);
    const dy = samples(n, 1000);
    const dx = buffer(n);
    kernel(dx, y, dy, n);
    if (!guarded(dx, n)) return false;
    for (let i: u32 = 0; i < n; i++) {
      const expected = formula(<f64>at(y, i), <f64>at(dy, i));
      if (!(abs(<f64>at(dx, i) - expected) <= 4e-7 * abs(<f64>at(dy, i)))) return false;
    }
    const original = samples(n, 1000);
    kernel(dy, y, dy, n);
    kernel(y, y, original, n);
    if (memory.compare(dy, dx, n << 2) || memory.compare(y, dx, n << 2)) return false;
    if (!guarded(dy, n) || !guarded(y, n)) return false;
    heap.free(y);
    heap.free(dy);
    heap.free(dx);
    heap.free(original);
  }
  return true;
}

/** dx for one y and dy, in a whole vector and in a tail; NaN if the two differ. */
function one(kernel: Kernel, y: f32, dy: f32): f32 {
  const dx = buffer(7);
  const saved = buffer(7);
  for (let i: u32 = 0; i < 7; i++) {
    put(saved, i, y);
    put(dx, i, dy);
  }
  kernel(dx, saved, dx, 7);
  const result = at(dx, 6);
  let same = true;
  for (let i: u32 = 0; i < 7; i++) same = same && at(dx, i) == result;
  heap.free(dx);
  heap.free(saved);
  return same ? result : NaN;
}

describe("gradients of elementwise functions", () => {
  it("agree with their f64 formulas for every tail, in place of y or dy too", () => {
    expect(agrees(reluGrad, (y, dy) => (y > 0 ? dy : 0))).toBe(true);
    expect(agrees(sigmoidGrad, (y, dy) => dy * y * (1 - y))).toBe(true);
    expect(agrees(tanhGrad, (y, dy) => dy * (1 - y * y))).toBe(true);
  });

  it("reluGrad is 0 where the unit is off", () => {
    expect(one(reluGrad, 0, 5)).toBe(0);
    expect(one(reluGrad, -1, 5)).toBe(0);
    expect(one(reluGrad, 1e-40, 5)).toBe(5);
  });

  it("flush subnormal results to 0 and keep the least normal number", () => {
    const least = reinterpret<f32>(0x00800000);
    expect(one(reluGrad, 1, 1e-40)).toBe(0);
    expect(one(reluGrad, 1, -1e-40)).toBe(0);
    expect(one(reluGrad, 1, least)).toBe(least);
    expect(one(reluGrad, 1, -least)).toBe(-least);
    expect(one(sigmoidGrad, 1e-30, 1e-10)).toBe(0);
    expect(one(sigmoidGrad, 0.5, 4 * least)).toBe(least);
    expect(one(tanhGrad, 0.9999, 1e-36)).toBe(0);
    expect(one(tanhGrad, 0, -least)).toBe(-least);
  });

  it("let NaN and Infinity through", () => {
    expect(isNaN(one(reluGrad, 1, NaN))).toBe(true);
    expect(isNaN(one(sigmoidGrad, NaN, 1))).toBe(true);
    expect(isNaN(one(tanhGrad, 0.5, NaN))).toBe(true);
    expect(one(reluGrad, 1, -Infinity)).toBe(-Infinity);
    expect(one(sigmoidGrad, 0.5, Infinity)).toBe(Infinity);
    expect(one(tanhGrad, 0.5, Infinity)).toBe(Infinity);
  });
});

import { uniform } from "../../../assembly/kernels/random/uniform";

const SENTINEL: u32 = 0xdeadbeef;

describe("uniform", () => {
  it("stays within its bounds and writes n floats and nothing after them, for every tail", () => {
    for (let n: u32 = 0; n < 20; n++) {
      const y = heap.alloc(32 << 2);
      for (let i: usize = 0; i < 32; i++) store<u32>(y + (i << 2), SENTINEL);
      uniform(y, n, -1, 1, 1, 0, 2);
      for (let i: u32 = 0; i < 32; i++) {
        const bits = load<u32>(y + (<usize>i << 2));
        if (i >= n) expect(bits).toBe(SENTINEL);
        else expect(Mathf.abs(reinterpret<f32>(bits)) <= 1).toBe(true);
      }
      heap.free(y);
    }
  });

  it("has the mean and the variance of a uniform distribution", () => {
    const n: u32 = 100000;
    const y = heap.alloc(<usize>n << 2);
    uniform(y, n, -2, 4, 7, 0, 3);
    let sum: f64 = 0;
    let squares: f64 = 0;
    for (let i: u32 = 0; i < n; i++) {
      const value = <f64>load<f32>(y + (<usize>i << 2));
      sum += value;
      squares += value * value;
    }
    const mean = sum / <f64>n;
    const variance = squares / <f64>n - mean * mean;
    // Five standard errors: √(3 / n) · 5 and, with kurtosis 9/5, √(0.8 · 9 / n) · 5.
    expect(Math.abs(mean - 1) < 0.0274).toBe(true);
    expect(Math.abs(variance - 3) < 0.0425).toBe(true);
    heap.free(y);
  });

  it("gives other numbers to other nodes and other seeds", () => {
    const y = heap.alloc(48);
    uniform(y, 4, 0, 1, 1, 0, 0);
    uniform(y + 16, 4, 0, 1, 1, 0, 1);
    uniform(y + 32, 4, 0, 1, 2, 0, 0);
    for (let i: usize = 0; i < 16; i += 4) {
      expect(load<f32>(y + i)).not.toBe(load<f32>(y + 16 + i));
      expect(load<f32>(y + i)).not.toBe(load<f32>(y + 32 + i));
    }
    heap.free(y);
  });
});

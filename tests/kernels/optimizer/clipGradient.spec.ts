import { clipElements, clipNorm } from "../../../assembly/kernels/optimizer/clipGradient";
import { at, buffer, guarded, near, put, sample, samples } from "../floats";

const PARTIALS = memory.data(256, 16);

describe("clipElements", () => {
  it("brings each element into ±limit and leaves those within it, for every tail", () => {
    for (let n: u32 = 0; n <= 40; n++) {
      const gradient = samples(n, 11);
      clipElements(gradient, n, 1.5);
      for (let i: u32 = 0; i < n; i++) {
        const g = sample(11 + i);
        expect(at(gradient, i)).toBe(g > 1.5 ? 1.5 : g < -1.5 ? -1.5 : g);
      }
      expect(guarded(gradient, n)).toBe(true, `wrote behind ${n}`);
      heap.free(gradient);
    }
  });

  it("takes elements of any size, and keeps a NaN", () => {
    const gradient = buffer(6);
    put(gradient, 0, 1e20);
    put(gradient, 1, f32.MIN_VALUE);
    put(gradient, 2, -f32.MAX_VALUE);
    put(gradient, 3, f32.NaN);
    put(gradient, 4, -Infinity);
    put(gradient, 5, f32.NaN);
    clipElements(gradient, 6, 0.5);
    expect(at(gradient, 0)).toBe(0.5);
    expect(at(gradient, 1)).toBe(f32.MIN_VALUE);
    expect(at(gradient, 2)).toBe(-0.5);
    expect(isNaN(at(gradient, 3))).toBe(true);
    expect(at(gradient, 4)).toBe(-0.5);
    expect(isNaN(at(gradient, 5))).toBe(true);
    heap.free(gradient);
  });
});

describe("clipNorm", () => {
  it("scales a longer gradient to the limit, against f64, for every tail", () => {
    for (let n: u32 = 1; n <= 40; n++) {
      const gradient = samples(n, 11);
      let squares: f64 = 0;
      for (let i: u32 = 0; i < n; i++) squares += <f64>sample(11 + i) * <f64>sample(11 + i);
      const factor = 0.1 / sqrt(squares);
      clipNorm(gradient, n, 0.1, PARTIALS);
      for (let i: u32 = 0; i < n; i++) {
        expect(near(at(gradient, i), <f64>sample(11 + i) * factor, 2e-7, 0.1)).toBe(true, `${n}: ${i}`);
      }
      expect(guarded(gradient, n)).toBe(true, `wrote behind ${n}`);
      heap.free(gradient);
    }
  });

  it("scales a gradient of many chunks to the limit", () => {
    const n: u32 = 70_003;
    const gradient = samples(n, 11);
    let squares: f64 = 0;
    for (let i: u32 = 0; i < n; i++) squares += <f64>sample(11 + i) * <f64>sample(11 + i);
    const factor = 2 / sqrt(squares);
    clipNorm(gradient, n, 2, PARTIALS);
    for (let i: u32 = 0; i < n; i += 101) {
      expect(near(at(gradient, i), <f64>sample(11 + i) * factor, 2e-6, 4 * factor)).toBe(true, `at ${i}`);
    }
    expect(guarded(gradient, n)).toBe(true);
    heap.free(gradient);
  });

  it("leaves a shorter one, one at the limit and none at all to the bit", () => {
    const gradient = buffer(7);
    for (let i: u32 = 0; i < 7; i++) put(gradient, i, i == 2 ? 3 : i == 5 ? -4 : 0);
    clipNorm(gradient, 7, 5, PARTIALS);
    clipNorm(gradient, 7, 6, PARTIALS);
    clipNorm(gradient, 0, 1, PARTIALS);
    for (let i: u32 = 0; i < 7; i++) expect(at(gradient, i)).toBe(i == 2 ? 3 : i == 5 ? -4 : 0);
    heap.free(gradient);
  });

  it("tames a gradient of 1e38 without subnormal remains", () => {
    const gradient = buffer(5);
    for (let i: u32 = 0; i < 5; i++) put(gradient, i, i == 1 ? 3e38 : i == 3 ? -3e38 : 1e-3);
    clipNorm(gradient, 5, 1, PARTIALS);
    expect(near(at(gradient, 1), sqrt(0.5), 1e-7, 1)).toBe(true);
    expect(near(at(gradient, 3), -sqrt(0.5), 1e-7, 1)).toBe(true);
    for (let i: u32 = 0; i < 5; i += 2) expect(at(gradient, i)).toBe(0);
    heap.free(gradient);
  });
});

import { accumulate } from "../../../assembly/kernels/step/accumulate";
import { at, buffer, guarded, put, sample, samples } from "../floats";

describe("accumulate", () => {
  it("overwrites whatever there was when it is the first, NaN too, for every tail", () => {
    for (let n: u32 = 0; n < 35; n++) {
      const sum = buffer(n); // NaN
      const gradient = samples(n, 1);
      accumulate(sum, gradient, n, 0.375, 1);
      for (let i: u32 = 0; i < n; i++) expect(at(sum, i)).toBe(<f32>(sample(1 + i) * <f32>0.375));
      expect(guarded(sum, n) && guarded(gradient, n)).toBe(true);
      heap.free(sum);
      heap.free(gradient);
    }
  });

  it("adds the share to the sum, the product rounded and then the sum, for every tail", () => {
    for (let n: u32 = 0; n < 35; n++) {
      const sum = samples(n, 500);
      const gradient = samples(n, 1);
      accumulate(sum, gradient, n, 0.3, 0);
      for (let i: u32 = 0; i < n; i++) {
        const product = <f32>(sample(1 + i) * <f32>0.3);
        expect(at(sum, i)).toBe(<f32>(sample(500 + i) + product));
      }
      expect(guarded(sum, n) && guarded(gradient, n)).toBe(true);
      heap.free(sum);
      heap.free(gradient);
    }
  });

  it("lets NaN and Infinity of a gradient through, so that divergence is seen", () => {
    const sum = samples(4, 0);
    const gradient = samples(4, 0);
    put(gradient, 1, NaN);
    put(gradient, 2, Infinity);
    accumulate(sum, gradient, 4, 0.5, 0);
    expect(isNaN(at(sum, 1))).toBe(true);
    expect(at(sum, 2)).toBe(Infinity);
    heap.free(sum);
    heap.free(gradient);
  });
});

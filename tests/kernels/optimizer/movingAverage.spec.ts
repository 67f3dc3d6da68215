import { movingAverage } from "../../../assembly/kernels/optimizer/movingAverage";
import { at, guarded, near, put, sample, samples } from "../floats";

describe("movingAverage", () => {
  it("is the first weights, then (1 − share) · average + share · weights in f64, for every tail", () => {
    const share: f32 = 0.1;
    for (let n: u32 = 0; n <= 40; n++) {
      const average = samples(n, 3), w = samples(n, 60), wide = heap.alloc(<usize>(n + 1) << 3);
      for (let step: u32 = 0; step < 10; step++) {
        for (let i: u32 = 0; i < n; i++) put(w, i, sample(60 + i + 37 * step));
        movingAverage(average, w, n, share, step);
        for (let i: u32 = 0; i < n; i++) {
          const next = <f64>at(w, i), slot = wide + (<usize>i << 3);
          store<f64>(slot, step ? (1.0 - <f64>share) * load<f64>(slot) + <f64>share * next : next);
          if (step == 0) expect(at(average, i)).toBe(at(w, i));
          else expect(near(at(average, i), load<f64>(slot), 5e-7, 4)).toBe(true, `${n}: ${i} at ${step}`);
        }
      }
      expect(guarded(average, n)).toBe(true, `wrote behind ${n}`);
      heap.free(average);
      heap.free(w);
      heap.free(wide);
    }
  });
});

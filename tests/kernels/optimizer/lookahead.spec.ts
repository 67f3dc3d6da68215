import { lookahead } from "../../../assembly/kernels/optimizer/lookahead";
import { at, guarded, near, sample, samples } from "../floats";

describe("lookahead", () => {
  it("moves the slow weights by their share towards the fast ones, which start again from there, for every tail", () => {
    for (let n: u32 = 0; n <= 40; n++) {
      const slow = samples(n, 3), fast = samples(n, 60);
      lookahead(slow, fast, n, 0.3, 5, 4, 1);
      for (let i: u32 = 0; i < n; i++) {
        const expected = <f64>sample(3 + i) + <f64>(<f32>0.3) * (<f64>sample(60 + i) - <f64>sample(3 + i));
        expect(near(at(slow, i), expected, 5e-7, 4)).toBe(true, `${n}: ${i}`);
        expect(at(fast, i)).toBe(at(slow, i));
      }
      expect(guarded(slow, n) && guarded(fast, n)).toBe(true, `wrote behind ${n}`);
      heap.free(slow);
      heap.free(fast);
    }
  });

  it("does nothing before or after any other step of a period", () => {
    const n: u32 = 9;
    for (let step: u32 = 0; step < 10; step++) {
      for (let isAfter: u32 = 0; isAfter < 2; isAfter++) {
        if ((step + isAfter) % 5 == 0) continue;
        const slow = samples(n, 3), fast = samples(n, 60);
        lookahead(slow, fast, n, 0.3, 5, step, isAfter);
        for (let i: u32 = 0; i < n; i++) {
          expect(at(slow, i)).toBe(sample(3 + i));
          expect(at(fast, i)).toBe(sample(60 + i));
        }
        heap.free(slow);
        heap.free(fast);
      }
    }
  });

  it("begins with the fast weights", () => {
    for (let n: u32 = 0; n <= 9; n++) {
      const slow = samples(n, 3), fast = samples(n, 60);
      lookahead(slow, fast, n, 0.3, 5, 10, 0);
      for (let i: u32 = 0; i < n; i++) expect(at(slow, i)).toBe(sample(60 + i));
      expect(guarded(slow, n)).toBe(true, `wrote behind ${n}`);
      heap.free(slow);
      heap.free(fast);
    }
  });

  it("leaves both as they are within a period", () => {
    for (let step: u32 = 0; step < 10; step++) {
      for (let isAfter: u32 = 0; isAfter < 2; isAfter++) {
        if ((step + isAfter) % 5 == 0) continue;
        const slow = samples(9, 3), fast = samples(9, 60);
        lookahead(slow, fast, 9, 0.3, 5, step, isAfter);
        for (let i: u32 = 0; i < 9; i++) {
          expect(at(slow, i)).toBe(sample(3 + i), `step ${step}`);
          expect(at(fast, i)).toBe(sample(60 + i), `step ${step}`);
        }
        heap.free(slow);
        heap.free(fast);
      }
    }
  });
});

import { broadcast } from "../../../assembly/kernels/reduce/broadcast";
import { at, buffer, guarded, put, samples, samplesAtMemoryEnd } from "../floats";

/** Whether y[o, i] is x[o · xOuter + i · xInner] / divisor, correctly rounded, for every small size. */
function agrees(xOuterOf: (inner: u32) => u32, xInner: u32, divisor: u32): bool {
  for (let outer: u32 = 0; outer < 7; outer++) {
    for (let inner: u32 = 0; inner < 20; inner++) {
      const xOuter = xOuterOf(inner);
      const count: u32 = outer && inner ? (outer - 1) * xOuter + (inner - 1) * xInner + 1 : 0;
      const x = samples(count, inner);
      const y = buffer(outer * inner);
      broadcast(y, x, outer, inner, xOuter, xInner, divisor);
      if (!guarded(y, outer * inner) || !guarded(x, count)) return false;
      for (let o: u32 = 0; o < outer; o++) {
        for (let i: u32 = 0; i < inner; i++) {
          const expected = <f32>(<f64>at(x, o * xOuter + i * xInner) / <f64>divisor);
          if (at(y, o * inner + i) != expected) return false;
        }
      }
      heap.free(x);
      heap.free(y);
    }
  }
  return true;
}

describe("broadcast", () => {
  it("repeats a row, a column, a scalar, and copies the whole", () => {
    expect(agrees((_inner) => 0, 1, 1)).toBe(true);
    expect(agrees((_inner) => 1, 0, 1)).toBe(true);
    expect(agrees((_inner) => 0, 0, 1)).toBe(true);
    expect(agrees((inner) => inner, 1, 1)).toBe(true);
  });

  it("divides by the count of a mean, correctly rounded", () => {
    expect(agrees((_inner) => 0, 1, 3)).toBe(true);
    expect(agrees((_inner) => 1, 0, 7)).toBe(true);
    expect(agrees((_inner) => 0, 0, 64)).toBe(true);
    expect(agrees((inner) => inner + 3, 1, 1000003)).toBe(true);
  });

  it("reads nothing beyond the last row", () => {
    for (let inner: u32 = 1; inner < 7; inner++) {
      const x = samplesAtMemoryEnd(2 * inner);
      const y = buffer(2 * inner);
      broadcast(y, x, 2, inner, inner, 1, 2);
      expect(guarded(y, 2 * inner)).toBe(true);
      heap.free(y);
    }
  });

  it("copies every bit pattern of a number with divisor 1", () => {
    const x = buffer(1);
    const y = buffer(5);
    put(x, 0, 1e-40);
    broadcast(y, x, 5, 1, 0, 0, 1);
    expect(at(y, 4)).toBe(1e-40);
    put(x, 0, -Infinity);
    broadcast(y, x, 1, 5, 0, 0, 1);
    expect(at(y, 4)).toBe(-Infinity);
    put(x, 0, NaN);
    broadcast(y, x, 5, 1, 0, 0, 1);
    expect(isNaN(at(y, 4))).toBe(true);
    heap.free(x);
    heap.free(y);
  });
});

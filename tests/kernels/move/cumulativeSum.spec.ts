import { cumulativeSum } from "../../../assembly/kernels/move/cumulativeSum";
import { at, buffer, guarded, put, samples, samplesAtMemoryEnd, ulps } from "../floats";

/** Σ of the elements up to and at place t of a column, by the formula. */
function expectedAt(x: usize, length: u32, inner: u32, t: u32, reverse: u32, exclusive: u32): f64 {
  let total: f64 = 0;
  for (let s: u32 = 0; s < length; s++) {
    const before = reverse ? s > t : s < t;
    if (before || (s == t && !exclusive)) total += <f64>at(x, s * inner);
  }
  return total;
}

/** Whether every running sum of [outer, length, inner] samples is correctly rounded, in place too. */
function agrees(outer: u32, length: u32, inner: u32, reverse: u32, exclusive: u32): bool {
  const n = outer * length * inner;
  const x = samples(n, outer);
  const y = buffer(n);
  cumulativeSum(y, x, outer, length, inner, reverse, exclusive);
  let right = guarded(y, n);
  for (let o: u32 = 0; o < outer; o++) {
    for (let t: u32 = 0; t < length; t++) {
      for (let i: u32 = 0; i < inner; i++) {
        const column = x + ((o * length * inner + i) << 2);
        const expected = expectedAt(column, length, inner, t, reverse, exclusive);
        if (ulps(at(y, (o * length + t) * inner + i), expected) > 0.51) right = false;
      }
    }
  }
  cumulativeSum(x, x, outer, length, inner, reverse, exclusive);
  if (memory.compare(x, y, n << 2) || !guarded(x, n)) right = false;
  heap.free(x);
  heap.free(y);
  return right;
}

describe("cumulativeSum", () => {
  it("rounds each sum once, along any axis, in both directions, with and without the element itself", () => {
    for (let inner: u32 = 0; inner < 19; inner++) {
      for (let length: u32 = 0; length < 6; length++) {
        for (let kind: u32 = 0; kind < 4; kind++) {
          expect(agrees(3, length, inner, kind & 1, kind >> 1)).toBe(true);
        }
      }
    }
    expect(agrees(1, 300, 1, 0, 0)).toBe(true);
    expect(agrees(0, 3, 3, 0, 0)).toBe(true);
  });

  it("keeps the ones of 2^24 + 1 + 1 + …", () => {
    const x = buffer(2002);
    const y = buffer(2002);
    for (let i: u32 = 0; i < 2002; i++) put(x, i, i < 2 ? 16777216 : 1);
    cumulativeSum(y, x, 1, 1001, 2, 0, 0);
    expect(at(y, 2001)).toBe(16778216);
    cumulativeSum(y, x, 2, 1001, 1, 0, 1);
    expect(at(y, 0)).toBe(0);
    expect(at(y, 1000)).toBe(33554432 + 998);
    heap.free(x);
    heap.free(y);
  });

  it("reads nothing beyond the last element", () => {
    for (let inner: u32 = 1; inner < 9; inner++) {
      const x = samplesAtMemoryEnd(3 * inner);
      const y = buffer(3 * inner);
      cumulativeSum(y, x, 1, 3, inner, inner & 1, 0);
      expect(guarded(y, 3 * inner)).toBe(true);
      heap.free(y);
    }
  });
});

import { runningAverage } from "../../../assembly/kernels/normalize/runningAverage";
import { at, buffer, guarded, near, put, samples } from "../floats";

/** One step of n averages against average + share · (value − average) in f64. */
function check(n: u32, share: f32): void {
  const average = samples(n, 3), value = samples(n, 700), before = samples(n, 3);
  runningAverage(average, value, n, share);
  for (let i: u32 = 0; i < n; i++) {
    const a = <f64>at(before, i), x = <f64>at(value, i);
    expect(near(at(average, i), a + <f64>share * (x - a), 2.4e-7, abs(a) + abs(x))).toBe(true, `${n}: ${i}`);
  }
  expect(guarded(average, n)).toBe(true, `wrote behind ${n}`);
  heap.free(average);
  heap.free(value);
  heap.free(before);
}

describe("runningAverage", () => {
  it("moves by its share of the way, for every tail", () => {
    for (let n: u32 = 0; n <= 40; n++) {
      check(n, 0.01);
      check(n, 0.3);
      check(n, 0.75);
    }
  });

  it("is the value to the bit with a share of 1, however far away it was, and stays with one of 0", () => {
    const average = buffer(7), value = samples(7, 20);
    for (let i: u32 = 0; i < 7; i++) put(average, i, 1e10);
    runningAverage(average, value, 7, 1);
    for (let i: u32 = 0; i < 7; i++) expect(at(average, i)).toBe(at(value, i));
    const other = samples(7, 900);
    runningAverage(average, other, 7, 0);
    for (let i: u32 = 0; i < 7; i++) expect(at(average, i)).toBe(at(value, i));
    heap.free(average);
    heap.free(value);
    heap.free(other);
  });

  it("ends at 0, never at a subnormal number, when the values are 0", () => {
    const average = samples(9, 5), value = buffer(9);
    for (let i: u32 = 0; i < 9; i++) put(value, i, 0);
    let subnormals = 0;
    for (let step = 0; step < 1000; step++) {
      runningAverage(average, value, 9, 0.1);
      const a = abs(at(average, 0));
      if (a != 0 && a < f32.MIN_NORMAL_VALUE) subnormals++;
    }
    expect(subnormals).toBe(0);
    for (let i: u32 = 0; i < 9; i++) expect(at(average, i)).toBe(0);
    heap.free(average);
    heap.free(value);
  });

  it("keeps a NaN to its element", () => {
    const average = samples(6, 5), value = samples(6, 80);
    put(value, 2, f32.NaN);
    runningAverage(average, value, 6, 0.1);
    for (let i: u32 = 0; i < 6; i++) expect(isNaN(at(average, i))).toBe(i == 2);
    heap.free(average);
    heap.free(value);
  });
});

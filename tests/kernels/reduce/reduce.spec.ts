import { maxInner, maxOuter, minInner, minOuter } from "../../../assembly/kernels/choice/extremes";
import { argMaxInner } from "../../../assembly/kernels/reduce/argMax";
import * as sums from "../../../assembly/kernels/reduce/sum";
import { at, buffer, guarded, near, put, samples, samplesAtMemoryEnd, ulps } from "../floats";

type Kernel = (y: usize, x: usize, outer: u32, inner: u32) => void;
/** Scratch for the partials of up to 40 columns. */
const PARTIALS = memory.data(5120, 16);

const sumInner: Kernel = (y, x, outer, inner) => sums.sumInner(y, x, outer, inner, PARTIALS);
const meanInner: Kernel = (y, x, outer, inner) => sums.meanInner(y, x, outer, inner, PARTIALS);
const sumOuter: Kernel = (y, x, outer, inner) => sums.sumOuter(y, x, outer, inner, PARTIALS);
const meanOuter: Kernel = (y, x, outer, inner) => sums.meanOuter(y, x, outer, inner, PARTIALS);

/** The f64 reduction of `count` floats of x, `stride` floats apart. */
type Formula = (x: usize, count: u32, stride: u32) => f64;

const sum: Formula = (x, count, stride) => {
  let total: f64 = 0;
  for (let i: u32 = 0; i < count; i++) total += <f64>at(x, i * stride);
  return total;
};

const mean: Formula = (x, count, stride) => {
  let total: f64 = 0;
  for (let i: u32 = 0; i < count; i++) total += <f64>at(x, i * stride);
  return total / <f64>count;
};

const most: Formula = (x, count, stride) => {
  let best: f64 = -Infinity;
  for (let i: u32 = 0; i < count; i++) best = max(best, <f64>at(x, i * stride));
  return best;
};

const least: Formula = (x, count, stride) => {
  let best: f64 = Infinity;
  for (let i: u32 = 0; i < count; i++) best = min(best, <f64>at(x, i * stride));
  return best;
};

const first: Formula = (x, count, stride) => {
  let best: u32 = 0;
  for (let i: u32 = 1; i < count; i++) if (at(x, i * stride) > at(x, best * stride)) best = i;
  return <f64>best;
};

/** Whether kernel is correctly rounded, or, of columns, off by no more than tolerance · 4 (the greatest sample) a term. */
function agreesAt(
  kernel: Kernel,
  formula: Formula,
  columns: bool,
  outer: u32,
  inner: u32,
  tolerance: f64,
): bool {
  const results = columns ? inner : outer;
  const count = columns ? outer : inner;
  const terms = formula == sum ? count : 1;
  const x = samples(outer * inner, outer);
  const y = buffer(results);
  kernel(y, x, outer, inner);
  let right = guarded(y, results) && guarded(x, outer * inner);
  for (let i: u32 = 0; i < results; i++) {
    const expected = columns
      ? formula(x + (i << 2), count, inner)
      : formula(x + ((i * inner) << 2), count, 1);
    const rounded = ulps(at(y, i), expected) <= 0.51;
    if (!rounded && !(columns && near(at(y, i), expected, tolerance, 4 * <f64>terms))) right = false;
  }
  heap.free(x);
  heap.free(y);
  return right;
}

/** agreesAt for every small size and some that pass the blocks of 16 columns and 256 rows. */
function agrees(kernel: Kernel, formula: Formula, columns: bool, tolerance: f64): bool {
  for (let outer: u32 = 0; outer < 7; outer++) {
    for (let inner: u32 = 0; inner < 38; inner++) {
      if (!agreesAt(kernel, formula, columns, outer, inner, tolerance)) return false;
    }
  }
  return (
    agreesAt(kernel, formula, columns, 255, 17, tolerance) &&
    agreesAt(kernel, formula, columns, 256, 21, tolerance) &&
    agreesAt(kernel, formula, columns, 257, 10, tolerance) &&
    agreesAt(kernel, formula, columns, 1030, 1, tolerance) &&
    agreesAt(kernel, formula, columns, 1, 1030, tolerance) &&
    agreesAt(kernel, formula, columns, 3, 1999, tolerance)
  );
}

/** kernel of the row (0, value, 2), or of that column. */
function among(kernel: Kernel, columns: bool, value: f32): f32 {
  const x = buffer(3);
  put(x, 0, 0);
  put(x, 1, value);
  put(x, 2, 2);
  const y = buffer(1);
  if (columns) kernel(y, x, 3, 1);
  else kernel(y, x, 1, 3);
  const result = at(y, 0);
  heap.free(x);
  heap.free(y);
  return result;
}

describe("reductions of rows", () => {
  it("sums and means, made in f64, are correctly rounded", () => {
    expect(agrees(sumInner, sum, false, 0)).toBe(true);
    expect(agrees(meanInner, mean, false, 0)).toBe(true);
  });

  it("maxima, minima and the first places of maxima are exact", () => {
    expect(agrees(maxInner, most, false, 0)).toBe(true);
    expect(agrees(minInner, least, false, 0)).toBe(true);
    expect(agrees(argMaxInner, first, false, 0)).toBe(true);
  });

  it("sum 2^24 + 1 + 1 + … without losing the ones", () => {
    const x = buffer(1001);
    const y = buffer(1);
    put(x, 0, 16777216);
    for (let i: u32 = 1; i < 1001; i++) put(x, i, 1);
    sumInner(y, x, 1, 1001);
    expect(at(y, 0)).toBe(16778216);
    heap.free(x);
    heap.free(y);
  });

  it("argMaxInner takes the first of equals, and the first NaN before any number", () => {
    expect(among(argMaxInner, false, 2)).toBe(1);
    expect(among(argMaxInner, false, NaN)).toBe(1);
    expect(among(argMaxInner, false, Infinity)).toBe(1);
    expect(among(argMaxInner, false, -Infinity)).toBe(2);
    const x = buffer(4);
    const y = buffer(2);
    for (let i: u32 = 0; i < 4; i++) put(x, i, i == 1 || i == 2 ? NaN : -Infinity);
    argMaxInner(y, x, 2, 2);
    expect(at(y, 0)).toBe(1);
    expect(at(y, 1)).toBe(0);
    heap.free(x);
    heap.free(y);
  });
});

describe("reductions of columns", () => {
  it("sums and means are right to 2e-6 of the greatest possible", () => {
    expect(agrees(sumOuter, sum, true, 2e-6)).toBe(true);
    expect(agrees(meanOuter, mean, true, 2e-6)).toBe(true);
  });

  it("maxima and minima are exact", () => {
    expect(agrees(maxOuter, most, true, 0)).toBe(true);
    expect(agrees(minOuter, least, true, 0)).toBe(true);
  });

  it("sum 65,536 rows of 0.1 to 2e-5: one f32 accumulator alone is 6e-4 off", () => {
    const rows: u32 = 65536;
    const x = buffer(rows);
    const y = buffer(1);
    let alone: f32 = 0;
    for (let i: u32 = 0; i < rows; i++) {
      put(x, i, 0.1);
      alone += 0.1;
    }
    sumOuter(y, x, rows, 1);
    const expected = <f64>(<f32>0.1) * <f64>rows;
    expect(near(at(y, 0), expected, 2e-5, expected)).toBe(true);
    expect(near(alone, expected, 2e-5, expected)).toBe(false);
    heap.free(x);
    heap.free(y);
  });
});

describe("reductions at the ends of the range", () => {
  it("a mean of nothing is NaN, a maximum −Infinity, a minimum Infinity, a sum 0", () => {
    const x = buffer(0);
    const y = buffer(3);
    sumInner(y, x, 3, 0);
    expect(at(y, 2)).toBe(0);
    sumOuter(y, x, 0, 3);
    expect(at(y, 2)).toBe(0);
    meanInner(y, x, 3, 0);
    expect(isNaN(at(y, 2))).toBe(true);
    meanOuter(y, x, 0, 3);
    expect(isNaN(at(y, 2))).toBe(true);
    maxInner(y, x, 3, 0);
    expect(at(y, 2)).toBe(-Infinity);
    maxOuter(y, x, 0, 3);
    expect(at(y, 2)).toBe(-Infinity);
    minInner(y, x, 3, 0);
    expect(at(y, 2)).toBe(Infinity);
    minOuter(y, x, 0, 3);
    expect(at(y, 2)).toBe(Infinity);
    heap.free(x);
    heap.free(y);
  });

  it("read nothing beyond the last row", () => {
    for (let inner: u32 = 1; inner < 23; inner++) {
      const x = samplesAtMemoryEnd(2 * inner);
      const y = buffer(inner + 1);
      sumInner(y, x, 2, inner);
      meanInner(y, x, 2, inner);
      maxInner(y, x, 2, inner);
      minInner(y, x, 2, inner);
      argMaxInner(y, x, 2, inner);
      sumOuter(y, x, 2, inner);
      meanOuter(y, x, 2, inner);
      maxOuter(y, x, 2, inner);
      minOuter(y, x, 2, inner);
      expect(guarded(y, inner + 1)).toBe(true);
      heap.free(y);
    }
  });

  it("NaN and Infinity reach the result", () => {
    expect(isNaN(among(sumInner, false, NaN))).toBe(true);
    expect(isNaN(among(meanInner, false, NaN))).toBe(true);
    expect(isNaN(among(maxInner, false, NaN))).toBe(true);
    expect(isNaN(among(sumOuter, true, NaN))).toBe(true);
    expect(isNaN(among(meanOuter, true, NaN))).toBe(true);
    expect(isNaN(among(maxOuter, true, NaN))).toBe(true);
    expect(isNaN(among(minInner, false, NaN))).toBe(true);
    expect(isNaN(among(minOuter, true, NaN))).toBe(true);
    expect(among(sumInner, false, -Infinity)).toBe(-Infinity);
    expect(among(sumOuter, true, Infinity)).toBe(Infinity);
    expect(among(maxInner, false, Infinity)).toBe(Infinity);
    expect(among(maxOuter, true, -Infinity)).toBe(2);
    expect(among(minInner, false, -Infinity)).toBe(-Infinity);
    expect(among(minOuter, true, Infinity)).toBe(0);
    expect(among(meanInner, false, 3e38)).toBeGreaterThan(9e37);
  });
});

import { FLOATS, ROWS } from "../../../assembly/kernels/reduce/chunks";
import { normalizeInner, normalizeInnerGrad } from "../../../assembly/kernels/normalize/normalizeInner";
import { normalizeOuter } from "../../../assembly/kernels/normalize/normalizeOuter";
import { normalizeOuterGrad } from "../../../assembly/kernels/normalize/normalizeOuterGrad";
import { lengthsAround } from "../chunks";
import { at, buffer, guarded, near, put, sample, samples, samplesAtMemoryEnd } from "../floats";

/** One line of n floats, `stride` floats apart: a row or a column. */
class Line {
  mean: f64 = 0;
  deviation: f64 = 0;

  constructor(
    public x: usize,
    public n: u32,
    public stride: u32,
    epsilon: f64,
    centered: bool,
  ) {
    for (let i: u32 = 0; i < n; i++) this.mean += this.at(x, i) / n;
    if (!centered) this.mean = 0;
    let squares: f64 = 0;
    for (let i: u32 = 0; i < n; i++) squares += (this.at(x, i) - this.mean) ** 2;
    this.deviation = Math.sqrt(squares / n + epsilon);
  }

  at(x: usize, i: u32): f64 {
    return <f64>at(x, i * this.stride);
  }

  y(i: u32): f64 {
    return (this.at(this.x, i) - this.mean) / this.deviation;
  }

  /** Whether y is this line, normalized. */
  isOf(y: usize, tolerance: f64): bool {
    for (let i: u32 = 0; i < this.n; i++) {
      if (!near(at(y, i * this.stride), this.y(i), tolerance, 1)) return false;
    }
    return true;
  }

  /** Whether dx is what dy comes to. */
  isGradient(dx: usize, dy: usize, tolerance: f64, centered: bool): bool {
    let total: f64 = 0;
    let dot: f64 = 0;
    for (let i: u32 = 0; i < this.n; i++) {
      total += this.at(dy, i) / this.n;
      dot += (this.at(dy, i) * this.y(i)) / this.n;
    }
    if (!centered) total = 0;
    for (let i: u32 = 0; i < this.n; i++) {
      const expected = (this.at(dy, i) - total - this.y(i) * dot) / this.deviation;
      if (!near(at(dx, i * this.stride), expected, tolerance, 1 / this.deviation)) return false;
    }
    return true;
  }
}

const EPSILON: f32 = 1e-5;

/** Floats of the scratch of a panel, and of a long sum. */
const FLOATS_OF_PANEL: u32 = 1104;
const FLOATS_OF_PARTIALS: u32 = 64;
const SCRATCH = buffer(FLOATS_OF_PANEL);
const PARTIALS = buffer(FLOATS_OF_PARTIALS);

/** n samples of that spread about an offset. */
function spreadSamples(n: u32, spread: f32, offset: f32): usize {
  const x = buffer(n);
  for (let i: u32 = 0; i < n; i++) put(x, i, spread * sample(i + n) + offset);
  return x;
}

/** Whether rows are normalized, and their gradient found, in place too. */
function rowsAgree(outer: u32, inner: u32, spread: f32, offset: f32, centered: u32, tolerance: f64): bool {
  const n = outer * inner;
  const x = spreadSamples(n, spread, offset);
  const dy = samples(n, 7);
  const y = buffer(n);
  const dx = buffer(n);
  normalizeInner(y, x, outer, inner, EPSILON, centered, PARTIALS);
  normalizeInnerGrad(dx, x, dy, outer, inner, EPSILON, centered, PARTIALS);
  let holds = guarded(y, n) && guarded(dx, n);
  for (let o: u32 = 0; o < outer; o++) {
    const start = (o * inner) << 2;
    const line = new Line(x + start, inner, 1, EPSILON, centered != 0);
    holds = holds && line.isOf(y + start, tolerance);
    holds = holds && line.isGradient(dx + start, dy + start, 8 * tolerance, centered != 0);
  }
  normalizeInnerGrad(dy, x, dy, outer, inner, EPSILON, centered, PARTIALS);
  normalizeInner(x, x, outer, inner, EPSILON, centered, PARTIALS);
  holds = holds && memory.compare(dy, dx, n << 2) == 0 && memory.compare(x, y, n << 2) == 0;
  holds = holds && guarded(PARTIALS, FLOATS_OF_PARTIALS);
  heap.free(x);
  heap.free(y);
  heap.free(dy);
  heap.free(dx);
  return holds;
}

/** The same of columns. */
function columnsAgree(batch: u32, outer: u32, inner: u32, spread: f32, offset: f32, tolerance: f64): bool {
  const n = batch * outer * inner;
  const x = spreadSamples(n, spread, offset);
  const dy = samples(n, 7);
  const y = buffer(n);
  const dx = buffer(n);
  normalizeOuter(y, x, batch, outer, inner, EPSILON, SCRATCH);
  normalizeOuterGrad(dx, x, dy, batch, outer, inner, EPSILON, SCRATCH);
  let holds = guarded(y, n) && guarded(dx, n);
  for (let b: u32 = 0; b < batch; b++) {
    for (let column: u32 = 0; column < inner; column++) {
      const start = (b * outer * inner + column) << 2;
      const line = new Line(x + start, outer, inner, EPSILON, true);
      holds = holds && line.isOf(y + start, tolerance);
      holds = holds && line.isGradient(dx + start, dy + start, 8 * tolerance, true);
    }
  }
  normalizeOuterGrad(dy, x, dy, batch, outer, inner, EPSILON, SCRATCH);
  normalizeOuter(y, x, batch, outer, inner, EPSILON, SCRATCH);
  holds = holds && memory.compare(dy, dx, n << 2) == 0;
  normalizeOuter(x, x, batch, outer, inner, EPSILON, SCRATCH);
  holds = holds && memory.compare(x, y, n << 2) == 0;
  holds = holds && guarded(SCRATCH, FLOATS_OF_PANEL);
  heap.free(x);
  heap.free(y);
  heap.free(dy);
  heap.free(dx);
  return holds;
}

describe("normalizeInner and its gradient", () => {
  it("agree with f64 for every tail, centered or not", () => {
    for (let inner: u32 = 1; inner <= 40; inner++) {
      expect(rowsAgree(3, inner, 1, 0, 1, 1e-6)).toBe(true);
      expect(rowsAgree(3, inner, 1, 0, 0, 1e-6)).toBe(true);
    }
    expect(rowsAgree(2, 3001, 1, 0.5, 1, 1e-6)).toBe(true);
  });

  it("agree with f64 around the ends of chunks", () => {
    const lengths = lengthsAround(FLOATS);
    for (let i = 0; i < lengths.length; i++) {
      expect(rowsAgree(1, lengths[i], 1, 0, 1, 1e-6)).toBe(true, `${lengths[i]} wide`);
    }
    for (let tail: u32 = 0; tail < 16; tail++) {
      expect(rowsAgree(2, FLOATS + tail, 1, 0.5, tail & 1, 1e-6)).toBe(true, `4096 + ${tail} wide`);
    }
    expect(rowsAgree(1, 70_001, 0.01, 1e4, 1, 1e-6)).toBe(true);
  });

  it("stay as near where the mean is a million deviations, which a sum of squares would drown", () => {
    // Near 10⁴ an f32 goes by steps of 2⁻¹⁰: about twenty different numbers.
    for (let inner: u32 = 2; inner <= 40; inner++) expect(rowsAgree(2, inner, 0.01, 1e4, 1, 1e-6)).toBe(true);
    expect(rowsAgree(1, 5000, 0.01, -1e4, 1, 1e-6)).toBe(true);
    expect(rowsAgree(1, 5000, 1000, 3e7, 1, 1e-6)).toBe(true);
  });

  it("take a row of one, or of equal numbers, to 0 and its gradient to 0", () => {
    const x = buffer(40);
    const dy = samples(40, 3);
    const y = buffer(40);
    for (let value: f32 = -1e4; value <= 1e4; value += 3333.37) {
      for (let i: u32 = 0; i < 40; i++) put(x, i, value);
      normalizeInner(y, x, 1, 40, EPSILON, 1, PARTIALS);
      for (let i: u32 = 0; i < 40; i++) expect(at(y, i)).toBe(0);
      normalizeInnerGrad(y, x, dy, 1, 40, EPSILON, 1, PARTIALS);
      // The variance is 0, so what is left is (dy − mean) / √epsilon.
      for (let i: u32 = 0; i < 40; i++) expect(abs(at(y, i)) < 8 / 0.003).toBe(true);
      normalizeInner(y, x, 40, 1, EPSILON, 1, PARTIALS);
      normalizeInnerGrad(dy, x, dy, 40, 1, EPSILON, 1, PARTIALS);
      for (let i: u32 = 0; i < 40; i++) expect(at(y, i) == 0 && at(dy, i) == 0).toBe(true);
    }
  });

  it("do nothing without rows or columns, and read nothing beyond the last row", () => {
    const y = buffer(7);
    normalizeInner(y, y, 0, 3, EPSILON, 1, PARTIALS);
    normalizeInner(y, y, 3, 0, EPSILON, 1, PARTIALS);
    normalizeInnerGrad(y, y, y, 3, 0, EPSILON, 1, PARTIALS);
    expect(guarded(y, 0)).toBe(true);
    for (let inner: u32 = 1; inner < 7; inner++) {
      const x = samplesAtMemoryEnd(inner);
      normalizeInner(y, x, 1, inner, EPSILON, 1, PARTIALS);
      normalizeInnerGrad(y, x, x, 1, inner, EPSILON, 1, PARTIALS);
      expect(guarded(y, 7)).toBe(true);
    }
  });

  it("make NaN of the whole row where a number is not finite, and of no other", () => {
    const x = samples(12, 0);
    const y = buffer(12);
    put(x, 5, NaN);
    put(x, 11, Infinity);
    normalizeInner(y, x, 3, 4, EPSILON, 1, PARTIALS);
    for (let i: u32 = 0; i < 12; i++) expect(isNaN(at(y, i))).toBe(i >= 4);
  });
});

describe("normalizeOuter and its gradient", () => {
  it("agree with f64 for every tail and number of rows", () => {
    for (let inner: u32 = 1; inner <= 40; inner++) expect(columnsAgree(2, 5, inner, 1, 0, 1e-6)).toBe(true);
    for (let outer: u32 = 1; outer <= 70; outer += 3) {
      expect(columnsAgree(1, outer, 17, 1, 0, 1e-6)).toBe(true);
      expect(columnsAgree(3, outer, 1, 1, 0, 1e-6)).toBe(true);
    }
    expect(columnsAgree(1, 3001, 19, 1, 0.5, 1e-6)).toBe(true);
  });

  it("agree with f64 around the ends of chunks", () => {
    const lengths = lengthsAround(ROWS);
    for (let i = 0; i < lengths.length; i++) {
      expect(columnsAgree(1, lengths[i], 18, 1, 0, 1e-6)).toBe(true, `${lengths[i]} rows`);
    }
    for (let inner: u32 = 1; inner <= 20; inner++) {
      expect(columnsAgree(2, 1300, inner, 1, 0.5, 1e-6)).toBe(true, `1300 rows of ${inner}`);
    }
    expect(columnsAgree(1, 5000, 21, 0.01, 1e4, 1e-6)).toBe(true);
  });

  it("stay as near where the mean is a million deviations", () => {
    for (let inner: u32 = 1; inner <= 21; inner++) {
      expect(columnsAgree(1, 37, inner, 0.01, 1e4, 1e-6)).toBe(true);
      expect(columnsAgree(1, 37, inner, 1000, 3e7, 1e-6)).toBe(true);
    }
  });

  it("take a column of one, or of equal numbers, to 0, and their gradient to a finite number", () => {
    const n: u32 = 21 * 9;
    const x = buffer(n);
    const dy = samples(n, 3);
    const y = buffer(n);
    for (let i: u32 = 0; i < n; i++) put(x, i, <f32>(i % 21) * 333.3);
    normalizeOuter(y, x, 1, 9, 21, EPSILON, SCRATCH);
    for (let i: u32 = 0; i < n; i++) expect(at(y, i)).toBe(0);
    normalizeOuterGrad(y, x, dy, 1, 9, 21, EPSILON, SCRATCH);
    for (let i: u32 = 0; i < n; i++) expect(abs(at(y, i)) < 8 / 0.003).toBe(true);
    normalizeOuter(y, x, 9, 1, 21, EPSILON, SCRATCH);
    normalizeOuterGrad(dy, x, dy, 9, 1, 21, EPSILON, SCRATCH);
    for (let i: u32 = 0; i < n; i++) expect(at(y, i) == 0 && abs(at(dy, i)) < 1e-3).toBe(true);
  });

  it("do nothing without rows or columns, and read nothing beyond the last row", () => {
    const y = buffer(7);
    normalizeOuter(y, y, 0, 3, 2, EPSILON, SCRATCH);
    normalizeOuter(y, y, 2, 0, 2, EPSILON, SCRATCH);
    normalizeOuter(y, y, 2, 3, 0, EPSILON, SCRATCH);
    normalizeOuterGrad(y, y, y, 0, 3, 2, EPSILON, SCRATCH);
    normalizeOuterGrad(y, y, y, 2, 0, 2, EPSILON, SCRATCH);
    normalizeOuterGrad(y, y, y, 2, 3, 0, EPSILON, SCRATCH);
    expect(guarded(y, 0)).toBe(true);
    for (let inner: u32 = 1; inner < 7; inner++) {
      const x = samplesAtMemoryEnd(inner);
      normalizeOuter(y, x, 1, 1, inner, EPSILON, SCRATCH);
      normalizeOuterGrad(y, x, x, 1, 1, inner, EPSILON, SCRATCH);
      expect(guarded(y, 7)).toBe(true);
    }
  });
});

/** Sums and means of more than one chunk; the short ones are in reduce.spec.ts. */
import { chunksOf, combine, FLOATS, ROWS } from "../../../assembly/kernels/reduce/chunks";
import {
  Elements,
  meanInner,
  meanOuter,
  sumInner,
  sumOuter,
  sumOuterChunk,
} from "../../../assembly/kernels/reduce/sum";
import { isOfChunks, lengthsAround, shuffled } from "../chunks";
import { at, buffer, guarded, near, put, sample, samples, ulps } from "../floats";

/** Σ of the samples that row o of [outer, inner] has, `stride` floats apart from the first. */
function plain(x: usize, count: u32, stride: u32): f64 {
  let sum: f64 = 0;
  for (let i: u32 = 0; i < count; i++) sum += <f64>at(x, i * stride);
  return sum;
}

/** Whether the sums and means of two rows of n are correctly rounded. */
function rowsAgree(n: u32): bool {
  const x = samples(2 * n, n), y = buffer(4), partials = buffer(64);
  sumInner(y, x, 2, n, partials);
  meanInner(y + 8, x, 2, n, partials);
  let right = guarded(y, 4) && guarded(partials, 64);
  for (let row: u32 = 0; row < 2; row++) {
    const expected = plain(x + ((row * n) << 2), n, 1);
    right = right && ulps(at(y, row), expected) <= 0.51 && ulps(at(y, row + 2), expected / n) <= 0.51;
  }
  heap.free(x);
  heap.free(y);
  heap.free(partials);
  return right;
}

/** Whether the sums and means of columns are right to 2e-6 of the greatest possible, and the bits those of their chunks. */
function columnsAgree(outer: u32, inner: u32): bool {
  const width = (inner + 3) & ~3, room = 16 * 2 * width;
  const x = samples(outer * inner, outer), y = buffer(inner), mean = buffer(inner), other = buffer(inner);
  const partials = buffer(room);
  sumOuter(y, x, outer, inner, partials);
  meanOuter(mean, x, outer, inner, partials);
  let right = guarded(y, inner) && guarded(mean, inner) && guarded(partials, room);
  for (let i: u32 = 0; i < inner; i++) {
    const expected = plain(x + (i << 2), outer, inner);
    right = right && near(at(y, i), expected, 2e-6, 4 * <f64>outer);
    right = right && near(at(mean, i), expected / outer, 2e-6, 4);
  }
  const chunks = chunksOf(outer, ROWS);
  for (let i: u32 = 0; i < chunks; i++) sumOuterChunk(partials, shuffled(i, chunks), x, outer, inner);
  combine(partials, chunks, width << 3);
  for (let i: u32 = 0; i < inner; i++) put(other, i, <f32>load<f64>(partials + (i << 3)));
  right = right && memory.compare(y, other, inner << 2) == 0;
  heap.free(x);
  heap.free(y);
  heap.free(mean);
  heap.free(other);
  heap.free(partials);
  return right;
}

describe("long sums of rows", () => {
  it("are correctly rounded around the ends of chunks, and for every tail behind them", () => {
    const lengths = lengthsAround(FLOATS);
    for (let i = 0; i < lengths.length; i++) expect(rowsAgree(lengths[i])).toBe(true, `${lengths[i]} floats`);
    for (let tail: u32 = 0; tail < 16; tail++) {
      expect(rowsAgree(FLOATS + tail)).toBe(true, `4096 + ${tail} floats`);
      expect(rowsAgree(33 * FLOATS + tail)).toBe(true, `135168 + ${tail} floats`);
    }
  });

  it("have the bits of their chunks, worked in any order", () => {
    const x = samples(140_000, 3);
    const lengths = lengthsAround(FLOATS);
    for (let i = 0; i < lengths.length; i++) {
      expect(isOfChunks<Elements>(lengths[i], x, x, x, 0)).toBe(true, `${lengths[i]} floats`);
    }
    heap.free(x);
  });

  it("neither overflow nor vanish, and show a NaN wherever it lies", () => {
    const n: u32 = 70_000;
    const x = buffer(n), y = buffer(1), partials = buffer(64);
    for (let i: u32 = 0; i < n; i++) put(x, i, i & 1 ? -3e38 : 3e38);
    sumInner(y, x, 1, n, partials);
    expect(at(y, 0)).toBe(0);
    for (let i: u32 = 0; i < n; i++) put(x, i, f32.MIN_VALUE);
    sumInner(y, x, 1, n, partials);
    expect(at(y, 0)).toBe(<f32>(<f64>f32.MIN_VALUE * <f64>n));
    for (let i: u32 = 0; i < n; i += 6999) {
      put(x, i, NaN);
      sumInner(y, x, 1, n, partials);
      expect(isNaN(at(y, 0))).toBe(true, `at ${i}`);
      put(x, i, sample(i));
    }
    heap.free(x);
    heap.free(y);
    heap.free(partials);
  });
});

describe("long sums of columns", () => {
  it("are right, and have the bits of their chunks in any order, around the ends of chunks", () => {
    const lengths = lengthsAround(ROWS);
    for (let i = 0; i < lengths.length; i++) {
      expect(columnsAgree(lengths[i], 5)).toBe(true, `${lengths[i]} rows of 5`);
    }
  });

  it("are so for every tail of columns", () => {
    for (let inner: u32 = 1; inner < 38; inner++) {
      expect(columnsAgree(777, inner)).toBe(true, `777 rows of ${inner}`);
    }
    expect(columnsAgree(4500, 21)).toBe(true);
  });

  it("leave the range of f32 only where the result does", () => {
    const rows: u32 = 1024;
    const x = buffer(rows), y = buffer(1), partials = buffer(128);
    // Blocks of 256 rows are added in f32: each of these is 2.56e38, or its negative, and four of one sign would be more.
    for (let i: u32 = 0; i < rows; i++) put(x, i, i < 512 ? 1e36 : -1e36);
    sumOuter(y, x, rows, 1, partials);
    expect(at(y, 0)).toBe(0);
    for (let i: u32 = 0; i < rows; i++) put(x, i, f32.MIN_VALUE);
    sumOuter(y, x, rows, 1, partials);
    expect(at(y, 0)).toBe(<f32>(<f64>f32.MIN_VALUE * 1024));
    heap.free(x);
    heap.free(y);
    heap.free(partials);
  });
});

import { constrainNorm, constrainRange, squaresOfRows } from "../../../assembly/kernels/optimizer/constrain";
import { chunksOf, combine, ROWS } from "../../../assembly/kernels/reduce/chunks";
import { lengthsAround, shuffled } from "../chunks";
import { at, buffer, guarded, near, put, sample, samples } from "../floats";

/** Room for 16 chunks of the sums of 20 columns, with what was there before. */
const SCRATCH = memory.data(2560, 16);
memory.fill(SCRATCH, 0xff, 2560);

function columnNorm(x: usize, outer: u32, inner: u32, column: u32): f64 {
  let squares: f64 = 0;
  for (let i: u32 = 0; i < outer; i++) {
    const w = <f64>at(x, i * inner + column);
    squares += w * w;
  }
  return sqrt(squares);
}

/** Every column against low ≤ ‖column‖ ≤ high by the formula in f64; those within keep their bits. */
function check(outer: u32, inner: u32, low: f32, high: f32): void {
  const n = outer * inner;
  const w = samples(n, 40), before = samples(n, 40);
  constrainNorm(w, outer, inner, low, high, SCRATCH);
  for (let j: u32 = 0; j < inner; j++) {
    const norm = columnNorm(before, outer, inner, j);
    const factor = norm > <f64>high ? <f64>high / norm : norm < <f64>low ? <f64>low / norm : 1.0;
    let wrong: u32 = 0;
    for (let i: u32 = 0; i < outer; i++) {
      const k = i * inner + j;
      if (factor == 1) wrong += u32(at(w, k) != at(before, k));
      else wrong += u32(!near(at(w, k), <f64>at(before, k) * factor, 1e-7, abs(<f64>at(w, k))));
    }
    expect(wrong).toBe(0, `${outer} × ${inner}: column ${j}`);
  }
  expect(guarded(w, n)).toBe(true, `wrote behind ${n}`);
  heap.free(w);
  heap.free(before);
}

describe("constrainRange", () => {
  it("brings every weight into the range, for every tail", () => {
    for (let n: u32 = 0; n <= 40; n++) {
      const w = samples(n, 7);
      constrainRange(w, n, -0.5, 2);
      for (let i: u32 = 0; i < n; i++) expect(at(w, i)).toBe(min<f32>(2, max<f32>(-0.5, sample(7 + i))));
      expect(guarded(w, n)).toBe(true, `wrote behind ${n}`);
      heap.free(w);
    }
  });

  it("has no end where a bound is infinite, and keeps a NaN", () => {
    const w = buffer(5);
    put(w, 0, 3e38);
    put(w, 1, -3e38);
    put(w, 2, f32.NaN);
    put(w, 3, -1e-40);
    put(w, 4, 0);
    constrainRange(w, 5, 0, Infinity);
    expect(at(w, 0)).toBe(<f32>3e38);
    expect(at(w, 1)).toBe(0);
    expect(isNaN(at(w, 2))).toBe(true);
    expect(at(w, 3)).toBe(0);
    expect(at(w, 4)).toBe(0);
    heap.free(w);
  });
});

describe("constrainNorm", () => {
  it("bounds the norm of each column from above, from below and to one value, for every tail", () => {
    for (let outer: u32 = 1; outer <= 9; outer += 2) {
      for (let inner: u32 = 1; inner <= 19; inner++) {
        check(outer, inner, 0, 2);
        check(outer, inner, 3, Infinity);
        check(outer, inner, 2, 4);
        check(outer, inner, 1, 1);
      }
    }
    check(0, 5, 1, 1);
    check(5, 0, 1, 1);
  });

  it("is right around the ends of chunks of rows", () => {
    const lengths = lengthsAround(ROWS);
    for (let i = 0; i < lengths.length; i++) check(lengths[i], 3, 2, 4);
    check(777, 19, 0, 2);
  });

  it("adds squares to the bits of their chunks, worked in any order", () => {
    const lengths = lengthsAround(ROWS);
    const other = heap.alloc(16 * 64);
    for (let i = 0; i < lengths.length; i++) {
      const rows = lengths[i], chunks = chunksOf(rows, ROWS);
      const x = samples(rows * 6, 5);
      for (let chunk: u32 = 0; chunk < chunks; chunk++) squaresOfRows(SCRATCH, chunk, x, rows, 6);
      combine(SCRATCH, chunks, 64);
      for (let k: u32 = 0; k < chunks; k++) squaresOfRows(other, shuffled(k, chunks), x, rows, 6);
      combine(other, chunks, 64);
      expect(memory.compare(SCRATCH, other, 48)).toBe(0);
      heap.free(x);
    }
    heap.free(other);
  });

  it("leaves a column of zeros as it is", () => {
    const w = samples(15, 3);
    for (let i: u32 = 0; i < 3; i++) put(w, i * 5 + 2, 0);
    constrainNorm(w, 3, 5, 1, 1, SCRATCH);
    for (let i: u32 = 0; i < 3; i++) expect(at(w, i * 5 + 2)).toBe(0);
    for (let j: u32 = 0; j < 5; j++) {
      if (j != 2) expect(abs(columnNorm(w, 3, 5, j) - 1) < 1e-7).toBe(true, `column ${j}`);
    }
    heap.free(w);
  });

  it("takes columns whose squares leave the range of f32", () => {
    const w = buffer(8);
    for (let i: u32 = 0; i < 2; i++) {
      put(w, i * 4, 1e30);
      put(w, i * 4 + 1, 3e38);
      put(w, i * 4 + 2, 1e-30);
      put(w, i * 4 + 3, 1e-42);
    }
    constrainNorm(w, 2, 4, 1, 1, SCRATCH);
    for (let j: u32 = 0; j < 4; j++) expect(abs(columnNorm(w, 2, 4, j) - 1) < 1e-7).toBe(true, `column ${j}`);
    heap.free(w);
  });
});

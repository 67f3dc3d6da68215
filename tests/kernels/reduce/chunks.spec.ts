import {
  chunkAt,
  chunkLength,
  chunksOf,
  combine,
  FLOATS,
  ROWS,
  termsOf,
} from "../../../assembly/kernels/reduce/chunks";
import { lengthsAround } from "../chunks";

/** The tree as its drawing has it, from the top: the first half of a power of two, and what is left. */
function treeOf(x: usize, n: u32): f64 {
  if (n == 1) return load<f64>(x);
  let half: u32 = 1;
  while (half << 1 < n) half <<= 1;
  return treeOf(x, half) + treeOf(x + (half << 4), n - half);
}

/** Whether chunks are at most 16, whole grains but for the last, and all terms, once. */
function isDivided(n: u32, grain: u32): bool {
  const chunks = chunksOf(n, grain);
  const length = chunkLength(n, grain);
  let next: usize = 64;
  for (let chunk: u32 = 0; chunk < chunks; chunk++) {
    if (chunkAt(64, chunk, n, grain, 8) != next) return false;
    const terms = termsOf(chunk, n, grain);
    if (terms == 0 || (chunk + 1 < chunks && terms != length)) return false;
    next += <usize>terms << 3;
  }
  return next == 64 + (<usize>n << 3) && chunks <= 16 && length % grain == 0;
}

describe("the chunks of a sum", () => {
  it("are at most 16 of whole grains, and hold each term once", () => {
    for (let n: u32 = 0; n < 700; n++) expect(isDivided(n, 10)).toBe(true, `${n} terms`);
    const floats = lengthsAround(FLOATS), rows = lengthsAround(ROWS);
    for (let i = 0; i < floats.length; i++) {
      expect(isDivided(floats[i], FLOATS)).toBe(true, `${floats[i]} floats`);
      expect(isDivided(rows[i], ROWS)).toBe(true, `${rows[i]} rows`);
    }
    expect(isDivided(100_000_007, FLOATS)).toBe(true);
  });

  it("are one up to a grain, and none of nothing", () => {
    expect(chunksOf(0, FLOATS)).toBe(0);
    expect(chunksOf(1, FLOATS)).toBe(1);
    expect(chunksOf(4096, FLOATS)).toBe(1);
    expect(chunksOf(4097, FLOATS)).toBe(2);
    expect(chunksOf(65536, FLOATS)).toBe(16);
    expect(chunksOf(65537, FLOATS)).toBe(9);
  });

  it("are added by a tree that their number alone gives", () => {
    const partials = memory.data(256, 16);
    for (let chunks: u32 = 1; chunks <= 16; chunks++) {
      // Numbers of so different sizes that another order gives other bits.
      for (let i: u32 = 0; i < chunks; i++) {
        store<f64>(partials + (i << 4), <f64>((i * 7919) % 23) * (i % 3 ? 1e-3 : 1e13) + 0.1);
        store<f64>(partials + (i << 4), <f64>i, 8);
      }
      const expected = treeOf(partials, chunks);
      combine(partials, chunks, 16);
      expect(load<f64>(partials)).toBe(expected);
      expect(load<f64>(partials, 8)).toBe(<f64>(chunks * (chunks - 1)) / 2);
    }
  });

  it("are added column by column where a partial is a row", () => {
    const partials = heap.alloc(7 * 48);
    for (let i: u32 = 0; i < 42; i++) store<f64>(partials + (i << 3), <f64>(i * i));
    combine(partials, 7, 48);
    for (let column: u32 = 0; column < 6; column++) {
      let sum: f64 = 0;
      for (let i: u32 = 0; i < 7; i++) sum += <f64>((i * 6 + column) * (i * 6 + column));
      expect(load<f64>(partials + (column << 3))).toBe(sum);
    }
    heap.free(partials);
  });
});

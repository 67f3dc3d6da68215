import { MATMUL_KC } from "../../isa/limits";
import { madd } from "../../lanes/simd";
import { matmulDirect1x4 } from "./matmulDirectTile";

/** s[4·vectors] = s · accumulate + a · b for four terms: four rows of b stream by, s stays in the cache. */
function row4(s: usize, a: usize, b: usize, bRow: usize, vectors: u32, accumulate: bool): void {
  const a0 = v128.load32_splat(a), a1 = v128.load32_splat(a, 4);
  const a2 = v128.load32_splat(a, 8), a3 = v128.load32_splat(a, 12);
  let b1 = b + bRow, b2 = b1 + bRow, b3 = b2 + bRow;
  let sum = f32x4.splat(0);
  for (; vectors > 0; vectors--) {
    if (accumulate) sum = v128.load(s);
    const two = madd(a1, v128.load(b1), madd(a0, v128.load(b), sum));
    v128.store(s, madd(a3, v128.load(b3), madd(a2, v128.load(b2), two)));
    s += 16;
    b += 16;
    b1 += 16;
    b2 += 16;
    b3 += 16;
  }
}

/** s[4·vectors] = s · accumulate + a · b for one term. */
function row1(s: usize, a: usize, b: usize, vectors: u32, accumulate: bool): void {
  const a0 = v128.load32_splat(a);
  let sum = f32x4.splat(0);
  for (; vectors > 0; vectors--, s += 16, b += 16) {
    if (accumulate) sum = v128.load(s);
    v128.store(s, madd(a0, v128.load(b), sum));
  }
}

/** Columns at a time: the sums stay in the first-level cache and fit the scratch of every product beyond KC terms. */
const COLUMNS: u32 = 2048;

/**
 * y[n] = max(a · b + bias, floor) for one row of n >= 4 columns, k > 0. Each row of b is read in one sweep: a third
 * faster than tiles of columns once b is larger than the cache, as fast before (measured, bench/matmul).
 *
 * @param a        [k]
 * @param b        [k, n]
 * @param biasStep 1, or 0 if the 4 floats at bias serve every column
 * @param sums     [min(n, 2048)] scratch, used only if k > MATMUL_KC
 */
export function matmulRow(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  biasStep: usize,
  floor: usize,
  n: u32,
  k: u32,
  sums: usize,
): void {
  const bRow = <usize>n << 2;
  const least = v128.load32_splat(floor);
  for (let j: u32 = 0; j < n; j += COLUMNS) {
    const at = <usize>j << 2;
    const vectors = min<u32>(COLUMNS, n - j) >> 2;
    const end = y + at + (<usize>vectors << 4);
    let ap = a, bp = b + at;
    for (let block: u32 = 0; block < k; block += MATMUL_KC) {
      const depth = min<u32>(MATMUL_KC, k - block);
      const s = block ? sums : y + at;
      let p: u32 = 0;
      for (; p + 4 <= depth; p += 4) {
        row4(s, ap, bp, bRow, vectors, p > 0);
        ap += 16;
        bp += bRow << 2;
      }
      for (; p < depth; p++) {
        row1(s, ap, bp, vectors, p > 0);
        ap += 4;
        bp += bRow;
      }
      if (block) {
        for (let to = y + at, from = sums; to < end; to += 16, from += 16) {
          v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
        }
      }
    }
    for (let to = y + at, from = bias + at * biasStep; to < end; to += 16, from += biasStep << 4) {
      v128.store(to, f32x4.pmax(f32x4.add(v128.load(to), v128.load(from)), least));
    }
  }
  if (n & 3) {
    const last = bRow - 16;
    matmulDirect1x4(y + last, a, b + last, bias + last * biasStep, floor, k, 4, bRow);
  }
}

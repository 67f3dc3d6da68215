import { madd } from "../../lanes/simd";
import { LOWEST, ZEROS } from "./matmulConstants";
import { matmulDirect1x4 } from "./matmulDirectTile";

// y is the large operand when k is small: it is written row by row, with a in registers and b in the cache, at the
// speed of memory. The chain of each sum goes through y, so that its order is that of every other path.

/** y[4, 4·vectors] = 0 + a · b for one term; a holds four floats. */
function outer1(y0: usize, y1: usize, y2: usize, y3: usize, a: usize, b: usize, vectors: u32): void {
  const zero = v128.load(ZEROS);
  const a0 = v128.load32_splat(a), a1 = v128.load32_splat(a, 4);
  const a2 = v128.load32_splat(a, 8), a3 = v128.load32_splat(a, 12);
  for (; vectors > 0; vectors--) {
    const x = v128.load(b);
    v128.store(y3, madd(a3, x, zero));
    v128.store(y2, madd(a2, x, zero));
    v128.store(y1, madd(a1, x, zero));
    v128.store(y0, madd(a0, x, zero));
    y0 += 16;
    y1 += 16;
    y2 += 16;
    y3 += 16;
    b += 16;
  }
}

/** y[4, 4·vectors] = y · accumulate + a · b for two terms, each four floats of a and one row of b. */
function outer2(
  y0: usize,
  y1: usize,
  y2: usize,
  y3: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bRow: usize,
  vectors: u32,
  accumulate: bool,
): void {
  const p0 = v128.load32_splat(a), p1 = v128.load32_splat(a, 4);
  const p2 = v128.load32_splat(a, 8), p3 = v128.load32_splat(a, 12);
  a += aStep;
  const q0 = v128.load32_splat(a), q1 = v128.load32_splat(a, 4);
  const q2 = v128.load32_splat(a, 8), q3 = v128.load32_splat(a, 12);
  let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
  for (; vectors > 0; vectors--) {
    const x = v128.load(b);
    const z = v128.load(b + bRow);
    if (accumulate) {
      s0 = v128.load(y0);
      s1 = v128.load(y1);
      s2 = v128.load(y2);
      s3 = v128.load(y3);
    }
    v128.store(y3, madd(q3, z, madd(p3, x, s3)));
    v128.store(y2, madd(q2, z, madd(p2, x, s2)));
    v128.store(y1, madd(q1, z, madd(p1, x, s1)));
    v128.store(y0, madd(q0, z, madd(p0, x, s0)));
    y0 += 16;
    y1 += 16;
    y2 += 16;
    y3 += 16;
    b += 16;
  }
}

/**
 * y = aᵀ · b for few terms, 1 ≤ k ≤ MATMUL_KC: the weight gradient of a small batch. m ≥ 4, n ≥ 4.
 *
 * The last rows and columns are computed twice where m or n is no multiple of 4, to the same bits.
 */
export function matmulOuter(y: usize, a: usize, b: usize, m: u32, n: u32, k: u32): void {
  const yRow = <usize>n << 2;
  const aStep = <usize>m << 2;
  const vectors = n >> 2;
  for (let i: u32 = 0; i < m; i += 4) {
    const row = <usize>min<u32>(i, m - 4);
    const y0 = y + row * yRow, y1 = y0 + yRow, y2 = y1 + yRow, y3 = y2 + yRow;
    const odd = k & 1;
    let ap = a + (row << 2), bp = b;
    if (odd) {
      outer1(y0, y1, y2, y3, ap, bp, vectors);
      ap += aStep;
      bp += yRow;
    }
    for (let p = odd; p < k; p += 2) {
      outer2(y0, y1, y2, y3, ap, aStep, bp, yRow, vectors, p > 0);
      ap += aStep << 1;
      bp += yRow << 1;
    }
    if (n & 3) {
      const last = yRow - 16;
      for (let r: usize = 0; r < 4; r++) {
        matmulDirect1x4(y0 + r * yRow + last, a + ((row + r) << 2), b + last, ZEROS, LOWEST, k, aStep, yRow);
      }
    }
  }
}

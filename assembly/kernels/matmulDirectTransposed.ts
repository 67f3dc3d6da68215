import { MATMUL_KC } from "../isa";
import { madd } from "../simd";
import { LOWEST, ZEROS } from "./matmulConstants";
import { matmulDirect1x1 } from "./matmulDirectTile";

// Four rows of b are turned in registers, four terms at a time, so that each lane sums in the order of k as every other
// path does. A dot product along k would need no turning, but would sum in another order.

/** y[1, 4] = max(a · bᵀ + bias, floor). */
function matmulDirectTransposed1x4(y: usize, a: usize, b: usize, bias: usize, floor: usize, k: u32, row: usize): void {
  let b0 = b, b1 = b0 + row, b2 = b1 + row, b3 = b2 + row;
  let accumulate = false;
  do {
    let sum = f32x4.splat(0);
    const depth = min<u32>(MATMUL_KC, k);
    let p = depth;
    for (; p >= 4; p -= 4) {
      const r0 = v128.load(b0), r1 = v128.load(b1), r2 = v128.load(b2), r3 = v128.load(b3);
      const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      sum = madd(v128.load32_splat(a), v128.shuffle<i64>(low01, low23, 0, 2), sum);
      sum = madd(v128.load32_splat(a, 4), v128.shuffle<i64>(low01, low23, 1, 3), sum);
      sum = madd(v128.load32_splat(a, 8), v128.shuffle<i64>(high01, high23, 0, 2), sum);
      sum = madd(v128.load32_splat(a, 12), v128.shuffle<i64>(high01, high23, 1, 3), sum);
      a += 16; b0 += 16; b1 += 16; b2 += 16; b3 += 16;
    }
    for (; p > 0; p--) {
      const low = v128.load32_lane(b1, v128.load32_zero(b0), 1);
      sum = madd(v128.load32_splat(a), v128.load32_lane(b3, v128.load32_lane(b2, low, 2), 3), sum);
      a += 4; b0 += 4; b1 += 4; b2 += 4; b3 += 4;
    }
    k -= depth;
    if (accumulate) sum = f32x4.add(v128.load(y), sum);
    sum = f32x4.add(sum, v128.load(k ? ZEROS : bias));
    v128.store(y, f32x4.pmax(sum, v128.load32_splat(k ? LOWEST : floor)));
    accumulate = true;
  } while (k > 0);
}

/** y[rows, 4] = max(a · bᵀ + bias, floor), rows <= 4; rows that are lacking repeat the last one. */
function matmulDirectTransposed4x4(
  y: usize, a: usize, b: usize, bias: usize, floor: usize, rows: u32, k: u32, row: usize, yRow: usize,
): void {
  let b0 = b, b1 = b0 + row, b2 = b1 + row, b3 = b2 + row;
  const y1 = rows > 1 ? y + yRow : y;
  const y2 = rows > 2 ? y1 + yRow : y1;
  const y3 = rows > 3 ? y2 + yRow : y2;
  const a1 = rows > 1 ? row : 0;
  const a2 = rows > 2 ? a1 + row : a1;
  const a3 = rows > 3 ? a2 + row : a2;
  let accumulate = false;
  do {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0), s2 = f32x4.splat(0), s3 = f32x4.splat(0);
    const depth = min<u32>(MATMUL_KC, k);
    let p = depth;
    for (; p >= 4; p -= 4) {
      const r0 = v128.load(b0), r1 = v128.load(b1), r2 = v128.load(b2), r3 = v128.load(b3);
      const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      const x0 = v128.shuffle<i64>(low01, low23, 0, 2);
      s0 = madd(v128.load32_splat(a), x0, s0);
      s1 = madd(v128.load32_splat(a + a1), x0, s1);
      s2 = madd(v128.load32_splat(a + a2), x0, s2);
      s3 = madd(v128.load32_splat(a + a3), x0, s3);
      const x1 = v128.shuffle<i64>(low01, low23, 1, 3);
      s0 = madd(v128.load32_splat(a, 4), x1, s0);
      s1 = madd(v128.load32_splat(a + a1, 4), x1, s1);
      s2 = madd(v128.load32_splat(a + a2, 4), x1, s2);
      s3 = madd(v128.load32_splat(a + a3, 4), x1, s3);
      const x2 = v128.shuffle<i64>(high01, high23, 0, 2);
      s0 = madd(v128.load32_splat(a, 8), x2, s0);
      s1 = madd(v128.load32_splat(a + a1, 8), x2, s1);
      s2 = madd(v128.load32_splat(a + a2, 8), x2, s2);
      s3 = madd(v128.load32_splat(a + a3, 8), x2, s3);
      const x3 = v128.shuffle<i64>(high01, high23, 1, 3);
      s0 = madd(v128.load32_splat(a, 12), x3, s0);
      s1 = madd(v128.load32_splat(a + a1, 12), x3, s1);
      s2 = madd(v128.load32_splat(a + a2, 12), x3, s2);
      s3 = madd(v128.load32_splat(a + a3, 12), x3, s3);
      a += 16; b0 += 16; b1 += 16; b2 += 16; b3 += 16;
    }
    for (; p > 0; p--) {
      const low = v128.load32_lane(b1, v128.load32_zero(b0), 1);
      const x = v128.load32_lane(b3, v128.load32_lane(b2, low, 2), 3);
      s0 = madd(v128.load32_splat(a), x, s0);
      s1 = madd(v128.load32_splat(a + a1), x, s1);
      s2 = madd(v128.load32_splat(a + a2), x, s2);
      s3 = madd(v128.load32_splat(a + a3), x, s3);
      a += 4; b0 += 4; b1 += 4; b2 += 4; b3 += 4;
    }
    k -= depth;
    if (accumulate) {
      s0 = f32x4.add(v128.load(y), s0);
      s1 = f32x4.add(v128.load(y1), s1);
      s2 = f32x4.add(v128.load(y2), s2);
      s3 = f32x4.add(v128.load(y3), s3);
    }
    const biases = v128.load(k ? ZEROS : bias);
    const least = v128.load32_splat(k ? LOWEST : floor);
    v128.store(y, f32x4.pmax(f32x4.add(s0, biases), least));
    v128.store(y1, f32x4.pmax(f32x4.add(s1, biases), least));
    v128.store(y2, f32x4.pmax(f32x4.add(s2, biases), least));
    v128.store(y3, f32x4.pmax(f32x4.add(s3, biases), least));
    accumulate = true;
  } while (k > 0);
}

/** The unpacked product a · bᵀ for few rows: see matmulDirect. */
export function matmulDirectTransposed(
  y: usize, a: usize, b: usize, bias: usize, biasStep: usize, floor: usize, m: u32, n: u32, k: u32,
): void {
  const row = <usize>k << 2;
  const yRow = <usize>n << 2;
  if (n >= 4) {
    for (let j: u32 = 0; j < n; j += 4) {
      const from = <usize>min<u32>(j, n - 4);
      const at = from << 2;
      const bj = b + from * row, biases = bias + at * biasStep;
      if (m == 1) matmulDirectTransposed1x4(y + at, a, bj, biases, floor, k, row);
      else {
        for (let i: u32 = 0; i < m; i += 4) {
          matmulDirectTransposed4x4(y + <usize>i * yRow + at, a + <usize>i * row, bj, biases, floor, m - i, k, row, yRow);
        }
      }
    }
    return;
  }
  for (let j: usize = 0; j < n; j++) {
    for (let i: usize = 0; i < m; i++) {
      matmulDirect1x1(y + i * yRow + (j << 2), a + i * row, b + j * row, bias + (j << 2) * biasStep, floor, k, 4, 4);
    }
  }
}

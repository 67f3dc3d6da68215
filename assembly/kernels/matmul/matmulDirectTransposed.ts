import { MATMUL_KC } from "../../isa/limits";
import { madd } from "../../lanes/simd";
import { LOWEST, ZEROS } from "./matmulConstants";
import { matmulDirect1x1 } from "./matmulDirectTile";

// Four rows of b are turned in registers, four terms at a time, so that each lane sums in the order of k as every other
// path does. A dot product along k would need no turning, but would sum in another order.

/** y[1, 8] = max(a · bᵀ + bias, floor). */
function matmulDirectTransposed1x8(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  floor: usize,
  k: u32,
  row: usize,
): void {
  let b0 = b, b1 = b0 + row, b2 = b1 + row, b3 = b2 + row;
  const half = row << 2;
  let accumulate = false;
  do {
    let s0 = f32x4.splat(0), s1 = f32x4.splat(0);
    const depth = min<u32>(MATMUL_KC, k);
    let p = depth;
    for (; p >= 4; p -= 4) {
      const x = v128.load(a);
      const x0 = v128.shuffle<i32>(x, x, 0, 0, 0, 0), x1 = v128.shuffle<i32>(x, x, 1, 1, 1, 1);
      const x2 = v128.shuffle<i32>(x, x, 2, 2, 2, 2), x3 = v128.shuffle<i32>(x, x, 3, 3, 3, 3);
      const r0 = v128.load(b0), r1 = v128.load(b1), r2 = v128.load(b2), r3 = v128.load(b3);
      const low01 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), high01 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
      const low23 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5), high23 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      s0 = madd(x0, v128.shuffle<i64>(low01, low23, 0, 2), s0);
      s0 = madd(x1, v128.shuffle<i64>(low01, low23, 1, 3), s0);
      s0 = madd(x2, v128.shuffle<i64>(high01, high23, 0, 2), s0);
      s0 = madd(x3, v128.shuffle<i64>(high01, high23, 1, 3), s0);
      const r4 = v128.load(b0 + half),
        r5 = v128.load(b1 + half),
        r6 = v128.load(b2 + half),
        r7 = v128.load(b3 + half);
      const low45 = v128.shuffle<i32>(r4, r5, 0, 4, 1, 5), high45 = v128.shuffle<i32>(r4, r5, 2, 6, 3, 7);
      const low67 = v128.shuffle<i32>(r6, r7, 0, 4, 1, 5), high67 = v128.shuffle<i32>(r6, r7, 2, 6, 3, 7);
      s1 = madd(x0, v128.shuffle<i64>(low45, low67, 0, 2), s1);
      s1 = madd(x1, v128.shuffle<i64>(low45, low67, 1, 3), s1);
      s1 = madd(x2, v128.shuffle<i64>(high45, high67, 0, 2), s1);
      s1 = madd(x3, v128.shuffle<i64>(high45, high67, 1, 3), s1);
      a += 16;
      b0 += 16;
      b1 += 16;
      b2 += 16;
      b3 += 16;
    }
    for (; p > 0; p--) {
      const x = v128.load32_splat(a);
      const low = v128.load32_lane(b1, v128.load32_zero(b0), 1);
      s0 = madd(x, v128.load32_lane(b3, v128.load32_lane(b2, low, 2), 3), s0);
      const high = v128.load32_lane(b1 + half, v128.load32_zero(b0 + half), 1);
      s1 = madd(x, v128.load32_lane(b3 + half, v128.load32_lane(b2 + half, high, 2), 3), s1);
      a += 4;
      b0 += 4;
      b1 += 4;
      b2 += 4;
      b3 += 4;
    }
    k -= depth;
    if (accumulate) {
      s0 = f32x4.add(v128.load(y), s0);
      s1 = f32x4.add(v128.load(y, 16), s1);
    }
    const from = k ? ZEROS : bias;
    const least = v128.load32_splat(k ? LOWEST : floor);
    v128.store(y, f32x4.pmax(f32x4.add(s0, v128.load(from)), least));
    v128.store(y, f32x4.pmax(f32x4.add(s1, v128.load(from, 16)), least), 16);
    accumulate = true;
  } while (k > 0);
}

/** y[1, 4] = max(a · bᵀ + bias, floor). */
function matmulDirectTransposed1x4(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  floor: usize,
  k: u32,
  row: usize,
): void {
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
      a += 16;
      b0 += 16;
      b1 += 16;
      b2 += 16;
      b3 += 16;
    }
    for (; p > 0; p--) {
      const low = v128.load32_lane(b1, v128.load32_zero(b0), 1);
      sum = madd(v128.load32_splat(a), v128.load32_lane(b3, v128.load32_lane(b2, low, 2), 3), sum);
      a += 4;
      b0 += 4;
      b1 += 4;
      b2 += 4;
      b3 += 4;
    }
    k -= depth;
    if (accumulate) sum = f32x4.add(v128.load(y), sum);
    sum = f32x4.add(sum, v128.load(k ? ZEROS : bias));
    v128.store(y, f32x4.pmax(sum, v128.load32_splat(k ? LOWEST : floor)));
    accumulate = true;
  } while (k > 0);
}

/** The unpacked product a · bᵀ for few rows: see matmulDirect. */
export function matmulDirectTransposed(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  biasStep: usize,
  floor: usize,
  m: u32,
  n: u32,
  k: u32,
): void {
  const row = <usize>k << 2;
  const yRow = <usize>n << 2;
  if (n >= 8) {
    for (let j: u32 = 0; j < n; j += 8) {
      const from = <usize>min<u32>(j, n - 8);
      const at = from << 2;
      const bj = b + from * row, biases = bias + at * biasStep;
      for (let i: usize = 0; i < m; i++) {
        matmulDirectTransposed1x8(y + i * yRow + at, a + i * row, bj, biases, floor, k, row);
      }
    }
    return;
  }
  if (n >= 4) {
    for (let j: u32 = 0; j < n; j += 4) {
      const from = <usize>min<u32>(j, n - 4);
      const at = from << 2;
      const bj = b + from * row, biases = bias + at * biasStep;
      for (let i: usize = 0; i < m; i++) {
        matmulDirectTransposed1x4(y + i * yRow + at, a + i * row, bj, biases, floor, k, row);
      }
    }
    return;
  }
  for (let j: usize = 0; j < n; j++) {
    for (let i: usize = 0; i < m; i++) {
      matmulDirect1x1(
        y + i * yRow + (j << 2),
        a + i * row,
        b + j * row,
        bias + (j << 2) * biasStep,
        floor,
        k,
        4,
        4,
      );
    }
  }
}

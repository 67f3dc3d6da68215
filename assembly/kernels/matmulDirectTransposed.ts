import { MATMUL_KC } from "../isa";
import { madd } from "../simd";
import { LOWEST, ZEROS } from "./matmulConstants";
import { matmulDirect1x1 } from "./matmulDirectTile";

/**
 * y[1, 4] = max(a · bᵀ + bias, floor). Four rows of b are turned in registers, four terms at a time, so that each lane
 * sums in the order of k as every other path does; a dot product along k would need no turning but other bits.
 */
function matmulDirectTransposed1x4(y: usize, a: usize, b: usize, bias: usize, floor: usize, k: u32, bRow: usize): void {
  let b0 = b, b1 = b0 + bRow, b2 = b1 + bRow, b3 = b2 + bRow;
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

/** The unpacked product a · bᵀ for few rows: see matmulDirect. */
export function matmulDirectTransposed(
  y: usize, a: usize, b: usize, bias: usize, floor: usize, m: u32, n: u32, k: u32,
): void {
  const row = <usize>k << 2;
  const yRow = <usize>n << 2;
  if (n >= 4) {
    for (let j: u32 = 0; j < n; j += 4) {
      const from = <usize>min<u32>(j, n - 4);
      const at = from << 2;
      for (let i: usize = 0; i < m; i++) {
        matmulDirectTransposed1x4(y + i * yRow + at, a + i * row, b + from * row, bias ? bias + at : ZEROS, floor, k, row);
      }
    }
    return;
  }
  for (let j: usize = 0; j < n; j++) {
    for (let i: usize = 0; i < m; i++) {
      matmulDirect1x1(y + i * yRow + (j << 2), a + i * row, b + j * row, bias ? bias + (j << 2) : ZEROS, floor, k, 4, 4);
    }
  }
}

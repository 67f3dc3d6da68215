import { loadLanes, storeLanes } from "../../lanes/simd";

/**
 * y = condition ≠ 0 ? a : b over n floats; NaN ≠ 0. What is not chosen may be anything, NaN and Infinity too.
 *
 * @param y [n] out, may alias any operand whose stride is 1
 * @param condition,a,b [n], or one float where the stride is 0
 */
export function select(
  y: usize,
  condition: usize,
  a: usize,
  b: usize,
  n: u32,
  conditionStride: u32,
  aStride: u32,
  bStride: u32,
): void {
  if (n == 0) return;
  const zero = f32x4.splat(0);
  const condition4 = v128.load32_splat(condition);
  const a4 = v128.load32_splat(a);
  const b4 = v128.load32_splat(b);
  for (let i: u32 = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    const asked = conditionStride ? loadLanes(condition + at, n - i, zero) : condition4;
    const chosen = aStride ? loadLanes(a + at, n - i, zero) : a4;
    const other = bStride ? loadLanes(b + at, n - i, zero) : b4;
    storeLanes(y + at, v128.bitselect(chosen, other, f32x4.ne(asked, zero)), n - i);
  }
}

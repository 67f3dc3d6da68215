/** The first n ≤ 4 floats at x; zero in the other lanes. Reads nothing beyond them. */
export function matmulLoadTail(x: usize, n: u32): v128 {
  if (n >= 4) return v128.load(x);
  if (n == 3) return v128.load32_lane(x, v128.load64_zero(x), 2, 8);
  if (n == 2) return v128.load64_zero(x);
  return v128.load32_zero(x);
}

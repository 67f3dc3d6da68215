export function take(y: usize, x: usize, index: usize, outer: u32, n: u32, length: u32, inner: u32): bool {
  return true;
}
export function scatterAdd(
  dx: usize,
  dy: usize,
  index: usize,
  outer: u32,
  n: u32,
  length: u32,
  inner: u32,
): bool {
  return true;
}
export function oneHot(y: usize, index: usize, n: u32, depth: u32): bool {
  return true;
}

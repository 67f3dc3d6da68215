export function select(
  y: usize,
  condition: usize,
  a: usize,
  b: usize,
  n: u32,
  conditionStride: u32,
  aStride: u32,
  bStride: u32,
): void {}

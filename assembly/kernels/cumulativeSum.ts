export function cumulativeSum(
  y: usize,
  x: usize,
  outer: u32,
  length: u32,
  inner: u32,
  reverse: u32,
  exclusive: u32,
): void {}

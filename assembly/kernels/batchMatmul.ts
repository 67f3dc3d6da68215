export function batchMatmul(
  form: u32,
  y: usize,
  a: usize,
  b: usize,
  batch: u32,
  aStride: u32,
  bStride: u32,
  m: u32,
  n: u32,
  k: u32,
  scratch: usize,
): void {}

export function normalizeInner(
  y: usize,
  x: usize,
  outer: u32,
  inner: u32,
  epsilon: f32,
  centred: u32,
): void {}

export function normalizeInnerGrad(
  dx: usize,
  x: usize,
  dy: usize,
  outer: u32,
  inner: u32,
  epsilon: f32,
  centred: u32,
): void {}

export function normalizeOuter(y: usize, x: usize, batch: u32, outer: u32, inner: u32, epsilon: f32): void {}

export function normalizeOuterGrad(
  dx: usize,
  x: usize,
  dy: usize,
  batch: u32,
  outer: u32,
  inner: u32,
  epsilon: f32,
): void {}

export function ctcAlpha(
  alpha: usize,
  x: usize,
  target: usize,
  rows: u32,
  time: u32,
  classes: u32,
  labels: u32,
  blank: u32,
): void {}

export function ctcLoss(loss: usize, alpha: usize, target: usize, rows: u32, time: u32, labels: u32): void {}

export function ctcGrad(
  dx: usize,
  x: usize,
  alpha: usize,
  target: usize,
  dloss: usize,
  rows: u32,
  time: u32,
  classes: u32,
  labels: u32,
  blank: u32,
): void {}

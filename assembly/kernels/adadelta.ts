export function adadelta(
  parameter: usize,
  square: usize,
  change: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  rho: f32,
  epsilon: f32,
  decay: f32,
): void {}

export function rmsprop(
  parameter: usize,
  square: usize,
  mean: usize,
  velocity: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  rho: f32,
  epsilon: f32,
  momentum: f32,
  decay: f32,
): void {}

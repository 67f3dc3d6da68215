export function adamax(
  parameter: usize,
  mean: usize,
  largest: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  epsilon: f32,
  decay: f32,
  step: u32,
): void {}

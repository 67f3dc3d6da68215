export function lion(
  parameter: usize,
  mean: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  beta1: f32,
  beta2: f32,
  decay: f32,
): void {}

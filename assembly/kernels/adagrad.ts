export function adagrad(
  parameter: usize,
  sum: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  epsilon: f32,
  rateDecay: f32,
  initial: f32,
  decay: f32,
  step: u32,
): void {}

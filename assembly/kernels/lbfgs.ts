export function lbfgs(
  parameter: usize,
  direction: usize,
  previous: usize,
  steps: usize,
  changes: usize,
  gradient: usize,
  n: u32,
  learningRate: f32,
  scale: f32,
  history: u32,
  decay: f32,
  step: u32,
): void {}

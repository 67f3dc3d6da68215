export function uniformNoise(
  y: usize,
  n: u32,
  low: f32,
  high: f32,
  seedLow: u32,
  seedHigh: u32,
  step: u32,
  node: u32,
): void {}
export function normalNoise(
  y: usize,
  n: u32,
  mean: f32,
  deviation: f32,
  seedLow: u32,
  seedHigh: u32,
  step: u32,
  node: u32,
): void {}

export function normal(
  y: usize,
  n: u32,
  mean: f32,
  deviation: f32,
  limit: f32,
  seedLow: u32,
  seedHigh: u32,
  node: u32,
): void {}

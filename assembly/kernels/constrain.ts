export function constrainRange(parameter: usize, n: u32, low: f32, high: f32): void {}

export function constrainNorm(parameter: usize, outer: u32, inner: u32, low: f32, high: f32): void {}

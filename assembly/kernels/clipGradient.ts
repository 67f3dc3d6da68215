export function clipElements(gradient: usize, n: u32, limit: f32): void {}

export function clipNorm(gradient: usize, n: u32, limit: f32): void {}

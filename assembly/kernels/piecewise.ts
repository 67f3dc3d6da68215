export function sign(y: usize, x: usize, n: u32): void {}
export function reciprocalSquareRoot(y: usize, x: usize, n: u32): void {}
export function leakyRelu(y: usize, x: usize, n: u32, slope: f32): void {}
export function clip(y: usize, x: usize, n: u32, low: f32, high: f32): void {}

export function log1p(y: usize, x: usize, n: u32): void {}
export function expm1(y: usize, x: usize, n: u32): void {}
export function sin(y: usize, x: usize, n: u32): void {}
export function cos(y: usize, x: usize, n: u32): void {}
export function softplus(y: usize, x: usize, n: u32): void {}
export function erf(y: usize, x: usize, n: u32): void {}
export function elu(y: usize, x: usize, n: u32, alpha: f32): void {}

export function gelu(y: usize, x: usize, n: u32): void {}

export function geluTanh(y: usize, x: usize, n: u32): void {}

export function silu(y: usize, x: usize, n: u32): void {}

export function mish(y: usize, x: usize, n: u32): void {}

export function geluGrad(dx: usize, x: usize, dy: usize, n: u32): void {}

export function geluTanhGrad(dx: usize, x: usize, dy: usize, n: u32): void {}

export function siluGrad(dx: usize, x: usize, dy: usize, n: u32): void {}

export function mishGrad(dx: usize, x: usize, dy: usize, n: u32): void {}

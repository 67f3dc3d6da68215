export function lookaheadStart(slow: usize, parameter: usize, n: u32): void {}

export function lookahead(slow: usize, parameter: usize, n: u32, share: f32): void {}

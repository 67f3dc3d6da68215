/** sum = gradient · share, plus the sum that there is unless this is the first. */
export function accumulate(sum: usize, gradient: usize, n: u32, share: f32, isFirst: u32): void {}

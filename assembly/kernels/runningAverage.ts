export function runningAverage(average: usize, value: usize, n: u32, share: f32): void {}

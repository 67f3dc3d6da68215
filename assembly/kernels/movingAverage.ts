export function movingAverage(average: usize, parameter: usize, n: u32, decay: f32, step: u32): void {}

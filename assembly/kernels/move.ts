export function move(y: usize, x: usize, axes: usize): void {}

// prettier-ignore
export function power(y: usize, a: usize, b: usize, outer: u32, inner: u32, aOuter: u32, aInner: u32, bOuter: u32, bInner: u32): void {}

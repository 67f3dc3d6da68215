import { loadLanes, storeLanes } from "../../lanes/simd";

/**
 * y[o, i] = x[o · xOuter + i · xInner] / divisor: the gradient of a sum (divisor 1) or a mean (divisor its count).
 *
 * @param y [outer, inner] out
 * @param x strides in floats; xInner is 0 or 1
 */
export function broadcast(
  y: usize,
  x: usize,
  outer: u32,
  inner: u32,
  xOuter: u32,
  xInner: u32,
  divisor: u32,
): void {
  // A column is one row, its elements one stride apart.
  const column = inner == 1 && xOuter < 2;
  const rows: u32 = column ? 1 : outer;
  const length = column ? outer : inner;
  const stride = column ? xOuter : xInner;
  const divisor4 = f32x4.splat(<f32>divisor);
  for (let row: u32 = 0; row < rows; row++) {
    if (stride) divideRow(y, x, length, divisor4);
    else if (length) fillRow(y, f32x4.div(v128.load32_splat(x), divisor4), length);
    y += <usize>length << 2;
    x += <usize>xOuter << 2;
  }
}

/** y = x / divisor over n floats */
function divideRow(y: usize, x: usize, n: u32, divisor: v128): void {
  for (let i: u32 = 0; i < n; i += 4) {
    const at = <usize>i << 2;
    storeLanes(y + at, f32x4.div(loadLanes(x + at, n - i, divisor), divisor), n - i);
  }
}

/** y = value over n floats */
function fillRow(y: usize, value: v128, n: u32): void {
  for (let i: u32 = 0; i < n; i += 4) storeLanes(y + (<usize>i << 2), value, n - i);
}

/** y[o] = argmax_i x[o, i] as f32: the first of equals; the first NaN, if there is one, as in NumPy and PyTorch */
export function argMaxInner(y: usize, x: usize, outer: u32, inner: u32): void {
  for (let row: u32 = 0; row < outer; row++, y += 4, x += <usize>inner << 2) {
    store<f32>(y, <f32>argMaxRow(x, inner));
  }
}

function argMaxRow(x: usize, n: u32): u32 {
  let best: u32 = 0;
  let most: f32 = -Infinity;
  for (let i: u32 = 0; i < n; i++) {
    const value = load<f32>(x + (<usize>i << 2));
    if (isNaN(value)) return i;
    if (value > most) {
      most = value;
      best = i;
    }
  }
  return best;
}

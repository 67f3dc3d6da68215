/** Kernels y[n] = f(x[n]) beside the formula of f, and one number at a time. */
import { at, buffer, guarded, put, sample, samples, ulps } from "./floats";

export type Kernel = (y: usize, x: usize, n: u32) => void;
export type Formula = (x: f64) => f64;

/** Compares y = kernel(x) with the formula for every tail, out of place and in place; returns the greatest ulp. */
export function worstOf(kernel: Kernel, formula: Formula): f64 {
  let worst: f64 = 0;
  for (let n: u32 = 0; n <= 35; n++) {
    const x = samples(n, n);
    const y = buffer(n);
    kernel(y, x, n);
    for (let i: u32 = 0; i < n; i++) {
      worst = max(worst, ulps(at(y, i), formula(<f64>sample(n + i))));
      if (at(x, i) != sample(n + i)) worst = Infinity;
    }
    kernel(x, x, n);
    // Bits, since a NaN of the formula must match too.
    if (memory.compare(x, y, n << 2) != 0 || !guarded(x, n) || !guarded(y, n)) worst = Infinity;
    heap.free(x);
    heap.free(y);
  }
  return worst;
}

/** kernel(x) of one number. */
export function one(kernel: Kernel, x: f32): f32 {
  const scratch = buffer(1);
  put(scratch, 0, x);
  kernel(scratch, scratch, 1);
  const y = at(scratch, 0);
  heap.free(scratch);
  return y;
}

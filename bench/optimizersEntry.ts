/** What bench/optimizers.mjs measures, and the loops over the same streams that are their roofs. */
export { adadelta } from "../assembly/kernels/optimizer/adadelta";
export { adagrad } from "../assembly/kernels/optimizer/adagrad";
export { adam } from "../assembly/kernels/update/adam";
export { adamax } from "../assembly/kernels/optimizer/adamax";
export { lion } from "../assembly/kernels/optimizer/lion";
export { nadam } from "../assembly/kernels/optimizer/nadam";
export { radam } from "../assembly/kernels/optimizer/radam";
export { rmsprop } from "../assembly/kernels/optimizer/rmsprop";
export { sgd } from "../assembly/kernels/update/sgd";

export function heapBase(): usize {
  return __heap_base;
}

/** x += alpha · g, four lanes. */
@inline
function add(x: usize, g: v128, alphas: v128): void {
  v128.store(x, f32x4.add(v128.load(x), f32x4.mul(alphas, g)));
}

/** Reads g, reads and writes the first `streams` of a, b, c and d: n floats each, n a multiple of 4. */
@inline
function roof(streams: i32, g: usize, a: usize, b: usize, c: usize, d: usize, n: u32, alpha: f32): void {
  const alphas = f32x4.splat(alpha);
  let left = n;
  if (!left) return;
  do {
    const value = v128.load(g);
    add(a, value, alphas);
    if (streams > 1) add(b, value, alphas);
    if (streams > 2) add(c, value, alphas);
    if (streams > 3) add(d, value, alphas);
    g += 16;
    a += 16;
    if (streams > 1) b += 16;
    if (streams > 2) c += 16;
    if (streams > 3) d += 16;
    left -= 4;
  } while (left);
}

export function roof1(g: usize, a: usize, n: u32, alpha: f32): void {
  roof(1, g, a, 0, 0, 0, n, alpha);
}

export function roof2(g: usize, a: usize, b: usize, n: u32, alpha: f32): void {
  roof(2, g, a, b, 0, 0, n, alpha);
}

export function roof3(g: usize, a: usize, b: usize, c: usize, n: u32, alpha: f32): void {
  roof(3, g, a, b, c, 0, n, alpha);
}

export function roof4(g: usize, a: usize, b: usize, c: usize, d: usize, n: u32, alpha: f32): void {
  roof(4, g, a, b, c, d, n, alpha);
}

import { MATMUL_KC, MATMUL_MC, MATMUL_NC } from "../../../assembly/isa/limits";
import { Form } from "../../../assembly/isa/matmul";
import { matmul } from "../../../assembly/kernels/matmul/matmul";

const SENTINEL: u32 = 0x7fc0babe;

export const FORMS: u32[] = [Form.AB, Form.AtB, Form.ABt];

/** Every remainder of the tiles (4, 8, 16 and 24) from both sides. */
export const SIZES: u32[] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 24, 31, 32, 33];

let seed: u32 = 1;

/** The next of a linear congruential sequence (Numerical Recipes), in [-1, 1). */
function next(): f32 {
  seed = seed * 1664525 + 1013904223;
  return <f32>(<i32>seed >> 8) / 8388608;
}

/** n random floats; behind them NaNs, which would spoil a result that they leak into. */
export function randoms(n: u32): usize {
  const x = heap.alloc((<usize>n << 2) + 32);
  for (let i: usize = 0; i < n; i++) store<f32>(x + (i << 2), next());
  for (let i: usize = 0; i < 8; i++) store<f32>(x + (<usize>n << 2) + (i << 2), NaN);
  return x;
}

function up(x: u32, width: u32): u32 {
  return ((x + width - 1) / width) * width;
}

/** The formula of matmul's docstring. */
export function scratchBytes(m: u32, n: u32, k: u32): usize {
  return 4 * (min<u32>(k, MATMUL_KC) * (up(min<u32>(m, MATMUL_MC), 4) + up(min<u32>(n, MATMUL_NC), 8)) + 32);
}

/** op(a)(i, p), where a is stored as the form wants it. */
export function elementA(form: u32, a: usize, m: u32, k: u32, i: u32, p: u32): f32 {
  return load<f32>(a + (<usize>(form == Form.AtB ? p * m + i : i * k + p) << 2));
}

/** op(b)(p, j) */
export function elementB(form: u32, b: usize, n: u32, k: u32, p: u32, j: u32): f32 {
  return load<f32>(b + (<usize>(form == Form.ABt ? j * k + p : p * n + j) << 2));
}

/** A fresh y[m, n] between sentinels: neither they nor those behind the scratch may be touched. Free it with release. */
export function product(
  form: u32,
  a: usize,
  b: usize,
  bias: usize,
  m: u32,
  n: u32,
  k: u32,
  activation: u32,
): usize {
  const size = (<usize>m * n) << 2;
  const bytes = scratchBytes(m, n, k);
  const y = heap.alloc(size + 64) + 16;
  const scratch = heap.alloc(bytes + 32);
  for (let at: usize = 0; at < size + 48; at += 4) store<u32>(y - 16 + at, SENTINEL);
  for (let at: usize = 0; at < 32; at += 4) store<u32>(scratch + bytes + at, SENTINEL);
  matmul(form, y, a, b, bias, m, n, k, activation, scratch);
  let touched = 0;
  for (let at: usize = 0; at < 16; at += 4) touched += i32(load<u32>(y - 16 + at) != SENTINEL);
  for (let at: usize = 0; at < 32; at += 4) touched += i32(load<u32>(y + size + at) != SENTINEL);
  for (let at: usize = 0; at < 32; at += 4) touched += i32(load<u32>(scratch + bytes + at) != SENTINEL);
  expect(touched).toBe(0, `form ${form}, [${m}, ${n}, ${k}]: words written outside y and the scratch`);
  heap.free(scratch);
  return y;
}

export function release(y: usize): void {
  heap.free(y - 16);
}

/** How many of the n words at x and y differ. */
export function differing(x: usize, y: usize, n: u32): u32 {
  let count: u32 = 0;
  for (let i: usize = 0; i < n; i++) count += u32(load<u32>(x + (i << 2)) != load<u32>(y + (i << 2)));
  return count;
}

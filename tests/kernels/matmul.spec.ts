import { Activation, Form, MATMUL_KC, MATMUL_MC, MATMUL_NC } from "../../assembly/isa";
import { matmul } from "../../assembly/kernels/matmul";

const SENTINEL: u32 = 0x7fc0babe;
const FORMS: u32[] = [Form.AB, Form.AtB, Form.ABt];
const SIZES: u32[] = [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 31, 32, 33];

let seed: u32 = 1;

/** The next of a linear congruential sequence (Numerical Recipes), in [-1, 1). */
function next(): f32 {
  seed = seed * 1664525 + 1013904223;
  return <f32>(<i32>seed >> 8) / 8388608;
}

function randoms(n: u32): usize {
  const x = heap.alloc((<usize>n << 2) + 16);
  for (let i: usize = 0; i < n; i++) store<f32>(x + (i << 2), next());
  return x;
}

function up(x: u32, width: u32): u32 {
  return ((x + width - 1) / width) * width;
}

/** The formula of matmul's docstring. */
function scratchBytes(m: u32, n: u32, k: u32): usize {
  return 4 * (min<u32>(k, MATMUL_KC) * (up(min<u32>(m, MATMUL_MC), 4) + up(min<u32>(n, MATMUL_NC), 8)) + 32);
}

/** Where a(i, p) lies in the operand that a form stores. */
function offsetA(form: u32, m: u32, k: u32, i: u32, p: u32): usize {
  return <usize>(form == Form.AtB ? p * m + i : i * k + p) << 2;
}

function offsetB(form: u32, n: u32, k: u32, p: u32, j: u32): usize {
  return <usize>(form == Form.ABt ? j * k + p : p * n + j) << 2;
}

/** Address of a fresh y[m, n] between sentinels; checks that neither they nor those after the scratch were touched. */
function run(form: u32, a: usize, b: usize, bias: usize, m: u32, n: u32, k: u32, activation: u32): usize {
  const size = <usize>m * n << 2;
  const y = heap.alloc(size + 64) + 16;
  const bytes = scratchBytes(m, n, k);
  const scratch = heap.alloc(bytes + 32);
  for (let at: usize = 0; at < size + 48; at += 4) store<u32>(y - 16 + at, SENTINEL);
  for (let at: usize = 0; at < 32; at += 4) store<u32>(scratch + bytes + at, SENTINEL);
  matmul(form, y, a, b, bias, m, n, k, activation, scratch);
  let intact = true;
  for (let at: usize = 0; at < 16; at += 4) intact = intact && load<u32>(y - 16 + at) == SENTINEL;
  for (let at: usize = 0; at < 32; at += 4) intact = intact && load<u32>(y + size + at) == SENTINEL;
  for (let at: usize = 0; at < 32; at += 4) intact = intact && load<u32>(scratch + bytes + at) == SENTINEL;
  expect(intact).toBe(true, `form ${form}, [${m}, ${n}, ${k}]: wrote outside y or the scratch`);
  heap.free(scratch);
  return y;
}

/**
 * The greatest |y − reference| over its bound, the reference worked in f64: each of the k products and sums rounds
 * once, so the error is at most (k + 2) · 2⁻²⁴ · (Σ|a||b| + |bias|), to first order.
 */
function worst(form: u32, m: u32, n: u32, k: u32, withBias: bool, activation: u32): f64 {
  const a = randoms(m * k), b = randoms(k * n), bias = withBias ? randoms(n) : 0;
  const y = run(form, a, b, bias, m, n, k, activation);
  let worst: f64 = 0;
  for (let i: u32 = 0; i < m; i++) {
    for (let j: u32 = 0; j < n; j++) {
      let sum: f64 = 0, magnitude: f64 = 1e-30;
      for (let p: u32 = 0; p < k; p++) {
        const term = <f64>load<f32>(a + offsetA(form, m, k, i, p)) * <f64>load<f32>(b + offsetB(form, n, k, p, j));
        sum += term;
        magnitude += Math.abs(term);
      }
      if (bias) {
        sum += load<f32>(bias + (<usize>j << 2));
        magnitude += Math.abs(load<f32>(bias + (<usize>j << 2)));
      }
      if (activation == Activation.Relu && sum < 0) sum = 0;
      const error = Math.abs(<f64>load<f32>(y + (<usize>(i * n + j) << 2)) - sum);
      const ratio = error / (<f64>(k + 2) * 5.9604644775390625e-8 * 1.01 * magnitude);
      if (!(ratio <= worst)) worst = ratio;
    }
  }
  heap.free(a);
  heap.free(b);
  if (bias) heap.free(bias);
  heap.free(y - 16);
  return worst;
}

function expectAccurate(form: u32, m: u32, n: u32, k: u32, withBias: bool, activation: u32): void {
  const ratio = worst(form, m, n, k, withBias, activation);
  expect(ratio).toBeLessThanOrEqual(1, `form ${form}, [${m}, ${n}, ${k}], bias ${withBias}, activation ${activation}`);
}

describe("matmul", () => {
  it("is a·b + bias to its rounding error in every form, for every pair of edges", () => {
    for (let f = 0; f < 3; f++) {
      for (let i = 0; i < SIZES.length; i++) {
        for (let j = 0; j < SIZES.length; j++) {
          const k = SIZES[(i * 7 + j * 3) % SIZES.length];
          expectAccurate(FORMS[f], SIZES[i], SIZES[j], k, (i + j) % 2 == 0, (i + j) % 3 == 0 ? Activation.Relu : Activation.None);
        }
      }
    }
  });

  it("is a·b for every length of the sum", () => {
    for (let f = 0; f < 3; f++) {
      for (let i = 0; i < SIZES.length; i++) {
        expectAccurate(FORMS[f], 5, 10, SIZES[i], true, Activation.None);
        expectAccurate(FORMS[f], 33, 21, SIZES[i], false, Activation.Relu);
      }
    }
  });

  it("is a·b past the blocks of rows, columns and terms", () => {
    for (let f = 0; f < 3; f++) {
      expectAccurate(FORMS[f], 2 * MATMUL_MC + 3, 19, MATMUL_KC + 44, true, Activation.Relu);
      expectAccurate(FORMS[f], MATMUL_MC + 22, MATMUL_NC + 6, 9, true, Activation.None);
      expectAccurate(FORMS[f], 13, MATMUL_NC + 13, 3 * MATMUL_KC, false, Activation.Relu);
      expectAccurate(FORMS[f], 1, MATMUL_NC + 3, 2 * MATMUL_KC + 1, true, Activation.Relu);
      expectAccurate(FORMS[f], MATMUL_MC + 5, 3, 2 * MATMUL_KC + 1, true, Activation.None);
    }
  });
});

import { MATMUL_KC, MATMUL_MC, MATMUL_NC } from "../../../assembly/isa/limits";
import { Activation, Form } from "../../../assembly/isa/matmul";
import { sigmoid, tanh } from "../../../assembly/kernels/elementwise/unary";
import {
  FORMS,
  SIZES,
  differing,
  elementA,
  elementB,
  product,
  randoms,
  release,
  scratchBytes,
} from "./matmulOperands";

/**
 * The greatest |y − reference| over its bound, the reference worked in f64: each of the k products and sums rounds
 * once, so the error is at most (k + 2) · 2⁻²⁴ · (Σ|a||b| + |bias|), to first order.
 */
function greatestError(form: u32, m: u32, n: u32, k: u32, withBias: bool, activation: u32): f64 {
  const a = randoms(m * k), b = randoms(k * n), bias = withBias ? randoms(n) : 0;
  const y = product(form, a, b, bias, m, n, k, activation);
  let greatest: f64 = 0;
  for (let i: u32 = 0; i < m; i++) {
    for (let j: u32 = 0; j < n; j++) {
      let sum: f64 = 0, magnitude: f64 = 1e-30;
      for (let p: u32 = 0; p < k; p++) {
        const term = <f64>elementA(form, a, m, k, i, p) * <f64>elementB(form, b, n, k, p, j);
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
      if (!(ratio <= greatest)) greatest = ratio;
    }
  }
  heap.free(a);
  heap.free(b);
  if (bias) heap.free(bias);
  release(y);
  return greatest;
}

function expectAccurate(form: u32, m: u32, n: u32, k: u32, withBias: bool, activation: u32): void {
  const error = greatestError(form, m, n, k, withBias, activation);
  expect(error).toBeLessThanOrEqual(
    1,
    `form ${form}, [${m}, ${n}, ${k}], bias ${withBias}, activation ${activation}`,
  );
}

describe("matmul", () => {
  it("is a·b + bias to its rounding error in every form, for every pair of edges", () => {
    for (let f = 0; f < 3; f++) {
      for (let i = 0; i < SIZES.length; i++) {
        for (let j = 0; j < SIZES.length; j++) {
          const k = SIZES[(i * 7 + j * 3) % SIZES.length];
          const activation = (i + j) % 3 == 0 ? Activation.Relu : Activation.None;
          expectAccurate(FORMS[f], SIZES[i], SIZES[j], k, (i + j) % 2 == 0, activation);
        }
      }
    }
  });

  it("is a·b for every length of the sum", () => {
    for (let f = 0; f < 3; f++) {
      for (let i = 0; i < SIZES.length; i++) {
        expectAccurate(FORMS[f], 5, 10, SIZES[i], true, Activation.None);
        expectAccurate(FORMS[f], 33, 21, SIZES[i], false, Activation.Relu);
        expectAccurate(FORMS[f], 66, 19, SIZES[i], false, Activation.None);
        expectAccurate(FORMS[f], 2, 35, SIZES[i], true, Activation.Relu);
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
      expectAccurate(FORMS[f], MATMUL_MC + 1, 10, 2 * MATMUL_KC + 2, true, Activation.Relu);
      expectAccurate(FORMS[f], 66, 1, 2 * MATMUL_KC + 2, true, Activation.Relu);
    }
  });

  it("is activation(bias) when the sum is empty", () => {
    for (let f = 0; f < 3; f++) {
      const bias = randoms(10);
      const y = product(FORMS[f], 16, 16, bias, 5, 10, 0, Activation.None);
      for (let i: usize = 0; i < 5; i++) expect(differing(y + i * 40, bias, 10)).toBe(0);
      release(y);
      const zeros = product(FORMS[f], 16, 16, 0, 5, 1, 0, Activation.Relu);
      for (let i: usize = 0; i < 5; i++) expect(load<u32>(zeros + (i << 2))).toBe(0);
      release(zeros);
      heap.free(bias);
    }
  });

  it("applies sigmoid and tanh to the whole product", () => {
    const a = randoms(9 * 20), b = randoms(20 * 11), bias = randoms(11);
    const plain = product(Form.AB, a, b, bias, 9, 11, 20, Activation.None);
    const expected = heap.alloc(112 << 2);
    const soft = product(Form.AB, a, b, bias, 9, 11, 20, Activation.Sigmoid);
    sigmoid(expected, plain, 99);
    expect(differing(soft, expected, 99)).toBe(0);
    const odd = product(Form.AB, a, b, bias, 9, 11, 20, Activation.Tanh);
    tanh(expected, plain, 99);
    expect(differing(odd, expected, 99)).toBe(0);
    expect(differing(plain, expected, 99)).toBeGreaterThan(90);
    heap.free(a);
    heap.free(b);
    heap.free(bias);
    heap.free(expected);
    release(plain);
    release(soft);
    release(odd);
  });

  it("hands NaN and Infinity on, through the rectifier too", () => {
    for (let f = 0; f < 3; f++) {
      for (let i = 1; i < SIZES.length; i++) {
        const m = SIZES[i], n = SIZES[((i * 5) % (SIZES.length - 1)) + 1], k: u32 = 40;
        const a = randoms(m * k), b = randoms(n * k), bias = randoms(n);
        store<f32>(bias, NaN);
        store<f32>(bias + ((n - 1) << 2), n > 1 ? Infinity : NaN);
        const y = product(FORMS[f], a, b, bias, m, n, k, Activation.Relu);
        for (let row: u32 = 0; row < m; row++) {
          for (let j: u32 = 0; j < n; j++) {
            const value = load<f32>(y + (<usize>(row * n + j) << 2));
            if (j == 0) expect(isNaN(value)).toBe(true);
            else if (j == n - 1) expect(value).toBe(Infinity);
            else expect(isFinite(value) && value >= 0).toBe(true);
          }
        }
        heap.free(a);
        heap.free(b);
        heap.free(bias);
        release(y);
      }
    }
  });

  it("needs less than 1 kB of scratch for the products of a tiny network", () => {
    expect(scratchBytes(4, 4, 2)).toBeLessThan(1024);
    expect(scratchBytes(4, 1, 4)).toBeLessThan(1024);
  });
});

import { MATMUL_KC } from "../../../assembly/isa/limits";
import { Activation, Form } from "../../../assembly/isa/matmul";
import { FORMS, SIZES, differing, elementA, elementB, product, randoms, release } from "./matmulOperands";

/** y(i, j) by the law of matmul's docstring, one f32 operation at a time. */
function law(form: u32, a: usize, b: usize, bias: usize, m: u32, n: u32, k: u32, i: u32, j: u32): f32 {
  let total: f32 = 0;
  for (let block: u32 = 0; block < k; block += MATMUL_KC) {
    let sum: f32 = 0;
    for (let p = block; p < min<u32>(block + MATMUL_KC, k); p++) {
      const term: f32 = elementA(form, a, m, k, i, p) * elementB(form, b, n, k, p, j);
      sum = sum + term;
    }
    total = total + sum;
  }
  return bias ? total + load<f32>(bias + (<usize>j << 2)) : total;
}

function expectLaw(form: u32, m: u32, n: u32, k: u32, withBias: bool): void {
  const a = randoms(m * k), b = randoms(k * n), bias = withBias ? randoms(n) : 0;
  const y = product(form, a, b, bias, m, n, k, Activation.None);
  let differences = 0;
  for (let i: u32 = 0; i < m; i++) {
    for (let j: u32 = 0; j < n; j++) {
      const value = load<f32>(y + (<usize>(i * n + j) << 2));
      differences += i32(value != law(form, a, b, bias, m, n, k, i, j));
    }
  }
  expect(differences).toBe(0, `form ${form}, [${m}, ${n}, ${k}], bias ${withBias}`);
  heap.free(a);
  heap.free(b);
  if (bias) heap.free(bias);
  release(y);
}

describe("the bits of matmul", () => {
  it("follow one order of summation on every path", () => {
    for (let f = 0; f < 3; f++) {
      for (let i = 1; i < SIZES.length; i++) {
        for (let j = 1; j < SIZES.length; j++) {
          expectLaw(FORMS[f], SIZES[i], SIZES[j], SIZES[(i * 3 + j * 7) % SIZES.length], (i + j) % 2 == 0);
          expectLaw(FORMS[f], SIZES[i], SIZES[j], 37, (i + j) % 2 == 1);
        }
      }
    }
  });

  it("block the sum in the same places on every path", () => {
    const rows: u32[] = [1, 2, 3, 4, 6, 9, 12, 17];
    const columns: u32[] = [1, 2, 3, 5, 8, 9, 10, 13, 16, 24, 33, 34];
    const wide: u32[] = [2047, 2048, 2050];
    const terms: u32[] = [MATMUL_KC - 1, MATMUL_KC, MATMUL_KC + 1, 2 * MATMUL_KC + 6];
    for (let f = 0; f < 3; f++) {
      for (let i = 0; i < rows.length; i++) {
        for (let j = 0; j < columns.length; j++) {
          expectLaw(FORMS[f], rows[i], columns[j], terms[(i + j) % terms.length], (i + j) % 3 == 0);
        }
      }
      for (let j = 0; j < wide.length; j++) {
        expectLaw(FORMS[f], 1, wide[j], MATMUL_KC + 3, true);
        expectLaw(FORMS[f], wide[j], 1, MATMUL_KC + 3, true);
      }
    }
  });

  it("of a row do not depend on the rows beside it", () => {
    const batches: u32[] = [2, 3, 4, 7, 8, 9, 64, 129];
    const columns: u32[] = [1, 3, 8, 10, 32, 37];
    const terms: u32[] = [1, 4, 30, MATMUL_KC + 44];
    for (let f = 0; f < 3; f += 2) {
      for (let c = 0; c < columns.length; c++) {
        for (let t = 0; t < terms.length; t++) {
          const form = FORMS[f], n = columns[c], k = terms[t];
          const a = randoms(129 * k), b = randoms(n * k), bias = randoms(n);
          const all = product(form, a, b, bias, 129, n, k, Activation.Relu);
          for (let i = 0; i < batches.length; i++) {
            const some = product(form, a, b, bias, batches[i], n, k, Activation.Relu);
            expect(differing(some, all, batches[i] * n)).toBe(0, `form ${form}, [${batches[i]}, ${n}, ${k}]`);
            release(some);
          }
          const row: usize = 77;
          const alone = product(form, a + row * k * 4, b, bias, 1, n, k, Activation.Relu);
          expect(differing(alone, all + row * n * 4, n)).toBe(0, `form ${form}, [1, ${n}, ${k}]`);
          release(alone);
          heap.free(a);
          heap.free(b);
          heap.free(bias);
          release(all);
        }
      }
    }
  });

  it("are the same in every form of the same product", () => {
    const m: u32 = 21, n: u32 = 27, k: u32 = MATMUL_KC + 31;
    const a = randoms(m * k), b = randoms(k * n);
    const at = heap.alloc((<usize>m * k) << 2), bt = heap.alloc((<usize>n * k) << 2);
    for (let p: u32 = 0; p < k; p++) {
      for (let i: u32 = 0; i < m; i++)
        store<f32>(at + (<usize>(p * m + i) << 2), elementA(Form.AB, a, m, k, i, p));
      for (let j: u32 = 0; j < n; j++)
        store<f32>(bt + (<usize>(j * k + p) << 2), elementB(Form.AB, b, n, k, p, j));
    }
    const y = product(Form.AB, a, b, 0, m, n, k, Activation.None);
    const fromAt = product(Form.AtB, at, b, 0, m, n, k, Activation.None);
    const fromBt = product(Form.ABt, a, bt, 0, m, n, k, Activation.None);
    expect(differing(y, fromAt, m * n)).toBe(0);
    expect(differing(y, fromBt, m * n)).toBe(0);
    heap.free(a);
    heap.free(b);
    heap.free(at);
    heap.free(bt);
    release(y);
    release(fromAt);
    release(fromBt);
  });
});

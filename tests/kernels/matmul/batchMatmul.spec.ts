import { Activation } from "../../../assembly/isa/matmul";
import { batchMatmul } from "../../../assembly/kernels/matmul/batchMatmul";
import { buffer, guarded } from "../floats";
import { FORMS, differing, product, randoms, release, scratchBytes } from "./matmulOperands";

/** Words in which a batch of three differs from three single products; 1 where it wrote further. */
function differences(form: u32, m: u32, n: u32, k: u32, aStride: u32, bStride: u32): u32 {
  const batch: u32 = 3;
  const a = randoms(m * k + 2 * aStride);
  const b = randoms(k * n + 2 * bStride);
  const y = buffer(batch * m * n);
  const scratch = heap.alloc(scratchBytes(m, n, k));
  batchMatmul(form, y, a, b, batch, aStride, bStride, m, n, k, scratch);
  let count: u32 = guarded(y, batch * m * n) ? 0 : 1;
  for (let p: u32 = 0; p < batch; p++) {
    const one = product(
      form,
      a + ((p * aStride) << 2),
      b + ((p * bStride) << 2),
      0,
      m,
      n,
      k,
      Activation.None,
    );
    count += differing(y + ((p * m * n) << 2), one, m * n);
    release(one);
  }
  heap.free(a);
  heap.free(b);
  heap.free(y);
  heap.free(scratch);
  return count;
}

describe("batchMatmul", () => {
  it("gives the bits of single products, whether an operand is batched or shared", () => {
    const sizes: u32[] = [0, 1, 3, 8, 17, 33];
    for (let f = 0; f < FORMS.length; f++) {
      for (let i = 0; i < sizes.length; i++) {
        for (let j = 0; j < sizes.length; j++) {
          for (let l = 0; l < sizes.length; l++) {
            const m = sizes[i];
            const n = sizes[j];
            const k = sizes[l];
            expect(differences(FORMS[f], m, n, k, m * k, k * n)).toBe(0);
            expect(differences(FORMS[f], m, n, k, 0, k * n)).toBe(0);
            expect(differences(FORMS[f], m, n, k, m * k, 0)).toBe(0);
          }
        }
      }
    }
  });

  it("does nothing for a batch of none", () => {
    const y = buffer(0);
    batchMatmul(FORMS[0], y, y, y, 0, 4, 4, 2, 2, 2, y);
    expect(guarded(y, 0)).toBe(true);
    heap.free(y);
  });
});

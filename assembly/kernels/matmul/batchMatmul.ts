import { Activation } from "../../isa/matmul";
import { matmul } from "./matmul";

/**
 * y[p] = op(a[p]) · op(b[p]) for each p of the batch: as many single products, to the bit. See matmul for the forms.
 *
 * @param y       [batch, m, n] out, aliases neither a nor b
 * @param aStride floats from one matrix of a to the next; 0 takes the same one each time
 * @param bStride likewise of b
 * @param scratch as many bytes as matmul asks for
 */
export function batchMatmul(
  form: u32,
  y: usize,
  a: usize,
  b: usize,
  batch: u32,
  aStride: u32,
  bStride: u32,
  m: u32,
  n: u32,
  k: u32,
  scratch: usize,
): void {
  for (let p: u32 = 0; p < batch; p++) {
    matmul(form, y, a, b, 0, m, n, k, Activation.None, scratch);
    y += <usize>(m * n) << 2;
    a += <usize>aStride << 2;
    b += <usize>bStride << 2;
  }
}

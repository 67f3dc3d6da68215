import { Activation, Form } from "../../isa/matmul";
import { matmulBlocked } from "./matmulBlocked";
import { LOWEST, ZEROS } from "./matmulConstants";
import { matmulDirect } from "./matmulDirect";
import { matmulDirectTransposed } from "./matmulDirectTransposed";
import { matmulOuter } from "./matmulOuter";
import { matmulRow } from "./matmulRow";
import { sigmoid, tanh } from "../elementwise/unary";

/** Products of at most so many multiplications are not worth packing; fewer if no lane can be filled. */
const SMALL: u64 = 4096;
const SMALL_NARROW: u64 = 256;

/** A product of at least one element; floor is the least value that y may take: see matmul. */
function dispatch(
  form: u32,
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  floor: usize,
  m: u32,
  n: u32,
  k: u32,
  scratch: usize,
): void {
  let biasStep: usize = 1;
  if (!bias) {
    bias = ZEROS;
    biasStep = 0;
  }
  if (k == 1) form = Form.AtB; // a and b are vectors: every form is their outer product
  const isSmall = <u64>m * n * k <= (n >= 4 ? SMALL : SMALL_NARROW);
  if (n == 1 && m > 1) {
    // One column is computed as one row: yᵀ = bᵀ · op(a)ᵀ. All its elements share one bias.
    const shared = v128.load32_splat(bias);
    for (let at: usize = 0; at < 64; at += 16) v128.store(scratch + at, shared);
    if (form == Form.AtB && m >= 4 && k > 0) matmulRow(y, b, a, scratch, 0, floor, m, k, scratch + 64);
    else if (form == Form.AtB) matmulDirect(Form.AB, y, b, a, scratch, 0, floor, 1, m, k);
    else matmulDirectTransposed(y, b, a, scratch, 0, floor, 1, m, k);
  } else if (form != Form.ABt && m == 1 && n >= 4 && k > 0) {
    matmulRow(y, a, b, bias, biasStep, floor, n, k, scratch);
  } else if (form == Form.ABt) {
    if (isSmall || m == 1 || (m <= 3 && n >= 4))
      matmulDirectTransposed(y, a, b, bias, biasStep, floor, m, n, k);
    else matmulBlocked(form, y, a, b, bias, biasStep, floor, m, n, k, scratch);
  } else if (form == Form.AtB && k > 0 && k <= 4 && m >= 4 && n >= 4 && biasStep == 0 && floor == LOWEST) {
    matmulOuter(y, a, b, m, n, k);
  } else {
    // A narrow product reads b from the first-level cache and a once: packing a would take longer than it saves.
    const isNarrow = form == Form.AB && n <= 32 && (n & 7) == 0;
    if (isSmall || isNarrow || m == 1 || (m <= 8 && n >= 4) || (k <= 4 && n >= 8)) {
      matmulDirect(form, y, a, b, bias, biasStep, floor, m, n, k);
    } else matmulBlocked(form, y, a, b, bias, biasStep, floor, m, n, k, scratch);
  }
}

/**
 * y = activation(op(a) · op(b) + bias), all dense and row-major.
 *
 * | form | a      | b      |
 * |------|--------|--------|
 * | AB   | [m, k] | [k, n] |
 * | AtB  | [k, m] | [k, n] |
 * | ABt  | [m, k] | [n, k] |
 *
 * The order of summation is the same for every form, shape and path: with s(p, q) the sum of a(i, t) · b(t, j) over
 * t = p … q − 1 in the order of t, y(i, j) = s(0, KC) + s(KC, 2·KC) + … + bias(j), KC being MATMUL_KC. So an element
 * depends on its own row, column and bias only, to the bit: not on the number of rows, nor on the form.
 *
 * k = 0 gives activation(bias); m = 0 or n = 0 does nothing.
 *
 * @param y       [m, n] out, aliases neither a nor b
 * @param bias    [n], or 0 for none
 * @param scratch as many bytes, where up(x, w) is x rounded up to a multiple of w; it grows with m, n and k:
 *                4 · (min(k, KC) · (up(min(m, MC), 4) + up(min(n, NC), 8)) + 32)
 */
export function matmul(
  form: u32,
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  m: u32,
  n: u32,
  k: u32,
  activation: u32,
  scratch: usize,
): void {
  if (m == 0 || n == 0) return;
  dispatch(form, y, a, b, bias, activation == Activation.Relu ? ZEROS : LOWEST, m, n, k, scratch);
  if (activation == Activation.Sigmoid) sigmoid(y, y, m * n);
  else if (activation == Activation.Tanh) tanh(y, y, m * n);
}

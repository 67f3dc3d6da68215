import { MATMUL_KC } from "../../isa/limits";
import { madd } from "../../lanes/simd";
import { LOWEST, ZEROS } from "./matmulConstants";

// The tiles of the unpacked product. Each runs through the whole sum, in the same blocks of KC as the packed product,
// so that a row gives the same bits on either path. a(i, p) lies at a + i·aRow + p·aStep; b(p, j) at b + p·bRow + 4j.

/**
 * y[rows, 8] = max(a · b + bias, floor), rows <= 4; the rows of y are bRow bytes apart, as those of b.
 * Rows that are lacking repeat the last one.
 */
export function matmulDirect4x8(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  floor: usize,
  rows: u32,
  k: u32,
  aRow: usize,
  aStep: usize,
  bRow: usize,
): void {
  const y1 = rows > 1 ? y + bRow : y;
  const y2 = rows > 2 ? y1 + bRow : y1;
  const y3 = rows > 3 ? y2 + bRow : y2;
  let a0 = a;
  let a1 = rows > 1 ? a0 + aRow : a0;
  let a2 = rows > 2 ? a1 + aRow : a1;
  let a3 = rows > 3 ? a2 + aRow : a2;
  let accumulate = false;
  do {
    let s00 = f32x4.splat(0), s01 = f32x4.splat(0);
    let s10 = f32x4.splat(0), s11 = f32x4.splat(0);
    let s20 = f32x4.splat(0), s21 = f32x4.splat(0);
    let s30 = f32x4.splat(0), s31 = f32x4.splat(0);
    const depth = min<u32>(MATMUL_KC, k);
    for (let p = depth; p > 0; p--, b += bRow) {
      const b0 = v128.load(b);
      const b1 = v128.load(b, 16);
      const x0 = v128.load32_splat(a0);
      s00 = madd(x0, b0, s00);
      s01 = madd(x0, b1, s01);
      const x1 = v128.load32_splat(a1);
      s10 = madd(x1, b0, s10);
      s11 = madd(x1, b1, s11);
      const x2 = v128.load32_splat(a2);
      s20 = madd(x2, b0, s20);
      s21 = madd(x2, b1, s21);
      const x3 = v128.load32_splat(a3);
      s30 = madd(x3, b0, s30);
      s31 = madd(x3, b1, s31);
      a0 += aStep;
      a1 += aStep;
      a2 += aStep;
      a3 += aStep;
    }
    k -= depth;
    if (accumulate) {
      s00 = f32x4.add(v128.load(y), s00);
      s01 = f32x4.add(v128.load(y, 16), s01);
      s10 = f32x4.add(v128.load(y1), s10);
      s11 = f32x4.add(v128.load(y1, 16), s11);
      s20 = f32x4.add(v128.load(y2), s20);
      s21 = f32x4.add(v128.load(y2, 16), s21);
      s30 = f32x4.add(v128.load(y3), s30);
      s31 = f32x4.add(v128.load(y3, 16), s31);
    }
    const from = k ? ZEROS : bias;
    const bias0 = v128.load(from), bias1 = v128.load(from, 16);
    const least = v128.load32_splat(k ? LOWEST : floor);
    v128.store(y, f32x4.pmax(f32x4.add(s00, bias0), least));
    v128.store(y, f32x4.pmax(f32x4.add(s01, bias1), least), 16);
    v128.store(y1, f32x4.pmax(f32x4.add(s10, bias0), least));
    v128.store(y1, f32x4.pmax(f32x4.add(s11, bias1), least), 16);
    v128.store(y2, f32x4.pmax(f32x4.add(s20, bias0), least));
    v128.store(y2, f32x4.pmax(f32x4.add(s21, bias1), least), 16);
    v128.store(y3, f32x4.pmax(f32x4.add(s30, bias0), least));
    v128.store(y3, f32x4.pmax(f32x4.add(s31, bias1), least), 16);
    accumulate = true;
  } while (k > 0);
}

/** y[2, 16] = max(a · b + bias, floor): see matmulDirect4x8. */
export function matmulDirect2x16(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  floor: usize,
  k: u32,
  aRow: usize,
  aStep: usize,
  bRow: usize,
): void {
  const y1 = y + bRow;
  let accumulate = false;
  do {
    let s00 = f32x4.splat(0), s01 = f32x4.splat(0), s02 = f32x4.splat(0), s03 = f32x4.splat(0);
    let s10 = f32x4.splat(0), s11 = f32x4.splat(0), s12 = f32x4.splat(0), s13 = f32x4.splat(0);
    const depth = min<u32>(MATMUL_KC, k);
    for (let p = depth; p > 0; p--, a += aStep, b += bRow) {
      const b0 = v128.load(b), b1 = v128.load(b, 16), b2 = v128.load(b, 32), b3 = v128.load(b, 48);
      const x0 = v128.load32_splat(a);
      s00 = madd(x0, b0, s00);
      s01 = madd(x0, b1, s01);
      s02 = madd(x0, b2, s02);
      s03 = madd(x0, b3, s03);
      const x1 = v128.load32_splat(a + aRow);
      s10 = madd(x1, b0, s10);
      s11 = madd(x1, b1, s11);
      s12 = madd(x1, b2, s12);
      s13 = madd(x1, b3, s13);
    }
    k -= depth;
    if (accumulate) {
      s00 = f32x4.add(v128.load(y), s00);
      s01 = f32x4.add(v128.load(y, 16), s01);
      s02 = f32x4.add(v128.load(y, 32), s02);
      s03 = f32x4.add(v128.load(y, 48), s03);
      s10 = f32x4.add(v128.load(y1), s10);
      s11 = f32x4.add(v128.load(y1, 16), s11);
      s12 = f32x4.add(v128.load(y1, 32), s12);
      s13 = f32x4.add(v128.load(y1, 48), s13);
    }
    const from = k ? ZEROS : bias;
    const bias0 = v128.load(from),
      bias1 = v128.load(from, 16),
      bias2 = v128.load(from, 32),
      bias3 = v128.load(from, 48);
    const least = v128.load32_splat(k ? LOWEST : floor);
    v128.store(y, f32x4.pmax(f32x4.add(s00, bias0), least));
    v128.store(y, f32x4.pmax(f32x4.add(s01, bias1), least), 16);
    v128.store(y, f32x4.pmax(f32x4.add(s02, bias2), least), 32);
    v128.store(y, f32x4.pmax(f32x4.add(s03, bias3), least), 48);
    v128.store(y1, f32x4.pmax(f32x4.add(s10, bias0), least));
    v128.store(y1, f32x4.pmax(f32x4.add(s11, bias1), least), 16);
    v128.store(y1, f32x4.pmax(f32x4.add(s12, bias2), least), 32);
    v128.store(y1, f32x4.pmax(f32x4.add(s13, bias3), least), 48);
    accumulate = true;
  } while (k > 0);
}

/** y[1, 4] = max(a · b + bias, floor). */
export function matmulDirect1x4(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  floor: usize,
  k: u32,
  aStep: usize,
  bRow: usize,
): void {
  let accumulate = false;
  do {
    let sum = f32x4.splat(0);
    const depth = min<u32>(MATMUL_KC, k);
    for (let p = depth; p > 0; p--, a += aStep, b += bRow)
      sum = madd(v128.load32_splat(a), v128.load(b), sum);
    k -= depth;
    if (accumulate) sum = f32x4.add(v128.load(y), sum);
    sum = f32x4.add(sum, v128.load(k ? ZEROS : bias));
    v128.store(y, f32x4.pmax(sum, v128.load32_splat(k ? LOWEST : floor)));
    accumulate = true;
  } while (k > 0);
}

/** y[1, 1] = max(a · b + bias, floor), where b(p) lies at b + p·bStep. One lane of a vector, so that it rounds as the others. */
export function matmulDirect1x1(
  y: usize,
  a: usize,
  b: usize,
  bias: usize,
  floor: usize,
  k: u32,
  aStep: usize,
  bStep: usize,
): void {
  let total: f32 = 0;
  do {
    let sum = f32x4.splat(0);
    const depth = min<u32>(MATMUL_KC, k);
    for (let p = depth; p > 0; p--, a += aStep, b += bStep)
      sum = madd(v128.load32_zero(a), v128.load32_zero(b), sum);
    k -= depth;
    total += f32x4.extract_lane(sum, 0);
  } while (k > 0);
  total += load<f32>(bias);
  const least = load<f32>(floor);
  store<f32>(y, total < least ? least : total);
}

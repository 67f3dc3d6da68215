/**
 * exp, log, tanh, sigmoid and erf on four lanes, at most 2 ulp from the true value over the whole f32 range.
 *
 * Only mul and add, never madd: the relaxed build gives the same bits as the exact one.
 * Constants are loaded from a table at each use. V8 materializes `f32x4.splat(constant)` again in every iteration of a
 * loop; a load costs nothing beside the arithmetic (exp, ns per element on V8 11.3 and 13.6: splat 1.00 and 1.05,
 * table 0.80 and 0.82, table hoisted into locals 0.79 and 0.81).
 * These are inlined although they are long, so that a kernel makes no call for each vector.
 */

const EXP = memory.data<f32>([
  1.44269504088896341, // log2(e)
  12582912.0, // 1.5 · 2^23: adding it rounds to an integer, which is then in the low bits
  0.693359375, // ln(2), the high bits: its product with an exponent is exact
  -2.1219444e-4, // ln(2), the rest
  1.98756915e-4,
  1.3981999507e-3,
  8.3334519073e-3,
  4.1665795894e-2,
  1.6666665459e-1,
  5.0000001201e-1,
  1.0,
  -87.33654022216797, // the least x whose exp is not subnormal
  88.72283172607422, // the greatest x whose exp is finite
  Infinity,
]);

const LOG = memory.data<f32>([
  7.0376836292e-2,
  -1.151461031e-1,
  1.167699874e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
  0.5,
  1.0,
  -2.1219444e-4, // ln(2), the rest
  0.693359375, // ln(2), the high bits
  1.17549435e-38, // the least normal number
  8388608.0, // 2^23
  -23.0,
  Infinity,
]);

const TANH = memory.data<f32>([
  -5.70498872745e-3,
  2.06390887954e-2,
  -5.37397155531e-2,
  1.33314422036e-1,
  -3.33332819422e-1,
  0.625, // from here on by exp
  0.000244140625, // 2^-12: below it, tanh(x) rounds to x
  20.0, // above it, tanh(x) rounds to 1
  2.0,
]);

const ERF = memory.data<f32>([
  // erf(x) / x by x² for |x| ≤ 1, to 2^-29
  7.87587506269e-5,
  -0.000801686428717,
  0.00518908742343,
  -0.0268542120106,
  0.112835947152,
  -0.376126266667,
  0.12837916585, // less 1: x is added at the end, which halves the error
  1.0,
  // −ln(1 − erf(x)) for 1 ≤ x ≤ 4, which gives erf(x) to 2^-30
  -1.63715141459e-6,
  4.60580426892e-5,
  -0.000596805625661,
  0.00475959629327,
  -0.0264211360057,
  0.110080082949,
  0.631826051559,
  1.13023343484,
  -0.000320138049678,
  4.0, // from here on erf(x) rounds to 1
]);

/** 2^-30: what is smaller does not change 1. */
const NEGLIGIBLE = memory.data<f32>([9.31322574615478515625e-10]);

@inline
function constant(table: usize, index: usize): v128 {
  return v128.load32_splat(table + (index << 2));
}

/** exp where the result is normal, garbage elsewhere. Cephes expf (Moshier 1992), range reduced as Cody and Waite. */
@inline
function expNormal(x: v128): v128 {
  const shifted = f32x4.add(f32x4.mul(x, constant(EXP, 0)), constant(EXP, 1));
  const exponent = f32x4.sub(shifted, constant(EXP, 1));
  const r = f32x4.sub(
    f32x4.sub(x, f32x4.mul(exponent, constant(EXP, 2))),
    f32x4.mul(exponent, constant(EXP, 3)),
  );
  let p = f32x4.add(f32x4.mul(constant(EXP, 4), r), constant(EXP, 5));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP, 6));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP, 7));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP, 8));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP, 9));
  // Cephes has r² · p + r + 1, which squares small r into slow subnormals and is no more than 0.2 ulp better.
  p = f32x4.add(f32x4.mul(p, r), constant(EXP, 10));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP, 10));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** eˣ to 1.2 ulp: subnormal results are flushed to 0, overflow is Infinity, NaN stays NaN. See expNormal. */
@inline
export function exp4(x: v128): v128 {
  const beyond = f32x4.pmax(f32x4.mul(x, constant(EXP, 13)), f32x4.splat(0));
  const normal = v128.and(f32x4.ge(x, constant(EXP, 11)), f32x4.le(x, constant(EXP, 12)));
  return v128.bitselect(expNormal(x), beyond, normal);
}

/** exp4 for x ≤ 0 or NaN, a little cheaper. */
@inline
export function expNegative4(x: v128): v128 {
  const y = v128.and(expNormal(x), f32x4.ge(x, constant(EXP, 11)));
  return v128.or(y, f32x4.ne(x, x));
}

/** ln(x) for positive normal x, garbage elsewhere. Cephes logf (Moshier 1992). */
@inline
function logNormal(x: v128, offset: v128): v128 {
  // The exponent that leaves a mantissa in [√½, √2).
  const shift = i32x4.shr_s(i32x4.sub(x, i32x4.splat(0x3f3504f3)), 23);
  const r = f32x4.sub(i32x4.sub(x, i32x4.shl(shift, 23)), constant(LOG, 10));
  const exponent = f32x4.add(f32x4.convert_i32x4_s(shift), offset);
  const square = f32x4.mul(r, r);
  let p = f32x4.add(f32x4.mul(constant(LOG, 0), r), constant(LOG, 1));
  p = f32x4.add(f32x4.mul(p, r), constant(LOG, 2));
  p = f32x4.add(f32x4.mul(p, r), constant(LOG, 3));
  p = f32x4.add(f32x4.mul(p, r), constant(LOG, 4));
  p = f32x4.add(f32x4.mul(p, r), constant(LOG, 5));
  p = f32x4.add(f32x4.mul(p, r), constant(LOG, 6));
  p = f32x4.add(f32x4.mul(p, r), constant(LOG, 7));
  p = f32x4.add(f32x4.mul(p, r), constant(LOG, 8));
  p = f32x4.mul(f32x4.mul(p, r), square);
  p = f32x4.add(p, f32x4.mul(exponent, constant(LOG, 11)));
  p = f32x4.sub(p, f32x4.mul(constant(LOG, 9), square));
  return f32x4.add(f32x4.add(r, p), f32x4.mul(exponent, constant(LOG, 12)));
}

/** ln(x) to 1 ulp, subnormal x included: ±0 gives -Infinity, x < 0 NaN, Infinity Infinity. See logNormal. */
@inline
export function log4(x: v128): v128 {
  const subnormal = f32x4.lt(x, constant(LOG, 13));
  const scaled = v128.bitselect(f32x4.mul(x, constant(LOG, 14)), x, subnormal);
  const y = logNormal(scaled, v128.and(subnormal, constant(LOG, 15)));
  const zero = v128.and(f32x4.eq(x, f32x4.splat(0)), f32x4.neg(constant(LOG, 16)));
  // Setting all bits makes a NaN.
  const beyond = v128.or(v128.or(x, zero), f32x4.lt(x, f32x4.splat(0)));
  const inside = v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.lt(x, constant(LOG, 16)));
  return v128.bitselect(y, beyond, inside);
}

/**
 * ln(1 + x) for finite x ≥ 0 or NaN, to 1.3 ulp: ln(u) + (x − (u − 1)) / u with u = 1 + x rounded. A call, since it is made
 * once a row or for four logits: inlined twice, it was 100 bytes of the core's gzip.
 */
export function logOnePlus4(x: v128): v128 {
  const u = f32x4.add(constant(LOG, 10), x);
  const lost = f32x4.sub(x, f32x4.sub(u, constant(LOG, 10)));
  return f32x4.add(logNormal(u, f32x4.splat(0)), f32x4.div(lost, u));
}

/** tanh(x) to 1.4 ulp, odd; tiny x unchanged. Cephes tanhf (Moshier 1992): x + x³ P(x²) or 1 − 2 / (e^2x + 1). */
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.abs(x);
  const z = v128.and(size, f32x4.ge(size, constant(TANH, 6)));
  const square = f32x4.mul(z, z);
  let p = f32x4.add(f32x4.mul(constant(TANH, 0), square), constant(TANH, 1));
  p = f32x4.add(f32x4.mul(p, square), constant(TANH, 2));
  p = f32x4.add(f32x4.mul(p, square), constant(TANH, 3));
  p = f32x4.add(f32x4.mul(p, square), constant(TANH, 4));
  const near = f32x4.add(f32x4.mul(f32x4.mul(p, square), x), x);
  const power = expNormal(f32x4.pmin(constant(TANH, 7), f32x4.add(size, size)));
  const one = constant(EXP, 10);
  const far = f32x4.sub(one, f32x4.div(constant(TANH, 8), f32x4.add(power, one)));
  const y = v128.bitselect(far, near, f32x4.ge(size, constant(TANH, 5)));
  return v128.or(y, v128.xor(x, size)); // the sign bit of x, of -0 too
}

/**
 * 1 / (1 + e^-x) to 1.9 ulp in both tails, subnormal results flushed to 0.
 *
 * With t = e^-|x| and k = t / (1 + t) it is t − t·k for x < 0 and 1 − k elsewhere; t / (1 + t) itself is 2.2 ulp off.
 */
@inline
export function sigmoid4(x: v128): v128 {
  const one = constant(EXP, 10);
  const t = expNegative4(f32x4.neg(f32x4.abs(x)));
  const k = f32x4.div(t, f32x4.add(one, t));
  const base = v128.bitselect(t, one, f32x4.lt(x, f32x4.splat(0)));
  // A k that cannot change the result is dropped: t · k might be subnormal, and slow.
  const kept = v128.andnot(k, f32x4.lt(k, constant(NEGLIGIBLE, 0)));
  return f32x4.sub(base, f32x4.mul(base, kept));
}

/** erf(x) to 1.34 ulp, odd: x P(x²), or 1 − e^-Q(|x|), the way of N. Juffa's erff. */
@inline
export function erf4(x: v128): v128 {
  const size = f32x4.abs(x);
  // The square of what is smaller than 2^-12 changes nothing, and might be subnormal, and slow.
  const z = v128.and(size, f32x4.ge(size, constant(TANH, 6)));
  const square = f32x4.mul(z, z);
  let p = f32x4.add(f32x4.mul(constant(ERF, 0), square), constant(ERF, 1));
  p = f32x4.add(f32x4.mul(p, square), constant(ERF, 2));
  p = f32x4.add(f32x4.mul(p, square), constant(ERF, 3));
  p = f32x4.add(f32x4.mul(p, square), constant(ERF, 4));
  p = f32x4.add(f32x4.mul(p, square), constant(ERF, 5));
  p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(p, square), constant(ERF, 6)), x), x);
  const cut = f32x4.pmin(size, constant(ERF, 17));
  let q = f32x4.add(f32x4.mul(constant(ERF, 8), cut), constant(ERF, 9));
  q = f32x4.add(f32x4.mul(q, cut), constant(ERF, 10));
  q = f32x4.add(f32x4.mul(q, cut), constant(ERF, 11));
  q = f32x4.add(f32x4.mul(q, cut), constant(ERF, 12));
  q = f32x4.add(f32x4.mul(q, cut), constant(ERF, 13));
  q = f32x4.add(f32x4.mul(q, cut), constant(ERF, 14));
  q = f32x4.add(f32x4.mul(q, cut), constant(ERF, 15));
  q = f32x4.add(f32x4.mul(q, cut), constant(ERF, 16));
  const far = f32x4.sub(constant(ERF, 7), expNegative4(f32x4.neg(q)));
  const y = v128.bitselect(p, far, f32x4.lt(size, constant(ERF, 7)));
  return v128.or(y, v128.xor(x, size));
}

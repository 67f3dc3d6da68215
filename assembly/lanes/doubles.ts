/**
 * exp, log, sin and cos on two lanes of f64, for results that are rounded to f32: relative errors below 2^-33.
 *
 * Polynomials in Horner's form, fitted at Chebyshev nodes in 40 digits; sin and cos are those of FreeBSD's k_sinf.c and
 * k_cosf.c. Only mul and add, so that the relaxed build gives the same bits. Constants are loaded at each use, see
 * math.ts. An f32 made f64 is never subnormal, and none of these makes one.
 */
import { quarterTurns } from "./angle";

const EXP = memory.data<f64>([
  1.4426950408889634, // log2(e)
  6755399441055744.0, // 1.5 · 2^52: adding it rounds to an integer, which is then in the low bits
  0.6931471805599453, // ln(2)
  200.0, // e^±200 is 0 and Infinity in f32
  1.0,
  // (e^r − 1) / r for |r| ≤ ln(2) / 2, to 2^-37
  2.4867870179687726e-5,
  0.00019907569310848289,
  0.0013888839110572008,
  0.008333283538708527,
  0.041666666786265734,
  0.16666666786308586,
  0.49999999999955107,
  0.99999999999550904,
  -200.0,
]);

const LOG = memory.data<f64>([
  0.6931471805599453, // ln(2)
  6755399441055744.0, // 1.5 · 2^52
  1.0,
  2.0,
  Infinity,
  // 2 artanh(s) / s by s² ≤ 0.0295, to 2^-45
  0.19608095639753053,
  0.2217424991007749,
  0.28572166145875725,
  0.39999994891832383,
  0.66666666679579252,
  1.9999999999999472,
  // the same for s² ≤ 1/9, to 2^-38
  0.21860568314306961,
  0.17122536667290188,
  0.22305127385582955,
  0.28568145758201089,
  0.40000061421207941,
  0.66666666237921745,
  2.0000000000048659,
]);

const TURN = memory.data<f64>([
  0.6366197723675814, // 2/π
  6755399441055744.0, // 1.5 · 2^52
  -1.570796325802803, // −π/2, its first 30 bits: the product with an integer below 2^22 is exact
  -9.920935796805404e-10, // −π/2, the rest
  32768.0, // from here on the product loses too much
  3.4061215800865545e-19, // π/2 · 2^-62
]);

const SINE = memory.data<f64>([
  2.7183114939898219e-6, -0.00019839334836096632, 0.008333329385889463, -0.16666666641626524,
]);

const COSINE = memory.data<f64>([
  2.4390448796277409e-5, -0.001388676377460993, 0.04166662332373906, -0.499999997251031, 1.0,
]);

/** Two lanes of a table's f64. */
@inline
export function double(table: usize, index: usize): v128 {
  return v128.load64_splat(table + (index << 3));
}

/** p · x + the constant: one step of Horner's form. */
@inline
function horner(p: v128, x: v128, table: usize, index: usize): v128 {
  return f64x2.add(f64x2.mul(p, x), double(table, index));
}

/** 2^k · base + (2^k · (e^r − 1)), x = k ln(2) + r: eˣ, or eˣ − 1 where base is 1 − 2^-k. |x| is cut at 200. */
@inline
function powerOfE(x: v128, isLessOne: bool): v128 {
  // pmin and pmax, in the order that keeps NaN, are cheaper than min and max.
  const cut = f64x2.pmax(f64x2.pmin(x, double(EXP, 3)), double(EXP, 13));
  const shifted = horner(cut, double(EXP, 0), EXP, 1);
  const exponent = f64x2.sub(shifted, double(EXP, 1));
  const r = f64x2.sub(cut, f64x2.mul(exponent, double(EXP, 2)));
  let p = horner(double(EXP, 5), r, EXP, 6);
  p = horner(p, r, EXP, 7);
  p = horner(p, r, EXP, 8);
  p = horner(p, r, EXP, 9);
  p = horner(p, r, EXP, 10);
  p = horner(p, r, EXP, 11);
  p = f64x2.mul(horner(p, r, EXP, 12), r);
  const scale = i64x2.add(double(EXP, 4), i64x2.shl(shifted, 52));
  const base = isLessOne ? f64x2.sub(scale, double(EXP, 4)) : scale;
  return f64x2.add(f64x2.mul(scale, p), base);
}

/** eˣ; NaN stays NaN. Beyond ±200, where f32 ends, it stands still. */
@inline
export function expPair(x: v128): v128 {
  return powerOfE(x, false);
}

/** eˣ − 1 without cancellation; NaN stays NaN. Beyond ±200 it stands still. */
@inline
export function expm1Pair(x: v128): v128 {
  return powerOfE(x, true);
}

/** ln(x): ±0 gives −Infinity, x < 0 NaN, Infinity Infinity. */
@inline
export function logPair(x: v128): v128 {
  // The exponent that leaves a mantissa in [√½, √2); it becomes f64 in the low bits of 1.5 · 2^52.
  const shift = i64x2.shr_s(i64x2.sub(x, i64x2.splat(0x3fe6a09e667f3bcd)), 52);
  const exponent = f64x2.sub(i64x2.add(shift, double(LOG, 1)), double(LOG, 1));
  const f = f64x2.sub(i64x2.sub(x, i64x2.shl(shift, 52)), double(LOG, 2));
  const s = f64x2.div(f, f64x2.add(f, double(LOG, 3)));
  const z = f64x2.mul(s, s);
  let p = horner(double(LOG, 5), z, LOG, 6);
  p = horner(p, z, LOG, 7);
  p = horner(p, z, LOG, 8);
  p = horner(p, z, LOG, 9);
  p = horner(p, z, LOG, 10);
  const y = f64x2.add(f64x2.mul(p, s), f64x2.mul(exponent, double(LOG, 0)));
  const zero = f64x2.splat(0);
  // Setting all bits makes a NaN.
  const end = v128.and(f64x2.eq(x, zero), f64x2.neg(double(LOG, 4)));
  const beyond = v128.or(v128.or(x, end), f64x2.lt(x, zero));
  const inside = v128.and(f64x2.gt(x, zero), f64x2.lt(x, double(LOG, 4)));
  return v128.bitselect(y, beyond, inside);
}

/** ln(1 + x) for 0 ≤ x ≤ 1 or NaN: 2 artanh(x / (2 + x)), which loses nothing near 0. */
@inline
export function logOnePlusPair(x: v128): v128 {
  const s = f64x2.div(x, f64x2.add(x, double(LOG, 3)));
  const z = f64x2.mul(s, s);
  let p = horner(double(LOG, 11), z, LOG, 12);
  p = horner(p, z, LOG, 13);
  p = horner(p, z, LOG, 14);
  p = horner(p, z, LOG, 15);
  p = horner(p, z, LOG, 16);
  return f64x2.mul(horner(p, z, LOG, 17), s);
}

/** sin(r) for |r| ≤ π/4; −0 stays −0. */
@inline
export function sineNear0(r: v128): v128 {
  const z = f64x2.mul(r, r);
  let p = horner(double(SINE, 0), z, SINE, 1);
  p = horner(p, z, SINE, 2);
  p = horner(p, z, SINE, 3);
  return f64x2.mul(horner(p, z, COSINE, 4), r);
}

/** cos(r) for |r| ≤ π/4. */
@inline
export function cosineNear0(r: v128): v128 {
  const z = f64x2.mul(r, r);
  let p = horner(double(COSINE, 0), z, COSINE, 1);
  p = horner(p, z, COSINE, 2);
  p = horner(p, z, COSINE, 3);
  return horner(p, z, COSINE, 4);
}

/** sin(r + quarters · π/2) for |r| ≤ π/4; of `quarters`, i64 lanes, the two lowest bits count. */
@inline
export function sineOfQuarters(r: v128, quarters: v128): v128 {
  const isOdd = i64x2.neg(v128.and(quarters, i64x2.splat(1)));
  const y = v128.bitselect(cosineNear0(r), sineNear0(r), isOdd);
  return v128.xor(y, i64x2.shl(i64x2.shr_u(quarters, 1), 63));
}

/** The lane's r of a large angle, as sinePair takes it. */
@inline
function remainder(turns: i64): f64 {
  return <f64>(turns - (nearestQuarter(turns) << 62)) * load<f64>(TURN, 40);
}

@inline
function nearestQuarter(turns: i64): i64 {
  return (turns + (1 << 61)) >> 62;
}

/** sin(x + ahead · π/2) of two f32, made f64; NaN for what is not finite, −0 stays −0 where ahead is 0. */
@inline
export function sinePair(x: v128, ahead: i64): v128 {
  const shifted = horner(x, double(TURN, 0), TURN, 1);
  const n = f64x2.sub(shifted, double(TURN, 1));
  let r = f64x2.add(f64x2.add(x, f64x2.mul(n, double(TURN, 2))), f64x2.mul(n, double(TURN, 3)));
  let quarters = shifted;
  const isLarge = f64x2.ge(f64x2.abs(x), double(TURN, 4));
  if (v128.any_true(isLarge)) {
    // Of Infinity and NaN the r above is NaN already, and stays.
    const finite = f64x2.lt(f64x2.abs(x), double(LOG, 4));
    const turns0 = quarterTurns(f64x2.extract_lane(x, 0));
    const turns1 = quarterTurns(f64x2.extract_lane(x, 1));
    const large = v128.and(isLarge, finite);
    r = v128.bitselect(f64x2.replace_lane(f64x2.splat(remainder(turns0)), 1, remainder(turns1)), r, large);
    const counted = i64x2.replace_lane(i64x2.splat(nearestQuarter(turns0)), 1, nearestQuarter(turns1));
    quarters = v128.bitselect(counted, quarters, large);
  }
  return sineOfQuarters(r, i64x2.add(quarters, i64x2.splat(ahead)));
}

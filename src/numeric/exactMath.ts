/**
 * exp, log, powers and cosine in f64 of + − × ÷ and exact scaling alone, which IEEE 754 defines to the bit: ECMAScript
 * leaves those of Math to the engine, and a learning rate must be the same everywhere.
 *
 * Inside, numbers are pairs high + low with |low| ≤ ulp(high) / 2, 106 bits in all (Dekker 1971), so that results are
 * within one ulp, powers with exponents in the thousands too.
 */

/** high + low. */
type Pair = readonly [high: number, low: number];

/** 2²⁷ + 1: halves the 53 bits of a factor (Veltkamp; Dekker 1971, eq. 5.6). */
const SPLITTER = 134217729;
/** ln 2 = 0.6931471805599453094172321214581766, as a pair. */
const LN2: Pair = [Math.LN2, 2.3190468138462996e-17];
/** Beyond these, exp is infinite, or 0. */
const LARGEST_EXPONENT = 709.782712893384;
const SMALLEST_EXPONENT = -745.1332191019412;
/** |r| ≤ ln 2 / 2 to the power of 22, over 22!, is below 2⁻¹⁰³; terms from the tenth on are below 2⁻³⁶, and need no pair. */
const EXP_TERMS = 22;
const EXP_PAIRS = 9;
/** s² ≤ 0.0295 to the power of 12 is below 2⁻⁶⁰. */
const LOG_TERMS = 12;
/** (π / 4)²⁰ / 20! is below 2⁻⁶⁸. */
const COSINE_TERMS = 10;

/** a + b, exactly. Needs |a| ≥ |b| (Dekker 1971). */
function fastSum(a: number, b: number): Pair {
  const sum = a + b;
  return [sum, b - (sum - a)];
}

/** a + b, exactly (Knuth, TAOCP 2, 4.2.2 B). */
function exactSum(a: number, b: number): Pair {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

/** a · b, exactly, where nothing overflows (Dekker 1971). */
function exactProduct(a: number, b: number): Pair {
  const product = a * b;
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

function add([aHigh, aLow]: Pair, [bHigh, bLow]: Pair): Pair {
  const [high, low] = exactSum(aHigh, bHigh);
  return fastSum(high, low + (aLow + bLow));
}

function multiply([aHigh, aLow]: Pair, [bHigh, bLow]: Pair): Pair {
  const [high, low] = exactProduct(aHigh, bHigh);
  return fastSum(high, low + (aHigh * bLow + aLow * bHigh));
}

/** x · 2ᵉ. A result below the normal numbers is rounded once. */
function scale(x: number, exponent: number): number {
  let result = x;
  let left = exponent;
  for (; left > 1000; left -= 1000) result *= 2 ** 1000;
  for (; left < -1000; left += 900) result *= 2 ** -900;
  return result * twoTo(left);
}

/** 2ⁿ for a whole |n| ≤ 1022, by repeated squaring, which is exact. */
function twoTo(n: number): number {
  let result = 1;
  let square = n < 0 ? 0.5 : 2;
  for (let left = Math.abs(n); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}

/** eˣ of a pair as mantissa and exponent: m · 2ᵉ. Needs |x| below 800. */
function expOf(x: Pair): { mantissa: Pair; exponent: number } {
  const exponent = Math.round(x[0] / LN2[0]);
  const rest = add(x, multiply([-exponent, 0], LN2));
  // Horner: 1 + r (1 + r/2 (1 + r/3 (…))).
  let tail = 1;
  for (let i = EXP_TERMS; i > EXP_PAIRS; i--) tail = 1 + (rest[0] / i) * tail;
  let mantissa: Pair = [tail, 0];
  for (let i = EXP_PAIRS; i > 0; i--) {
    const [high, low] = multiply(mantissa, rest);
    const quotient = high / i;
    const [back, error] = exactProduct(quotient, i);
    mantissa = add([1, 0], fastSum(quotient, (high - back - error + low) / i));
  }
  return { mantissa, exponent };
}

/** ln x of a finite x > 0 as a pair. */
function logOf(x: number): Pair {
  // Subnormal numbers are scaled first: no power of two brings them all to 1 at once.
  let [mantissa, exponent] = x < 2 ** -1022 ? [x * 2 ** 54, -54] : [x, 0];
  for (const power of [512, 256, 128, 64, 32, 16, 8, 4, 2, 1]) {
    const factor = twoTo(power);
    if (mantissa >= factor) {
      mantissa /= factor;
      exponent += power;
    } else if (mantissa * factor < 2) {
      mantissa *= factor;
      exponent -= power;
    }
  }
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  // ln m = 2 artanh s, with s = (m − 1) / (m + 1).
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let series = 0;
  for (let i = LOG_TERMS; i > 0; i--) series = square * (1 / (2 * i + 1) + series);
  const first = 2 * s + 2 * s * series;
  // One step of Newton's: ln m = y + ln(m e⁻ʸ), where m e⁻ʸ − 1 is of the size of a rounding.
  const inverse = expOf([-first, 0]);
  const [high, low] = multiply(inverse.mantissa, [mantissa * twoTo(inverse.exponent), 0]);
  const near = high - 1 + low;
  return add(multiply([exponent, 0], LN2), fastSum(first, near - (near * near) / 2));
}

function toNumber(x: Pair): number {
  if (Number.isNaN(x[0])) return Number.NaN;
  if (x[0] > LARGEST_EXPONENT) return Number.POSITIVE_INFINITY;
  if (x[0] < SMALLEST_EXPONENT) return 0;
  const { mantissa, exponent } = expOf(x);
  return scale(mantissa[0] + mantissa[1], exponent);
}

/** eˣ. */
export function exp(x: number): number {
  return toNumber([x, 0]);
}

/** ln x; −∞ at 0, NaN below. */
export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY;
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  const [high, low] = logOf(x);
  return high + low;
}

/** xʸ for x ≥ 0; NaN for a negative x. 0⁰ = 1, as Math.pow has it. */
export function power(x: number, y: number): number {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y) || x < 0) return Number.NaN;
  if (x === 1) return 1;
  if (x === 0 || x === Number.POSITIVE_INFINITY) return (x === 0) === y > 0 ? 0 : Number.POSITIVE_INFINITY;
  if (y === 1) return x;
  return scaledExp(logOf(x), y);
}

/** xʸ as a function of y, for a fixed finite x > 0: to the bits of `power`, in half its time. */
export function powersOf(x: number): (y: number) => number {
  const logarithm = logOf(x);
  return (y) => (y === 0 || x === 1 ? 1 : y === 1 ? x : scaledExp(logarithm, y));
}

/** e to the y-fold of a logarithm. */
function scaledExp(logarithm: Pair, y: number): number {
  // Far beyond the range of exp the product itself would overflow.
  const estimate = logarithm[0] * y;
  if (Math.abs(estimate) > 800) return estimate > 0 ? Number.POSITIVE_INFINITY : 0;
  return toNumber(multiply(logarithm, [y, 0]));
}

/** cos πx, exact where it is 0 or ±1. */
export function cosinePi(x: number): number {
  // Both folds are exact: cos has the period 2 and is even.
  const turned = Math.abs(x) % 2;
  const folded = turned > 1 ? 2 - turned : turned;
  const near = folded > 0.5 ? 1 - folded : folded;
  const value = near > 0.25 ? sineSeries(Math.PI * (0.5 - near)) : cosineSeries(Math.PI * near);
  return folded > 0.5 ? -value : value;
}

/** cos z for |z| ≤ π/4, by its series. */
function cosineSeries(z: number): number {
  const square = z * z;
  let sum = 0;
  for (let i = COSINE_TERMS; i > 0; i--) sum = (-square / ((2 * i - 1) * (2 * i))) * (1 + sum);
  return 1 + sum;
}

/** sin z for |z| ≤ π/4, by its series. */
function sineSeries(z: number): number {
  const square = z * z;
  let sum = 0;
  for (let i = COSINE_TERMS; i > 0; i--) sum = (-square / (2 * i * (2 * i + 1))) * (1 + sum);
  return z + z * sum;
}

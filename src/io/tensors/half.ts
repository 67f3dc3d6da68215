/**
 * Numbers of 16 bits: IEEE 754's binary16, and bfloat16, which is the upper half of an f32. To the nearest, ties to even, from
 * the f64 itself: by way of f32 some would be rounded twice.
 */

/** How many bits the mantissa has, and by how much the exponent is off. */
interface Form {
  readonly mantissa: number;
  readonly bias: number;
}

const BINARY16: Form = { mantissa: 10, bias: 15 };
const BFLOAT16: Form = { mantissa: 7, bias: 127 };

const floats = /* @__PURE__ */ new Float64Array(1);
/** Low word first: WebAssembly needs little-endian memory, and so does every runtime that has it. */
const words = /* @__PURE__ */ new Uint32Array(floats.buffer);
const singles = /* @__PURE__ */ new Float32Array(1);
const bits = /* @__PURE__ */ new Uint32Array(singles.buffer);

function narrow(x: number, { mantissa, bias }: Form): number {
  floats[0] = x;
  const [low = 0, high = 0] = words;
  const sign = (high >>> 31) << 15;
  const exponent = ((high >>> 20) & 2047) - 1023;
  const infinite = (2 * bias + 1) << mantissa;
  if (Number.isNaN(x)) return sign | infinite | (1 << (mantissa - 1));
  if (exponent > bias) return sign | infinite;
  const least = 1 - bias;
  // Below the least exponent the leading one is written out, further right the smaller the number is.
  const isSmall = exponent < least;
  const drop = 20 - mantissa + (isSmall ? least - exponent : 0);
  if (drop > 21) return sign;
  const digits = (high & 0xfffff) | (isSmall ? 0x100000 : 0);
  const kept = digits >>> drop;
  const rest = digits & ((1 << drop) - 1);
  const half = 1 << (drop - 1);
  const isUp = rest > half || (rest === half && (low !== 0 || (kept & 1) === 1));
  // A carry goes into the exponent, and from the largest number to infinity.
  return sign | ((((isSmall ? 0 : exponent + bias) << mantissa) | kept) + (isUp ? 1 : 0));
}

export const toHalf = (x: number): number => narrow(x, BINARY16);
export const toBfloat = (x: number): number => narrow(x, BFLOAT16);

export function fromHalf(half: number): number {
  const exponent = (half >>> 10) & 31;
  const mantissa = half & 1023;
  if (exponent === 0) return (half & 0x8000 ? -mantissa : mantissa) * 2 ** -24;
  bits[0] = ((half & 0x8000) << 16) | ((exponent === 31 ? 255 : exponent + 112) << 23) | (mantissa << 13);
  return singles[0] as number;
}

export function fromBfloat(half: number): number {
  bits[0] = half << 16;
  return singles[0] as number;
}

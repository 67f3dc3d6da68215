import { flushBelow, MAGNITUDE } from "../../lanes/flush";
import { madd, sumLanes } from "../../lanes/simd";
import { longSum, Terms } from "../reduce/longSum";

/** Floats whose squares are added in f32 before the sum goes on in f64: 64 in each of 16 lanes. */
const BLOCK: u32 = 1024;
/** Four lanes of 2⁻⁶³: the square of anything smaller is subnormal. */
const SMALLEST_ROOT = memory.data<u32>([0x20000000, 0x20000000, 0x20000000, 0x20000000], 16);
/** 2⁻¹⁰²: squares that average to less may have lost more than 2⁻²⁴ of their sum to the flush. */
const SMALLEST_MEAN: f64 = 1.9721522630525295e-31;

/** acc + x², or acc where x² would be subnormal. */
@inline
function addSquare(acc: v128, x: v128, smallest: v128, magnitude: v128): v128 {
  const g = flushBelow(x, smallest, magnitude);
  return madd(g, g, acc);
}

/** Σ g² in f64, in which no square of a float overflows or goes subnormal. */
function sumSquaresWide(gradient: usize, n: u32): f64 {
  let sum0: f64 = 0, sum1: f64 = 0;
  const end = gradient + (<usize>n << 2);
  for (; gradient + 4 < end; gradient += 8) {
    const g0 = <f64>load<f32>(gradient), g1 = <f64>load<f32>(gradient, 4);
    sum0 += g0 * g0;
    sum1 += g1 * g1;
  }
  if (gradient < end) {
    const g0 = <f64>load<f32>(gradient);
    sum0 += g0 * g0;
  }
  return sum0 + sum1;
}

/** Σ g² of at most a block, in f32 over 16 lanes; the rest of a whole vector in order after them. */
function sumSquaresBlock(gradient: usize, n: u32): f32 {
  const smallest = v128.load(SMALLEST_ROOT), magnitude = v128.load(MAGNITUDE);
  let acc0 = f32x4.splat(0), acc1 = acc0, acc2 = acc0, acc3 = acc0;
  const end = gradient + ((<usize>n & ~15) << 2);
  for (; gradient < end; gradient += 64) {
    acc0 = addSquare(acc0, v128.load(gradient), smallest, magnitude);
    acc1 = addSquare(acc1, v128.load(gradient, 16), smallest, magnitude);
    acc2 = addSquare(acc2, v128.load(gradient, 32), smallest, magnitude);
    acc3 = addSquare(acc3, v128.load(gradient, 48), smallest, magnitude);
  }
  let sum = sumLanes(f32x4.add(f32x4.add(acc0, acc1), f32x4.add(acc2, acc3)));
  for (let left = n & 15; left > 0; left--, gradient += 4) {
    const g = load<f32>(gradient);
    if ((load<u32>(gradient) & 0x7fffffff) >= load<u32>(SMALLEST_ROOT)) sum += g * g;
  }
  return sum;
}

/** Σ g² in f32 within blocks, in f64 between them. */
function sumSquaresBlocks(gradient: usize, n: u32): f64 {
  let sum: f64 = 0;
  for (let left = n; left > 0;) {
    const count = min(left, BLOCK);
    sum += <f64>sumSquaresBlock(gradient, count);
    gradient += <usize>count << 2;
    left -= count;
  }
  return sum;
}

/** Σ a² by blocks. */
@unmanaged
export class Squares extends Terms {
  @inline
  sum(n: u32, a: usize, _b: usize, _c: usize, _factor: f64): f64 {
    return sumSquaresBlocks(a, n);
  }
}

/** Σ a² in f64. */
@unmanaged
export class WideSquares extends Terms {
  @inline
  sum(n: u32, a: usize, _b: usize, _c: usize, _factor: f64): f64 {
    return sumSquaresWide(a, n);
  }
}

/**
 * ‖gradient‖ = √(Σ g²), in a fixed order: f32 within blocks of 1024, f64 between them. Where f32 squares overflow, or
 * are so small that the flush of subnormals would show, the sum is made again in f64, so that every finite gradient
 * has its finite norm. NaN or an infinity in the gradient gives NaN or an infinity.
 *
 * @param gradient [n]
 * @param partials scratch of a long sum
 */
export function gradientNorm(gradient: usize, n: u32, partials: usize): f64 {
  const sum = longSum<Squares>(partials, n, gradient, gradient, gradient, 0);
  const trusted = sum >= <f64>n * SMALLEST_MEAN && sum < f64.MAX_VALUE;
  return sqrt(trusted ? sum : longSum<WideSquares>(partials, n, gradient, gradient, gradient, 0));
}

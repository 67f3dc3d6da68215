/** What bench/kernels.mjs measures, and the three loops whose speed is its roof. */
export { randomWords } from "../assembly/random";
export { adam } from "../assembly/kernels/adam";
export { gelu, geluGrad, geluTanh, mish, mishGrad, silu, siluGrad } from "../assembly/kernels/activation";
export { accumulate } from "../assembly/kernels/accumulate";
export { add, divide, greater } from "../assembly/kernels/binary";
export { clipElements, clipNorm } from "../assembly/kernels/clipGradient";
export { constrainNorm, constrainRange } from "../assembly/kernels/constrain";
export { cumulativeSum } from "../assembly/kernels/cumulativeSum";
export { dropout } from "../assembly/kernels/dropout";
export { gather } from "../assembly/kernels/gather";
export { gradientNorm } from "../assembly/kernels/gradientNorm";
export {
  binaryCrossEntropy,
  binaryCrossEntropyGrad,
  crossEntropy,
  crossEntropyGrad,
  squaredErrorGrad,
} from "../assembly/kernels/loss";
export { lbfgs } from "../assembly/kernels/lbfgs";
export { lookahead } from "../assembly/kernels/lookahead";
export { measure } from "../assembly/kernels/measure";
export { movingAverage } from "../assembly/kernels/movingAverage";
export { normal } from "../assembly/kernels/normal";
export { normalizeInner, normalizeInnerGrad } from "../assembly/kernels/normalizeInner";
export { normalizeOuter } from "../assembly/kernels/normalizeOuter";
export { normalizeOuterGrad } from "../assembly/kernels/normalizeOuterGrad";
export { normalNoise, uniformNoise } from "../assembly/kernels/noise";
export { clip, leakyRelu, reciprocalSquareRoot, sign } from "../assembly/kernels/piecewise";
export { power } from "../assembly/kernels/power";
export { maxInner, sumInner, sumOuter } from "../assembly/kernels/reduce";
export { runningAverage } from "../assembly/kernels/runningAverage";
export { select } from "../assembly/kernels/select";
export { sgd } from "../assembly/kernels/sgd";
export { logSumExp, softmax, softmaxGrad } from "../assembly/kernels/softmax";
export { elu, erf, expm1, log1p, sin, softplus } from "../assembly/kernels/transcendental";
export { affine, exp, log, relu, sigmoid, tanh } from "../assembly/kernels/unary";
export { reluGrad, sigmoidGrad, tanhGrad } from "../assembly/kernels/unaryGrad";

export function heapBase(): usize {
  return __heap_base;
}

/** Reads n floats, n a multiple of 16. */
export function roofRead(x: usize, n: u32): f32 {
  let sum0 = f32x4.splat(0), sum1 = sum0, sum2 = sum0, sum3 = sum0;
  for (const end = x + (<usize>n << 2); x < end; x += 64) {
    sum0 = f32x4.add(sum0, v128.load(x));
    sum1 = f32x4.add(sum1, v128.load(x, 16));
    sum2 = f32x4.add(sum2, v128.load(x, 32));
    sum3 = f32x4.add(sum3, v128.load(x, 48));
  }
  return f32x4.extract_lane(f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3)), 0);
}

/** Reads and writes n floats, n a multiple of 16. */
export function roofCopy(y: usize, x: usize, n: u32): void {
  for (const end = x + (<usize>n << 2); x < end; x += 64, y += 64) {
    v128.store(y, v128.load(x));
    v128.store(y, v128.load(x, 16), 16);
    v128.store(y, v128.load(x, 32), 32);
    v128.store(y, v128.load(x, 48), 48);
  }
}

/** y += alpha · x: reads 2n floats and writes n, n a multiple of 16. */
export function roofAxpy(y: usize, x: usize, n: u32, alpha: f32): void {
  const alphas = f32x4.splat(alpha);
  for (const end = x + (<usize>n << 2); x < end; x += 64, y += 64) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(alphas, v128.load(x))));
    v128.store(y, f32x4.add(v128.load(y, 16), f32x4.mul(alphas, v128.load(x, 16))), 16);
    v128.store(y, f32x4.add(v128.load(y, 32), f32x4.mul(alphas, v128.load(x, 32))), 32);
    v128.store(y, f32x4.add(v128.load(y, 48), f32x4.mul(alphas, v128.load(x, 48))), 48);
  }
}

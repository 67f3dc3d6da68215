/** What bench/kernels.mjs measures, and the three loops whose speed is its roof. */
export { randomWords } from "../assembly/lanes/random";
export { adam } from "../assembly/kernels/update/adam";
export {
  gelu,
  geluGrad,
  geluTanh,
  mish,
  mishGrad,
  silu,
  siluGrad,
} from "../assembly/kernels/transcendental/activation";
export { accumulate } from "../assembly/kernels/step/accumulate";
export { add, divide } from "../assembly/kernels/elementwise/binary";
export { greater } from "../assembly/kernels/choice/comparison";
export { clipElements, clipNorm } from "../assembly/kernels/optimizer/clipGradient";
export { constrainNorm, constrainRange } from "../assembly/kernels/optimizer/constrain";
export { cumulativeSum } from "../assembly/kernels/move/cumulativeSum";
export { dropout } from "../assembly/kernels/random/dropout";
export { gather } from "../assembly/kernels/step/gather";
export { gradientNorm } from "../assembly/kernels/step/gradientNorm";
export {
  binaryCrossEntropy,
  binaryCrossEntropyGrad,
  crossEntropy,
  crossEntropyGrad,
  squaredErrorGrad,
} from "../assembly/kernels/loss/loss";
export { lbfgs } from "../assembly/kernels/optimizer/lbfgs";
export { lookahead } from "../assembly/kernels/optimizer/lookahead";
export { measure } from "../assembly/kernels/step/measure";
export { movingAverage } from "../assembly/kernels/optimizer/movingAverage";
export { normal } from "../assembly/kernels/noise/normal";
export { normalizeInner, normalizeInnerGrad } from "../assembly/kernels/normalize/normalizeInner";
export { normalizeOuter } from "../assembly/kernels/normalize/normalizeOuter";
export { normalizeOuterGrad } from "../assembly/kernels/normalize/normalizeOuterGrad";
export { normalNoise, uniformNoise } from "../assembly/kernels/noise/noise";
export { clip, leakyRelu } from "../assembly/kernels/choice/piecewise";
export { reciprocalSquareRoot, sign } from "../assembly/kernels/elementwise/sign";
export { power } from "../assembly/kernels/transcendental/power";
export { maxInner } from "../assembly/kernels/choice/extremes";
export { sumInner, sumOuter } from "../assembly/kernels/reduce/sum";
export { runningAverage } from "../assembly/kernels/normalize/runningAverage";
export { select } from "../assembly/kernels/choice/select";
export { sgd } from "../assembly/kernels/update/sgd";
export { softmax } from "../assembly/kernels/reduce/softmax";
export { logSumExp, softmaxGrad } from "../assembly/kernels/transcendental/softmax";
export { elu, erf, expm1, log1p, sin, softplus } from "../assembly/kernels/transcendental/transcendental";
export { exp, log } from "../assembly/kernels/transcendental/exponential";
export { affine, relu, sigmoid, tanh } from "../assembly/kernels/elementwise/unary";
export { reluGrad, sigmoidGrad, tanhGrad } from "../assembly/kernels/elementwise/unaryGrad";

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

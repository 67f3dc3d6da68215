/** The table of ops: the parity test holds each against the opcodes, the reference and the cases. */

import { greater, greaterEqual, minimum, notEqual } from "./choice/comparison.js";
import { max, min } from "./choice/extremes.js";
import { clip, hardTanh, leakyRelu } from "./choice/piecewise.js";
import { select } from "./choice/select.js";
import { conv2d, conv2dGradInput, conv2dGradKernel, linearConv2d } from "./convolution/convolution.js";
import { averagePool2d, averagePool2dGrad, maxPool2d, maxPool2dGrad } from "./convolution/pool.js";
import { customGradient } from "./customGradient.js";
import { affine, negate } from "./elementwise/affine.js";
import { add, divide, equal, maximum, multiply, subtract } from "./elementwise/binary.js";
import { fill } from "./elementwise/fill.js";
import {
  abs,
  copy,
  greaterThan,
  reciprocal,
  reciprocalSquareRoot,
  relu,
  reluGrad,
  sigmoid,
  sigmoidGrad,
  sign,
  square,
  squareRoot,
  tanh,
  tanhGrad,
} from "./elementwise/unary.js";
import {
  binaryCrossEntropy,
  binaryCrossEntropyGrad,
  crossEntropy,
  crossEntropyGrad,
  crossEntropyOneHot,
  crossEntropyOneHotGrad,
  squaredError,
  squaredErrorGrad,
} from "./loss/loss.js";
import { batchMatmul } from "./matmul/batchMatmul.js";
import { linear, matmul } from "./matmul/matmul.js";
import { concat } from "./move/concat.js";
import { cumulativeSum } from "./move/cumulativeSum.js";
import { oneHot, scatterAdd, take } from "./move/indexing.js";
import { reshape } from "./move/reshape.js";
import { pad, slice } from "./move/slice.js";
import { sparseProduct, sparseProductGrad, sparseSource } from "./move/sparse.js";
import { transpose } from "./move/transpose.js";
import { normalNoise, uniformNoise } from "./noise/noise.js";
import { normalize, normalizeGrad } from "./normalize/normalize.js";
import { dropout } from "./random/dropout.js";
import { argMax } from "./reduce/argMax.js";
import { softmax } from "./reduce/softmax.js";
import { broadcastTo, mean, sum } from "./reduce/sum.js";
import { ctcAlpha, ctcGrad, ctcLoss } from "./sequence/ctc.js";
import { report } from "./step/report.js";
import { constant, parameter, source } from "./step/source.js";
import { stopGradient } from "./stopGradient.js";
import {
  gelu,
  geluGrad,
  geluTanh,
  geluTanhGrad,
  mish,
  mishGrad,
  silu,
  siluGrad,
} from "./transcendental/activation.js";
import { elu } from "./transcendental/elu.js";
import { exp, log } from "./transcendental/exponential.js";
import { logSumExp } from "./transcendental/logSumExp.js";
import { power } from "./transcendental/power.js";
import { logSoftmax, logSoftmaxGrad, softmaxGrad } from "./transcendental/softmax.js";
import { cos, erf, expm1, log1p, sin, softplus } from "./transcendental/transcendental.js";

export const ops = {
  abs,
  add,
  affine,
  argMax,
  averagePool2d,
  averagePool2dGrad,
  batchMatmul,
  binaryCrossEntropy,
  binaryCrossEntropyGrad,
  broadcastTo,
  clip,
  concat,
  constant,
  conv2d,
  conv2dGradInput,
  conv2dGradKernel,
  copy,
  cos,
  crossEntropy,
  crossEntropyGrad,
  crossEntropyOneHot,
  crossEntropyOneHotGrad,
  ctcAlpha,
  ctcGrad,
  ctcLoss,
  cumulativeSum,
  customGradient,
  divide,
  dropout,
  elu,
  equal,
  erf,
  exp,
  expm1,
  fill,
  gelu,
  geluGrad,
  geluTanh,
  geluTanhGrad,
  greater,
  greaterEqual,
  greaterThan,
  hardTanh,
  leakyRelu,
  linear,
  linearConv2d,
  log,
  log1p,
  logSoftmax,
  logSoftmaxGrad,
  logSumExp,
  matmul,
  max,
  maxPool2d,
  maxPool2dGrad,
  maximum,
  mean,
  min,
  minimum,
  mish,
  mishGrad,
  multiply,
  negate,
  normalize,
  normalizeGrad,
  normalNoise,
  notEqual,
  oneHot,
  pad,
  parameter,
  power,
  reciprocal,
  reciprocalSquareRoot,
  relu,
  reluGrad,
  report,
  reshape,
  scatterAdd,
  select,
  sigmoid,
  sigmoidGrad,
  sign,
  silu,
  siluGrad,
  sin,
  slice,
  softmax,
  softmaxGrad,
  softplus,
  source,
  sparseProduct,
  sparseProductGrad,
  sparseSource,
  square,
  squareRoot,
  squaredError,
  squaredErrorGrad,
  stopGradient,
  subtract,
  sum,
  take,
  tanh,
  tanhGrad,
  transpose,
  uniformNoise,
};

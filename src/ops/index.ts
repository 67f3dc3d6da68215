/** The table of ops: the parity test holds each against the opcodes, the reference and the cases. */
import { gelu, geluGrad, geluTanh, geluTanhGrad, mish, mishGrad, silu, siluGrad } from "./activation.js";
import { affine, negate } from "./affine.js";
import { batchMatmul } from "./batchMatmul.js";
import {
  add,
  divide,
  equal,
  greater,
  greaterEqual,
  maximum,
  minimum,
  multiply,
  notEqual,
  subtract,
} from "./binary.js";
import { concat } from "./concat.js";
import { ctcAlpha, ctcGrad, ctcLoss } from "./ctc.js";
import { cumulativeSum } from "./cumulativeSum.js";
import { customGradient } from "./customGradient.js";
import { dropout } from "./dropout.js";
import { fill } from "./fill.js";
import { oneHot, scatterAdd, take } from "./indexing.js";
import { logSumExp } from "./logSumExp.js";
import {
  binaryCrossEntropy,
  binaryCrossEntropyGrad,
  crossEntropy,
  crossEntropyGrad,
  crossEntropyOneHot,
  crossEntropyOneHotGrad,
  squaredError,
  squaredErrorGrad,
} from "./loss.js";
import { linear, matmul } from "./matmul.js";
import { argMax, max, min } from "./maximum.js";
import { normalNoise, uniformNoise } from "./noise.js";
import { normalize, normalizeGrad } from "./normalize.js";
import { clip, elu, hardTanh, leakyRelu } from "./piecewise.js";
import { power } from "./power.js";
import { report } from "./report.js";
import { reshape } from "./reshape.js";
import { select } from "./select.js";
import { pad, slice } from "./slice.js";
import { logSoftmax, logSoftmaxGrad, softmax, softmaxGrad } from "./softmax.js";
import { constant, parameter, source } from "./source.js";
import { stopGradient } from "./stopGradient.js";
import { broadcastTo, mean, sum } from "./sum.js";
import { cos, erf, expm1, log1p, sin, softplus } from "./transcendental.js";
import { transpose } from "./transpose.js";
import {
  abs,
  copy,
  exp,
  greaterThan,
  log,
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
} from "./unary.js";

export const ops = {
  abs,
  add,
  affine,
  argMax,
  batchMatmul,
  binaryCrossEntropy,
  binaryCrossEntropyGrad,
  broadcastTo,
  clip,
  concat,
  constant,
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
  log,
  log1p,
  logSoftmax,
  logSoftmaxGrad,
  logSumExp,
  matmul,
  max,
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

/** The table of ops: the parity test holds each against the opcodes, the reference and the cases. */
import { affine, negate } from "./affine.js";
import { batchMatmul } from "./batchMatmul.js";
import { add, divide, equal, maximum, minimum, multiply, subtract } from "./binary.js";
import { concat } from "./concat.js";
import { cumulativeSum } from "./cumulativeSum.js";
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
import { report } from "./report.js";
import { reshape } from "./reshape.js";
import { pad, slice } from "./slice.js";
import { logSoftmax, logSoftmaxGrad, softmax, softmaxGrad } from "./softmax.js";
import { parameter, source } from "./source.js";
import { broadcastTo, mean, sum } from "./sum.js";
import { transpose } from "./transpose.js";
import {
  abs,
  copy,
  exp,
  greaterThan,
  log,
  reciprocal,
  relu,
  reluGrad,
  sigmoid,
  sigmoidGrad,
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
  concat,
  copy,
  crossEntropy,
  crossEntropyGrad,
  crossEntropyOneHot,
  crossEntropyOneHotGrad,
  cumulativeSum,
  divide,
  dropout,
  equal,
  exp,
  fill,
  greaterThan,
  linear,
  log,
  logSoftmax,
  logSoftmaxGrad,
  logSumExp,
  matmul,
  max,
  maximum,
  mean,
  min,
  minimum,
  multiply,
  negate,
  oneHot,
  pad,
  parameter,
  reciprocal,
  relu,
  reluGrad,
  report,
  reshape,
  scatterAdd,
  sigmoid,
  sigmoidGrad,
  slice,
  softmax,
  softmaxGrad,
  source,
  square,
  squareRoot,
  squaredError,
  squaredErrorGrad,
  subtract,
  sum,
  take,
  tanh,
  tanhGrad,
  transpose,
};

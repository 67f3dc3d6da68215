/** All that networks and trainings are made of, by name: imported when a file has what its reader was not given. */
import * as activations from "../../layers/activation/activationOptions.js";
import { activation } from "../../layers/activation/activations.js";
import { prelu } from "../../layers/activation/prelu.js";
import * as convolutions from "../../layers/convolution/conv.js";
import { depthwiseConv2d, separableConv2d } from "../../layers/convolution/depthwise.js";
import * as globals from "../../layers/convolution/global.js";
import * as pooling from "../../layers/convolution/pooling.js";
import { crop2d, upsample2d, zeroPad2d } from "../../layers/convolution/resizing.js";
import { conv1dTranspose, conv2dTranspose } from "../../layers/convolution/transposed.js";
import { dense } from "../../layers/dense/dense.js";
import { geGlu, glu, swiGlu } from "../../layers/dense/gated.js";
import { maxout } from "../../layers/dense/maxout.js";
import * as merging from "../../layers/merging/merging.js";
import { dropout } from "../../layers/noise/dropout.js";
import { alphaDropout, gaussianDropout, gaussianNoise, spatialDropout } from "../../layers/noise/noise.js";
import { batchNorm } from "../../layers/normalization/batchNorm.js";
import { groupNorm, instanceNorm } from "../../layers/normalization/groupNorm.js";
import { layerNorm, rmsNorm } from "../../layers/normalization/layerNorm.js";
import { maxNorm, minMaxNorm, nonNegative, unitNorm } from "../../layers/parameters/constraints.js";
import * as initializers from "../../layers/parameters/initializerOptions.js";
import { flatten, rescale } from "../../layers/shape/reshaping.js";
import { sparseInput } from "../../layers/sparseInput.js";
import { binaryCrossEntropy, crossEntropy } from "../../losses/crossEntropy.js";
import { RARE as rareLosses } from "../../losses/rare.js";
import { meanSquaredError } from "../../losses/squaredError.js";
import * as metrics from "../../metrics/engine/classification.js";
import { adam } from "../../optimizers/adam.js";
import { exponentialMovingAverage } from "../../optimizers/exponentialMovingAverage.js";
import { lookahead } from "../../optimizers/lookahead.js";
import { RARE as rareOptimizers } from "../../optimizers/rare.js";
import { sgd } from "../../optimizers/sgd.js";
import { cosineDecay, cosineDecayRestarts } from "../../schedules/cosine.js";
import { exponentialDecay, inverseSquareRoot, inverseTimeDecay } from "../../schedules/exponential.js";
import { oneCycle } from "../../schedules/oneCycle.js";
import * as piecewise from "../../schedules/piecewise.js";
import { linearDecay, polynomialDecay } from "../../schedules/polynomial.js";
import { warmup } from "../../schedules/warmup.js";
import type { Parts } from "./parts.js";

const { celu, elu, gelu, hardTanh, leakyRelu, logSoftmax, softmax } = activations;
const { conv1d, conv2d } = convolutions;
const { globalAveragePool1d, globalAveragePool2d, globalMaxPool1d, globalMaxPool2d } = globals;
const { adaptiveAveragePool2d, averagePool1d, averagePool2d, maxPool1d, maxPool2d } = pooling;
const { add, average, concatenate, maximum, minimum, multiply, subtract } = merging;
const { constant, identity, normal, orthogonal, truncatedNormal, uniform, varianceScaling } = initializers;
const {
  balancedAccuracy,
  binaryAccuracy,
  cohenKappa,
  f1,
  fBeta,
  matthews,
  precision,
  recall,
  specificity,
  topKAccuracy,
} = metrics;
const { constantRate, multiStepDecay, piecewiseConstantDecay, stepDecay } = piecewise;

export const everything = {
  layers: {
    ...{ dense, maxout, glu, swiGlu, geGlu, activation, prelu, flatten, rescale, sparseInput },
    ...{ conv1d, conv2d, conv1dTranspose, conv2dTranspose, depthwiseConv2d, separableConv2d },
    ...{ maxPool1d, maxPool2d, averagePool1d, averagePool2d, adaptiveAveragePool2d },
    ...{ globalAveragePool1d, globalAveragePool2d, globalMaxPool1d, globalMaxPool2d },
    ...{ zeroPad2d, crop2d, upsample2d },
    ...{ dropout, alphaDropout, spatialDropout, gaussianNoise, gaussianDropout },
    ...{ batchNorm, layerNorm, rmsNorm, groupNorm, instanceNorm },
    ...{ add, subtract, multiply, maximum, minimum, average, concatenate },
  },
  activations: { leakyRelu, elu, celu, gelu, hardTanh, softmax, logSoftmax },
  initializers: { constant, identity, normal, orthogonal, truncatedNormal, uniform, varianceScaling },
  constraints: { maxNorm, minMaxNorm, nonNegative, unitNorm },
  losses: { ...rareLosses, meanSquaredError, crossEntropy, binaryCrossEntropy },
  metrics: {
    binaryAccuracy,
    topKAccuracy,
    precision,
    recall,
    specificity,
    f1,
    fBeta,
    balancedAccuracy,
    matthews,
    cohenKappa,
  },
  optimizers: { ...rareOptimizers, sgd, adam, lookahead, exponentialMovingAverage },
  schedules: {
    ...{ constantRate, warmup, cosineDecay, cosineDecayRestarts, exponentialDecay, inverseTimeDecay },
    ...{
      inverseSquareRoot,
      stepDecay,
      multiStepDecay,
      piecewiseConstantDecay,
      polynomialDecay,
      linearDecay,
      oneCycle,
    },
  },
} satisfies Required<Parts>;

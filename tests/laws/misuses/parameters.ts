/** Options of activations, initializers, regularizers and constraints. */
import {
  celu,
  compile,
  constant,
  dense,
  elu,
  gelu,
  hardTanh,
  identity,
  input,
  l1,
  l1l2,
  l2,
  leakyRelu,
  logSoftmax,
  maxNorm,
  minMaxNorm,
  normal,
  orthogonal,
  sequential,
  softmax,
  truncatedNormal,
  uniform,
  varianceScaling,
} from "../../../src/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { value } from "./subjects.js";

const activations: Misuses = {
  ...ofOptions("leakyRelu", leakyRelu, { slope: NOT.finite }),
  ...ofOptions("elu", elu, { alpha: NOT.finite }),
  ...ofOptions("celu", celu, { alpha: [0, -1, ...NOT.finite] }),
  ...ofOptions("gelu", gelu, { approximate: NOT.boolean }),
  ...ofOptions("hardTanh", hardTanh, { low: NOT.finite, high: NOT.finite }),
  "hardTanh: ends that are exchanged": () => hardTanh({ low: 1, high: -1 }),
  "hardTanh: ends that are equal": () => hardTanh({ low: 1 }),
  "leakyRelu: negativeSlope, as Keras has it": () => leakyRelu(wrong({ negativeSlope: 0.3 })),
  "elu: applied to a value": () => elu(wrong(value(2))),
};

for (const [kind, make] of Object.entries({ softmax, logSoftmax })) {
  Object.assign(activations, {
    ...ofOptions(kind, make, { axis: [0.5, Number.NaN, "1", null] }),
    [`${kind}: applied to a value`]: () => make(wrong(value(2))),
    [`${kind}: an axis that there is not`]: () =>
      compile(sequential(input(3), dense(2, { activation: make({ axis: 2 }) }))),
  });
}

const RANGE = { low: NOT.finite, high: NOT.finite };
const DISTRIBUTION = { mean: NOT.finite, deviation: NOT.notNegative };

const initializers: Misuses = {
  ...ofOptions("orthogonal", orthogonal, { gain: NOT.finite }),
  ...ofOptions("identity", identity, { gain: NOT.finite }),
  ...eachOf("constant: value", [undefined, ...NOT.finite], constant),
  ...ofOptions("uniform", uniform, RANGE),
  "uniform: ends that are exchanged": () => uniform({ low: 1, high: 0 }),
  ...ofOptions("normal", normal, DISTRIBUTION),
  ...ofOptions("truncatedNormal", truncatedNormal, DISTRIBUTION),
  "normal: stddev, as Keras has it": () => normal(wrong({ stddev: 0.1 })),
  ...ofOptions("varianceScaling", varianceScaling, {
    scale: NOT.positive,
    mode: ["fan_in", "fanin", ...NOT.name],
    distribution: ["gaussian", "untruncated_normal", ...NOT.name],
  }),
};

const penalties: Misuses = {
  ...eachOf("l1: rate", NOT.notNegative, l1),
  ...eachOf("l2: rate", NOT.notNegative, l2),
  ...ofOptions("l1l2", l1l2, { l1: NOT.notNegative, l2: NOT.notNegative }),
  ...eachOf("maxNorm: limit", NOT.positive, maxNorm),
  ...ofOptions("minMaxNorm", minMaxNorm, { min: NOT.notNegative, max: NOT.positive }),
  "minMaxNorm: more at least than at most": () => minMaxNorm({ min: 2, max: 1 }),
  "dense: a constraint that was not called": () => dense(2, { kernelConstraint: wrong(maxNorm) }),
  "dense: a regularizer that was not called": () => dense(2, { kernelRegularizer: wrong(l2) }),
  "dense: an initializer that was not called": () => dense(2, { kernelInitializer: wrong(normal) }),
  "dense: the rates of a regularizer": () => dense(2, { kernelRegularizer: wrong({ l3: 1 }) }),
  "dense: a rate of a regularizer below 0": () => dense(2, { kernelRegularizer: { l1: 0, l2: -1 } }),
};

export const parameters: Misuses = { ...activations, ...initializers, ...penalties };

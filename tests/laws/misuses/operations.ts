/** `wasmgrad/ops`: values of numbers, reductions, products, indices, norms and random numbers. */
import * as ops from "../../../src/ops/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { onRows, value } from "./subjects.js";

type Unary = (x: never) => unknown;
type Binary = (a: never, b: never) => unknown;
const STRANGERS = [undefined, null, "x", [1, 2]];

const UNARY: Readonly<Record<string, Unary>> = {
  abs: ops.abs,
  cos: ops.cos,
  erf: ops.erf,
  exp: ops.exp,
  expm1: ops.expm1,
  geluTanh: ops.geluTanh,
  hardSigmoid: ops.hardSigmoid,
  hardSwish: ops.hardSwish,
  log: ops.log,
  log1p: ops.log1p,
  mish: ops.mish,
  negate: ops.negate,
  reciprocal: ops.reciprocal,
  relu: ops.relu,
  relu6: ops.relu6,
  rsqrt: ops.rsqrt,
  selu: ops.selu,
  sigmoid: ops.sigmoid,
  sign: ops.sign,
  silu: ops.silu,
  sin: ops.sin,
  softplus: ops.softplus,
  softsign: ops.softsign,
  sqrt: ops.sqrt,
  square: ops.square,
  stopGradient: ops.stopGradient,
  swish: ops.swish,
  tanh: ops.tanh,
};
const BINARY: Readonly<Record<string, Binary>> = {
  add: ops.add,
  divide: ops.divide,
  equal: ops.equal,
  greater: ops.greater,
  greaterEqual: ops.greaterEqual,
  less: ops.less,
  lessEqual: ops.lessEqual,
  maximum: ops.maximum,
  minimum: ops.minimum,
  multiply: ops.multiply,
  notEqual: ops.notEqual,
  power: ops.power,
  subtract: ops.subtract,
};

const x = () => value(2, 3);

const elementwise: Misuses = Object.assign(
  {},
  ...Object.entries(UNARY).map(([name, op]) => eachOf(name, STRANGERS.slice(2), op)),
  ...Object.entries(BINARY).map(([name, op]) => ({
    ...eachOf(`${name}: the first`, ["x", null], (a) => op(a, wrong(1))),
    ...eachOf(`${name}: the second`, [[1], undefined], (b) => op(wrong(1), b)),
    [`${name}: other shapes`]: () => op(wrong(value(3, 4)), wrong(value(3, 5))),
  })),
  {
    ...eachOf("exp", STRANGERS, ops.exp),
    "where: other shapes": () => ops.where(1, value(3, 4), value(3, 5)),
    "where: another condition": () => ops.where(value(2), value(3), 0),
    ...eachOf("where: a condition", [true, undefined], (condition) => ops.where(condition, 1, 2)),
    "add: rows and other rows": () => onRows([3], (h) => ops.add(h, ops.constant([[1], [2]]))),
    ...eachOf("clip: low", [Number.NaN, "0", null, undefined], (low) => ops.clip(1, low, 1)),
    ...eachOf("clip: high", [Number.NaN, "1", x()], (high) => ops.clip(1, 0, high)),
    "clip: ends that are exchanged": () => ops.clip(1, 2, 1),
    ...eachOf("clip: a value", ["x", null], (one) => ops.clip(one, 0, 1)),
  },
);

const activations: Misuses = {
  ...ofOptions("leakyRelu", (options) => ops.leakyRelu(1, options), { slope: NOT.finite }),
  ...ofOptions("elu", (options) => ops.elu(1, options), { alpha: NOT.finite }),
  ...ofOptions("celu", (options) => ops.celu(1, options), { alpha: [0, ...NOT.finite] }),
  ...ofOptions("gelu", (options) => ops.gelu(1, options), { approximate: NOT.boolean }),
  ...ofOptions("hardTanh", (options) => ops.hardTanh(1, options), { low: NOT.finite, high: NOT.finite }),
  "hardTanh: ends that are exchanged": () => ops.hardTanh(1, { low: 2, high: 1 }),
  ...ofOptions("softmax", (options) => ops.softmax(x(), options), { axis: [2, 0.5, "1"] }),
  "softmax: a scalar": () => ops.softmax(1),
  ...ofOptions("logSoftmax", (options) => ops.logSoftmax(x(), options), { axis: [2, -3] }),
  "logSoftmax: a scalar": () => ops.logSoftmax(1),
  ...eachOf("softmax: a value", STRANGERS, (one) => ops.softmax(one)),
  ...eachOf("glu", [...STRANGERS, 1, value(2, 3)], ops.glu),
  ...eachOf("swiGlu", ["x", value(3)], ops.swiGlu),
  ...eachOf("geGlu", ["x", value(3)], ops.geGlu),
  ...ofOptions("maxout", (options) => ops.maxout(value(2, 4), options), { pieces: [3, ...NOT.count] }),
  "maxout: a scalar": () => ops.maxout(1),
  "prelu: a slope of another shape": () => ops.prelu(x(), value(2)),
  "prelu: a slope of more axes": () => ops.prelu(value(3), value(2, 3)),
  ...eachOf("prelu: a slope", ["x", null], (slope) => ops.prelu(x(), slope)),
};

const AXIS = [2, -3, 0.5, "0", null, {}, [0, -2], [0, 2]];
const { sum, mean, max, min, logSumExp } = ops;

const reductions: Misuses = Object.assign(
  {},
  ...Object.entries({ sum, mean, max, min, logSumExp }).map(([name, op]) => ({
    ...ofOptions(name, (options) => op(x(), options), { axis: AXIS, keepDims: NOT.boolean }),
    ...eachOf(name, STRANGERS.slice(2), (one) => op(one)),
  })),
  {
    ...ofOptions("variance", (options) => ops.variance(x(), options), {
      axis: [2],
      keepDims: NOT.boolean,
      correction: NOT.notNegative,
    }),
    ...ofOptions("argMax", (options) => ops.argMax(x(), options), { axis: [2, 0.5, "0", [0]] }),
    ...ofOptions("argMin", (options) => ops.argMin(x(), options), { axis: [-3] }),
    "argMax: nothing": () => ops.argMax(value(2, 0)),
    "argMin: a scalar": () => ops.argMin(2),
    ...ofOptions("cumulativeSum", (options) => ops.cumulativeSum(x(), options), {
      axis: [2, "0"],
      reverse: NOT.boolean,
      exclusive: NOT.boolean,
    }),
    "cumulativeSum: a scalar": () => ops.cumulativeSum(1),
  },
);

const products: Misuses = {
  ...ofOptions("matmul", (options) => ops.matmul(value(2, 2), value(2, 2), options), {
    transposeA: NOT.boolean,
    transposeB: NOT.boolean,
  }),
  ...eachOf("matmul: the first", ["x", null, 1], (a) => ops.matmul(a, x())),
  "matmul: sizes that do not fit": () => ops.matmul(value(2, 3), value(4, 5)),
  "matmul: transposed on the right": () => ops.matmul(value(7, 2, 3), value(7, 2, 5), { transposeB: true }),
  "matmul: transposed on both sides": () =>
    ops.matmul(value(2, 3), value(4, 5), { transposeA: true, transposeB: true }),
  "matmul: leading axes": () => ops.matmul(value(2, 4, 3), value(5, 3, 4)),
  "matmul: vectors of other sizes": () => ops.matmul(value(3), value(4)),
  "matmul: rows with rows": () => onRows([3], (h) => ops.matmul(h, ops.transpose(h))),
  "matmul: rows with others": () => onRows([3], (h) => ops.matmul(h, value(4, 3), { transposeA: true })),
  ...ofOptions("cosineSimilarity", (options) => ops.cosineSimilarity(x(), x(), options), {
    axis: [2, "0"],
    epsilon: [0, -1, "1", null],
  }),
  "cosineSimilarity: two scalars": () => ops.cosineSimilarity(1, 2),
  "cosineSimilarity: other shapes": () => ops.cosineSimilarity(x(), value(2, 4)),
  ...ofOptions("pairwiseDistance", (options) => ops.pairwiseDistance(x(), x(), options), {
    axis: [2],
    p: [0.5, "1", null],
    epsilon: [-1, "1", null],
  }),
  "pairwiseDistance: two scalars": () => ops.pairwiseDistance(1, 2),
  ...eachOf("pairwiseDistance: the first", ["x", null], (a) => ops.pairwiseDistance(a, x())),
};

const indices: Misuses = {
  ...ofOptions("gather", (options) => ops.gather(x(), 0, options), { axis: [2, "0"] }),
  "gather: a scalar": () => ops.gather(1, 0),
  ...eachOf("gather: indices", [[0], "0", null], (at) => ops.gather(x(), at)),
  "gather: rows by rows": () => onRows([3], (h) => ops.gather(h, ops.argMax(h), { axis: 1 })),
  ...eachOf("oneHot: depth", [undefined, ...NOT.count], (depth) => ops.oneHot(value(2), depth)),
  ...eachOf("oneHot: indices", [[0], "0"], (at) => ops.oneHot(at, 3)),
};

const EPSILON = { epsilon: NOT.positive };
const norms: Misuses = {
  ...ofOptions("layerNorm", (options) => ops.layerNorm(x(), options), { axis: [2, [1, 1], "1"], ...EPSILON }),
  ...ofOptions("rmsNorm", (options) => ops.rmsNorm(x(), options), { axis: [2], ...EPSILON }),
  ...ofOptions("batchNorm", (options) => ops.batchNorm(x(), options), { axis: [2], ...EPSILON }),
  ...ofOptions("groupNorm", (options) => ops.groupNorm(value(2, 4), 2, options), EPSILON),
  ...eachOf("groupNorm: groups", [3, ...NOT.count], (groups) => ops.groupNorm(value(2, 4), groups)),
  ...ofOptions("instanceNorm", (options) => ops.instanceNorm(value(2, 3, 4), options), EPSILON),
  "instanceNorm: no positions": () => ops.instanceNorm(x()),
  "layerNorm: a scalar": () => ops.layerNorm(1),
  "rmsNorm: a scalar": () => ops.rmsNorm(1),
  "batchNorm: a scalar": () => ops.batchNorm(1),
  "groupNorm: a scalar": () => ops.groupNorm(1, 1),
};

const SHAPE = [undefined, 3, "2", [2.5], [-2], ["2"], [-1, 3, -1]];
const random: Misuses = {
  ...eachOf("dropout: rate", [undefined, ...NOT.share], (rate) => ops.dropout(1, rate)),
  ...eachOf("randomNormal: shape", SHAPE, (shape) => ops.randomNormal(shape)),
  ...ofOptions("randomNormal", (options) => ops.randomNormal([2], options), {
    mean: NOT.finite,
    deviation: NOT.notNegative,
  }),
  ...eachOf("randomUniform: shape", SHAPE, (shape) => ops.randomUniform(shape)),
  ...ofOptions("randomUniform", (options) => ops.randomUniform([2], options), {
    low: NOT.finite,
    high: NOT.finite,
  }),
  "randomUniform: ends that are exchanged": () => ops.randomUniform([2], { low: 2 }),
};

const constants: Misuses = {
  ...eachOf(
    "constant",
    [undefined, null, "12", {}, [1, "2"], [[1, 2], [3]], [[1, 2], 3], [1, [2]]],
    (numbers) => ops.constant(numbers),
  ),
  ...eachOf("constant: shape", [2, "2", [3], [-1], [1.5], null], (shape) => ops.constant([1, 2], shape)),
  ...eachOf("customGradient: forward", NOT.function, (forward) =>
    ops.customGradient(
      forward,
      wrong(() => []),
    ),
  ),
  ...eachOf("customGradient: gradient", [undefined, ...NOT.function], (rule) =>
    ops.customGradient((a) => a, rule),
  ),
  ...eachOf("customGradient: forward returns", [undefined, 3, []], (result) =>
    ops.customGradient(
      (_: ops.Value) => result as ops.Value,
      (_, __, dy) => [dy],
    )(x()),
  ),
  "customGradient: called on text": () =>
    ops.customGradient(
      (a) => a,
      (_, __, dy) => [dy],
    )(wrong("a")),
};

export const operations: Misuses = {
  ...elementwise,
  ...activations,
  ...reductions,
  ...products,
  ...indices,
  ...norms,
  ...random,
  ...constants,
};

/** What is configured carries its options, settled: plain data, of which its function makes its equal. */
import { describe, expect, it } from "vitest";
import * as data from "../../src/data/index.js";
import * as wasmgrad from "../../src/index.js";
import { everything } from "../../src/io/network/everything.js";
import { SINGULAR, type Singular } from "../../src/io/network/parts.js";
import { Registry } from "../../src/io/network/registry.js";
import { decode, encode } from "../../src/io/network/values.js";

interface Configured {
  readonly given?: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

type Make = (...given: never[]) => Configured;

/** What each function needs; all that are not here are made without arguments. */
const needed: Readonly<Record<string, readonly unknown[]>> = {
  dense: [3],
  maxout: [3],
  conv1d: [3, 2],
  conv2d: [3, [2, 1]],
  conv1dTranspose: [3, 2],
  conv2dTranspose: [3, 2],
  depthwiseConv2d: [3],
  separableConv2d: [3, 2],
  adaptiveAveragePool2d: [[2, 3]],
  crop2d: [[1, [0, 2]]],
  activation: ["relu"],
  dropout: [0.5],
  alphaDropout: [0.5],
  spatialDropout: [0.5],
  gaussianNoise: [0.5],
  gaussianDropout: [0.5],
  rescale: [2],
  constant: [0.5],
  lookahead: ["adam"],
  exponentialMovingAverage: ["sgd"],
  constantRate: [0.1],
  warmup: [0.1, { steps: 3 }],
  cosineDecay: [{ initialLearningRate: 0.1, decaySteps: 9 }],
  cosineDecayRestarts: [{ initialLearningRate: 0.1, firstDecaySteps: 9 }],
  exponentialDecay: [{ initialLearningRate: 0.1, decayRate: 0.5 }],
  inverseTimeDecay: [{ initialLearningRate: 0.1, decayRate: 0.5 }],
  inverseSquareRoot: [{ initialLearningRate: 0.1 }],
  stepDecay: [{ initialLearningRate: 0.1, decaySteps: 9 }],
  multiStepDecay: [{ initialLearningRate: 0.1, milestones: [3, 6] }],
  piecewiseConstantDecay: [{ boundaries: [3], values: [0.1, 0.01] }],
  polynomialDecay: [{ initialLearningRate: 0.1, decaySteps: 9 }],
  linearDecay: [{ initialLearningRate: 0.1, decaySteps: 9 }],
  oneCycle: [{ maxLearningRate: 0.1, totalSteps: 9 }],
  hashingEncoder: [{ size: 8 }],
};

const KINDS = {
  layers:
    "dense maxout activation prelu dropout alphaDropout spatialDropout gaussianNoise gaussianDropout rescale flatten " +
    "batchNorm layerNorm rmsNorm groupNorm instanceNorm glu swiGlu geGlu add subtract multiply maximum minimum average " +
    "concatenate conv1d conv2d conv1dTranspose conv2dTranspose depthwiseConv2d separableConv2d maxPool1d maxPool2d " +
    "averagePool1d averagePool2d adaptiveAveragePool2d globalAveragePool1d globalAveragePool2d globalMaxPool1d " +
    "globalMaxPool2d zeroPad2d crop2d upsample2d",
  activations: "leakyRelu elu celu gelu hardTanh softmax logSoftmax",
  initializers: "orthogonal identity constant uniform normal truncatedNormal varianceScaling",
  constraints: "maxNorm minMaxNorm nonNegative unitNorm",
  losses:
    "meanSquaredError sumOfSquares meanAbsoluteError huber smoothL1 logCosh quantile crossEntropy binaryCrossEntropy " +
    "focal binaryFocal hinge squaredHinge categoricalHinge klDivergence poisson gaussianNegativeLogLikelihood " +
    "cosineSimilarity contrastive triplet ctc",
  metrics:
    "binaryAccuracy topKAccuracy precision recall specificity f1 fBeta balancedAccuracy matthews cohenKappa",
  optimizers:
    "sgd adagrad rmsprop adadelta adam adamW adamax nadam radam lion lbfgs lookahead exponentialMovingAverage",
  schedules:
    "constantRate warmup cosineDecay cosineDecayRestarts exponentialDecay inverseTimeDecay inverseSquareRoot stepDecay " +
    "multiStepDecay piecewiseConstantDecay polynomialDecay linearDecay oneCycle",
  encoders:
    "standardScaler minMaxScaler robustScaler booleanEncoder dateEncoder oneHotEncoder ordinalEncoder " +
    "hashingEncoder countEncoder tfIdfEncoder labelEncoder",
};

const exported = { ...wasmgrad, ...data } as unknown as Readonly<Record<string, Make>>;
const made = Object.entries(KINDS).flatMap(([kind, names]) =>
  names.split(" ").map((name) => [kind, name, exported[name] as Make] as const),
);

const argumentsOf = (name: string) => (needed[name] ?? []) as never[];
const again = ({ given = [], options }: Configured) =>
  JSON.parse(JSON.stringify(Object.keys(options).length > 0 ? [...given, options] : given)) as never[];

/** What of it is plain data: of an encoder what it says itself, as some can be read only when it has learned. */
const dataOf = (configured: Configured): unknown =>
  JSON.parse(JSON.stringify("toJSON" in configured ? configured : { ...configured, definition: undefined }));

describe.each(made)("of %s, %s", (_, name, make) => {
  it("carries its options, of which the same is made", () => {
    const first = make(...argumentsOf(name));
    expect(first.options).toBeTypeOf("object");
    const second = make(...again(first));
    expect(second.options).toStrictEqual(first.options);
    expect(second.given).toStrictEqual(first.given);
    expect(dataOf(second)).toStrictEqual(dataOf(first));
  });
});

/** Names of the exports that make a T; of a function of the user's there is none to save. */
type MakersOf<T> = Exclude<
  {
    [K in keyof typeof wasmgrad]: (typeof wasmgrad)[K] extends (...options: never[]) => T ? K : never;
  }[keyof typeof wasmgrad],
  `custom${string}`
>;
type Made<T> = { readonly [K in MakersOf<T>]: unknown };

/** An export that a file could not name does not compile. */
const savable: {
  readonly layers: Made<wasmgrad.Layer>;
  readonly activations: Made<wasmgrad.Activation>;
  readonly initializers: Made<wasmgrad.Initializer>;
  readonly constraints: Made<wasmgrad.ConfiguredConstraint>;
  readonly losses: Made<wasmgrad.Loss>;
  readonly metrics: Made<wasmgrad.Metric>;
  readonly optimizers: Made<wasmgrad.Optimizer>;
  readonly schedules: Made<wasmgrad.Schedule>;
} = everything;

describe.each(Object.entries(savable))("what files may have as %s", (family, makers) => {
  const registry = new Registry("load(bytes, …)", [{}, everything], true);
  const [is] = Object.entries(SINGULAR).find(([, plural]) => plural === family) ?? [];

  it("is what is exported, and nothing else", () => {
    // What makes an input gives its node, and no layer.
    const names = Object.keys(makers).filter((name) => name !== "sparseInput");
    expect(names.sort()).toEqual(KINDS[family as keyof typeof KINDS].split(" ").sort());
  });

  it.each(is === undefined ? [] : Object.keys(makers))("is %s, which comes back as it was", (name) => {
    const first = (makers as Readonly<Record<string, Make>>)[name]!(...argumentsOf(name));
    const saved = JSON.parse(JSON.stringify(encode(name, first)));
    const second = decode(registry, name, saved, is as Singular) as Configured;
    expect(saved[is as string]).toBe(name);
    expect(Object.keys(second)).toEqual(Object.keys(first));
    expect(dataOf(second)).toEqual(dataOf(first));
    expect(encode(name, second)).toEqual(saved);
  });
});

describe("options", () => {
  it("have all defaults filled in", () => {
    expect(wasmgrad.adam().options).toStrictEqual({
      learningRate: 0.001,
      weightDecay: 0,
      groups: {},
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      decoupled: false,
      amsgrad: false,
    });
    expect(wasmgrad.dense(2, "relu").options).toStrictEqual({
      activation: "relu",
      useBias: true,
      kernelInitializer: "heUniform",
      biasInitializer: "zeros",
      trainable: true,
    });
    expect(wasmgrad.crossEntropy({ classWeights: Float32Array.of(1, 2) }).options).toStrictEqual({
      labelSmoothing: 0,
      classWeights: [1, 2],
      reduction: "mean",
    });
    expect(wasmgrad.topKAccuracy({ name: "top" }).options).toStrictEqual({ k: 5, name: "top" });
  });

  it("of layers have the activation by its name, given as a function too", async () => {
    const { relu } = await import("../../src/ops/index.js");
    expect(wasmgrad.dense(2, relu).options.activation).toBe("relu");
  });

  it("of regularizers are the regularizer itself", () => {
    expect(wasmgrad.l1l2(JSON.parse(JSON.stringify(wasmgrad.l2(0.5))))).toStrictEqual(wasmgrad.l2(0.5));
  });

  it("that hold what is configured hold its options in turn", () => {
    const { kernelConstraint } = wasmgrad.dense(2, { kernelConstraint: wasmgrad.maxNorm(3) }).options;
    expect(kernelConstraint).toMatchObject({ name: "maxNorm", given: [3] });
  });
});

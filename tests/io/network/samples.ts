/** What functions that make parts are called with here: other options than their defaults, where there are some. */
type Given = readonly unknown[];

export const samples: Readonly<Record<string, Readonly<Record<string, Given>>>> = {
  layers: {
    dense: [3, { activation: "gelu", kernelInitializer: "orthogonal", biasRegularizer: "l2" }],
    maxout: [3, { pieces: 3 }],
    conv1d: [3, 2, { padding: "causal", dilationRate: 2 }],
    conv2d: [3, [2, 1], { strides: [1, 2], padding: "same", groups: 1 }],
    conv1dTranspose: [3, 2, { strides: 2, outputPadding: 1 }],
    conv2dTranspose: [3, 2, { strides: 2, padding: 1 }],
    depthwiseConv2d: [2, { depthMultiplier: 2, activation: "tanh" }],
    separableConv2d: [3, 2, { depthwiseInitializer: "heNormal" }],
    maxPool1d: [3, { strides: 1 }],
    adaptiveAveragePool2d: [[2, 3]],
    globalMaxPool2d: [{ keepAxes: true }],
    zeroPad2d: [[[0, 1], 2]],
    crop2d: [[1, [0, 2]]],
    activation: ["softmax"],
    prelu: [{ slopes: "element", initializer: 0.5 }],
    dropout: [0.5],
    alphaDropout: [0.5],
    spatialDropout: [0.5],
    gaussianNoise: [0.5],
    gaussianDropout: [0.5],
    rescale: [2, { offset: 1 }],
    sparseInput: [6],
    batchNorm: [{ momentum: 0.5, epsilon: 0.001 }],
    layerNorm: [{ center: false }],
    groupNorm: [{ groups: 2 }],
    instanceNorm: [{ scale: true, center: true }],
  },
  activations: { leakyRelu: [{ slope: 0.25 }], elu: [{ alpha: 0.5 }], celu: [{ alpha: 2 }] },
  initializers: {
    constant: [0.5],
    uniform: [{ low: 0, high: 0.5 }],
    varianceScaling: [{ scale: 2, mode: "fanOut" }],
  },
  constraints: { maxNorm: [0.5], minMaxNorm: [{ min: 0.25, max: 0.5 }] },
  losses: {
    huber: [{ delta: 0.5 }],
    quantile: [{ quantile: 0.75 }],
    crossEntropy: [{ labelSmoothing: 0.125 }],
  },
  metrics: { topKAccuracy: [{ k: 2 }], fBeta: [{ beta: 2 }] },
  optimizers: {
    sgd: [{ momentum: 0.9, nesterov: true }],
    rmsprop: [{ momentum: 0.5, centered: true }],
    adam: [{ amsgrad: true, weightDecay: 0.01 }],
    adamW: [{ groups: { dense: { learningRateScale: 0.5 } } }],
    lookahead: ["adam"],
    exponentialMovingAverage: ["sgd"],
  },
  schedules: {
    constantRate: [0.1],
    warmup: [0.1, { steps: 2 }],
    cosineDecay: [{ initialLearningRate: 0.1, decaySteps: 9 }],
    cosineDecayRestarts: [{ initialLearningRate: 0.1, firstDecaySteps: 2 }],
    exponentialDecay: [{ initialLearningRate: 0.1, decayRate: 0.5 }],
    inverseTimeDecay: [{ initialLearningRate: 0.1, decayRate: 0.5 }],
    inverseSquareRoot: [{ initialLearningRate: 0.1 }],
    stepDecay: [{ initialLearningRate: 0.1, decaySteps: 2 }],
    multiStepDecay: [{ initialLearningRate: 0.1, milestones: [1, 3] }],
    piecewiseConstantDecay: [{ boundaries: [2], values: [0.1, 0.01] }],
    polynomialDecay: [{ initialLearningRate: 0.1, decaySteps: 9 }],
    linearDecay: [{ initialLearningRate: 0.1, decaySteps: 9 }],
    oneCycle: [{ maxLearningRate: 0.1, totalSteps: 9 }],
  },
  encoders: { hashingEncoder: [{ size: 8 }], minMaxScaler: [{ range: [-1, 1] }], oneHotEncoder: [] },
};

/** Functions of a family, each with a call that makes a part. */
export const callsOf = <T>(family: string, makers: Readonly<Record<string, unknown>>) =>
  Object.entries(makers).map(
    ([name, make]) =>
      [name, () => (make as (...given: unknown[]) => T)(...(samples[family]?.[name] ?? []))] as const,
  );

/** Optimizers, what wraps them, and schedules of the learning rate. */
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  adamW,
  constantRate,
  cosineDecay,
  cosineDecayRestarts,
  exponentialDecay,
  exponentialMovingAverage,
  inverseSquareRoot,
  inverseTimeDecay,
  lbfgs,
  linearDecay,
  lion,
  lookahead,
  multiStepDecay,
  nadam,
  oneCycle,
  piecewiseConstantDecay,
  polynomialDecay,
  radam,
  rmsprop,
  sgd,
  stepDecay,
  stepsOfEpochs,
  warmup,
} from "../../../src/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { data, regression } from "./subjects.js";

const GROUPS = [
  3,
  null,
  [],
  { last: 3 },
  { last: null },
  { last: { learningRate: 1 } },
  { last: { learningRateScale: -1 } },
  { last: { learningRateScale: "1" } },
  { last: { weightDecay: -1 } },
  { last: { weigthDecay: 1 } },
];
const COMMON = {
  learningRate: [0, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e-50, "1", null, [1], {}, true, 1n],
  weightDecay: [-1, Number.NaN, 1e39, "1", null],
  groups: GROUPS,
};
/** Of those that check them as sgd and adam do. */
const SOME = { learningRate: [0, "1"], weightDecay: [-1, "1"], groups: [3, { last: 3 }] };
const MOMENTS = { beta1: NOT.share, beta2: NOT.share, epsilon: NOT.positive };

const rules: Misuses = {
  ...ofOptions("sgd", sgd, { ...COMMON, momentum: NOT.share, nesterov: NOT.boolean }),
  "sgd: nesterov without momentum": () => sgd({ nesterov: true }),
  ...ofOptions("adagrad", adagrad, {
    ...SOME,
    learningRateDecay: NOT.notNegative,
    initialAccumulatorValue: NOT.notNegative,
    epsilon: NOT.positive,
  }),
  ...ofOptions("adadelta", adadelta, { ...SOME, rho: NOT.share, epsilon: NOT.positive }),
  ...ofOptions("rmsprop", rmsprop, {
    ...SOME,
    rho: NOT.share,
    momentum: NOT.share,
    centered: NOT.boolean,
    epsilon: NOT.positive,
  }),
  ...ofOptions("adam", adam, { ...COMMON, ...MOMENTS, decoupled: NOT.boolean, amsgrad: NOT.boolean }),
  ...ofOptions("adamW", adamW, { ...SOME, ...MOMENTS, amsgrad: NOT.boolean }),
  ...ofOptions("adamax", adamax, { ...SOME, ...MOMENTS }),
  ...ofOptions("nadam", nadam, {
    ...SOME,
    ...MOMENTS,
    momentumDecay: NOT.notNegative,
    decoupled: NOT.boolean,
  }),
  ...ofOptions("radam", radam, { ...SOME, ...MOMENTS, decoupled: NOT.boolean }),
  ...ofOptions("lion", lion, { ...SOME, beta1: NOT.share, beta2: NOT.share }),
  ...ofOptions("lbfgs", lbfgs, {
    learningRate: NOT.positive,
    weightDecay: NOT.notNegative,
    history: [0, 1.5, 1e6, "3", null],
  }),
  "adam: the names that Keras has": () => adam(wrong({ beta_1: 0.9 })),
  "adam: lr": () => adam(wrong({ lr: 0.9 })),
  "adam: eps": () => adam(wrong({ eps: 0.9 })),
  "adam: a rate instead of options": () => adam(wrong(0.01)),
};

const wrappers: Misuses = {
  ...ofOptions("lookahead", (options) => lookahead("adam", options), {
    period: NOT.count,
    share: [0, 1.5, Number.NaN, "1", null],
  }),
  ...eachOf("lookahead: an optimizer", ["adm", sgd, ...NOT.name, {}], (inner) => lookahead(inner)),
  ...ofOptions("exponentialMovingAverage", (options) => exponentialMovingAverage("adam", options), {
    decay: NOT.share,
  }),
  ...eachOf("exponentialMovingAverage: an optimizer", ["adm", sgd, ...NOT.name, {}], (inner) =>
    exponentialMovingAverage(inner),
  ),
  "exponentialMovingAverage: twice": () => exponentialMovingAverage(exponentialMovingAverage("adam")),
  "exponentialMovingAverage: behind lookahead, twice": () =>
    exponentialMovingAverage(lookahead(exponentialMovingAverage("adam"))),
};

const DECAY = { required: { initialLearningRate: 0.1, decaySteps: 10 } };
const RATES = { initialLearningRate: [0, Number.NaN, "1", null], decaySteps: [0, 1.5, "3", null] };
const STAIRS = { ...RATES, decayRate: NOT.positive, staircase: NOT.boolean };

const schedules: Misuses = {
  ...eachOf("constantRate", [undefined, ...NOT.positive], constantRate),
  ...ofOptions("stepDecay", stepDecay, { ...RATES, decayRate: NOT.positive }, DECAY),
  ...ofOptions(
    "multiStepDecay",
    multiStepDecay,
    {
      initialLearningRate: NOT.positive,
      milestones: [7, null, [3, 3], [3, 2], [-1], [1.5], ["1"]],
      decayRate: NOT.positive,
    },
    { required: { initialLearningRate: 1, milestones: [3] } },
  ),
  ...ofOptions(
    "piecewiseConstantDecay",
    piecewiseConstantDecay,
    { boundaries: [7, null, [2, 1], [-1], ["1"]], values: [7, null, [1], [1, 2, 3], [1, 0], ["1", 2]] },
    { required: { boundaries: [2], values: [1, 2] } },
  ),
  ...ofOptions("exponentialDecay", exponentialDecay, STAIRS, {
    required: { initialLearningRate: 0.1 },
    beside: { decayRate: 0.5 },
  }),
  ...ofOptions("inverseTimeDecay", inverseTimeDecay, STAIRS, {
    required: { initialLearningRate: 0.1 },
    beside: { decayRate: 0.5 },
  }),
  ...ofOptions("inverseSquareRoot", inverseSquareRoot, RATES, { required: { initialLearningRate: 0.1 } }),
  ...ofOptions("linearDecay", linearDecay, { ...RATES, endLearningRate: NOT.notNegative }, DECAY),
  ...ofOptions(
    "polynomialDecay",
    polynomialDecay,
    { ...RATES, endLearningRate: NOT.notNegative, power: NOT.positive, cycle: NOT.boolean },
    DECAY,
  ),
  ...ofOptions("cosineDecay", cosineDecay, { ...RATES, endLearningRate: NOT.notNegative }, DECAY),
  ...ofOptions(
    "cosineDecayRestarts",
    cosineDecayRestarts,
    {
      initialLearningRate: NOT.positive,
      firstDecaySteps: NOT.count,
      stepsMultiplier: [0.5, Number.NaN, "2", null],
      rateMultiplier: NOT.positive,
      endLearningRate: NOT.notNegative,
    },
    { required: { initialLearningRate: 1, firstDecaySteps: 5 } },
  ),
  ...ofOptions(
    "oneCycle",
    oneCycle,
    {
      maxLearningRate: NOT.positive,
      totalSteps: NOT.count,
      warmupShare: [1.5, -0.1, "1", null],
      divFactor: [0.5, Number.NaN, "2", null],
      finalDivFactor: [0.5, Number.NaN, "2", null],
      annealing: ["cos", ...NOT.name],
      threePhase: NOT.boolean,
    },
    { required: { maxLearningRate: 0.5, totalSteps: 50 } },
  ),
  "oneCycle: a share above a half, in three phases": () =>
    oneCycle({ maxLearningRate: 0.5, totalSteps: 50, warmupShare: 0.6, threePhase: true }),
  "cosineDecay: the rate by its name in optimizers": () =>
    cosineDecay(wrong({ learningRate: 0.1, decaySteps: 5 })),
  "oneCycle: lr": () => oneCycle(wrong({ lr: 0.1, totalSteps: 5 })),
  ...ofOptions(
    "warmup",
    (options) => warmup(0.1, options),
    { steps: NOT.count, from: [-0.1, 2, "1", null] },
    { required: { steps: 5 } },
  ),
  ...eachOf("warmup: a schedule", ["cosine", null, {}, 0, -1], (schedule) => warmup(schedule, { steps: 3 })),
  "warmup: longer than what it leads to": () =>
    warmup(cosineDecay({ initialLearningRate: 0.1, decaySteps: 10 }), { steps: 11 }),
  ...eachOf("stepsOfEpochs: epochs", NOT.count, (epochs) => stepsOfEpochs(epochs, { rows: 5 })),
  ...ofOptions(
    "stepsOfEpochs",
    (sizes) => stepsOfEpochs(3, sizes),
    { rows: NOT.count, batchSize: NOT.count },
    { required: { rows: 100 } },
  ),
};

const used: Misuses = {
  "fit: a warm-up longer than the training": async () =>
    (await regression({ optimizer: sgd({ learningRate: warmup(0.1, { steps: 100 }) }) })).fit(data),
  ...eachOf("fit: a schedule answers", [Number.NaN, -1, "0.1", undefined], async (rate) =>
    (await regression({ optimizer: sgd({ learningRate: () => rate }) })).fit(data),
  ),
  "compile: a group that nothing matches": () => regression({ optimizer: sgd({ groups: { lst: {} } }) }),
  "compile: a decay of a group that takes none": () =>
    regression({ optimizer: sgd({ groups: { "": { weightDecay: 1 } } }) }),
  "compile: groups of lbfgs": () => regression({ optimizer: { ...lbfgs(), groups: { last: {} } } }),
  "fit: lbfgs in batches": async () => (await regression({ optimizer: lbfgs() })).fit(data, { batchSize: 4 }),
  "averagedWeights: none are kept": async () => (await regression()).averagedWeights(),
  "averagedWeights: none are kept by lookahead": async () =>
    (await regression({ optimizer: lookahead("adam") })).averagedWeights(),
};

export const optimizers: Misuses = { ...rules, ...wrappers, ...schedules, ...used };

/** Callbacks: their options, what they watch, hooks that fail, and what hooks may not do. */
import {
  type Callback,
  checkpoint,
  csvLog,
  type EpochReport,
  earlyStopping,
  jsonLinesLog,
  learningRateLog,
  progressLine,
  reduceOnPlateau,
  stepBudget,
  swapAverages,
  type Training,
  timeBudget,
} from "../../../src/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { anyModel, classifier, data, labeled, pairData, pairModel, regression } from "./subjects.js";

const monitor = [3, null];
const mode = ["minimum", null];

const options: Misuses = {
  ...ofOptions("earlyStopping", earlyStopping, {
    monitor,
    mode,
    patience: NOT.index,
    minDelta: NOT.notNegative,
    restoreBestWeights: NOT.boolean,
    baseline: NOT.finite,
    startFromEpoch: NOT.index,
  }),
  "earlyStopping: min_delta, as Keras has it": () => earlyStopping(wrong({ min_delta: 0.1 })),
  ...ofOptions("reduceOnPlateau", reduceOnPlateau, {
    monitor,
    mode,
    factor: [0, 1, 2, "0.5", null],
    patience: NOT.index,
    minDelta: NOT.notNegative,
    minDeltaMode: ["rel", ...NOT.name],
    cooldown: NOT.index,
    minLearningRate: NOT.notNegative,
  }),
  "reduceOnPlateau: min_lr, as Keras has it": () => reduceOnPlateau(wrong({ min_lr: 0.1 })),
  ...ofOptions(
    "checkpoint",
    checkpoint,
    {
      monitor,
      mode,
      minDelta: NOT.notNegative,
      saveBestOnly: NOT.boolean,
      every: NOT.count,
      keep: NOT.count,
      onSave: NOT.function,
    },
    { beside: { monitor: "loss" } },
  ),
  "checkpoint: a path as a store": () => checkpoint({ store: wrong("checkpoints") }),
  "checkpoint: half a store": () => checkpoint({ store: wrong({ read() {} }) }),
  "checkpoint: a name without a store": () => checkpoint({ name: "mine" }),
  "checkpoint: a failure without a store": () => checkpoint({ onFailure: "continue" }),
  "checkpoint: two intervals": () => checkpoint({ every: wrong({ steps: 3, seconds: 3 }) }),
  "checkpoint: no steps": () => checkpoint({ every: { steps: 0 } }),
  "checkpoint: save_freq, as Keras has it": () => checkpoint(wrong({ save_freq: 3 })),
  "checkpoint: the best of nothing": () => checkpoint({ saveBestOnly: true }),
  ...ofOptions("timeBudget", timeBudget, { seconds: NOT.positive }, { required: { seconds: 1 } }),
  ...ofOptions("stepBudget", stepBudget, { steps: NOT.count }, { required: { steps: 1 } }),
  ...ofOptions("learningRateLog", learningRateLog, { per: ["batch", ...NOT.name] }),
  ...ofOptions("csvLog", csvLog, {
    write: NOT.function,
    per: ["batch", ...NOT.name],
    separator: ["", ",,", "5", ".", "e", "-", '"', "\n", 3, null],
  }),
  ...ofOptions("jsonLinesLog", jsonLinesLog, { write: NOT.function, per: ["batch", ...NOT.name] }),
  ...ofOptions("progressLine", progressLine, {
    write: NOT.function,
    width: NOT.count,
    redraw: NOT.boolean,
  }),
};

type Callbacks = readonly Callback<EpochReport>[];
const fitted = async (callbacks: unknown, more: object = {}) =>
  (await anyModel()).fit(data, { callbacks: callbacks as Callbacks, ...more });
const twice: Callback = { onSlice: () => 0 };

const lists: Misuses = {
  ...eachOf(
    "fit: a callback",
    [
      null,
      3,
      "earlyStopping",
      earlyStopping,
      {},
      { name: "idle" },
      { name: 7, onSlice: () => 0 },
      { onEpochEnds: () => 0 },
      { onBatchEnd: () => 0 },
      { name: "mine", onepochend: () => 0 },
      { onStepEnd: 5 },
      { onStepEnd: null },
    ],
    (one) => fitted([one]),
  ),
  "fit: one callback without its list": () => fitted({ onEpochEnd: () => 0 }),
  "fit: one callback twice": () => fitted([twice, { onSlice: () => 0 }, twice]),
  "fit: a callback that serves another training": async () => {
    const shared = earlyStopping({ monitor: "loss" });
    const [first, second] = [await regression(), await regression()];
    let other: Promise<unknown> | undefined;
    const begin = async () => {
      other = second.fit(data, { callbacks: [shared] });
      await other.catch(() => undefined);
    };
    await first.fit(data, { callbacks: [shared, { onEpochBegin: begin }] });
    return other;
  },
};

const HOOKS = [
  "onTrainBegin",
  "onEpochBegin",
  "onStepEnd",
  "onSlice",
  "onValidationBegin",
  "onValidationEnd",
  "onEpochEnd",
  "onTrainEnd",
] as const;
const fail = () => {
  throw new RangeError("broken");
};

const failing: Misuses = {
  ...Object.fromEntries(
    HOOKS.flatMap((hook) => [
      [`a callback fails in ${hook}`, () => fitted([{ [hook]: fail }], { validation: data })],
      [
        `a callback by name fails in ${hook}`,
        () => fitted([{ name: "mine", [hook]: async () => fail() }], { validation: data }),
      ],
    ]),
  ),
  ...eachOf("a callback throws", ["words", null, undefined, 3], (thrown) =>
    fitted([
      twice,
      {
        onTrainBegin: () => {
          throw thrown;
        },
      },
    ]),
  ),
};

const watching: Misuses = {
  "earlyStopping: no validation": () => fitted([earlyStopping()]),
  "earlyStopping: a monitor that may be better either way": () =>
    fitted([earlyStopping({ monitor: "size" })]),
  "reduceOnPlateau: no validation": () => fitted([reduceOnPlateau()]),
  "checkpoint: no validation": () => fitted([checkpoint({ monitor: "validation.loss" })]),
  ...eachOf("earlyStopping: in training, monitor", ["los", "toString", "somethingElse", "val_loss"], (one) =>
    fitted([earlyStopping({ monitor: one, mode: "min" })], { validation: data }),
  ),
  ...eachOf("earlyStopping: without validation, monitor", ["los", "toString", "accuracy"], (one) =>
    fitted([earlyStopping({ monitor: one, mode: "min" })]),
  ),
  "earlyStopping: a metric misspelled": async () =>
    (await classifier({ metrics: ["accuracy"] })).fit(labeled, {
      validation: labeled,
      callbacks: [earlyStopping({ monitor: "validation.acuracy", mode: "max" })],
    }),
  "earlyStopping: a metric of validation only": async () =>
    (await classifier({ metrics: ["rocAuc"] })).fit(labeled, {
      validation: labeled,
      callbacks: [earlyStopping({ monitor: "rocAuc" })],
    }),
  "earlyStopping: an output that there is not": async () =>
    (await pairModel()).fit(wrong(pairData), {
      callbacks: wrong([earlyStopping({ monitor: "outputs.prize.loss" })]),
    }),
  "swapAverages: none are kept": () => fitted([swapAverages()]),
};

const inHook = (act: (training: Training) => unknown, hook = "onTrainBegin") =>
  fitted([{ [hook]: (...given: unknown[]) => act(given.at(-1) as Training) }]);

const acting: Misuses = {
  ...eachOf("training.scaleLearningRate", NOT.positive, (factor) =>
    inHook((training) => training.scaleLearningRate(factor)),
  ),
  ...eachOf("training.stopAfter", NOT.index, (steps) => inHook((training) => training.stopAfter(steps))),
  ...eachOf("training.stopAfter: reason", NOT.string, (reason) =>
    inHook((training) => training.stopAfter(3, reason)),
  ),
  ...eachOf("training.stop: reason", NOT.string, (reason) => inHook((training) => training.stop(reason))),
  ...eachOf(
    "training.setWeights",
    [undefined, null, 3, { kernel: [1] }, { "last/bias": [1] }, { "last/bias": [1, Number.NaN] }],
    (weights) => inHook((training) => training.setWeights(weights)),
  ),
  "training.averagedWeights: none are kept": () => inHook((training) => training.averagedWeights()),
  "training.setWeights in onSlice": () => inHook((training) => training.setWeights({}), "onSlice"),
  "training.scaleLearningRate in onSlice": () =>
    inHook((training) => training.scaleLearningRate(0.5), "onSlice"),
  "training.setWeights after the training": async () => {
    let kept: Training | undefined;
    await inHook((training) => (kept = training));
    return kept?.setWeights({});
  },
  "training.scaleLearningRate after the training": async () => {
    let kept: Training | undefined;
    await inHook((training) => (kept = training));
    return kept?.scaleLearningRate(0.5);
  },
};

export const callbacks: Misuses = { ...options, ...lists, ...failing, ...watching, ...acting };

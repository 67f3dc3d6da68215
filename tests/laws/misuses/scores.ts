/** `wasmgrad/metrics`: predictions, labels and options that do not fit. */
import * as metrics from "../../../src/metrics/index.js";
import { eachOf, type Misuses, NOT, ofOptions } from "./misuse.js";

const { accuracy, brierScore, logLoss, precision, rocAuc, rSquared, topKAccuracy } = metrics;

type Score = (predicted: unknown, labels: unknown, options?: unknown) => unknown;
const all = Object.entries(metrics) as unknown as [string, Score][];

/** What every metric refuses alike. */
const common: Misuses = Object.assign(
  {},
  ...all.map(([name, score]) => ({
    [`${name}: an option sampelWeight`]: () => score([[0.5, 0.5]], [1], { sampelWeight: [1] }),
    [`${name}: an option frobnicate`]: () => score([[0.5, 0.5]], [1], { frobnicate: 1 }),
    [`${name}: options = []`]: () => score([[0.5, 0.5]], [1], []),
    [`${name}: a prediction that is missing`]: () => score([[0.5, undefined]], [1]),
    [`${name}: nothing`]: () => score([], []),
    [`${name}: predicted = null`]: () => score(null, [1]),
    [`${name}: labels = null`]: () => score([0.5, 0.5], null),
    [`${name}: ragged rows`]: () => score([[0.5, 0.5], [1]], [0, 1]),
    [`${name}: other lengths`]: () => score([0, 1, 1], [0, 1]),
    [`${name}: weights of another number`]: () => score([[0.4], [0.6]], [[0], [1]], { sampleWeight: [1] }),
    [`${name}: a weight below 0`]: () => score([[0.4], [0.6]], [[0], [1]], { sampleWeight: [1, -1] }),
    [`${name}: all weights 0`]: () => score([[0.4], [0.6]], [[0], [1]], { sampleWeight: [0, 0] }),
  })),
);

const data: Misuses = {
  ...eachOf(
    "accuracy: predicted",
    [undefined, 3, "text", {}, [[], []], ["a", 0], new BigInt64Array(2)],
    (predicted) => accuracy(predicted, [0, 1]),
  ),
  ...eachOf(
    "accuracy: labels",
    [
      [0, 0.5],
      [0, -1],
      [0, Number.NaN],
      ["a", 0],
      [
        [0.5, 0.5],
        [1, 0],
      ],
    ],
    (labels) => accuracy([0, 1], labels),
  ),
  "accuracy: other rows": () =>
    accuracy(
      [
        [0, 1],
        [1, 0],
      ],
      [0, 1, 1],
    ),
  "accuracy: flat one-hot labels": () => accuracy([0, 1], [1, 0, 0, 1]),
  "accuracy: logits without a threshold": () => accuracy([-1.5, 2], [0, 1]),
  "accuracy: half a class": () => accuracy([0, 1.5], [0, 1], { classes: 3 }),
  "accuracy: a class beyond": () => accuracy([0, 3], [0, 1], { classes: 3 }),
  "accuracy: a label beyond": () => accuracy([0, 1], [0, 3], { classes: 3 }),
  "accuracy: soft labels": () => accuracy([[0, 1]], [[0.5, 0.5]]),
  "accuracy: a row of zeros": () => accuracy([[0, 1]], [[0, 0]]),
  "balancedAccuracy: labels of one class, adjusted": () =>
    metrics.balancedAccuracy([0, 1], [1, 1], { adjusted: true }),
  "rocAuc: one class only": () => rocAuc([0.1, 0.2], [1, 1]),
  "rocAuc: no row of yes that counts": () => rocAuc([0.1, 0.2], [1, 0], { sampleWeight: [0, 1] }),
  "rocAuc: a class without rows": () =>
    rocAuc(
      [
        [1, 2, 3],
        [3, 2, 1],
      ],
      [0, 1],
    ),
  "rocAuc: three classes for one score": () => rocAuc([1, 2, 3], [0, 1, 2]),
  "rocAuc: a label without a column": () =>
    rocAuc(
      [
        [1, 2, 3],
        [3, 2, 1],
      ],
      [0, 3],
    ),
  "rocCurve: three classes": () => metrics.rocCurve([[1, 2, 3]], [0]),
  "precisionRecallCurve: three classes": () => metrics.precisionRecallCurve([[1, 2, 3]], [0]),
  "prAuc: one class only": () => metrics.prAuc([0.1, 0.2], [0, 0]),
  "logLoss: logits": () => logLoss([[2, -1]], [0]),
  "logLoss: probabilities of too much": () => logLoss([[0.9, 0.9]], [0]),
  "logLoss: a label without a column": () => logLoss([[0.2, 0.3, 0.5]], [3]),
  "logLoss: a logit": () => logLoss([1.5], [1]),
  "brierScore: logits": () => brierScore([[2, -1]], [0]),
  "perplexity: logits": () => metrics.perplexity([[2, -1]], [0]),
  "topKAccuracy: one number a row": () => topKAccuracy([1, 2], [0, 1]),
  "topKAccuracy: k beyond the classes": () => topKAccuracy([[1, 2]], [0], { k: 3 }),
  "topKAccuracy: a label beyond": () => topKAccuracy([[1, 2]], [2], { k: 1 }),
  "binaryAccuracy: labels of 2": () => metrics.binaryAccuracy([0.2], [2]),
  "binaryAccuracy: other columns": () => metrics.binaryAccuracy([[0.2, 0.3]], [[1]]),
  "rSquared: one row": () => rSquared([1], [2]),
  "rSquared: outputs that do not divide": () => rSquared([1, 2, 3], [1, 2, 3], { outputs: 2 }),
  "meanSquaredError: fewer targets": () =>
    metrics.meanSquaredError(
      [
        [1, 2],
        [3, 4],
      ],
      [1, 2],
    ),
  "meanSquaredError: an infinite target": () =>
    metrics.meanSquaredError([1, 2], [1, Number.POSITIVE_INFINITY]),
  "confusionMatrix: a million classes": () => metrics.confusionMatrix([1e6], [0]),
  "precision: binary of three classes": () => precision([0, 2], [0, 1]),
  "precision: a threshold for rows": () => precision([[0, 1]], [1], { threshold: 0.5 }),
};

const threshold = [Number.POSITIVE_INFINITY, Number.NaN, "0.5", null];
const classes = [1, 0, 2.5, "2", [], ["one"], null];
const zeroDivision = [0.5, "0", "warn"];
const average = ["makro", "samples", ...NOT.name];
const PER_CLASS = { threshold, classes, zeroDivision, average };
const on = (score: unknown) => (options: never) => (score as Score)([0.4, 0.6], [0, 1], options);
/** Of null some of them make a TypeError. */
const strangers = [[]];

const options: Misuses = {
  ...ofOptions("accuracy", on(accuracy), { threshold, classes }, { strangers }),
  ...ofOptions("balancedAccuracy", on(metrics.balancedAccuracy), { adjusted: NOT.boolean }, { strangers }),
  ...ofOptions("binaryAccuracy", on(metrics.binaryAccuracy), { threshold }, { strangers }),
  ...ofOptions(
    "topKAccuracy",
    (given) => topKAccuracy([[1, 2]], [0], given),
    { k: NOT.count },
    { strangers },
  ),
  ...ofOptions("cohenKappa", on(metrics.cohenKappa), { weights: ["cubic", 3, {}] }, { strangers }),
  ...ofOptions("precision", on(precision), PER_CLASS, { strangers }),
  ...ofOptions("recall", on(metrics.recall), { average }, { strangers }),
  ...ofOptions("specificity", on(metrics.specificity), { average }, { strangers }),
  ...ofOptions("f1", on(metrics.f1), { average }, { strangers }),
  ...ofOptions("fBeta", on(metrics.fBeta), { beta: [0, -1, Number.NaN, "1"], average }, { strangers }),
  ...ofOptions(
    "classificationReport",
    on(metrics.classificationReport),
    { zeroDivision, classes },
    { strangers },
  ),
  ...ofOptions("confusionMatrix", on(metrics.confusionMatrix), { normalize: ["rows", 3, {}] }, { strangers }),
  ...ofOptions("rocAuc", on(rocAuc), { average: ["micro", ...NOT.name] }, { strangers }),
  ...ofOptions("prAuc", on(metrics.prAuc), { average: ["micro", "quux"] }, { strangers }),
  ...ofOptions("rocCurve", on(metrics.rocCurve), { dropIntermediate: NOT.boolean }, { strangers }),
  ...ofOptions("logLoss", on(logLoss), { epsilon: [1, 0.5, -1, "0"] }, { strangers }),
  ...ofOptions("perplexity", on(metrics.perplexity), { epsilon: [1, -1] }, { strangers }),
  ...ofOptions("rSquared", on(rSquared), { outputs: NOT.count }, { strangers }),
  ...eachOf("accuracy: sampleWeight", [3, "text", {}, ["1", 1], [Number.NaN, 1]], (sampleWeight) =>
    accuracy([0, 1], [0, 1], { sampleWeight }),
  ),
};

export const scores: Misuses = { ...common, ...data, ...options };

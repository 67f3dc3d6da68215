/** Metrics of `compile`: their options, what they do not fit, and metrics of one's own. */

import {
  type ActivationName,
  binaryAccuracy,
  cohenKappa,
  compile,
  customMetric,
  dense,
  f1,
  fBeta,
  input,
  matthews,
  precision,
  recall,
  sequential,
  specificity,
  topKAccuracy,
} from "../../../src/index.js";
import { constant, mean } from "../../../src/ops/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { classifier, regression } from "./subjects.js";

const name = ["", "loss", "epoch", "learningRate", "validation", 3, null];
const threshold = [0, 1, -0.5, "0.5"];
const average = ["marco", "none", 3, null];

/** Of null they make a TypeError. */
const strangers = [[]];

const options: Misuses = {
  ...ofOptions("binaryAccuracy", binaryAccuracy, { threshold, name }, { strangers }),
  ...ofOptions("topKAccuracy", topKAccuracy, { k: NOT.count, name: [""] }, { strangers }),
  ...ofOptions("matthews", matthews, { threshold, name: [""] }, { strangers }),
  ...ofOptions("cohenKappa", cohenKappa, { threshold, name: ["loss"] }, { strangers }),
  ...ofOptions("precision", precision, { threshold, average, name: [""] }, { strangers }),
  ...ofOptions("recall", recall, { threshold, average, name: [""] }, { strangers }),
  ...ofOptions("specificity", specificity, { threshold, average, name: [""] }, { strangers }),
  ...ofOptions("f1", f1, { threshold, average, name: [""] }, { strangers }),
  ...ofOptions("fBeta", fBeta, { beta: [0, -1, "1"], threshold, average, name: [""] }, { strangers }),
};

type Kind = readonly [units: number, activation: ActivationName, loss: string];
const CLASSES: Kind = [5, "softmax", "crossEntropy"];
const YES: Kind = [3, "sigmoid", "binaryCrossEntropy"];
const NUMBERS: Kind = [3, "linear", "meanSquaredError"];

const measured =
  ([units, activation, loss]: Kind, ...metrics: unknown[]) =>
  () =>
    compile(sequential(input(3), dense(units, activation)), wrong({ loss, metrics }));

const misfits: Misuses = {
  ...eachOf("metrics", ["accuracy", 3, null, {}], (metrics) => classifier({ metrics })),
  ...eachOf(
    "a metric",
    ["acuracy", "acc", "auc", "mse", "r2_score", topKAccuracy, ...NOT.name, {}],
    (metric) => classifier({ metrics: [metric] }),
  ),
  "metrics without a loss": () => regression({ loss: undefined, metrics: ["accuracy"] }),
  "metrics of a loss without targets": () =>
    compile(sequential(input([3, 3]), dense(2)), { loss: "triplet", metrics: ["meanSquaredError"] }),
  "one metric twice": measured(CLASSES, "accuracy", "accuracy"),
  "two metrics of one name": measured(CLASSES, "topKAccuracy", topKAccuracy({ k: 2 })),
  "accuracy of numbers": measured(NUMBERS, "accuracy"),
  "accuracy of sums of squares": measured([3, "linear", "sumOfSquares"], "accuracy"),
  "binaryAccuracy of labels": measured(CLASSES, "binaryAccuracy"),
  "meanAbsoluteError of labels": measured(CLASSES, "meanAbsoluteError"),
  "k beyond the classes": measured(CLASSES, topKAccuracy({ k: 6 })),
  "the default k of three classes": measured([3, "softmax", "crossEntropy"], "topKAccuracy"),
  "topKAccuracy of numbers": measured(NUMBERS, "topKAccuracy"),
  "precision of numbers": measured(NUMBERS, "precision"),
  "matthews of numbers": measured(NUMBERS, "matthews"),
  "logLoss of numbers": measured(NUMBERS, "logLoss"),
  "logLoss of margins": measured([5, "linear", "categoricalHinge"], "logLoss"),
  "perplexity of a margin": measured([3, "linear", "hinge"], "perplexity"),
  "rocAuc of numbers": measured(NUMBERS, "rocAuc"),
  "rocAuc of three answers a row": measured(YES, "rocAuc"),
  "rocAuc of classes at several places": () =>
    compile(sequential(input([4, 3]), dense(3, "softmax")), { loss: "crossEntropy", metrics: ["rocAuc"] }),
  "a binary average of five classes": measured(CLASSES, precision({ average: "binary" })),
  "a macro average of yes": measured([1, "sigmoid", "binaryCrossEntropy"], f1({ average: "macro" })),
  "f1 of too many classes": measured([30, "softmax", "crossEntropy"], "f1"),
  "rSquared of labels": measured(CLASSES, "rSquared"),
  "rSquared of too many numbers": measured([20, "linear", "meanSquaredError"], "rSquared"),
  "more sums than there are": measured(
    [20, "softmax", "crossEntropy"],
    "f1",
    ...["a", "b", "c", "d", "e"].map((one, i) => topKAccuracy({ k: i + 1, name: one })),
  ),
};

const own = (build: unknown) => regression({ metrics: [customMetric(wrong(build), { name: "odd" })] });

const custom: Misuses = {
  ...eachOf("customMetric", ["accuracy", ...NOT.function], (build) => customMetric(build, { name: "odd" })),
  ...ofOptions(
    "customMetric",
    (given) => customMetric((p) => p, given),
    { name },
    { required: { name: "odd" } },
  ),
  "customMetric: no options": () => customMetric((p) => p, wrong(undefined)),
  ...eachOf("customMetric: returns", [undefined, 3, "x"], (result) => own(() => result)),
  "customMetric: returns a number for each column": () => own((p: never) => mean(p, { axis: 0 })),
  "customMetric: returns a list": () => own(() => constant([1, 2])),
};

export const metrics: Misuses = { ...options, ...misfits, ...custom };

/** Losses: their options, outputs and targets that do not fit, and losses of one's own. */

import {
  type ActivationName,
  activation,
  binaryCrossEntropy,
  binaryFocal,
  type CompileOptions,
  categoricalHinge,
  compile,
  contrastive,
  cosineSimilarity,
  crossEntropy,
  ctc,
  customLayer,
  customLoss,
  dense,
  dropout,
  focal,
  gaussianNegativeLogLikelihood,
  hinge,
  huber,
  input,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  quantile,
  sequential,
  smoothL1,
  squaredHinge,
  sumOfSquares,
  triplet,
  type Value,
} from "../../../src/index.js";
import { abs, add, argMax, constant, mean, reshape, square, subtract, sum } from "../../../src/ops/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { chain, data, regression, rows } from "./subjects.js";

type LossOption = CompileOptions["loss"];

const reduction = ["avg", 3, null];
const LIST = [[], [1, -1], ["1"], { 0: 1 }, "1"];
const smoothing = [1, -0.1, Number.NaN, "0.5"];

const options: Misuses = {
  ...ofOptions("meanSquaredError", meanSquaredError, { reduction }),
  ...ofOptions("meanAbsoluteError", meanAbsoluteError, { reduction }),
  ...ofOptions("sumOfSquares", sumOfSquares, { reduction }),
  ...ofOptions("huber", huber, { delta: [0, -1, Number.NaN, "1"], reduction }),
  ...ofOptions("smoothL1", smoothL1, { beta: [-1, Number.NaN, "1"], reduction }),
  ...ofOptions("logCosh", logCosh, { reduction }),
  ...ofOptions("quantile", quantile, { quantile: [0, 1, "0.5", [], [0.1, 0], ["1"], {}], reduction }),
  ...ofOptions("crossEntropy", crossEntropy, { labelSmoothing: smoothing, classWeights: LIST, reduction }),
  ...ofOptions("binaryCrossEntropy", binaryCrossEntropy, {
    labelSmoothing: smoothing,
    positiveWeight: [-2, ...LIST],
    reduction,
  }),
  ...ofOptions("focal", focal, { gamma: [-0.5, "2"], alpha: [-1, ...LIST], reduction }),
  ...ofOptions("binaryFocal", binaryFocal, { gamma: [-0.5, "2"], alpha: [1.5, -1, "1"], reduction }),
  ...ofOptions("klDivergence", klDivergence, { reduction }),
  ...ofOptions("poisson", poisson, {
    logInput: NOT.boolean,
    full: NOT.boolean,
    epsilon: NOT.positive,
    reduction,
  }),
  ...ofOptions("gaussianNegativeLogLikelihood", gaussianNegativeLogLikelihood, {
    logVariance: NOT.boolean,
    full: NOT.boolean,
    epsilon: NOT.positive,
    reduction,
  }),
  ...ofOptions("hinge", hinge, { reduction }),
  ...ofOptions("squaredHinge", squaredHinge, { reduction }),
  ...ofOptions("categoricalHinge", categoricalHinge, { classWeights: LIST, reduction }),
  ...ofOptions("cosineSimilarity", cosineSimilarity, { reduction }),
  ...ofOptions("contrastive", contrastive, { margin: [0, -1, "1"], reduction }),
  ...ofOptions("triplet", triplet, { margin: [0, -1, "1"], distance: ["euclidian", "quux", 3], reduction }),
  ...ofOptions("ctc", ctc, { blank: NOT.index, zeroInfinity: NOT.boolean, reduction }),
};

/** A network whose output has rows of that shape. */
const ending = (row: readonly number[]) =>
  row.length === 1
    ? sequential(input(3), dense(row[0] as number, { name: "last" }))
    : sequential(
        input(3),
        dense(row.reduce((product, axis) => product * axis, 1)),
        customLayer({ kind: "shaped", build: ([h]) => reshape(h, [-1, ...row]) }),
      );
const refused = (row: readonly number[], loss: LossOption) => () =>
  compile(ending(row), { loss } as CompileOptions);
const after =
  (name: ActivationName, loss: LossOption, units = 3) =>
  () =>
    compile(chain(units, name), { loss } as CompileOptions);

const outputs: Misuses = {
  "crossEntropy: one class": refused([1], "crossEntropy"),
  "crossEntropy: class weights of another number": refused([3], crossEntropy({ classWeights: [1, 2] })),
  "crossEntropy: behind a sigmoid": after("sigmoid", "crossEntropy"),
  "crossEntropy: smoothed, behind a sigmoid": after("sigmoid", crossEntropy({ labelSmoothing: 0.1 })),
  "crossEntropy: behind a softmax and dropout": () =>
    compile(sequential(input(3), dense(2, "softmax"), dropout(0.5)), { loss: "crossEntropy" }),
  "crossEntropy: a softmax of a softmax": () =>
    compile(sequential(input(3), dense(2, "softmax"), activation("softmax")), { loss: "crossEntropy" }),
  "crossEntropy: behind a tanh": after("tanh", "crossEntropy"),
  "crossEntropy: behind a relu": after("relu", "crossEntropy"),
  "crossEntropy: a softmax that is called logits": after("softmax", crossEntropy({ fromLogits: true })),
  "binaryCrossEntropy: behind a tanh": after("tanh", "binaryCrossEntropy"),
  "binaryCrossEntropy: a sigmoid of a softmax": () =>
    compile(sequential(input(3), dense(2, "softmax"), activation("sigmoid")), { loss: "binaryCrossEntropy" }),
  "binaryCrossEntropy: behind a softmax": after("softmax", "binaryCrossEntropy"),
  "binaryCrossEntropy: weighted, behind a softmax": after(
    "softmax",
    binaryCrossEntropy({ positiveWeight: 2 }),
  ),
  "binaryCrossEntropy: positive weights of another number": refused(
    [3],
    binaryCrossEntropy({ positiveWeight: [1] }),
  ),
  "focal: one class": refused([1], "focal"),
  "focal: an alpha of another number": refused([3], focal({ alpha: [1, 2, 3, 4] })),
  "focal: behind a sigmoid": after("sigmoid", "focal"),
  "binaryFocal: behind a softmax": after("softmax", "binaryFocal"),
  "categoricalHinge: one class": refused([1], "categoricalHinge"),
  "categoricalHinge: class weights of another number": refused([3], categoricalHinge({ classWeights: [1] })),
  "klDivergence: one class": refused([1], "klDivergence"),
  "klDivergence: behind a sigmoid": after("sigmoid", "klDivergence"),
  "quantile: without a place for each": refused([2], quantile({ quantile: [0.1, 0.5, 0.9] })),
  "gaussianNegativeLogLikelihood: no variance": refused([3], "gaussianNegativeLogLikelihood"),
  "cosineSimilarity: no vectors": () => {
    const flat = customLayer({ kind: "flat", build: ([h]) => reshape(h, [-1]) });
    return compile(sequential(input(3), dense(1), flat), { loss: "cosineSimilarity" });
  },
  "triplet: two vectors": refused([2, 4], "triplet"),
  "triplet: no vectors": refused([3], "triplet"),
  "ctc: no time": refused([4], "ctc"),
  "ctc: a blank that is no class": refused([4, 3], ctc({ blank: 3 })),
  "ctc: behind a sigmoid": () => compile(sequential(input([4, 3]), dense(3, "sigmoid")), { loss: "ctc" }),
};

const x = rows(2, 3);
const fitted = (row: readonly number[], loss: LossOption, y: unknown) => async () =>
  (await compile(ending(row), { loss } as CompileOptions)).fit({ x, y: wrong(y) });

const targets: Misuses = {
  "meanSquaredError: labels for several numbers": fitted([3], "meanSquaredError", [0, 1]),
  "crossEntropy: a label that is no class": fitted([3], "crossEntropy", [0, 3]),
  "crossEntropy: half a label": fitted([3], "crossEntropy", [0, 0.5]),
  "crossEntropy: rows of another number of classes": fitted([3], "crossEntropy", rows(2, 2)),
  "crossEntropy: rows that are no shares": fitted([3], "crossEntropy", [
    [0, 2, -1],
    [1, 0, 0],
  ]),
  "crossEntropy: rows that sum to more than 1": fitted([3], "crossEntropy", [
    [1, 1, 0],
    [1, 0, 0],
  ]),
  "binaryCrossEntropy: a target of 2": fitted([2], "binaryCrossEntropy", [
    [0, 1],
    [2, 0],
  ]),
  "binaryFocal: a target of 2": fitted([2], "binaryFocal", [
    [0, 1],
    [2, 0],
  ]),
  "focal: a label that is no class": fitted([3], "focal", [0, 3]),
  "poisson: a count below 0": fitted([2], "poisson", [
    [1, 0],
    [2, -1],
  ]),
  "hinge: half a side": fitted([2], "hinge", [
    [1, -1],
    [0.5, 0],
  ]),
  "squaredHinge: two sides": fitted([2], "squaredHinge", [
    [1, 2],
    [0, 0],
  ]),
  "categoricalHinge: a label that is no class": fitted([3], "categoricalHinge", [0, -1]),
  "contrastive: half a pair": fitted([1], "contrastive", [1, 0.5]),
  "klDivergence: shares of more than 1": fitted([3], "klDivergence", [
    [0.5, 0.5, 0.5],
    [1, 0, 0],
  ]),
  "klDivergence: labels": fitted([3], "klDivergence", [0, 1]),
  "ctc: a label that is no class": fitted([4, 3], "ctc", [
    [1, 2],
    [3, -1],
  ]),
  "ctc: a blank for a label": fitted([4, 3], "ctc", [
    [1, 2],
    [1, 0],
  ]),
  "ctc: a label behind the end": fitted([4, 3], "ctc", [
    [1, -1, 2],
    [1, 2, -1],
  ]),
  "ctc: more labels than times": fitted([2, 3], "ctc", [
    [1, -1, -1],
    [1, 2, 1],
  ]),
  "ctc: more repeats than times": fitted([3, 3], "ctc", [
    [1, 1, 1],
    [2, -1, -1],
  ]),
  "triplet: targets": fitted([3, 2], "triplet", [1, 2]),
};

const own = (build: (p: Value, t: Value) => unknown, more: object = {}) =>
  regression({ loss: customLoss(wrong(build), more) });
const difference = (p: Value, t: Value) => square(subtract(p, t));

const custom: Misuses = {
  ...eachOf("customLoss", NOT.function, (build) => customLoss(build)),
  ...ofOptions("customLoss", (given) => customLoss(difference, given), {
    name: NOT.string,
    targetShape: NOT.function,
    reduction: ["avg", 3, null],
  }),
  ...eachOf("customLoss: returns", [undefined, 3, "x", []], (result) => own(() => result)),
  "customLoss: is asynchronous": () => own(async (p) => p),
  "customLoss: returns a matrix without rows": () => own(() => constant([[1, 2]])),
  "customLoss: does not broadcast": () => own((p, t) => add(sum(p, { axis: 1 }), t)),
  "customLoss: takes the wrong option": () => own((p) => mean(p, wrong({ axes: 1 }))),
  "customLoss: has no gradient": () => own((p) => mean(argMax(p))),
  "customLoss: no way to what is trained": () => own((_, t) => mean(square(t))),
  ...eachOf("customLoss: targetShape gives", [undefined, 3, [-1], [1.5], "x"], (shape) =>
    own(difference, { targetShape: () => shape }),
  ),
  "customLoss: targets of the shape that it says": async () =>
    (await own((p, t) => mean(abs(subtract(p, t))), { targetShape: () => [1] })).fit(data),
  "a function as a loss: returns nothing": () => regression({ loss: () => undefined }),
  "a function as a loss: one number for a step, and sampleWeight": async () =>
    (await own((p, t) => mean(difference(p, t)), { name: "whole" })).fit({
      ...data,
      sampleWeight: data.x.map(() => 1),
    }),
};

export const losses: Misuses = { ...options, ...outputs, ...targets, ...custom };

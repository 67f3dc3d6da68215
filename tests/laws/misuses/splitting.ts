/** Splits, folds, balance and cross-validation of `wasmgrad/data`. */
import {
  classWeights,
  crossValidate,
  groupKFold,
  kFold,
  leaveOneOut,
  oversample,
  repeatedKFold,
  sampleWeights,
  stratifiedKFold,
  takeRows,
  timeSeriesSplit,
  trainTestSplit,
  undersample,
} from "../../../src/data/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { regression, rows } from "./subjects.js";

const folds = [1, 2.5, "5", null];
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);
const ten = { x: rows(10, 3), y: upTo(10).map((i) => i % 2) };

const splitters: Misuses = {
  ...ofOptions("kFold", kFold, { folds, shuffle: NOT.boolean, seed: NOT.index }),
  ...ofOptions("stratifiedKFold", stratifiedKFold, { folds, shuffle: NOT.boolean, seed: NOT.index }),
  ...ofOptions("groupKFold", groupKFold, { folds }),
  ...ofOptions("repeatedKFold", repeatedKFold, {
    folds,
    repeats: NOT.count,
    seed: NOT.index,
    stratified: NOT.boolean,
  }),
  ...ofOptions("timeSeriesSplit", timeSeriesSplit, {
    folds,
    gap: NOT.index,
    testSize: NOT.count,
    maxTrainSize: NOT.count,
  }),
  ...eachOf(
    "kFold: split",
    [undefined, null, "10", [], {}, 0, 4, 2.5, { rows: 10, labels: [1] }, { labels: 3 }, { labels: [] }],
    (of) => kFold().split(of),
  ),
  "repeatedKFold: more folds than rows": () => repeatedKFold().split(4),
  "leaveOneOut: one row": () => leaveOneOut().split(1),
  "stratifiedKFold: no labels": () => stratifiedKFold().split(10),
  "stratifiedKFold: classes of few rows": () => stratifiedKFold({ folds: 3 }).split({ labels: [0, 0, 1, 1] }),
  "stratifiedKFold: a label that is none": () =>
    stratifiedKFold({ folds: 2 }).split({ labels: [0, Number.NaN] }),
  "groupKFold: no groups": () => groupKFold().split({ rows: 10 }),
  "groupKFold: more folds than groups": () => groupKFold({ folds: 3 }).split({ groups: [1, 1, 2] }),
  "timeSeriesSplit: more folds than there is room for": () => timeSeriesSplit({ folds: 5 }).split(5),
  "timeSeriesSplit: a gap that there is no room for": () =>
    timeSeriesSplit({ folds: 2, testSize: 3, gap: 4 }).split(10),
};

const split = (options: object, given: object = ten) => trainTestSplit(given, options);
const holding: Misuses = {
  ...ofOptions("trainTestSplit", split, {
    testSize: [0, 10, 1.5, -1, Number.NaN, "0.2", null],
    shuffle: NOT.boolean,
    seed: NOT.index,
    rows: NOT.count,
    stratify: [3, "y", null, [0, 1], {}],
  }),
  "trainTestSplit: test_size, as scikit-learn has it": () => split({ test_size: 0.1 }),
  "trainTestSplit: all of two rows": () => split({ testSize: 0.9 }, { x: [1, 2] }),
  "trainTestSplit: stratified without a shuffle": () => split({ stratify: true, shuffle: false }),
  "trainTestSplit: stratified without labels": () => split({ stratify: true }, { x: ten.x }),
  "trainTestSplit: a class of one row": () => split({ stratify: [0, 0, 1] }, { x: [1, 2, 3] }),
  "trainTestSplit: fewer rows than classes": () =>
    split({ stratify: [0, 0, 1, 1, 2, 2], testSize: 2 }, { x: upTo(6) }),
  "trainTestSplit: fewer rows than classes to train on": () =>
    split({ stratify: [0, 0, 1, 1, 2, 2], testSize: 4 }, { x: upTo(6) }),
  "trainTestSplit: flat rows": () => split({}, { x: new Float32Array(4), y: new Uint8Array(2) }),
  "trainTestSplit: unequal rows": () => split({}, { x: [1, 2, 3], y: [1] }),
  ...eachOf("trainTestSplit: data", [undefined, null, 3, [], {}, { x: 3 }, { x: [] }], (given) =>
    trainTestSplit(given),
  ),
  ...eachOf("takeRows: indices", [[10], [-1], [0.5], ["1"], [Number.NaN]], (indices) =>
    takeRows(ten, indices),
  ),
  ...eachOf("takeRows: data", [null, 3, {}, { x: [1, 2], y: [1, 2, 3] }, { x: "text" }], (given) =>
    takeRows(given, [0]),
  ),
  ...ofOptions("takeRows", (options) => takeRows(ten, [0], options), { rows: [7, ...NOT.count] }),
};

const LABELS = [undefined, null, 3, "text", {}, [], [["a"]], ["a", undefined], [0, Number.NaN], [{}]];
const balance: Misuses = {
  ...eachOf("classWeights", [...LABELS, [0, 2], [0, -1], [0, 0.5], ["a", "b"], [1, 1]], (labels) =>
    classWeights(labels),
  ),
  ...ofOptions("classWeights", (options) => classWeights([0, 1], options), { classes: [1, 3, ...NOT.count] }),
  ...eachOf("sampleWeights", LABELS, sampleWeights),
  ...eachOf("oversample", LABELS, (labels) => oversample(labels)),
  ...ofOptions("oversample", (options) => oversample([0, 1], options), { seed: NOT.index }),
  ...eachOf("undersample", LABELS, (labels) => undersample(labels)),
  ...ofOptions("undersample", (options) => undersample([0, 1], options), { seed: NOT.index }),
};

const thirty = { x: rows(30, 3), y: rows(30, 2) };
const validated = (options: object, data: object = thirty, build: unknown = () => regression()) =>
  crossValidate(wrong(build), data, options);

const crossing: Misuses = {
  ...ofOptions("crossValidate", validated, {
    folds: [
      1,
      31,
      "5",
      null,
      [],
      [{ train: [0, 1], test: [1] }],
      [{ train: [0], test: [] }],
      [{ train: [], test: [0] }],
      [{ train: [0], test: [30] }],
      [3],
    ],
    seed: NOT.index,
    rows: NOT.count,
    fit: [3, "text", null, { validation: thirty }, { signal: undefined }, { epochs: 0 }, { epoch: 1 }],
    validation: [0, 1.5, 30, -1, "0.2", null],
    prepare: NOT.function,
    onFold: NOT.function,
    signal: [3, {}, null],
  }),
  ...eachOf("crossValidate: build", NOT.function, (build) => crossValidate(build, thirty)),
  ...eachOf("crossValidate: build answers", [undefined, null, 3, {}, { fit: 3 }], (made) =>
    validated({}, thirty, () => made),
  ),
  "crossValidate: one model for all folds": async () => {
    const model = await regression();
    return validated({}, thirty, () => model);
  },
  "crossValidate: data that does not fit the model": () => validated({}, { x: rows(30, 2), y: rows(30, 2) }),
  "crossValidate: unequal rows": () => validated({}, { x: [1, 2], y: [1] }),
  "crossValidate: prepare answers no function": () => validated({ prepare: () => 3 }),
  "crossValidate: fit answers what is no options": () => validated({ fit: () => 3 }),
  "crossValidate: fit answers validation": () => validated({ fit: () => ({ validation: thirty }) }),
  "crossValidate: groups that there are not": () => validated({ folds: groupKFold() }),
  "crossValidate: labels that there are not": () => validated({ folds: stratifiedKFold() }, { x: thirty.x }),
  "crossValidate: groups of another number": () => validated({ folds: groupKFold(), groups: [1, 2] }),
  "crossValidate: no rows left to train on": () =>
    validated({ folds: timeSeriesSplit({ folds: 2, testSize: 10, gap: 9 }), validation: 0.5 }),
  "crossValidate: one group to validate on": () =>
    validated({ folds: groupKFold({ folds: 2 }), groups: upTo(30).map((i) => i % 2), validation: 0.5 }),
};

export const splitting: Misuses = { ...splitters, ...holding, ...balance, ...crossing };

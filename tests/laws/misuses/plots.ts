/** Pictures of what they are not for, their options, and the log for TensorBoard. */
import { dense, input, sequential } from "../../../src/index.js";
import {
  drawConfusionMatrix,
  drawDecisionBoundary,
  drawHealth,
  drawHistograms,
  drawHistory,
  drawLearningRate,
  drawNetwork,
  drawPrecisionRecallCurve,
  drawRocCurve,
  tensorBoardLog,
  wiringOf,
} from "../../../src/plot/index.js";
import { eachOf, type Misuses, NOT, ofOptions, wrong } from "./misuse.js";
import { anyModel } from "./subjects.js";

const shared = { title: NOT.string, width: [239, 640.5, "640", null], theme: NOT.name };
const report = { epoch: 1, loss: 1, steps: 1, learningRate: 0.1, samplesPerSecond: 1 };
const reports = wrong([report]);
const rates = { falsePositiveRates: [0, 1], truePositiveRates: [0, 1], thresholds: [1, 0] };
const recalled = { precision: [0.5, 1], recall: [1, 0], thresholds: [0.5] };
const tensors = { "dense/kernel": { shape: [1], data: [1] } };
const net = () => sequential(input(2), dense(3));
const data = { x: [[0, 1]], y: [0] };
const says = (values: number[]) => ({ predict: (x: number[][]) => x.flatMap(() => values) });
const matrix = { counts: [[1]], classes: ["a"] };

const given: Misuses = {
  ...eachOf("drawNetwork", [null, 3, "model", {}, [], Promise.resolve(1)], (one: never) => drawNetwork(one)),
  ...eachOf("wiringOf", [null, {}, () => 1], (one: never) => wiringOf(one)),
  ...eachOf("drawHistory", [null, [], {}, [null], [{}], Promise.resolve(1)], (one: never) =>
    drawHistory(one),
  ),
  ...eachOf("drawHealth", [null, [], [report]], (one: never) => drawHealth(one)),
  ...eachOf(
    "drawLearningRate",
    [null, 3, [], [{}], { curve: [] }, { curve: [{}] }, () => "0.1"],
    (one: never) => drawLearningRate(one),
  ),
  ...eachOf(
    "drawHistograms",
    [
      null,
      [],
      {},
      { a: null },
      { a: { shape: [2], data: [1] } },
      { a: { data: [1] } },
      { a: { shape: [0], data: [] } },
    ],
    (one: never) => drawHistograms(one),
  ),
  ...eachOf(
    "drawConfusionMatrix",
    [null, [[1]], { counts: [[1, 2]], classes: ["a"] }, { counts: [[-1]], classes: ["a"] }],
    (one: never) => drawConfusionMatrix(one),
  ),
  ...eachOf(
    "drawRocCurve",
    [null, {}, recalled, { a: null }, { ...rates, truePositiveRates: [Number.NaN, 1] }],
    (one: never) => drawRocCurve(one),
  ),
  ...eachOf("drawPrecisionRecallCurve", [null, rates, { ...recalled, recall: [1] }], (one: never) =>
    drawPrecisionRecallCurve(one),
  ),
  ...eachOf("drawDecisionBoundary: the model", [null, 3, {}, net()], (one: never) =>
    drawDecisionBoundary(one, data),
  ),
  ...eachOf(
    "drawDecisionBoundary: data",
    [null, 3, {}, { x: [] }, { x: [[1, 2, 3]] }, { x: [[1, 2]], y: [0.5] }, { x: [[1, 2]], y: [1, 2] }],
    (one: never) => drawDecisionBoundary(says([1]), one),
  ),
  "drawDecisionBoundary: neither data nor a range": () => drawDecisionBoundary(says([1]), undefined),
  "drawDecisionBoundary: a model that says nothing": () => drawDecisionBoundary(says([]), data),
  "drawDecisionBoundary: a model with outputs by name": () =>
    drawDecisionBoundary(wrong({ predict: async () => ({ a: [] }) }), data),
  "drawDecisionBoundary: a model of three inputs": async () => drawDecisionBoundary(await anyModel(), data),
  "drawNetwork: activations of no layer": () => drawNetwork(net(), { activations: { dens: [1, 2, 3] } }),
  "drawNetwork: activations of two rows": () =>
    drawNetwork(net(), { activations: { dense: new Float32Array(6) } }),
  "drawNetwork: gradients of another network": () =>
    drawNetwork(net(), { gradients: { "dense/kernel": { shape: [3, 3], data: new Float32Array(9) } } }),
  "drawHistory: a score that there is not": () => drawHistory(reports, { scores: ["accuracy"] }),
};

const options: Misuses = {
  ...ofOptions("drawNetwork", (one) => drawNetwork(net(), one), {
    ...shared,
    most: NOT.count,
    weights: [3, null],
    gradients: [3, null],
    activations: [3, null],
  }),
  ...ofOptions("drawHistory", (one) => drawHistory(reports, one), {
    ...shared,
    scores: ["loss", [], null],
    scale: NOT.name,
  }),
  ...ofOptions("drawLearningRate", (one) => drawLearningRate(() => 0.1, one), {
    ...shared,
    steps: NOT.count,
    scale: NOT.name,
  }),
  ...ofOptions("drawHistograms", (one) => drawHistograms(tensors, one), {
    ...shared,
    bins: [1, 2.5, null],
    most: NOT.count,
  }),
  ...ofOptions("drawConfusionMatrix", (one) => drawConfusionMatrix(matrix, one), shared),
  ...ofOptions("drawRocCurve", (one) => drawRocCurve(rates, one), shared),
  ...ofOptions("drawPrecisionRecallCurve", (one) => drawPrecisionRecallCurve(recalled, one), shared),
  ...ofOptions("drawDecisionBoundary", (one) => drawDecisionBoundary(says([1]), data, one), {
    ...shared,
    range: [
      [[0, 1]],
      [
        [0, 1],
        [1, 1],
      ],
      null,
    ],
    resolution: [1, 2.5, null],
    threshold: NOT.finite,
    classes: ["ab", [1], null],
    inputs: [["a"], ["a", "b", "c"], null],
  }),
  ...ofOptions("drawHealth", (one) => drawHealth(reports, one), { ...shared, most: NOT.count }),
  ...ofOptions("tensorBoardLog", tensorBoardLog, {
    write: NOT.function,
    per: NOT.name,
    histograms: NOT.index,
    texts: [3, ["a"], { a: 1 }, null],
  }),
};

export const plots: Misuses = { ...given, ...options };

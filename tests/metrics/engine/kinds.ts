/** Outputs of every kind, with the metrics that go with them and what those should be by wasmgrad/metrics. */
import { expect } from "vitest";
import {
  balancedAccuracy,
  binaryAccuracy,
  cohenKappa,
  compile,
  dense,
  f1,
  fBeta,
  input,
  type LossName,
  type MetricOption,
  matthews,
  precision,
  recall,
  sequential,
  sgd,
  specificity,
  topKAccuracy,
} from "../../../src/index.ts";
import * as scores from "../../../src/metrics/index.ts";

export const ROWS = 53;
export const FEATURES = 4;
export const CLASSES = 5;
export const wave = (i: number, by: number) => ((i * by) % 97) / 97 - 0.5;
export const x = Float32Array.from({ length: ROWS * FEATURES }, (_, i) => 3 * wave(i, 29));
/** Class 3 is rare; class 4 never occurs. */
export const labels = Uint8Array.from({ length: ROWS }, (_, i) => (i % 17 === 0 ? 3 : (i * 7) % 3));
export const yes = Uint8Array.from({ length: ROWS }, (_, i) => ((i * 5) % 7 < 3 ? 1 : 0));
export const oneHot = Array.from(labels, (label) =>
  Array.from({ length: CLASSES }, (_, k) => Number(k === label)),
);
export const threeLabels = Array.from({ length: ROWS }, (_, i) => [
  (i * 5) % 7 < 3 ? 1 : 0,
  i % 11 === 0 ? 1 : 0,
  0,
]);
export const targets = Float32Array.from({ length: ROWS * 3 }, (_, i) => 2 * wave(i, 13) + 0.7);

export const near = (got: number | undefined, expected: number, tolerance = 2e-6) => {
  if (Number.isNaN(expected)) expect(got).toBeNaN();
  else
    expect(Math.abs((got as number) - expected)).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected)),
    );
};

/** So small that no weight of f32 changes: a report of training is then one of its weights. */
export const still = sgd({ learningRate: 1e-30 });

export const rowsOf = (data: Float32Array, columns: number) =>
  Array.from({ length: data.length / columns }, (_, i) => data.subarray(i * columns, (i + 1) * columns));

export interface Kind {
  readonly units: number;
  readonly activation: "softmax" | "sigmoid" | "linear";
  readonly loss: LossName;
  readonly metrics: readonly MetricOption[];
  readonly y: Uint8Array | Float32Array | number[][];
  /** What they should be, by name, of outputs row by row. */
  expected(predicted: Float32Array): Record<string, number>;
}

export const ofClasses: MetricOption[] = [
  "accuracy",
  topKAccuracy({ k: 1, name: "first" }),
  topKAccuracy({ k: 2 }),
  "precision",
  recall({ average: "weighted" }),
  specificity({ average: "micro" }),
  "f1",
  fBeta({ beta: 2, name: "f2" }),
  "balancedAccuracy",
  "matthews",
  "cohenKappa",
  "logLoss",
  "perplexity",
];
export const macro = { average: "macro" } as const;

/** Probabilities of logits, in f64. */
export const softmax = (row: Float32Array) => {
  const powers = Array.from(row, (logit) => Math.exp(logit));
  const sum = powers.reduce((one, other) => one + other, 0);
  return powers.map((power) => power / sum);
};
export const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

export const classScores = (rows: number[][]) => ({
  accuracy: scores.accuracy(rows, labels),
  first: scores.accuracy(rows, labels),
  topKAccuracy: scores.topKAccuracy(rows, labels, { k: 2 }),
  precision: scores.precision(rows, labels, macro),
  recall: scores.recall(rows, labels, { average: "weighted" }),
  specificity: specificityOf(rows),
  f1: scores.f1(rows, labels, macro),
  f2: scores.fBeta(rows, labels, { ...macro, beta: 2 }),
  balancedAccuracy: scores.balancedAccuracy(rows, labels),
  matthews: scores.matthews(rows, labels),
  cohenKappa: scores.cohenKappa(rows, labels),
  logLoss: scores.logLoss(rows, labels),
  perplexity: scores.perplexity(rows, labels),
});
export const specificityOf = (rows: number[][]) => scores.specificity(rows, labels, { average: "micro" });

export const binary: MetricOption[] = [
  "accuracy",
  binaryAccuracy({ threshold: 0.4, name: "lenient" }),
  "precision",
  "recall",
  "specificity",
  f1({ threshold: 0.4 }),
  fBeta({ beta: 0.5 }),
  balancedAccuracy({ threshold: 0.3 }),
  matthews(),
  cohenKappa({ threshold: 0.6, name: "strict" }),
  "logLoss",
  "perplexity",
];

export const binaryScores = (p: ArrayLike<number>) => {
  const list = Array.from(p);
  const at = (threshold: number) => ({ threshold });
  return {
    accuracy: scores.binaryAccuracy(list, yes),
    lenient: scores.binaryAccuracy(list, yes, at(0.4)),
    precision: scores.precision(list, yes, at(0.5)),
    recall: scores.recall(list, yes, at(0.5)),
    specificity: scores.specificity(list, yes, at(0.5)),
    f1: scores.f1(list, yes, at(0.4)),
    fBeta: scores.fBeta(list, yes, { ...at(0.5), beta: 0.5 }),
    balancedAccuracy: scores.balancedAccuracy(list, yes, at(0.3)),
    matthews: scores.matthews(list, yes, at(0.5)),
    strict: scores.cohenKappa(list, yes, at(0.6)),
    logLoss: scores.logLoss(list, yes),
    perplexity: scores.perplexity(list, yes),
  };
};

export const numbers = [
  "meanSquaredError",
  "rootMeanSquaredError",
  "meanAbsoluteError",
  "meanAbsolutePercentageError",
  "rSquared",
] as const;

export const errors: Record<(typeof numbers)[number], typeof scores.meanSquaredError> = { ...scores };

export const kinds: Record<string, Kind> = {
  "classes of a softmax": {
    units: CLASSES,
    activation: "softmax",
    loss: "crossEntropy",
    metrics: ofClasses,
    y: labels,
    expected: (p) => classScores(rowsOf(p, CLASSES).map((row) => [...row])),
  },
  "classes of logits, one-hot": {
    units: CLASSES,
    activation: "linear",
    loss: "crossEntropy",
    metrics: ofClasses,
    y: oneHot,
    expected: (p) => classScores(rowsOf(p, CLASSES).map(softmax)),
  },
  "yes of a sigmoid": {
    units: 1,
    activation: "sigmoid",
    loss: "binaryCrossEntropy",
    metrics: binary,
    y: yes,
    expected: binaryScores,
  },
  "yes of a logit": {
    units: 1,
    activation: "linear",
    loss: "binaryCrossEntropy",
    metrics: binary,
    y: yes,
    expected: (p) => binaryScores(Array.from(p, sigmoid)),
  },
  "yes of a margin": {
    units: 1,
    activation: "linear",
    loss: "hinge",
    metrics: ["accuracy", "precision", "matthews"],
    y: Float32Array.from(yes, (one) => (one === 1 ? 1 : -1)),
    expected: (p) => {
      const sides = Array.from(p, (score) => (score > 0 ? 1 : 0));
      return {
        accuracy: scores.accuracy(sides, yes),
        precision: scores.precision(sides, yes),
        matthews: scores.matthews(sides, yes),
      };
    },
  },
  "three labels, of each of which yes or no": {
    units: 3,
    activation: "sigmoid",
    loss: "binaryCrossEntropy",
    metrics: [
      "f1",
      f1({ average: "macro", name: "macro" }),
      precision({ average: "micro", name: "micro" }),
      recall({ average: "weighted", name: "weighted", threshold: 0.4 }),
    ],
    y: threeLabels,
    expected(p) {
      const rows = rowsOf(p, 3);
      const of = { multiLabel: true } as const;
      return {
        f1: scores.f1(p, threeLabels.flat(), { threshold: 0.5, classes: 2 }),
        macro: scores.f1(rows, threeLabels, { ...of, average: "macro" }),
        micro: scores.precision(rows, threeLabels, { ...of, average: "micro" }),
        weighted: scores.recall(rows, threeLabels, { ...of, average: "weighted", threshold: 0.4 }),
      };
    },
  },
  "three numbers": {
    units: 3,
    activation: "linear",
    loss: "meanSquaredError",
    metrics: numbers,
    y: targets,
    expected: (p) =>
      Object.fromEntries(numbers.map((name) => [name, errors[name](rowsOf(p, 3), rowsOf(targets, 3))])),
  },
};

export const modelOf = ({ units, activation, loss, metrics }: Kind, batchSize: number) =>
  compile(sequential(input(FEATURES), dense(units, activation)), {
    loss,
    metrics,
    optimizer: still,
    seed: 5,
    batchSize,
  });

export const ranksOf = ({ units }: Kind): MetricOption[] => (units === 1 ? ["rocAuc"] : []);

export function compare(got: object, expected: Record<string, number>): void {
  for (const [name, value] of Object.entries(expected)) near((got as Record<string, number>)[name], value);
}

/** Data and options that do not fit: each is named with its place, what it is and what is needed. */
import { describe, expect, it } from "vitest";
import { DataError, OptionError } from "../../src/check/errors.js";
import * as metrics from "../../src/metrics/index.js";

const { accuracy, precision, rocAuc, logLoss, rSquared, topKAccuracy } = metrics;

const misfits: [string, () => unknown, string][] = [
  ["nothing", () => accuracy([], []), "predicted is empty"],
  ["rows of nothing", () => accuracy([[], []], [0, 1]), "predicted is empty"],
  ["no list", () => accuracy(3 as never, [1]), "predicted is 3; needs an array"],
  ["other lengths", () => accuracy([0, 1, 1], [0, 1]), "predicted has 3 numbers and labels has 2"],
  [
    "other rows",
    () =>
      accuracy(
        [
          [0, 1],
          [1, 0],
        ],
        [0, 1, 1],
      ),
    "predicted has 2 rows and labels has 3",
  ],
  ["flat one-hot labels", () => accuracy([0, 1], [1, 0, 0, 1]), "Give one-hot labels as nested rows"],
  ["NaN", () => accuracy([0, Number.NaN], [0, 1]), "predicted: number 1 is NaN; needs finite"],
  ["an infinite target", () => rSquared([1, 2], [1, 1 / 0]), "labels: number 1 is Infinity"],
  ["text", () => accuracy(["a" as never], [0]), 'number 0 is "a"; needs finite'],
  ["big integers", () => accuracy(new BigInt64Array(2) as never, [0, 1]), "number 0 is 0n, a BigInt"],
  ["ragged rows", () => accuracy([[0, 1], [1]], [0, 1]), "ragged: row 1 has 1 numbers and row 0 has 2"],
  ["half a class", () => accuracy([0, 1], [0, 0.5]), "labels: row 1 is 0.5; needs a whole number"],
  ["a negative class", () => accuracy([0, 1], [0, -1]), "labels: row 1 is -1"],
  ["logits without a threshold", () => accuracy([-1.5, 2], [0, 1]), "give the threshold: { threshold: 0 }"],
  [
    "a class beyond",
    () => accuracy([0, 3], [0, 1], { classes: 3 }),
    "predicted: row 1 is class 3; needs one from 0 to 2",
  ],
  ["soft labels", () => accuracy([[0, 1]], [[0.5, 0.5]]), "labels: row 0 is not one-hot"],
  ["a row of zeros", () => accuracy([[0, 1]], [[0, 0]]), "labels: row 0 is all zeros"],
  [
    "too few weights",
    () => accuracy([0, 1], [0, 1], { sampleWeight: [1] }),
    "sampleWeight has 1 numbers; needs one for each of the 2 rows",
  ],
  [
    "a negative weight",
    () => accuracy([0, 1], [0, 1], { sampleWeight: [1, -1] }),
    "sampleWeight: number 1 is -1",
  ],
  ["weights of 0", () => accuracy([0, 1], [0, 1], { sampleWeight: [0, 0] }), "all of sampleWeight is 0"],
  ["one class only", () => rocAuc([0.1, 0.2], [1, 1]), "no row that counts is other than class 1"],
  [
    "no row of yes that counts",
    () => rocAuc([0.1, 0.2], [1, 0], { sampleWeight: [0, 1] }),
    "no row that counts is of class 1",
  ],
  [
    "a class without rows",
    () =>
      rocAuc(
        [
          [1, 2, 3],
          [3, 2, 1],
        ],
        [0, 1],
      ),
    "no row that counts is of class 2",
  ],
  [
    "labels of three classes for one score",
    () => rocAuc([1, 2, 3], [0, 1, 2]),
    "labels: row 2 is class 2; needs 0 or 1",
  ],
  [
    "a curve of three classes",
    () => metrics.rocCurve([[1, 2, 3]], [0]),
    "predicted has 3 numbers a row; needs one",
  ],
  ["logits for probabilities", () => logLoss([[2, -1]], [0]), "row 0 has 2; needs probabilities"],
  ["probabilities of too much", () => logLoss([[0.9, 0.9]], [0]), "row 0 sums to 1.8"],
  ["a label without a column", () => logLoss([[0.2, 0.3, 0.5]], [3]), "labels: row 0 is class 3"],
  ["one number for k", () => topKAccuracy([1, 2], [0, 1]), "predicted has one number a row"],
  ["one row for R²", () => rSquared([1], [2]), "there is one row; needs two"],
  [
    "fewer targets",
    () =>
      metrics.meanSquaredError(
        [
          [1, 2],
          [3, 4],
        ],
        [1, 2],
      ),
    "there are 4 predictions and 2 targets",
  ],
  [
    "flat one-hot labels of three classes, which were six decisions",
    () => accuracy([0.1, 0.2, 0.7, 0.5, 0.3, 0.2], [0, 0, 1, 1, 0, 0]),
    "look like probabilities of 3 classes and one-hot labels; needs nested rows. For decisions number by number give { classes: 2 }",
  ],
  [
    "flat one-hot labels of two classes",
    () => precision([0.4, 0.6, 0.5, 0.5, 0.75, 0.25, 0.1, 0.9], [0, 1, 1, 0, 1, 0, 0, 1]),
    "look like probabilities of 2 classes",
  ],
  [
    "flat one-hot labels in areas",
    () => rocAuc([0.1, 0.2, 0.7, 0.5, 0.3, 0.2], [0, 0, 1, 1, 0, 0]),
    "rocAuc: predicted and labels are flat, and look like probabilities of 3 classes",
  ],
  [
    "flat one-hot labels in losses",
    () => logLoss([0.1, 0.2, 0.7, 0.5, 0.3, 0.2], [0, 0, 1, 1, 0, 0]),
    "logLoss: predicted and labels are flat, and look like probabilities of 3 classes",
  ],
  [
    "a label above the classes of a softmax, which made a class of its own",
    () => accuracy([[0.1, 0.2, 0.7]], [5]),
    "labels: row 0 is class 5; needs one from 0 to 2, as there are 3 classes",
  ],
  [
    "a label above the classes, in a matrix",
    () => metrics.confusionMatrix([[0.1, 0.9]], [2]),
    "labels: row 0 is class 2; needs one from 0 to 1, as there are 2 classes",
  ],
  [
    "a label above yes and no",
    () => accuracy([0.3, 0.8], [0, 2]),
    "labels: row 1 is class 2; needs one from 0 to 1",
  ],
  [
    "a prediction above one-hot labels",
    () => metrics.matthews([3], [[0, 1, 0]]),
    "predicted: row 0 is class 3; needs one from 0 to 2",
  ],
  [
    "one-hot labels of another width",
    () => accuracy([[0.1, 0.2, 0.7]], [[0, 0, 0, 1]]),
    "predicted says 3 classes and labels 4; needs as many of each",
  ],
  [
    "names for fewer classes than a softmax has",
    () => metrics.classificationReport([[0.1, 0.2, 0.7]], [0], { classes: ["no", "yes"] }),
    "classes says 2 classes and predicted 3; needs as many of each",
  ],
  ["binary labels of 2", () => metrics.binaryAccuracy([0.2], [2]), "labels: number 0 is 2; needs 0 or 1"],
];

const unfitOptions: [string, () => unknown, string][] = [
  ["a misspelled option", () => precision([0], [0], { avrage: "macro" } as never), 'Did you mean "average"?'],
  ["a misspelled average", () => precision([0], [0], { average: "makro" as never }), 'Did you mean "macro"?'],
  ["binary of three classes", () => precision([0, 2], [0, 1]), 'average is "binary" and there are 3 classes'],
  [
    "half of a zeroDivision",
    () => precision([0], [0], { zeroDivision: 0.5 }),
    "zeroDivision is 0.5; needs 0, 1 or NaN",
  ],
  ["a beta of 0", () => metrics.fBeta([0], [0], { beta: 0 }), "beta is 0; needs a positive number"],
  [
    "a threshold for rows",
    () => precision([[0, 1]], [1], { threshold: 0.5 }),
    "threshold is for one number a row",
  ],
  ["an infinite threshold", () => precision([0.2], [1], { threshold: 1 / 0 }), "threshold is Infinity"],
  ["one class", () => accuracy([0], [0], { classes: 1 }), "classes is 1; needs their number"],
  ["k of 0", () => topKAccuracy([[1, 2]], [0], { k: 0 }), "k is 0; needs an integer of at least 1"],
  ["k beyond the classes", () => topKAccuracy([[1, 2]], [0], { k: 3 }), "k is 3; needs at most 2"],
  [
    "unknown weights",
    () => metrics.cohenKappa([0], [0], { weights: "cubic" as never }),
    'no weights "cubic"',
  ],
  ["a matrix of a million classes", () => metrics.confusionMatrix([1e6], [0]), "there are 1000001 classes"],
  [
    "an epsilon of 1",
    () => logLoss([0.5], [1], { epsilon: 1 }),
    "epsilon is 1; needs a number from 0 to 0.5",
  ],
  [
    "outputs that do not divide",
    () => rSquared([1, 2, 3], [1, 2, 3], { outputs: 2 }),
    "outputs is 2; needs one that divides",
  ],
];

describe("flat decisions that are no rows", () => {
  it("are taken as they are: XOR, an AND gate, right and sure", () => {
    expect(accuracy([0.1, 0.9, 0.9, 0.1], [0, 1, 1, 0])).toBe(1);
    expect(accuracy([0.001, 0.001, 0.001, 0.997], [0, 0, 0, 1])).toBe(1);
    expect(accuracy([0.999, 0.001, 0, 0, 0.9995, 0.0005], [1, 0, 0, 0, 1, 0])).toBe(1);
    expect(accuracy([0.1, 0.2, 0.6, 0.5, 0.3, 0.2], [0, 0, 1, 1, 0, 0])).toBe(5 / 6);
    expect(accuracy([0, 1, 2, 0, 0, 1], [0, 0, 1, 1, 0, 0])).toBe(2 / 6);
  });

  it("are decisions where two classes are given", () => {
    const flat = [0.1, 0.2, 0.7, 0.6, 0.3, 0.1];
    expect(accuracy(flat, [0, 0, 1, 1, 0, 0], { classes: 2 })).toBe(1);
    expect(accuracy(flat, [0, 0, 1, 1, 0, 0], { classes: 3 })).toBe(1);
  });
});

describe("a DataError tells of", () => {
  it.each(misfits)("%s", (_, call, message) => {
    expect(call).toThrow(DataError);
    expect(call).toThrow(message);
  });
});

describe("an OptionError tells of", () => {
  it.each(unfitOptions)("%s", (_, call, message) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });
});

describe("every metric", () => {
  const all = Object.entries(metrics) as [string, (...all: unknown[]) => unknown][];

  it.each(all)("%s refuses an option that it does not know, by its name", (name, score) => {
    const call = () => score([[0.5, 0.5]], [1], { sampelWeight: [1] });
    expect(call).toThrow(OptionError);
    expect(call).toThrow(`${name}: there is no option "sampelWeight"`);
  });

  it.each(all)("%s refuses rows without a number, by its name", (name, score) => {
    expect(() => score([[0.5, undefined]], [1])).toThrow(`${name}: predicted: number 1 is undefined`);
  });

  it.each(all)("%s takes flat and nested predictions, typed and not, alike", (name, score) => {
    const rows = [
      [0.25, 0.75],
      [0.5, 0.5],
      [0.75, 0.25],
      [0.125, 0.875],
    ];
    const isPaired = /Error|Squared|binaryAccuracy/.test(name);
    const labels = isPaired
      ? [
          [0, 1],
          [0, 1],
          [1, 0],
          [1, 0],
        ]
      : [1, 0, 0, 1];
    const options = { ...(name === "topKAccuracy" && { k: 1 }), ...(name === "rSquared" && { outputs: 2 }) };
    const expected = score(rows, labels, options);
    const typed = Float64Array.from(labels.flat());
    expect(score(Float64Array.from(rows.flat()), typed, options)).toEqual(expected);
    expect(
      score(
        rows.map((one) => Float32Array.from(one)),
        labels,
        options,
      ),
    ).toEqual(expected);
  });
});

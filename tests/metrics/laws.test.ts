/** What metrics are whatever the data: bounds, invariances, and each as a special case of another. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accuracy,
  balancedAccuracy,
  binaryAccuracy,
  classificationReport,
  cohenKappa,
  confusionMatrix,
  f1,
  fBeta,
  matthews,
  meanAbsoluteError,
  meanSquaredError,
  precision,
  recall,
  rootMeanSquaredError,
  rSquared,
  specificity,
  topKAccuracy,
} from "../../src/metrics/index.js";
import { always, close, decisions, distributions, share, split } from "./arbitraries.js";

const withWeights = { accuracy, balancedAccuracy, matthews, cohenKappa };
const ofDecisions = {
  ...withWeights,
  macroF1: (p: number[], l: number[]) => f1(p, l, { average: "macro" }),
  weightedPrecision: (p: number[], l: number[]) => precision(p, l, { average: "weighted" }),
};

describe.each(Object.entries(ofDecisions))("%s", (name, score) => {
  it("does not depend on the order of rows", () => {
    always(decisions, (rows) => {
      const turned = [...rows].reverse();
      close(score(...split(turned)), score(...split(rows)));
    });
  });

  it("is 1 when all is right, and within its bounds", () => {
    const least = name === "matthews" || name === "cohenKappa" ? -1 : 0;
    always(decisions, (rows) => {
      const value = score(...split(rows));
      if (Number.isNaN(value)) return expect(name).toBe("cohenKappa");
      expect(value).toBeGreaterThanOrEqual(least - 1e-12);
      expect(value).toBeLessThanOrEqual(1 + 1e-12);
      const [, labels] = split(rows);
      const perfect = score(labels, labels);
      const isConstant = new Set(labels).size === 1;
      if (!isConstant) close(perfect, 1);
    });
  });
});

describe.each(Object.entries(withWeights))("%s", (_, score) => {
  it("counts a row of weight 2 as two rows", () => {
    always(decisions, (rows) => {
      const [p, l] = split(rows);
      const sampleWeight = l.map((_, i) => (i === 0 ? 2 : 1));
      close(score(p, l, { sampleWeight }), score(...split([...rows, rows[0] as [number, number]])));
    });
  });
});

describe("scores of two classes", () => {
  const binary = decisions.map((rows) => rows.map(([p, l]) => [p % 2, l % 2] as [number, number]));

  it("are the second of those of each class", () => {
    always(binary, (rows) => {
      const [p, l] = split(rows);
      for (const score of [precision, recall, f1, specificity]) {
        close(score(p, l), score(p, l, { average: "none" })[1] as number);
      }
    });
  });

  it("tell specificity as the recall of the other class", () => {
    always(binary, (rows) => {
      const [p, l] = split(rows);
      const other = (list: number[]) => list.map((one) => 1 - one);
      close(specificity(p, l), recall(other(p), other(l)));
    });
  });

  it("have Matthews' correlation of 1975", () => {
    always(binary, (rows) => {
      const [p, l] = split(rows);
      const [[tn = 0, fp = 0] = [], [fn = 0, tp = 0] = []] = confusionMatrix(p, l).counts;
      const below = Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn));
      close(matthews(p, l), below === 0 ? 0 : (tp * tn - fp * fn) / below);
    });
  });

  it("have F between precision and recall, and F of β = 1 is their harmonic mean", () => {
    always(binary, (rows) => {
      const [p, l] = split(rows);
      const [one, other] = [precision(p, l), recall(p, l)];
      const harmonic = one + other === 0 ? 0 : (2 * one * other) / (one + other);
      close(f1(p, l), harmonic);
      close(fBeta(p, l), harmonic);
      if (one > 0) close(fBeta(p, l, { beta: 1e-6 }), one);
    });
  });

  it("are the same of classes, of probabilities of yes and of both probabilities", () => {
    always(fc.array(fc.tuple(share, fc.nat(1)), { minLength: 1, maxLength: 20 }), (rows) => {
      const labels = rows.map(([, l]) => l);
      const classes = rows.map(([p]) => (p > 0.5 ? 1 : 0));
      const expected = matthews(classes, labels);
      close(
        matthews(
          rows.map(([p]) => p),
          labels,
        ),
        expected,
      );
      close(
        matthews(
          rows.map(([p]) => [1 - p, p]),
          labels,
        ),
        expected,
      );
      close(
        matthews(
          Float32Array.from(rows, ([p]) => p),
          labels,
          { threshold: 0.5 },
        ),
        expected,
      );
      close(
        binaryAccuracy(
          rows.map(([p]) => p),
          labels,
        ),
        accuracy(classes, labels),
      );
    });
  });
});

describe("flat one-hot labels", () => {
  it("are read by the number of classes", () => {
    always(distributions, (rows) => {
      const [p, l] = [rows.map(([one]) => one), rows.map(([, label]) => label)];
      const oneHot = Uint8Array.from(l.flatMap((label) => [0, 1, 2].map((k) => Number(k === label))));
      const flat = Float64Array.from(p.flat());
      close(accuracy(flat, oneHot, { classes: 3 }), accuracy(p, l));
      close(matthews(flat, oneHot, { classes: ["a", "b", "c"] }), matthews(p, l, { classes: 3 }));
    });
  });
});

describe("the micro average", () => {
  it("is accuracy for precision, recall and F1", () => {
    always(decisions, (rows) => {
      const [p, l] = split(rows);
      for (const score of [precision, recall, f1]) close(score(p, l, { average: "micro" }), accuracy(p, l));
    });
  });
});

describe("zeroDivision NaN", () => {
  it("leaves classes out of the mean that have none", () => {
    // Class 1 is never predicted: its precision is 0 / 0. Class 0: 1 / 2; class 2: 1.
    const [p, l] = [
      [0, 0, 2],
      [0, 1, 2],
    ];
    expect(precision(p, l, { average: "macro" })).toBeCloseTo(0.5, 15);
    expect(precision(p, l, { average: "macro", zeroDivision: Number.NaN })).toBeCloseTo(0.75, 15);
    expect(precision(p, l, { average: "none", zeroDivision: Number.NaN })).toEqual([0.5, Number.NaN, 1]);
  });
});

describe("topKAccuracy", () => {
  const scores = fc.array(fc.tuple(fc.array(fc.nat(3), { minLength: 5, maxLength: 5 }), fc.nat(4)), {
    minLength: 1,
    maxLength: 20,
  });

  it("is accuracy for k = 1, ties and all, grows with k, and is 1 for all classes", () => {
    always(scores, (rows) => {
      const [p, l] = [rows.map(([one]) => one), rows.map(([, label]) => label)];
      const each = [1, 2, 3, 4, 5].map((k) => topKAccuracy(p, l, { k }));
      close(each[0] as number, accuracy(p, l));
      expect([...each].sort()).toEqual(each);
      expect(each[4]).toBe(1);
    });
  });
});

describe("scores of regressions", () => {
  const pairs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
    minLength: 2,
    maxLength: 20,
  });

  it("mean error is at most the root of the mean square", () => {
    always(pairs, (rows) => {
      const [p, t] = split(rows);
      expect(meanAbsoluteError(p, t)).toBeLessThanOrEqual(rootMeanSquaredError(p, t) + 1e-12);
      close(rootMeanSquaredError(p, t) ** 2, meanSquaredError(p, t));
    });
  });

  it("R² is 0 of the mean, 1 of the targets, and does not change with a common shift", () => {
    always(pairs, (rows) => {
      const [p, t] = split(rows);
      const mean = t.reduce((sum, one) => sum + one, 0) / t.length;
      if (new Set(t).size > 1)
        close(
          rSquared(
            t.map(() => mean),
            t,
          ),
          0,
        );
      expect(rSquared(t, t)).toBe(1);
      const shift = (list: number[]) => list.map((one) => one + 1000);
      expect(rSquared(shift(p), shift(t))).toBeCloseTo(rSquared(p, t), 8);
    });
  });
});

describe("printed", () => {
  it("a confusion matrix has a line for each class, its columns aligned", () => {
    const matrix = confusionMatrix([0, 1, 1, 2], [0, 1, 2, 2], { classes: ["cat", "dog", "horse"] });
    expect(String(matrix)).toBe(
      [
        "label \\ predicted  cat  dog  horse",
        "cat                  1    0      0",
        "dog                  0    1      0",
        "horse                0    1      1",
      ].join("\n"),
    );
    expect(String(confusionMatrix([0, 1, 1], [0, 1, 0], { normalize: "labels" }))).toBe(
      [
        "label \\ predicted      0      1",
        "0                  0.500  0.500",
        "1                  0.000  1.000",
      ].join("\n"),
    );
  });

  it("a report has precision, recall, F1 and support of each class, and their means", () => {
    const report = classificationReport([0, 1, 1, 1], [0, 1, 1, 0], { classes: ["no", "yes"] });
    expect(String(report)).toBe(
      [
        "                   precision  recall     f1  support",
        "no                     1.000   0.500  0.667        2",
        "yes                    0.667   1.000  0.800        2",
        "",
        "accuracy                              0.750        4",
        "balanced accuracy                     0.750        4",
        "micro average          0.750   0.750  0.750        4",
        "macro average          0.833   0.750  0.733        4",
        "weighted average       0.833   0.750  0.733        4",
      ].join("\n"),
    );
  });
});

/** What metrics are whatever the data: bounds, invariances, and each as a special case of another. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accuracy,
  balancedAccuracy,
  binaryAccuracy,
  brierScore,
  classificationReport,
  cohenKappa,
  confusionMatrix,
  f1,
  fBeta,
  logLoss,
  matthews,
  meanAbsoluteError,
  meanSquaredError,
  perplexity,
  prAuc,
  precision,
  precisionRecallCurve,
  recall,
  rocAuc,
  rocCurve,
  rootMeanSquaredError,
  rSquared,
  specificity,
  topKAccuracy,
} from "../../src/scores/index.js";

const CLASSES = 4;
const row = fc.tuple(fc.integer({ min: 0, max: CLASSES - 1 }), fc.integer({ min: 0, max: CLASSES - 1 }));
const decisions = fc.array(row, { minLength: 1, maxLength: 30 });
const split = (rows: [number, number][]) => [rows.map(([p]) => p), rows.map(([, l]) => l)] as const;

/** Scores with ties, and labels of both kinds. */
const ranking = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 1 })), { maxLength: 30 })
  .map((rows) => [[3, 0], [3, 1], ...rows] as [number, number][]);

const share = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
const distributions = fc.array(
  fc
    .tuple(fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 3, maxLength: 3 }), fc.nat(2))
    .map(([parts, label]) => {
      const sum = parts.reduce((one, other) => one + other, 0);
      return [parts.map((part) => part / sum), label] as const;
    }),
  { minLength: 1, maxLength: 20 },
);

const close = (got: number, expected: number) =>
  Number.isNaN(expected) ? expect(got).toBeNaN() : expect(got).toBeCloseTo(expected, 10);
const always = <T>(arbitrary: fc.Arbitrary<T>, law: (value: T) => void) =>
  fc.assert(fc.property(arbitrary, (value) => void law(value)));

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

describe("rocAuc", () => {
  it("is the share of pairs of yes and no in their order, one half of equal scores", () => {
    always(ranking, (rows) => {
      const [p, l] = split(rows);
      const pairs = rows.flatMap(([yes, isYes]) =>
        rows.flatMap(([no, label]) => (isYes === 1 && label === 0 ? [Math.sign(yes - no) / 2 + 0.5] : [])),
      );
      close(rocAuc(p, l), pairs.reduce((sum, one) => sum + one, 0) / pairs.length);
    });
  });

  it("turns around with the scores, and stays under a rising map of them", () => {
    always(ranking, (rows) => {
      const [p, l] = split(rows);
      close(
        rocAuc(
          p.map((s) => -s),
          l,
        ),
        1 - rocAuc(p, l),
      );
      close(
        rocAuc(
          p.map((s) => s ** 3 + 2),
          l,
        ),
        rocAuc(p, l),
      );
      close(
        prAuc(
          p.map((s) => s ** 3 + 2),
          l,
        ),
        prAuc(p, l),
      );
    });
  });

  it("is the area under rocCurve, which rises from 0 to 1", () => {
    always(ranking, (rows) => {
      const { falsePositiveRates: x, truePositiveRates: y } = rocCurve(...split(rows));
      let area = 0;
      for (let i = 1; i < x.length; i++) {
        const [width, height] = [
          (x[i] as number) - (x[i - 1] as number),
          (y[i] as number) + (y[i - 1] as number),
        ];
        expect(width).toBeGreaterThanOrEqual(0);
        area += (width * height) / 2;
      }
      expect([x[0], y[0], x.at(-1), y.at(-1)]).toEqual([0, 0, 1, 1]);
      close(area, rocAuc(...split(rows)));
    });
  });

  it("of three classes is the mean of each against the rest", () => {
    always(distributions, (rows) => {
      const all = [...rows, ...[0, 1, 2].map((label) => [[0.2, 0.3, 0.5], label] as const)];
      const [p, l] = [all.map(([one]) => one), all.map(([, label]) => label)];
      const each = [0, 1, 2].map(
        (k) => [p.map((one) => one[k] as number), l.map((one) => Number(one === k))] as const,
      );
      const mean = (of: typeof rocAuc) =>
        each.reduce((sum, [scores, labels]) => sum + of(scores, labels) / 3, 0);
      close(rocAuc(p, l), mean(rocAuc));
      close(prAuc(p, l), mean(prAuc));
    });
  });
});

describe("prAuc", () => {
  it("is the area under the steps of precisionRecallCurve", () => {
    always(ranking, (rows) => {
      const { precision: height, recall: x } = precisionRecallCurve(...split(rows));
      const area = height.reduce((sum, y, i) => sum + y * ((x[i] as number) - (x[i + 1] ?? 0)), 0);
      close(area, prAuc(...split(rows)));
    });
  });
});

describe("scores of probabilities", () => {
  it("log loss is 0 or more, and its exponential is perplexity", () => {
    always(distributions, (rows) => {
      const [p, l] = [rows.map(([one]) => [...one]), rows.map(([, label]) => label)];
      const expected =
        rows.reduce((sum, [one, label]) => sum - Math.log(one[label] as number), 0) / rows.length;
      close(logLoss(p, l), expected);
      close(Math.log(perplexity(p, l)), expected);
    });
  });

  it("Brier's of two columns is half of what three classes of which one is impossible have", () => {
    always(fc.array(fc.tuple(share, fc.nat(1)), { minLength: 1, maxLength: 20 }), (rows) => {
      const labels = rows.map(([, l]) => l);
      const two = rows.map(([p]) => [1 - p, p]);
      close(
        brierScore(
          two.map((one) => [...one, 0]),
          labels,
        ),
        2 * brierScore(two, labels),
      );
    });
  });

  it("perplexity of n equal shares is n", () => {
    expect(perplexity([[0.25, 0.25, 0.25, 0.25]], [2])).toBeCloseTo(4, 12);
  });

  it("log loss of an impossible label is ln of the ε of its numbers", () => {
    expect(logLoss([[1, 0]], [1])).toBeCloseTo(52 * Math.LN2, 12);
    expect(logLoss(Float32Array.of(0, 1), [1, 1])).toBeCloseTo((23 / 2) * Math.LN2, 6);
    expect(logLoss([[1, 0]], [1], { epsilon: 0 })).toBe(Number.POSITIVE_INFINITY);
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
        "                  precision  recall     f1  support",
        "no                    1.000   0.500  0.667        2",
        "yes                   0.667   1.000  0.800        2",
        "",
        "accuracy                             0.750        4",
        "macro average         0.833   0.750  0.733        4",
        "weighted average      0.833   0.750  0.733        4",
      ].join("\n"),
    );
  });
});

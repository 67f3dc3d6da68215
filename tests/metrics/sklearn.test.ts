/** wasmgrad/metrics against the numbers of scikit-learn 1.2.1, by tests/peers/sklearn/metrics.py. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as metrics from "../../src/metrics/index.js";
import { refusal } from "../data/refusal.js";

interface Case {
  readonly classes: number;
  readonly labels: number[];
  readonly predicted: number[];
  readonly scores: Record<string, unknown>;
}

interface Ranked {
  readonly classes: number;
  readonly labels: number[];
  readonly logits: number[][];
  readonly probabilities: number[][];
  /** Of two classes: the difference of their logits, with ties. */
  readonly yes?: number[];
  readonly scores: Record<string, number | number[][]>;
}

interface Regression {
  readonly targets: number[][];
  readonly predicted: number[][];
  readonly scores: Record<string, number>;
}

const file = join(import.meta.dirname, "../peers/sklearn/metrics.json");
const { weights, cases, multi, ranked, regressions } = JSON.parse(readFileSync(file, "utf8")) as {
  weights: number[];
  cases: Case[];
  multi: { labels: number[][]; predicted: number[][]; scores: Record<string, unknown> };
  ranked: Ranked[];
  regressions: Regression[];
};

/** Compares numbers at any depth, to what sums of 40 of them may round. */
function near(got: unknown, expected: unknown): void {
  if (Array.isArray(expected)) {
    expect(got).toHaveLength(expected.length);
    expected.forEach((one, i) => near((got as unknown[])[i], one));
  } else expect(got as number).toBeCloseTo(expected as number, 12);
}

/** Any of them by its name. */
const scoreBy: Readonly<Record<string, unknown>> = { ...metrics };
type Score = (predicted: unknown, labels: unknown, options: object) => number | number[];
const scoreOf = (name: string) => scoreBy[name] as Score;

const ROWS = " weighted rows";
const weighing = (name: string) => (name.includes(ROWS) ? { sampleWeight: weights } : {});
/** Its words, without that of weights. */
const words = (name: string) => name.replace(ROWS, "").split(" ");

describe.each(cases.map((one, i) => ({ ...one, i })))("decisions $i, $classes classes", (one) => {
  const { predicted, labels, classes, scores } = one;
  const named = (prefix: RegExp) => Object.entries(scores).filter(([name]) => prefix.test(name));

  it.each(named(/^(precision|recall|f1|fBeta) /))("%s", (name, expected) => {
    const [score = "", average = "", zero] = words(name);
    const options = {
      ...weighing(name),
      average,
      zeroDivision: Number(zero),
      ...(score === "fBeta" && { beta: 2 }),
    };
    const got = scoreOf(score)(predicted, labels, options);
    // scikit-learn lists the classes that occur.
    const occurring = Array.isArray(got) ? got.filter((_, k) => [...labels, ...predicted].includes(k)) : got;
    near(occurring, expected);
  });

  it.each(named(/^specificity/))("%s", (name, expected) => {
    near(metrics.specificity(predicted, labels, { ...weighing(name), average: "none", classes }), expected);
  });

  it.each(named(/^(accuracy|matthews|balancedAccuracy|cohenKappa)/))("%s", (name, expected) => {
    const [score = "", what] = words(name);
    const options = {
      ...weighing(name),
      ...(score === "cohenKappa" && { weights: what }),
      ...(what === "adjusted" && { adjusted: true }),
    };
    near(scoreOf(score)(predicted, labels, options), expected);
  });

  it.each(named(/^confusionMatrix/))("%s", (name, expected) => {
    const by = { none: "none", true: "labels", pred: "predictions", all: "all" } as const;
    const normalize = by[words(name)[1] as keyof typeof by];
    near(
      metrics.confusionMatrix(predicted, labels, { ...weighing(name), normalize, classes }).counts,
      expected,
    );
  });

  it.each(named(/^report/))("%s", (name, expected) => {
    const theirs = expected as Record<string, Record<string, number>>;
    const names = Array.from({ length: classes }, (_, k) => `kind ${k}`);
    const report = metrics.classificationReport(predicted, labels, { ...weighing(name), classes: names });
    expect(report.classes.map((k) => k.name)).toEqual(names);
    const lines = [
      ...report.classes.map((ours, k) => [ours, theirs[k]] as const),
      [report.macro, theirs["macro avg"]] as const,
      [report.weighted, theirs["weighted avg"]] as const,
    ];
    for (const [ours, line] of lines) {
      near(
        [ours.precision, ours.recall, ours.f1, ours.support],
        [line?.precision, line?.recall, line?.["f1-score"], line?.support],
      );
    }
    const own = name.includes(ROWS) ? ROWS : "";
    near(report.accuracy, scores[`accuracy${own}`]);
    near(report.balancedAccuracy, scores[`balancedAccuracy${own}`]);
    // scikit-learn lists no micro average where all classes are listed: each of its scores is the accuracy.
    near([report.micro.precision, report.micro.recall, report.micro.f1], Array(3).fill(report.accuracy));
  });
});

describe("several labels of a row", () => {
  const { predicted, labels, scores } = multi;

  it.each(Object.entries(scores))("%s", (name, expected) => {
    const [score = "", average = "none"] = words(name.replace(ROWS, ""));
    const options = { ...weighing(name), threshold: 0.4, multiLabel: true };
    if (score === "accuracy") return;
    if (score !== "report") {
      near(scoreOf(score)(predicted, labels, { ...options, average }), expected);
      return;
    }
    const report = metrics.classificationReport(predicted, labels, options);
    const theirs = expected as Record<string, Record<string, number>>;
    const lines = [
      ...report.classes.map((ours) => [ours, theirs[ours.name]] as const),
      [report.micro, theirs["micro avg"]] as const,
      [report.macro, theirs["macro avg"]] as const,
      [report.weighted, theirs["weighted avg"]] as const,
    ];
    for (const [ours, line] of lines) {
      near([ours.precision, ours.recall, ours.f1], [line?.precision, line?.recall, line?.["f1-score"]]);
    }
    near(report.accuracy, scores[name.replace("report", "accuracy")]);
  });

  it("are refused where there is one a row, a binary average, or a label that is neither 0 nor 1", () => {
    const of = (rows: number[][], right: number[][], options = {}) =>
      refusal(() => metrics.f1(rows, right, { average: "macro", multiLabel: true, ...options }));
    expect(of([[0.5]], [[1]])).toContain("with multiLabel it needs one for each label, two at least");
    expect(of([[0, 1]], [[1, 2]])).toContain("labels: row 0, column 1 is 2; needs 0 or 1");
    expect(of([[0, 1]], [[1, 1]], { average: "binary" })).toContain(
      'average is "binary" and multiLabel is true',
    );
    expect(of([[0, 1]], [[1, 1]], { classes: ["a", "b", "c"] })).toContain("and classes says 3");
  });
});

describe.each(ranked)("ranks of $classes classes", ({ classes, labels, probabilities, yes, scores }) => {
  it.each(Object.entries(scores))("%s", (name, expected) => {
    const [score = "", what = ""] = words(name);
    const weight = weighing(name);
    const predicted = yes ?? probabilities;
    if (score === "rocAuc" || score === "prAuc") {
      const average = classes > 2 ? { average: what as "macro" } : {};
      near(scoreOf(score)(predicted, labels, { ...weight, ...average }), expected);
    } else if (score === "rocCurve") {
      const curve = metrics.rocCurve(predicted, labels, { ...weight, dropIntermediate: what === "true" });
      expect(curve.thresholds[0]).toBe(Number.POSITIVE_INFINITY);
      near([curve.falsePositiveRates, curve.truePositiveRates, curve.thresholds.slice(1)], expected);
    } else if (score === "precisionRecallCurve") {
      const { precision, recall, thresholds } = metrics.precisionRecallCurve(predicted, labels, weight);
      near([precision, recall, thresholds], expected);
    } else if (score === "topKAccuracy") {
      near(metrics.topKAccuracy(probabilities, labels, { ...weight, k: Number(what) }), expected);
    } else if (score === "brierScore") {
      near(metrics.brierScore(probabilities, labels, weight), expected);
      near(
        metrics.brierScore(
          probabilities.map((p) => p[1] as number),
          labels,
          weight,
        ),
        expected,
      );
    } else {
      near(metrics.logLoss(probabilities, labels, weight), expected);
      near(metrics.perplexity(probabilities, labels, weight), Math.exp(expected as number));
    }
  });
});

describe.each(regressions.map((one, i) => ({ ...one, i })))(
  "regression $i",
  ({ predicted, targets, scores }) => {
    it.each(Object.entries(scores))("%s", (name, expected) => {
      const [score = ""] = words(name);
      near(scoreOf(score)(predicted, targets, weighing(name)), expected);
      if (score === "meanSquaredError") {
        near(metrics.rootMeanSquaredError(predicted, targets, weighing(name)), Math.sqrt(expected));
      }
      const flat = [Float64Array.from(predicted.flat()), Float64Array.from(targets.flat())] as const;
      if (score === "rSquared") {
        const outputs = predicted[0]?.length ?? 0;
        near(metrics.rSquared(...flat, { ...weighing(name), outputs }), expected);
      }
    });
  },
);

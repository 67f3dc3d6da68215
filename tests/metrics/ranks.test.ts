/** What metrics of scores and of probabilities are whatever the data. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  brierScore,
  logLoss,
  perplexity,
  prAuc,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
} from "../../src/metrics/index.js";
import { always, close, distributions, ranking, share, split } from "./arbitraries.js";

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

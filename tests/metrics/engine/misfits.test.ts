/** Metrics and options that do not fit: refused at compile, with what fits. */
import { describe, expect, it } from "vitest";
import {
  cohenKappa,
  compile,
  dense,
  f1,
  fBeta,
  input,
  type MetricOption,
  matthews,
  OptionError,
  precision,
  recall,
  sequential,
  topKAccuracy,
} from "../../../src/index.ts";
import * as scores from "../../../src/metrics/index.ts";
import { FEATURES, type Kind, kinds, macro, modelOf, near, rowsOf, x, yes } from "./kinds.js";

describe("a metric that does not fit", () => {
  const compiled = (kind: Partial<Kind>, metric: unknown) =>
    modelOf({ ...(kinds["classes of a softmax"] as Kind), ...kind, metrics: [metric as MetricOption] }, 8);
  const regression = { units: 3, activation: "linear", loss: "meanSquaredError" } as const;
  const sigmoids = { units: 3, activation: "sigmoid", loss: "binaryCrossEntropy" } as const;

  it.each([
    [
      "k beyond the classes",
      {},
      topKAccuracy({ k: 6 }),
      "has k = 6, and there are 5 classes; needs k of at most 5",
    ],
    ["the default k of three classes", { units: 3 }, "topKAccuracy", "has k = 5, and there are 3 classes"],
    [
      "k of a regression",
      regression,
      "topKAccuracy",
      '"topKAccuracy" does not fit the loss meanSquaredError',
    ],
    [
      "precision of a regression",
      regression,
      "precision",
      "needs crossEntropy, binaryCrossEntropy or another",
    ],
    ["Matthews of a regression", regression, "matthews", '"matthews" does not fit the loss meanSquaredError'],
    ["log loss of a regression", regression, "logLoss", '"logLoss" does not fit the loss meanSquaredError'],
    [
      "log loss of margins",
      { loss: "categoricalHinge" },
      "logLoss",
      "needs crossEntropy, binaryCrossEntropy or another of",
    ],
    [
      "perplexity of a margin",
      { ...sigmoids, loss: "hinge" },
      "perplexity",
      '"perplexity" does not fit the loss hinge',
    ],
    ["ranks of a regression", regression, "rocAuc", '"rocAuc" does not fit the loss meanSquaredError'],
    ["ranks of three answers a row", sigmoids, "rocAuc", "the output is [rows, 3]; needs one number a row"],
    [
      "a binary average of five classes",
      {},
      precision({ average: "binary" }),
      'needs "macro", "micro" or "weighted"',
    ],
    [
      "a macro average of yes",
      { ...sigmoids, units: 1 },
      f1({ average: "macro" }),
      'the output has one number a row; needs "binary", or none',
    ],
    ["too many classes", { units: 30 }, "f1", "of 30 classes takes 90 sums; needs fewer than 64"],
    ["numbers of labels", {}, "rSquared", '"rSquared" compares [rows, 5] with [rows]'],
    ["too many numbers", { ...regression, units: 20 }, "rSquared", "of 20 numbers a row takes 100 sums"],
    ["a misspelled name", {}, "percision", 'there is no metric "percision". Did you mean "precision"?'],
    ["what was not called", {}, topKAccuracy, "Call it, with or without options"],
    ["no metric", {}, 3, "there is no metric 3"],
  ] as const)("is refused at compile: %s", async (_, kind, metric, message) => {
    await expect(compiled(kind, metric)).rejects.toThrow(message);
  });

  it("takes more sums than there are, together with the others", async () => {
    const metrics = ["f1", ...["a", "b", "c", "d", "e"].map((name, i) => topKAccuracy({ k: i + 1, name }))];
    const fifteen = {
      ...(kinds["classes of a softmax"] as Kind),
      units: 20,
      metrics: metrics as MetricOption[],
    };
    await expect(modelOf(fifteen, 8)).rejects.toThrow("losses and metrics take 66 sums; needs at most 64");
  });

  it("may be the binary one of two classes", async () => {
    const model = await compile(sequential(input(FEATURES), dense(2, "softmax")), {
      loss: "crossEntropy",
      metrics: [precision({ average: "binary" }), precision({ name: "both" })],
    });
    const rows = rowsOf(await model.predict(x), 2);
    const report = await model.evaluate({ x, y: yes });
    near(report.precision, scores.precision(rows, yes));
    near(report.both, scores.precision(rows, yes, macro));
  });
});

describe("options of a metric", () => {
  it.each([
    ["a k of 0", () => topKAccuracy({ k: 0 }), "k is 0; needs an integer of at least 1"],
    ["a beta of 0", () => fBeta({ beta: 0 }), "beta is 0; needs a positive number"],
    ["a threshold of 1", () => precision({ threshold: 1 }), "threshold is 1; needs a number between 0 and 1"],
    ["a misspelled option", () => recall({ treshold: 0.5 } as never), 'Did you mean "threshold"?'],
    ["a misspelled average", () => f1({ average: "marco" as never }), 'Did you mean "macro"?'],
    ["no name", () => matthews({ name: "" }), 'name is ""; needs another name'],
    [
      "the name of the loss",
      () => cohenKappa({ name: "loss" }),
      'name is "loss", which reports have already',
    ],
  ])("are refused: %s", (_, call, message) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });

  it("are refused for two metrics of one name", async () => {
    const options = { loss: "crossEntropy", metrics: ["topKAccuracy", topKAccuracy({ k: 2 })] } as const;
    await expect(compile(sequential(input(4), dense(9)), options)).rejects.toThrow(
      'metric "topKAccuracy" is named twice; needs it once.',
    );
  });
});

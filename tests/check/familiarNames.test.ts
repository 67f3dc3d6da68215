/** Names that Keras, PyTorch and scikit-learn have, and what is said of them here. */
import { describe, expect, it } from "vitest";
import { checkKeys } from "../../src/check/options.ts";
import { compile, dense, input, sequential } from "../../src/index.ts";

describe("a name that another framework has", () => {
  it.each([
    ["mse", ["meanAbsoluteError", "meanSquaredError"], "meanSquaredError"],
    ["sparse_categorical_crossentropy", ["binaryCrossEntropy", "crossEntropy"], "crossEntropy"],
    ["auc", ["prAuc", "rocAuc"], "rocAuc"],
    ["lr", ["learningRate", "beta1"], "learningRate"],
    ["lr", ["initialLearningRate"], "initialLearningRate"],
    ["min_lr", ["minLearningRate"], "minLearningRate"],
  ])("(%s) is answered with the one here, of those that fit", (name, known, here) => {
    expect(() => checkKeys("adam", { [name]: 1 }, known)).toThrow(
      `adam: there is no option "${name}". Did you mean "${here}"?`,
    );
  });

  it("is as any other where the one here does not fit", () => {
    expect(() => checkKeys("flatten", { mse: 1 }, ["name"])).toThrow("Known: name.");
  });

  it.each([
    [{ classWeight: { 0: 1 } }, "Give it to the loss: crossEntropy({ classWeights })."],
    [{ sample_weight: [1] }, "Give it with the data: { x, y, sampleWeight }."],
    [{ verbose: 1 }, "Give { callbacks: [progressLine()] }"],
  ])("for an option of fit (%j) is answered with where it is here", async (options, mend) => {
    const model = await compile(sequential(input(1), dense(1)), { loss: "meanSquaredError" });
    await expect(model.fit({ x: [[1]], y: [1] }, options as never)).rejects.toThrow(
      `fit: there is no option "${Object.keys(options)[0]}". ${mend}`,
    );
  });
});

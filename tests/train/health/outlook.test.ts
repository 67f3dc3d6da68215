/** What is told before the first step, or after an epoch, of targets, rows and rates: the symptom, and the mend. */
import { describe, expect, it } from "vitest";
import {
  type ActivationName,
  batchNorm,
  type CompileOptions,
  compile,
  cosineDecay,
  dense,
  type Examples,
  type Finding,
  type FitOptions,
  input,
  type Layer,
  layerNorm,
  ShapeError,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { rejectionOf, rowsOf } from "../../given/models.ts";

const x = rowsOf(33, 4);
const signed = rowsOf(33, 1, 3).map(([one]) => [3 * (one as number)]);

async function findingsOf(
  layers: readonly Layer[],
  data: Examples | (() => Iterable<Examples>),
  fit: FitOptions = {},
  options: CompileOptions = {},
): Promise<Finding[]> {
  const network = sequential(input(4), ...(layers as [Layer]));
  const model = await compile(network, { loss: "meanSquaredError", seed: 2, ...options } as CompileOptions);
  const found: Finding[] = [];
  const health = (one: Finding) => found.push(one);
  await model.fit(data, { ...fit, health } as FitOptions);
  return found;
}

const kinds = (found: readonly Finding[]) => found.map(({ kind }) => kind);

describe("targets that the output cannot reach", () => {
  it.each<[ActivationName, string]>([
    ["sigmoid", "from 0 to 1"],
    ["tanh", "from -1 to 1"],
    ["relu", "from 0 to Infinity"],
    ["softmax", "from 0 to 1"],
    ["softplus", "from 0 to Infinity"],
  ])("are told with the reach of %s", async (name, reach) => {
    const units = name === "softmax" ? 2 : 1;
    const y = name === "softmax" ? rowsOf(33, 2, 3) : signed;
    const found = await findingsOf([dense(units, { activation: name, name: "last" })], { x, y });
    const finding = found.find(({ kind }) => kind === "unreachableTarget");
    expect(finding?.message).toContain(`what "last" makes, by ${name}, only ${reach}`);
    expect(finding?.mend).toContain("minMaxScaler");
    expect(finding?.step).toBe(0);
  });

  it("are told of batches at the first step", async () => {
    const batches = () => [{ x: x.slice(0, 8), y: signed.slice(0, 8) }];
    expect(kinds(await findingsOf([dense(1, "sigmoid")], batches))).toContain("unreachableTarget");
  });

  it.each<[ActivationName, number[][]]>([
    ["sigmoid", signed.map(([one]) => [((one as number) + 3) / 6])],
    ["tanh", signed.map(([one]) => [(one as number) / 3])],
    ["linear", signed],
    ["leakyRelu", signed],
  ])("are none where %s reaches them", async (name, y) => {
    expect(kinds(await findingsOf([dense(1, name)], { x, y }))).not.toContain("unreachableTarget");
  });

  it("a softmax of one unit is refused: it is 1 whatever it is given", async () => {
    const network = sequential(input(4), dense(1, "softmax"));
    const error = await rejectionOf(compile(network, { loss: "meanSquaredError" }));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain("a softmax of one unit, which is 1 whatever it is given");
  });

  it("of 1e25 are refused at once, and not as a divergence", async () => {
    const model = await compile(sequential(input(4), dense(1)), { loss: "meanSquaredError" });
    const error = await rejectionOf(model.fit({ x, y: signed.map(() => [1e25]) }));
    expect((error as Error).message).toContain("needs a target within ±1e15");
  });
});

describe("a normalization", () => {
  it("of a single number is told: its output is the same whatever it is given", async () => {
    const found = await findingsOf([dense(1), layerNorm({ name: "norm" })], { x, y: signed });
    expect(found.find(({ kind }) => kind === "constantOutput")?.layer).toBe("norm");
  });

  it.each<[string, FitOptions]>([
    ["one-row batches", { batchSize: 1 }],
    ["a last step of one row", { batchSize: 32, shuffle: false }],
    ["micro-batches of one row", { batchSize: 4, accumulate: 4 }],
  ])("over the rows is told of %s", async (_, fit) => {
    const found = await findingsOf([dense(3), batchNorm({ name: "norm" }), dense(1)], { x, y: signed }, fit);
    expect(found.find(({ kind }) => kind === "oneRowBatch")?.layer).toBe("norm");
  });

  it("over the rows of a stream is told of one-row batches", async () => {
    const batches = () => [{ x: x.slice(0, 1), y: signed.slice(0, 1) }];
    const found = await findingsOf([dense(3), batchNorm(), dense(1)], batches);
    expect(kinds(found)).toContain("oneRowBatch");
  });

  it("over the rows is told of nothing where all steps have some", async () => {
    const found = await findingsOf([dense(3), batchNorm(), dense(1)], { x, y: signed }, { batchSize: 11 });
    expect(kinds(found)).not.toContain("oneRowBatch");
  });
});

describe("a learning rate of 0", () => {
  const optimizer = () => sgd({ learningRate: cosineDecay({ initialLearningRate: 0.1, decaySteps: 6 }) });

  it("is told where a decay has run out in the midst of a training", async () => {
    const found = await findingsOf(
      [dense(1)],
      { x, y: signed },
      { epochs: 6, batchSize: 11 },
      { optimizer: optimizer() },
    );
    expect(kinds(found)).toEqual(["noLearningRate"]);
    expect(found[0]?.mend).toContain("all epochs and calls of fit together");
  });

  it("is told in a second training, and not where a decay ends with the last step", async () => {
    const model = await compile(sequential(input(4), dense(1)), {
      loss: "meanSquaredError",
      optimizer: optimizer(),
    });
    const found: string[] = [];
    const fit = { epochs: 2, batchSize: 11, health: ({ kind }: Finding) => found.push(kind) };
    await model.fit({ x, y: signed }, fit);
    expect(found).toEqual([]);
    await model.fit({ x, y: signed }, fit);
    expect(found).toEqual(["noLearningRate"]);
  });
});

describe("classes that only the validation has", () => {
  const labels = x.map((_, i) => Math.floor(i / 11));
  const oneHot = labels.map((label) => [0, 1, 2].map((one) => Number(one === label)));

  it.each<[string, number[] | number[][]]>([
    ["labels", labels],
    ["one-hot rows", oneHot],
  ])("are told of sorted %s with validationSplit", async (_, y) => {
    const layers = [dense(3, "softmax")];
    const found = await findingsOf(layers, { x, y }, { validationSplit: 1 / 3 }, { loss: "crossEntropy" });
    const finding = found.find(({ kind }) => kind === "unseenClasses");
    expect(finding?.message).toContain("class 2 in y");
    expect(finding?.mend).toContain("trainTestSplit");
  });

  it("are told of a yes or no, and of a validation of its own", async () => {
    const y = x.map((_, i) => Number(i < 5));
    const validation = { x: x.slice(0, 5), y: y.slice(0, 5) };
    const data = { x: x.slice(5), y: y.slice(5) };
    const found = await findingsOf(
      [dense(1, "sigmoid")],
      data,
      { validation },
      { loss: "binaryCrossEntropy" },
    );
    expect(kinds(found)).toContain("unseenClasses");
  });

  it("are none where all are trained", async () => {
    const y = x.map((_, i) => i % 3);
    const found = await findingsOf(
      [dense(3, "softmax")],
      { x, y },
      { validationSplit: 0.2 },
      { loss: "crossEntropy" },
    );
    expect(kinds(found)).not.toContain("unseenClasses");
  });
});

describe("a training that is stuck beside the base rate", () => {
  const table = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  it("is told: XOR with two outputs at one half", async () => {
    // The hidden unit tells 00 from the rest, whose three rows share the mean of their targets.
    const model = await compile(
      sequential(
        input(2),
        dense(1, { activation: "tanh", name: "first" }),
        dense(1, { activation: "sigmoid", name: "last" }),
      ),
      { loss: "binaryCrossEntropy", optimizer: sgd({ learningRate: 1e-4 }) },
    );
    model.setWeights({
      "first/kernel": [20, 20],
      "first/bias": [-10],
      "last/kernel": [10],
      "last/bias": [-9.3],
    });
    const found: Finding[] = [];
    await model.fit(
      { x: table, y: [0, 1, 1, 0] },
      { epochs: 1500, batchSize: 4, health: (one) => found.push(one) },
    );
    expect(kinds(found)).toContain("stuckBesideBaseRate");
    expect(found.find(({ kind }) => kind === "stuckBesideBaseRate")?.mend).toContain("another seed");
  });

  it("is not told of one that has learned its table", async () => {
    const found: Finding[] = [];
    const network = sequential(input(2), dense(8, "tanh"), dense(1, "sigmoid"));
    const model = await compile(network, {
      loss: "binaryCrossEntropy",
      optimizer: sgd({ learningRate: 1 }),
      seed: 1,
    });
    await model.fit(
      { x: table, y: [0, 1, 1, 0] },
      { epochs: 3000, batchSize: 4, health: (one) => found.push(one) },
    );
    expect((await model.evaluate({ x: table, y: [0, 1, 1, 0] })).loss).toBeLessThan(0.05);
    expect(kinds(found)).not.toContain("stuckBesideBaseRate");
  });
});

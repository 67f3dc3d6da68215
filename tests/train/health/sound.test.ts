/** Sound trainings that look odd have no findings; and what sounds alike, but is not, has its own. */
import { describe, expect, it } from "vitest";
import {
  adam,
  batchNorm,
  compile,
  customLayer,
  dense,
  type Finding,
  flatten,
  input,
  type Layer,
  type LossName,
  layerNorm,
  network,
  sequential,
} from "../../../src/index.ts";
import { oneHot, reshape } from "../../../src/ops/index.ts";
import { rowsOf } from "../../given/models.ts";

const ROWS = 256;
const x = rowsOf(ROWS, 4);
const y = x.map(([a = 0, b = 0]) => (a * b > 0 ? 1 : 0));
const numbers = x.map(([a = 0, b = 0]) => [a + 2 * b]);

interface Case {
  readonly layers: readonly Layer[];
  readonly loss: LossName;
  readonly x?: readonly (readonly number[])[];
  readonly y?: readonly number[] | readonly (readonly number[])[];
  readonly fit?: object;
  readonly weights?: Readonly<Record<string, readonly number[]>>;
  readonly learningRate?: number;
  /** What is rightly found. */
  readonly told?: readonly string[];
}

async function findingsOf({
  layers,
  loss,
  fit,
  weights,
  learningRate = 0.01,
  told = [],
  ...data
}: Case): Promise<Finding[]> {
  const rows = data.x ?? x;
  const net = sequential(input(rows[0]!.length), ...(layers as [Layer, ...Layer[]]));
  const model = await compile(net, { loss, optimizer: adam({ learningRate }), seed: 1 });
  if (weights !== undefined) model.setWeights(weights);
  const reports = await model.fit({ x: rows, y: data.y ?? y }, { epochs: 20, ...fit });
  return reports.flatMap(({ health = [] }) => health).filter(({ kind }) => !told.includes(kind));
}

const hidden = () => [dense(64, "relu"), dense(64, "relu")];

describe("a sound training has no findings", () => {
  it.each<readonly [string, Case]>([
    [
      "with targets far from 0, whose gradients are as large: the targets are what is told of",
      {
        layers: [dense(32, "relu"), dense(1)],
        loss: "meanSquaredError",
        y: numbers.map(([t = 0]) => [2e5 + 1e5 * t]),
        learningRate: 5,
        told: ["unscaledTarget"],
      },
    ],
    [
      "with a loss that sums over a large batch",
      {
        layers: [dense(32, "relu"), dense(1)],
        loss: "sumOfSquares",
        y: numbers.map(([t = 0]) => [t + 20]),
        fit: { batchSize: ROWS },
      },
    ],
    [
      "with inputs that batchNorm scales",
      {
        layers: [batchNorm(), ...hidden(), dense(2, "softmax")],
        loss: "crossEntropy",
        x: x.map((row) => row.map((v) => 500 + 100 * v)),
      },
    ],
    [
      "with inputs that layerNorm scales",
      {
        layers: [layerNorm(), ...hidden(), dense(2, "softmax")],
        loss: "crossEntropy",
        x: x.map((row) => row.map((v) => 500 + 100 * v)),
      },
    ],
    [
      "with inputs that are indices, behind a change of shape",
      {
        layers: [
          customLayer({ kind: "classes", build: ([i]) => oneHot(reshape(i, [-1]), ROWS) }),
          dense(2, "softmax"),
        ],
        loss: "crossEntropy",
        x: x.map((_, i) => [i]),
      },
    ],
    [
      "with wide layers and batches of eight, where most units are for other rows",
      {
        layers: [dense(256, { activation: "relu", biasInitializer: "zeros" }), dense(2, "softmax")],
        loss: "crossEntropy",
        fit: { batchSize: 8, epochs: 4 },
        weights: { "dense/bias": Array<number>(256).fill(-1.2) },
      },
    ],
    [
      "with an output of relu that is 0 for most rows",
      {
        layers: [...hidden(), dense(2, "relu")],
        loss: "meanSquaredError",
        y: numbers.map(([t = 0]) => [Math.max(0, t), 0]),
      },
    ],
    [
      "with saturated outputs of sigmoid that another layer only reshapes",
      {
        layers: [
          dense(16, "relu"),
          dense(8, { activation: "sigmoid", biasInitializer: "zeros" }),
          customLayer({ kind: "image", build: ([v]) => reshape(v, [-1, 2, 4]) }),
          flatten(),
        ],
        loss: "meanSquaredError",
        y: x.map(([a = 0]) => [0, 0, 0, 0, 0, 0, 0, a > 0 ? 1 : 0]),
        weights: { "dense_2/bias": Array<number>(8).fill(-9) },
      },
    ],
  ])("%s", async (_, training) => {
    expect(await findingsOf(training)).toEqual([]);
  });
});

it("layers that saturate once there is nothing left to learn are as they should be", async () => {
  const rows = Array.from({ length: 70 }, (_, i) => [((i * 37) % 64) / 32 - 1, ((i * 23) % 64) / 32 - 1]);
  const net = sequential(input(2), dense(9, "relu"), dense(7, "tanh"), dense(2, "softmax"));
  const model = await compile(net, { loss: "crossEntropy", optimizer: "lbfgs", seed: 5 });
  const data = { x: rows, y: rows.map(([a = 0]) => (a > 0 ? 1 : 0)) };
  const reports = await model.fit(data, { epochs: 40, statistics: true });
  expect(reports.at(-1)!.loss).toBeLessThan(1e-3);
  const { dense_2: squash } = reports.at(-1)!.statistics!.layers;
  expect(squash!.activation!.saturatedShare).toBeGreaterThan(0.5);
  expect(reports.flatMap(({ health = [] }) => health)).toEqual([]);
});

it("an output whose loss weighs nothing is not looked for faults: neither its target nor its gradient", async () => {
  const from = input(4);
  const shared = dense(16, "relu")(from);
  const none = dense(3)(dense(8, "tanh")(shared));
  const both = network({
    inputs: from,
    outputs: { none, kind: dense(2, "softmax")(dense(8, "tanh")(shared)) },
  });
  const model = await compile(both, {
    loss: { none: "meanSquaredError", kind: "crossEntropy" },
    lossWeights: { none: 0, kind: 1 },
    seed: 1,
  });
  const reports = await model.fit({ x, y: { none: x.map(() => [0, 0, 0]), kind: y } }, { epochs: 10 });
  expect(reports.flatMap(({ health = [] }) => health)).toEqual([]);
});

describe("a training finds", () => {
  it("an output whose relu is 0 for every row: it has no gradient left", async () => {
    const layers = [dense(8, "relu"), dense(1, { activation: "relu", name: "last" })];
    const weights = { "last/bias": [-10] };
    const findings = await findingsOf({ layers, loss: "meanSquaredError", y: numbers, weights });
    const finding = findings.find(({ kind }) => kind === "deadUnits");
    expect(finding).toMatchObject({ kind: "deadUnits", layer: "last" });
    expect(finding!.mend).toContain("without relu");
  });

  it("inputs that are the same for every row, and which they are", async () => {
    const findings = await findingsOf({
      layers: [dense(2, "softmax")],
      loss: "crossEntropy",
      x: x.map(() => [1, 2, 3, 4]),
    });
    expect(findings[0]).toMatchObject({
      kind: "constantInput",
      message: "x is the same for every row: 1, 2, 3, 4",
    });
  });

  it("large inputs, and not that the gradient vanishes behind them", async () => {
    const findings = await findingsOf({
      layers: [...hidden(), dense(2, "softmax")],
      loss: "crossEntropy",
      x: x.map((row) => row.map((v) => v * 1e7)),
      learningRate: 1e-6,
      weights: { "dense/kernel": Array<number>(256).fill(1e-9) },
    });
    expect(findings.map(({ kind }) => kind)).toContain("unscaledInput");
    expect(findings.map(({ kind }) => kind)).not.toContain("vanishingGradient");
  });
});

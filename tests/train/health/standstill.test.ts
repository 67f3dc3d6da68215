/** A loss at the base rate: what it is for each loss by its formula, and when it is no finding. */
import { describe, expect, it } from "vitest";
import {
  adam,
  binaryCrossEntropy,
  compile,
  crossEntropy,
  customLoss,
  dense,
  type Finding,
  input,
  type Loss,
  meanSquaredError,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { square, subtract } from "../../../src/ops/index.ts";

const ROWS = 60;
const x = Array.from({ length: ROWS }, (_, i) => [0, 1, 2, 3].map((place) => [(i % 7) / 7, place / 4]));
/** Class 0 for three in six, 1 for two, 2 for one; in another order at each of four places. */
const SHARES = [3 / 6, 2 / 6, 1 / 6];
const labels = x.map((_, i) => [0, 1, 2, 3].map((place) => [0, 0, 0, 1, 1, 2][(i + place) % 6]!));
const oneHot = labels.map((row) => row.map((label) => [0, 1, 2].map((c) => (c === label ? 1 : 0))));

const entropy = (shares: readonly number[]) => shares.reduce((sum, p) => sum - p * Math.log(p), 0);
const yesOrNo = (p: number) => entropy([p, 1 - p]);

/** The findings of a training that stands still at logits of 0. */
async function findingsOf(loss: Loss, y: unknown, units = 3): Promise<Finding[]> {
  const last = dense(units, { kernelInitializer: "zeros" });
  const optimizer = sgd({ learningRate: 1e-9 });
  const model = await compile(sequential(input([4, 2]), last), { loss, optimizer });
  const reports = await model.fit({ x, y: y as number[][][] }, { epochs: 60, batchSize: 20 });
  return reports.flatMap(({ health = [] }) => health);
}

describe("the base rate of a loss that stands still", () => {
  it.each([
    ["labels", crossEntropy(), labels, entropy(SHARES)],
    ["one-hot rows at several places", crossEntropy(), oneHot, entropy(SHARES)],
    [
      "smoothed labels",
      crossEntropy({ labelSmoothing: 0.3 }),
      labels,
      entropy(SHARES.map((p) => 0.7 * p + 0.1)),
    ],
    ["yes or no", binaryCrossEntropy(), oneHot, SHARES.reduce((sum, p) => sum + yesOrNo(p) / 3, 0)],
    [
      "smoothed yes or no",
      binaryCrossEntropy({ labelSmoothing: 0.2 }),
      oneHot,
      SHARES.reduce((sum, p) => sum + yesOrNo(0.8 * p + 0.1) / 3, 0),
    ],
    ["squared errors", meanSquaredError(), oneHot, SHARES.reduce((sum, p) => sum + (p * (1 - p)) / 3, 0)],
  ])("is right for %s", async (_, loss, y, expected) => {
    const findings = await findingsOf(loss, y);
    expect(findings.map(({ kind }) => kind)).toEqual(["stuckAtBaseRate"]);
    expect(findings[0]!.message).toContain(`same answer has ${expected.toPrecision(4)}`);
  });

  it.each([
    ["class weights", crossEntropy({ classWeights: [1, 0.1, 0.1] }), labels],
    ["positive weights", binaryCrossEntropy({ positiveWeight: 0.1 }), oneHot],
    ["a sum", meanSquaredError({ reduction: "sum" }), oneHot],
    [
      "a loss of one's own of the same name",
      customLoss(function crossEntropy(p, t) {
        return square(subtract(p, t));
      }),
      oneHot,
    ],
  ])("is not known with %s", async (_, loss, y) => {
    expect(await findingsOf(loss, y)).toEqual([]);
  });

  it("is no finding where the loss falls, however slowly: Adam on targets of 1e5 starts far above it", async () => {
    const network = sequential(input(1), dense(16, "relu"), dense(1));
    const optimizer = adam({ learningRate: 0.5 });
    const model = await compile(network, { loss: "meanSquaredError", optimizer, seed: 1 });
    const rows = x.map(([[a = 0] = []]) => [a]);
    const y = rows.map(([a = 0]) => [1e3 + 200 * a]);
    const reports = await model.fit({ x: rows, y }, { epochs: 40, batchSize: 20 });
    const variance =
      y.reduce((sum, [t = 0]) => sum + t * t, 0) / ROWS -
      (y.reduce((sum, [t = 0]) => sum + t, 0) / ROWS) ** 2;
    expect(reports[19]!.loss).toBeGreaterThan(variance);
    expect(reports.flatMap(({ health = [] }) => health).map(({ kind }) => kind)).not.toContain(
      "stuckAtBaseRate",
    );
  });
});

describe("targets that are all the same", () => {
  const kindsOf = async (loss: Loss, rows: number) => {
    const model = await compile(sequential(input([4, 2]), dense(3)), { loss });
    const y = oneHot.slice(0, rows).map((row) => row.map(() => [0, 0, 1]));
    const reports = await model.fit({ x: x.slice(0, rows), y });
    return reports.flatMap(({ health = [] }) => health).map(({ kind }) => kind);
  };

  it("are a finding, but not of a few rows, where it is chance, nor with a loss of the user's", async () => {
    expect(await kindsOf(meanSquaredError(), 60)).toContain("constantTarget");
    expect(await kindsOf(meanSquaredError(), 2)).not.toContain("constantTarget");
    expect(
      await kindsOf(
        customLoss((p) => square(p)),
        60,
      ),
    ).not.toContain("constantTarget");
  });
});

/** Findings and statistics reach whoever asked for them: each once, at once, and in the report of their epoch. */
import { describe, expect, it } from "vitest";
import { compile, dense, type Finding, input, sequential, sgd } from "../../../src/index.ts";
import { rowsOf } from "../../given/models.ts";

const x = rowsOf(64, 2);
const y = x.map(([a = 0]) => (a > 0 ? 1 : 0));
const classifier = (learningRate = 0.01) =>
  compile(sequential(input(2), dense(2, { activation: "softmax", kernelInitializer: "zeros" })), {
    loss: "crossEntropy",
    optimizer: sgd({ learningRate }),
  });

describe("what a training finds", () => {
  it("is told at once to a function: of targets too, and of a loss at the base rate", async () => {
    const told: Finding[] = [];
    const health = (finding: Finding) => told.push(finding);
    const onEpoch = () => (told.length > 0 ? "stop" : undefined);
    const fit = { epochs: 60, batchSize: 16, health, onEpoch };
    const reports = await (await classifier()).fit({ x, y: y.map(() => 1) }, fit);
    expect(told.map(({ kind, step }) => [kind, step])).toEqual([["constantTarget", 0]]);
    expect(reports).toHaveLength(1);
    told.length = 0;
    const stuck = await (await classifier(1e-9)).fit({ x, y }, fit);
    expect(told).toEqual(stuck.at(-1)!.health);
    expect(told.map(({ kind }) => kind)).toEqual(["stuckAtBaseRate"]);
    expect(stuck.length).toBeLessThan(60);
  });

  it("is in the report of the epoch whose step showed it, where epochs of one step are trained together", async () => {
    const network = sequential(
      input(2),
      dense(8, { activation: "relu", name: "hidden" }),
      dense(2, "softmax"),
    );
    const model = await compile(network, { loss: "crossEntropy", seed: 1 });
    model.setWeights({ "hidden/bias": new Float32Array(8).fill(-10) });
    // The second observation, which confirms the first, is in step 5.
    const reports = await model.fit({ x, y }, { epochs: 6, batchSize: 64 });
    expect(reports.map(({ health = [] }) => health.map(({ kind }) => kind))).toEqual([
      [],
      [],
      [],
      [],
      [],
      ["deadUnits"],
    ]);
  });

  it("is each roll-back, with the learning rate that it went on with", async () => {
    const model = await compile(sequential(input(2), dense(1)), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 20, momentum: 0.5 }),
      seed: 1,
    });
    const target = x.map(([a = 0, b = 0]) => [a + 2 * b]);
    const fit = { epochs: 60, batchSize: 8, onDivergence: "rollBack" } as const;
    const reports = await model.fit({ x, y: target }, fit);
    const mends = reports.flatMap(({ health = [] }) => health).filter(({ kind }) => kind === "rolledBack");
    const halvings = Math.log2(20 / reports.at(-1)!.learningRate);
    expect(halvings).toBeGreaterThan(1);
    expect(mends.map(({ mend }) => mend.split(" of ")[0])).toEqual(
      Array.from({ length: halvings }, (_, i) => `It goes on with ${2 ** -(i + 1)}`),
    );
  });
});

describe("a fit for every batch", () => {
  it("is looked at every sixteen steps, not in each call", async () => {
    const model = await classifier();
    const large = x.map((row) => row.map((value) => value * 1000));
    const found: number[] = [];
    for (let call = 0; call < 40; call++) {
      const [report] = await model.fit({ x: large, y }, { batchSize: 64 });
      if (report!.health?.some(({ kind }) => kind === "unscaledInput")) found.push(call);
    }
    expect(found).toEqual([0, 16, 32]);
  });
});

describe("statistics", () => {
  it("are in every report, where epochs are so short that several are trained together", async () => {
    const reports = await (await classifier()).fit({ x, y }, { epochs: 4, batchSize: 16, statistics: true });
    expect(reports.map(({ statistics }) => statistics?.step)).toEqual([0, 4, 8, 12]);
  });
});

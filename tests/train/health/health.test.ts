/** What a training finds wrong with itself: each fault is named, with its layer, and a sound training has none. */
import { describe, expect, it } from "vitest";
import {
  activation,
  adam,
  compile,
  dense,
  type Finding,
  input,
  type Layer,
  type Network,
  rescale,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { weightBits } from "../../given/models.ts";

const ROWS = 64;
/** Points of a square and whether they lie right of its middle: something that any network learns. */
const x = Array.from({ length: ROWS }, (_, i) => [((i * 37) % 64) / 32 - 1, ((i * 23) % 64) / 32 - 1]);
const y = x.map(([a = 0]) => (a > 0 ? 1 : 0));

const chain = (...layers: Layer[]) => sequential(input(2), ...layers, dense(2, "softmax")) as Network;

async function findingsOf(network: Network, fit: object = {}, data: object = { x, y }): Promise<Finding[]> {
  const model = await compile(network, {
    loss: "crossEntropy",
    optimizer: sgd({ learningRate: 0.01 }),
    seed: 1,
  });
  const reports = await model.fit(data as { x: number[][]; y: number[] }, {
    epochs: 10,
    batchSize: 16,
    ...fit,
  });
  return reports.flatMap(({ health = [] }) => health);
}

const kinds = (findings: readonly Finding[]) => [...new Set(findings.map(({ kind }) => kind))];

describe("a sound training", () => {
  it.each(["relu", "tanh", "sigmoid"] as const)("of %s layers has no findings", async (name) => {
    const network = chain(dense(16, name), dense(16, name));
    const model = await compile(network, {
      loss: "crossEntropy",
      optimizer: adam({ learningRate: 0.01 }),
      seed: 2,
    });
    const reports = await model.fit({ x, y }, { epochs: 40, batchSize: 16 });
    expect(reports.flatMap(({ health = [] }) => health)).toEqual([]);
    expect(reports.at(-1)!.loss).toBeLessThan(0.4);
  });

  it("has the same bits whether it is looked at or not", async () => {
    const options = [
      { health: false },
      {},
      { statistics: true },
      { statistics: true, accumulate: 2 },
    ] as const;
    const trained = async (fit: object) => {
      const model = await compile(chain(dense(9, "relu"), dense(5, "tanh")), {
        loss: "crossEntropy",
        seed: 3,
      });
      await model.fit({ x, y }, { epochs: 5, batchSize: 16, ...fit });
      return { weights: weightBits(model), snapshot: model.snapshot() };
    };
    const [plain, ...others] = await Promise.all(options.map(trained));
    expect(others[0]).toEqual(plain);
    expect(others[1]).toEqual(plain);
    expect(others[2]).toEqual(await trained({ health: false, accumulate: 2 }));
  });
});

describe("a training finds", () => {
  it("that the gradient vanishes in a deep stack of sigmoids, and where", async () => {
    const layers = Array.from({ length: 50 }, () => dense(8, "sigmoid"));
    const findings = await findingsOf(chain(...layers));
    const vanishing = findings.find(({ kind }) => kind === "vanishingGradient");
    expect(vanishing?.layer).toBe("dense");
    expect(vanishing?.message).toContain('the gradient vanishes: that of "dense/kernel" is ');
    expect(vanishing?.mend).toContain("heUniform");
  });

  it("that the gradient explodes where weights are far too large", async () => {
    const network = chain(dense(8), dense(8), dense(8), dense(8));
    const model = await compile(network, { loss: "crossEntropy", clipNorm: 1, seed: 1 });
    const large = Object.entries(model.weights()).map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((value) => value * 20) },
    ]);
    model.setWeights(Object.fromEntries(large));
    const [report] = await model.fit({ x, y }, { batchSize: 16 });
    expect(kinds(report!.health ?? [])).toContain("explodingGradient");
  });

  it("units that are dead", async () => {
    const network = chain(dense(8, { activation: "relu", name: "hidden" }));
    const model = await compile(network, { loss: "crossEntropy", seed: 1 });
    model.setWeights({ "hidden/bias": new Float32Array(8).fill(-10) });
    const reports = await model.fit({ x, y }, { epochs: 4, batchSize: 16 });
    const [finding] = reports.flatMap(({ health = [] }) => health);
    expect(finding).toMatchObject({ kind: "deadUnits", layer: "hidden" });
    expect(finding?.message).toBe('100 % of the units of "hidden" are 0 for every row of a batch');
  });

  it.each(["sigmoid", "tanh"] as const)(
    "a hidden %s that is saturated, but not that of an output",
    async (name) => {
      const network = chain(dense(8, { name: "hidden" }), activation(name, { name: "squash" }));
      const model = await compile(network, { loss: "crossEntropy", seed: 1 });
      model.setWeights({ "hidden/bias": new Float32Array(8).fill(30) });
      const reports = await model.fit({ x, y }, { epochs: 4, batchSize: 16 });
      const findings = reports.flatMap(({ health = [] }) => health);
      expect(findings.map(({ kind, layer }) => [kind, layer])).toContainEqual(["saturated", "squash"]);

      const judge = await compile(sequential(input(2), dense(1, name)), {
        loss: "meanSquaredError",
        seed: 1,
      });
      judge.setWeights({ "dense/bias": [30] });
      const judged = await judge.fit({ x, y: y.map((label) => [label]) }, { epochs: 4, batchSize: 16 });
      expect(judged.flatMap(({ health = [] }) => health).map(({ kind }) => kind)).not.toContain("saturated");
    },
  );

  it("inputs that are not scaled, in the first step, and not once they are", async () => {
    const bytes = Uint8Array.from({ length: ROWS * 2 }, (_, i) => (i * 37) % 256);
    const told: Finding[] = [];
    const options = { maxSteps: 1, health: (finding: Finding) => told.push(finding) };
    await findingsOf(chain(dense(4, "relu")), options, { x: bytes, y });
    expect(told[0]).toMatchObject({ kind: "unscaledInput", layer: "input", step: 1 });
    expect(told[0]?.message).toContain("reaches from 0 to 255");
    const scaled = sequential(input(2), rescale(1 / 255), dense(4, "relu"), dense(2, "softmax"));
    expect(await findingsOf(scaled as Network, {}, { x: bytes, y })).toEqual([]);
  });

  it("targets of a regression that are far from the order of 1, and not once they are scaled", async () => {
    const prices = x.map(([a = 0]) => [250_000 + 100_000 * a]);
    const kindsOf = async (target: number[][], loss: "meanSquaredError" | "poisson") => {
      const model = await compile(sequential(input(2), dense(1)), { loss, seed: 1 });
      const [report] = await model.fit({ x, y: target }, { batchSize: 16 });
      return report!.health ?? [];
    };
    const [finding] = await kindsOf(prices, "meanSquaredError");
    expect(finding).toMatchObject({ kind: "unscaledTarget", layer: undefined });
    expect(finding!.message).toMatch(/^y has a root mean square of 25\d000$/);
    expect(
      await kindsOf(
        prices.map(([p = 0]) => [p / 250_000]),
        "meanSquaredError",
      ),
    ).toEqual([]);
    // Counts are as large as they are.
    expect(
      kinds(
        await kindsOf(
          prices.map(([p = 0]) => [Math.round(p / 1000)]),
          "poisson",
        ),
      ),
    ).not.toContain("unscaledTarget");
  });

  it("targets that are all the same", async () => {
    const [finding] = await findingsOf(chain(dense(4, "relu")), {}, { x, y: y.map(() => 1) });
    expect(finding).toMatchObject({ kind: "constantTarget", message: "y is the same for every row: 1" });
  });

  it.each([
    ["labels", "crossEntropy", "softmax", 2, y],
    ["one-hot rows", "crossEntropy", "softmax", 2, y.map((label) => (label ? [0, 1] : [1, 0]))],
    ["yes or no", "binaryCrossEntropy", "sigmoid", 1, y],
  ] as const)(
    "a loss that stays at the entropy of the %s: ln 2 for two that are as frequent",
    async (_, loss, last, units, target) => {
      const network = sequential(input(2), dense(units, { activation: last, kernelInitializer: "zeros" }));
      const model = await compile(network, { loss, optimizer: sgd({ learningRate: 1e-9 }) });
      const reports = await model.fit({ x, y: target as number[] }, { epochs: 60, batchSize: 16 });
      const findings = reports.flatMap(({ health = [] }) => health);
      expect(findings.map(({ kind }) => kind)).toEqual(["stuckAtBaseRate"]);
      expect(findings[0]?.message).toContain("always gives the same answer has 0.69");
    },
  );

  it("a squared error that stays at the variance of the targets", async () => {
    const target = x.map(([a = 0]) => [a * 3]);
    const variance =
      target.reduce((sum, [t = 0]) => sum + t * t, 0) / ROWS -
      (target.reduce((sum, [t = 0]) => sum + t, 0) / ROWS) ** 2;
    const model = await compile(sequential(input(2), dense(1, { kernelInitializer: "zeros" })), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 1e-9 }),
    });
    const reports = await model.fit({ x, y: target }, { epochs: 60, batchSize: 16 });
    const [finding] = reports.flatMap(({ health = [] }) => health);
    expect(finding?.message).toContain(`has ${variance.toPrecision(4)}`);
  });

  it("each thing once, and nothing where nobody wants to know", async () => {
    const layers = () => Array.from({ length: 30 }, () => dense(8, "sigmoid"));
    const findings = await findingsOf(chain(...layers()), { epochs: 30 });
    const keys = findings.map(({ kind, layer }) => `${kind} ${layer}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(await findingsOf(chain(...layers()), { epochs: 30, health: false })).toEqual([]);
  });
});

describe("options that do not fit", () => {
  it.each([
    [{ health: "yes" }, 'fit: health is "yes"; needs true or false'],
    [{ statistics: 1 }, "fit: statistics is 1; needs true or false"],
    [{ onDivergence: "rollback" }, 'fit: there is no onDivergence "rollback". Did you mean "rollBack"?'],
    [{ onDivergense: "stop" }, 'Did you mean "onDivergence"?'],
  ])("are refused: %j", async (options, message) => {
    await expect(findingsOf(chain(dense(2)), options)).rejects.toThrow(message);
  });
});

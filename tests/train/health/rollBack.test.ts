/** A training that diverges goes back to its last good epoch and goes on, if it is told to. */
import { describe, expect, it } from "vitest";
import { compile, DivergedError, dense, input, sequential, sgd } from "../../../src/index.ts";
import { weightBits } from "../../given/models.ts";

const x = Array.from({ length: 32 }, (_, i) => [i / 16 - 1, ((i * 7) % 32) / 16 - 1]);
const y = x.map(([a = 0, b = 0]) => [a + 2 * b]);

/** Of a linear network: the rate is far beyond 2 / λ, at which gradient descent diverges on a quadratic. */
const model = (learningRate = 20) =>
  compile(sequential(input(2), dense(1)), {
    loss: "meanSquaredError",
    optimizer: sgd({ learningRate, momentum: 0.5 }),
    seed: 1,
  });
const fit = { epochs: 200, batchSize: 8 } as const;

describe("a training that diverges", () => {
  it("stops by default, and rolls back when it is told to: the rate is halved until it converges", async () => {
    await expect((await model()).fit({ x, y }, fit)).rejects.toThrow(DivergedError);
    const rescued = await model();
    const reports = await rescued.fit({ x, y }, { ...fit, onDivergence: "rollBack" });
    expect(reports).toHaveLength(200);
    expect(reports.map(({ epoch }) => epoch)).toEqual(reports.map((_, i) => i + 1));
    expect(reports.at(-1)!.loss).toBeLessThan(1e-6);
    const rates = reports.map(({ learningRate }) => learningRate);
    expect(rates.at(-1)).toBeLessThan(20);
    const halvings = Math.log2(20 / rates.at(-1)!);
    expect(halvings).toBe(Math.round(halvings));
    const findings = reports.flatMap(({ health = [] }) => health);
    expect(findings.find(({ kind }) => kind === "rolledBack")?.message).toContain("diverged at step");
  });

  it("goes back behind an epoch that was bad already, and behind one whose weights led nowhere", async () => {
    const reports = await (await model(4)).fit({ x, y }, { ...fit, onDivergence: "rollBack" });
    const losses = reports.map(({ loss }) => loss);
    reports.forEach(({ health = [], epoch }) => {
      const back = health.find(({ kind }) => kind === "rolledBack");
      if (back === undefined) return;
      // The epoch before the one that begins anew is no worse than half as much again as the best before it.
      const before = losses.slice(0, epoch - 1);
      if (before.length > 0) expect(before.at(-1)).toBeLessThanOrEqual(1.5 * Math.min(...before) + 0.005);
    });
    expect(losses.at(-1)).toBeLessThan(1e-6);
  });

  it("keeps the lower rate in snapshots, and ends in the same bits when it is repeated", async () => {
    const [one, other] = [await model(), await model()];
    await one.fit({ x, y }, { ...fit, onDivergence: "rollBack" });
    await other.fit({ x, y }, { ...fit, onDivergence: "rollBack" });
    expect(weightBits(other)).toEqual(weightBits(one));
    const resumed = await model();
    resumed.restore(one.snapshot());
    const [next] = await resumed.fit({ x, y }, { batchSize: 8 });
    expect(next!.learningRate).toBeLessThan(20);
  });

  it("gives up after ten times, with finite weights", async () => {
    const hopeless = await model(1e15);
    const fitted = hopeless.fit({ x, y }, { ...fit, onDivergence: "rollBack" });
    const error = await fitted.catch((reason) => reason);
    expect(error).toBeInstanceOf(DivergedError);
    expect(error.message).toContain(
      "It was rolled back 10 times, to half the learning rate each time. The model",
    );
    expect(error.learningRate).toBe(1e15 / 2 ** 10);
    const weights = Object.values(hopeless.weights()).flatMap(({ data }) => [...data]);
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(hopeless.snapshot().length).toBeGreaterThan(0);
  });

  it("changes nothing where nothing diverges", async () => {
    const [plain, careful] = [await model(0.01), await model(0.01)];
    await plain.fit({ x, y }, { epochs: 3, batchSize: 8 });
    await careful.fit({ x, y }, { epochs: 3, batchSize: 8, onDivergence: "rollBack" });
    expect(weightBits(careful)).toEqual(weightBits(plain));
  });

  it("closes the stream that it leaves, before it opens it anew", async () => {
    const events: string[] = [];
    function* batches() {
      events.push("open");
      try {
        for (let i = 0; i < 32; i += 8) yield { x: x.slice(i, i + 8), y: y.slice(i, i + 8) };
      } finally {
        events.push("closed");
      }
    }
    const reports = await (await model()).fit(batches, { epochs: 100, onDivergence: "rollBack" });
    expect(events.length).toBeGreaterThan(200);
    expect(events).toEqual(events.map((_, i) => (i % 2 === 0 ? "open" : "closed")));
    expect(reports.at(-1)!.loss).toBeLessThan(1e-3);
  });

  it("refuses a generator, which cannot begin anew, even for one epoch", async () => {
    function* batches() {
      yield { x, y };
    }
    const subject = await model();
    await expect(subject.fit(batches(), { onDivergence: "rollBack" })).rejects.toThrow(
      'fit: the data runs once, as a generator or a stream does, and onDivergence is "rollBack", which begins an epoch anew.',
    );
    await expect(subject.fit(() => batches(), { onDivergence: "rollBack" })).resolves.toHaveLength(1);
  });

  it("ends in the same bits in a worker", async () => {
    const local = await model();
    const remote = await compile(sequential(input(2), dense(1)), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 20, momentum: 0.5 }),
      seed: 1,
      worker: true,
    });
    const options = { ...fit, epochs: 30, onDivergence: "rollBack", statistics: true } as const;
    const [here, there] = [await local.fit({ x, y }, options), await remote.fit({ x, y }, options)];
    const plain = (reports: typeof here) => reports.map(({ samplesPerSecond: _, ...report }) => report);
    expect(plain(there)).toEqual(plain(here));
    expect(weightBits(remote)).toEqual(weightBits(local));
    expect(remote.snapshot()).toEqual(local.snapshot());
    remote.dispose();
  });
});

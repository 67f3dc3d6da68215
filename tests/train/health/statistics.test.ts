/** Statistics of a step: the numbers of each layer are those that its weights, gradient and activations have. */
import { describe, expect, it } from "vitest";
import {
  compile,
  concatenate,
  dense,
  dropout,
  input,
  network,
  type StepReport,
  sequential,
  sgd,
} from "../../../src/index.ts";

const x = Array.from({ length: 12 }, (_, i) => [i / 6 - 1, ((i * 5) % 12) / 6 - 1, (i % 3) - 1]);
const y = x.map(([a = 0, b = 0]) => [a * b]);
const LEARNING_RATE = 0.1;

const norm = (numbers: Iterable<number>) => Math.sqrt([...numbers].reduce((sum, one) => sum + one * one, 0));
const model = () =>
  compile(
    sequential(input(3), dense(5, { activation: "relu", name: "hidden" }), dense(1, { name: "last" })),
    {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: LEARNING_RATE }),
      seed: 4,
    },
  );

describe("statistics of a step", () => {
  it("have norms and ratios that follow from the weights before and after", async () => {
    for (const accumulate of [1, 3]) {
      const subject = await model();
      const before = subject.weights();
      const steps: StepReport[] = [];
      const [report] = await subject.fit(
        { x, y },
        { batchSize: 12, accumulate, statistics: true, onStep: (step) => steps.push(step) },
      );
      const { step, layers } = report!.statistics!;
      expect(step).toBe(0);
      expect(Object.keys(layers)).toEqual(["input", "hidden", "last"]);
      for (const layer of ["hidden", "last"]) {
        const all = [`${layer}/kernel`, `${layer}/bias`];
        const weights = all.flatMap((name) => [...before[name]!.data]);
        const changes = all.flatMap((name) =>
          [...subject.weights()[name]!.data].map((value, i) => value - before[name]!.data[i]!),
        );
        expect(layers[layer]!.weightNorm).toBeCloseTo(norm(weights), 6);
        expect(layers[layer]!.gradientNorm).toBeCloseTo(norm(changes) / LEARNING_RATE, 5);
        expect(layers[layer]!.updateRatio).toBeCloseTo(norm(changes) / norm(weights), 6);
      }
      const whole = norm(["hidden", "last"].map((layer) => layers[layer]!.gradientNorm!));
      expect(whole).toBeCloseTo(steps[0]!.gradientNorm, 6);
    }
  });

  it("are those of what each layer makes", async () => {
    const subject = await model();
    const { hidden = new Float32Array(), last = new Float32Array() } = await subject.activations(x, [
      "hidden",
      "last",
    ]);
    const [report] = await subject.fit({ x, y }, { batchSize: 12, shuffle: false, statistics: true });
    const { layers } = report!.statistics!;
    const found = layers.hidden!.activation!;
    const mean = hidden.reduce((sum, one) => sum + one, 0) / hidden.length;
    expect(found.mean).toBeCloseTo(mean, 6);
    expect(found.deviation).toBeCloseTo(norm(hidden.map((one) => one - mean)) / Math.sqrt(hidden.length), 6);
    expect(found.maximum).toBe(Math.max(...hidden));
    expect(found.minimum).toBe(0);
    expect(found.zeroShare).toBeCloseTo(hidden.filter((one) => one === 0).length / hidden.length, 12);
    const dead = [0, 1, 2, 3, 4].filter((unit) => x.every((_, row) => hidden[row * 5 + unit] === 0));
    expect(found.deadShare).toBe(dead.length / 5);
    expect(layers.last!.activation!.maximum).toBe(Math.max(...last));
    expect(layers.input!.activation!.maximum).toBe(Math.max(...x.flat()));
    expect(layers.input!.gradientNorm).toBeUndefined();
  });

  it("come with the report of each epoch, of streams and in a worker too", async () => {
    const subject = await compile(sequential(input(3), dense(4, "tanh"), dropout(0.5), dense(1)), {
      loss: "meanSquaredError",
      worker: true,
    });
    const reports = await subject.fit(
      () => [
        { x, y },
        { x, y },
      ],
      { epochs: 3, statistics: true },
    );
    expect(reports.map(({ statistics }) => statistics?.step)).toEqual([0, 2, 4]);
    expect(Object.keys(reports[0]!.statistics!.layers)).toEqual(["input", "dense", "dropout", "dense_2"]);
    subject.dispose();
    const plain = await model();
    expect((await plain.fit({ x, y }))[0]).not.toHaveProperty("statistics");
  });

  it("are there for inputs and layers whatever they are called", async () => {
    const from = { target: input(3), anchor: input(3) };
    const hidden = dense(4, { name: "target layer" })(concatenate()(from.target, from.anchor));
    const subject = await compile(network({ inputs: from, outputs: dense(1, { name: "target" })(hidden) }), {
      loss: "meanSquaredError",
    });
    const [report] = await subject.fit({ x: { target: x, anchor: x }, y }, { statistics: true });
    const { layers } = report!.statistics!;
    for (const layer of ["target", "target layer", "anchor"])
      expect(layers).toHaveProperty([layer, "activation"]);
  });
});

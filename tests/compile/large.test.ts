/** Graphs of thousands of nodes: they compile, take a step, and neither overflow the stack nor lose a gradient. */
import { describe, expect, it } from "vitest";
import { add, compile, dense, input, type Node, network, sequential, sgd } from "../../src/index.js";
import { howMany } from "../given/depth.ts";
import { rowsOf } from "../given/models.js";

const x = rowsOf(4, 2);
const LAYERS = howMany(600, 2000);
const RUNGS = howMany(1500, 5000);

describe("a large network", () => {
  it(`of ${LAYERS} dense layers takes a step that changes all of them`, async () => {
    const layers = Array.from({ length: LAYERS }, () => dense(2));
    const model = await compile(sequential(input(2), ...layers), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 1 }),
      seed: 1,
    });
    // Kernels that turn by a different angle each keep the length of what goes through, forth and back.
    model.setWeights(
      Object.fromEntries(
        Object.keys(model.weights())
          .filter((name) => name.endsWith("kernel"))
          .map((name, i) => [name, [Math.cos(i), Math.sin(i), -Math.sin(i), Math.cos(i)]]),
      ),
    );
    const before = model.weights();
    const [report] = await model.fit({ x, y: rowsOf(4, 2, 3) }, { batchSize: 4 });
    expect(report?.loss).toBeGreaterThan(0);
    const after = model.weights();
    const unchanged = Object.keys(before).filter(
      (name) => `${before[name]?.data}` === `${after[name]?.data}`,
    );
    expect(Object.keys(before)).toHaveLength(2 * LAYERS);
    expect(unchanged).toEqual([]);
  });

  it(`of ${2 * RUNGS} nodes in a ladder of sums compiles and adds up`, async () => {
    let left: Node = input(2);
    let right: Node = dense(2, { useBias: false, name: "start" })(left);
    const first = left;
    for (let i = 0; i < RUNGS; i++)
      [left, right] = [add()(right, left), dense(2, { useBias: false, trainable: i % 2 === 0 })(right)];
    const net = network({ inputs: first, outputs: add()(left, right) });
    expect(net.layers.length).toBeGreaterThan(2 * RUNGS);
    const model = await compile(net, { loss: "meanSquaredError", optimizer: sgd(), seed: 1 });
    const names = Object.keys(model.weights());
    const zeros = names.filter((name) => name !== "start/kernel").map((name) => [name, [0, 0, 0, 0]]);
    model.setWeights({ ...Object.fromEntries(zeros), "start/kernel": [1, 0, 0, 1] });
    // Only the first rung is not zero: x + x.
    expect([...(await model.predict([[1, -3]]))]).toEqual([2, -6]);
    const [report] = await model.fit({ x, y: x });
    expect(report?.loss).toBeGreaterThan(0);
  });

  it("of one layer that is used 1,000 times has one kernel, whose gradient is that of all uses", async () => {
    const shared = dense(1, { useBias: false });
    const start = input(1);
    let node: Node = start;
    for (let i = 0; i < 1000; i++) node = shared(node);
    const model = await compile(network({ inputs: start, outputs: node }), {
      loss: (p) => p,
      optimizer: sgd({ learningRate: 1e-4 }),
    });
    model.setWeights({ "dense/kernel": [1] });
    await model.fit({ x: [[1]], y: [[0]] }, { batchSize: 1 });
    // d/dw w¹⁰⁰⁰ = 1000 at w = 1.
    expect(model.weights()["dense/kernel"]?.data[0]).toBeCloseTo(1 - 1e-4 * 1000, 6);
  });
});

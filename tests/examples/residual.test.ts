/** A deep residual network on two spirals, where the same layers in a chain learn nothing. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/index.js";
import {
  adam,
  add,
  compile,
  dense,
  input,
  type Network,
  type Node,
  network,
  sequential,
} from "../../src/index.js";
import { spirals } from "./spirals.js";

const train = spirals(600);
const test = spirals(400, { seed: 2 });
const BLOCKS = 10;

/** Twenty-two layers: ten blocks of two, with or without the way around each (He et al. 2016). */
function deep({
  isResidual,
  blocks = BLOCKS,
  width = 24,
}: {
  isResidual: boolean;
  blocks?: number;
  width?: number;
}): Network {
  const start = input(2);
  let node: Node = dense(width, "tanh")(start);
  for (let i = 0; i < blocks; i++) {
    const branch = dense(width)(dense(width, "tanh")(node));
    node = isResidual ? add()(node, branch) : branch;
  }
  return network({ inputs: start, outputs: dense(2, "softmax")(node) });
}

async function accuracyOf(net: Network): Promise<number> {
  const model = await compile(net, {
    loss: "crossEntropy",
    metrics: ["accuracy"],
    optimizer: adam({ learningRate: 0.004 }),
    clipNorm: 1,
    seed: 1,
  });
  await model.fit(train, { epochs: 60, batchSize: 30 });
  return (await model.evaluate(test)).accuracy;
}

describe("a residual network of 22 layers on two spirals", () => {
  it("tells apart at least 98 % of points that it has not seen", async () => {
    expect(await accuracyOf(deep({ isResidual: true }))).toBeGreaterThanOrEqual(0.98);
  });

  it("is what makes it: the same layers in a chain stay below 60 %, a line below 75 %", async () => {
    expect(await accuracyOf(deep({ isResidual: false }))).toBeLessThan(0.6);
    expect(await accuracyOf(sequential(input(2), dense(2, "softmax")))).toBeLessThan(0.75);
  });

  it("has the gradients that differences in f64 give", async () => {
    const net = deep({ isResidual: true, blocks: 4, width: 5 });
    const data = { x: train.x.slice(0, 12), y: train.y.slice(0, 12) };
    const check = await gradientCheck(net, data, { loss: "crossEntropy", seed: 3 });
    expect(check.passed, String(check)).toBe(true);
  });
});

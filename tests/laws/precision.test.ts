import { describe, expect, it } from "vitest";
import { compile, dense, input, type Precision, sequential, sgd } from "../../src/index.ts";

const x = Float32Array.from({ length: 40 * 12 }, (_, i) => ((i * 37) % 101) / 101 - 0.5);
const y = Float32Array.from({ length: 40 }, (_, i) => ((i * 13) % 17) / 17);

async function trained(precision: Precision): Promise<Float32Array> {
  const network = sequential(input(12), dense(20, "tanh"), dense(1));
  const model = await compile(network, {
    loss: "meanSquaredError",
    optimizer: sgd({ learningRate: 0.1 }),
    precision,
    seed: 3,
  });
  await model.fit({ x, y }, { epochs: 20, batchSize: 8 });
  return model.predict(x);
}

describe("precision", () => {
  it('"fast" predicts as "exact" does to 1e-4, with fused multiply-add or, where the engine has none, without', async () => {
    const [exact, fast] = [await trained("exact"), await trained("fast")];
    const spread = Math.max(...exact) - Math.min(...exact);
    expect(spread).toBeGreaterThan(0.1);
    exact.forEach((value, i) => {
      expect(Math.abs((fast[i] as number) - value)).toBeLessThan(1e-4);
    });
  });
});

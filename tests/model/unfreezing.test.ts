/** Training that begins late begins as training does: the optimizer counts the steps of each parameter by itself. */
import { describe, expect, it } from "vitest";
import { adam, compile, customLayer, input, sequential } from "../../src/index.ts";
import { add, constant, multiply, sum } from "../../src/ops/index.ts";
import { weightBits } from "../given/models.ts";

/** loss = Σ a + Σ b for each row: the gradient of every weight is 1, at any time. */
const constantGradient = () => {
  const layer = (name: string) =>
    customLayer({
      kind: "shift",
      name,
      parameters: () => ({ w: { shape: [3], initializer: 0 } }),
      build: ([x], { w }, { addLoss }) => {
        addLoss(sum(w));
        return add(x, multiply(w, constant([0])));
      },
    });
  return sequential(input(3), layer("a"), layer("b"));
};
const model = () =>
  compile(constantGradient(), { optimizer: adam({ learningRate: 0.5 }), seed: 1, batchSize: 4 });
const data = { x: new Float32Array(12) };
const value = (of: Awaited<ReturnType<typeof model>>, name: string) => of.weights()[name]?.data[0] as number;

describe("a layer that is unfrozen", () => {
  it("moves by the learning rate at a constant gradient, as Adam does from its first step (Kingma & Ba 2015, §2.1)", async () => {
    const trained = await model();
    trained.freeze("a");
    await trained.fit(data, { epochs: 200, batchSize: 4 });
    expect(value(trained, "a/w")).toBe(0);
    trained.unfreeze("a");
    for (let step = 1; step <= 10; step++) {
      await trained.fit(data, { batchSize: 4 });
      expect(value(trained, "a/w")).toBeCloseTo(-0.5 * step, 3);
      expect(value(trained, "b/w")).toBeCloseTo(-0.5 * (200 + step), 1);
    }
  });

  it("keeps what was counted of those that stayed trained, and goes on from a snapshot to the same bits", async () => {
    const whole = await model();
    whole.freeze("a");
    await whole.fit(data, { epochs: 7, batchSize: 4 });
    whole.unfreeze("a");
    await whole.fit(data, { epochs: 5, batchSize: 4 });
    const other = await model();
    other.restore(whole.snapshot());
    expect(weightBits(other)).toEqual(weightBits(whole));
    for (const one of [whole, other]) await one.fit(data, { epochs: 6, batchSize: 4 });
    expect(weightBits(other)).toEqual(weightBits(whole));
    expect(value(other, "a/w")).toBeCloseTo(-0.5 * 11, 3);
    expect(whole.disassemble().match(/since=\d+/g)).toEqual(["since=0", "since=7"]);
    expect(other.disassemble().match(/since=\d+/g)).toEqual(["since=0", "since=7"]);
  });
});

/** Running averages of layers of one's own: what they move towards, when, and what leaves them alone. */
import { describe, expect, it } from "vitest";
import {
  compile,
  customLayer,
  DivergedError,
  dense,
  input,
  type Layer,
  network,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { mean, multiply, subtract } from "../../../src/ops/index.ts";

const SHARE = 0.25;
const x = [
  [1, 2],
  [3, 4],
  [5, 0],
  [7, 2],
];
const y = x.map(([a = 0]) => [a]);

/** Subtracts a running mean of its inputs, once it has one. */
const center = (name = "center"): Layer =>
  customLayer({
    kind: "center",
    name,
    parameters: () => ({ mean: { shape: [2], average: SHARE } }),
    build([rows], { mean: average }, { setAverage }) {
      setAverage(average, mean(rows, { axis: 0 }));
      return subtract(rows, average);
    },
  });

const options = { loss: "meanSquaredError", optimizer: sgd({ learningRate: 0.01 }), seed: 1 } as const;
const chain = () => compile(sequential(input(2), center(), dense(1)), options);
const fit = { batchSize: 4, shuffle: false } as const;

describe("a running average", () => {
  it("moves by its share of what is new in each step: a + share · (mean − a)", async () => {
    const model = await chain();
    let expected = [0, 0];
    for (let step = 0; step < 5; step++) {
      await model.fit({ x, y }, fit);
      expected = expected.map((a, i) => a + SHARE * ([4, 2][i]! - a));
      model.weights()["center/mean"]!.data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
    }
  });

  it("takes the mean of what micro-batches find, by their rows", async () => {
    const [whole, parts] = [await chain(), await chain()];
    await whole.fit({ x: x.slice(0, 3), y: y.slice(0, 3) }, { ...fit, batchSize: 3 });
    await parts.fit({ x: x.slice(0, 3), y: y.slice(0, 3) }, { ...fit, batchSize: 3, accumulate: 2 });
    const [a, b] = [whole, parts].map((model) => model.weights()["center/mean"]!.data);
    a!.forEach((value, i) => expect(b![i]).toBeCloseTo(value, 6));
  });

  it("of a layer that is used twice takes the mean of both", async () => {
    const from = input(2);
    const shared = center();
    const doubled = customLayer({ kind: "doubled", build: ([rows]) => multiply(rows, 2) });
    const model = await compile(
      network({ inputs: from, outputs: dense(1)(shared(doubled(shared(from)))) }),
      options,
    );
    await model.fit({ x, y }, fit);
    // The first use sees the mean (4, 2), the second twice as much; nothing is subtracted yet.
    expect([...model.weights()["center/mean"]!.data]).toEqual([SHARE * 6, SHARE * 3]);
  });

  it("stays where it is when it is frozen, in evaluate and in predict, and has no gradient", async () => {
    const model = await chain();
    model.setWeights({ "center/mean": [1, 2] });
    await model.evaluate({ x, y });
    await model.predict(x);
    model.freeze("center");
    await model.fit({ x, y }, fit);
    expect([...model.weights()["center/mean"]!.data]).toEqual([1, 2]);
    model.unfreeze("center");
    await model.fit({ x, y }, fit);
    expect([...model.weights()["center/mean"]!.data]).toEqual([1 + SHARE * 3, 2]);
  });

  it("is as before a step that diverges, whatever it was to become", async () => {
    const model = await chain();
    model.setWeights({ "dense/kernel": [1e30, 1e30] });
    await expect(model.fit({ x, y }, fit)).rejects.toThrow(DivergedError);
    expect([...model.weights()["center/mean"]!.data]).toEqual([0, 0]);
  });

  it("goes with a snapshot", async () => {
    const [model, other] = [await chain(), await chain()];
    await model.fit({ x, y }, { ...fit, epochs: 3 });
    other.restore(model.snapshot());
    expect(other.weights()["center/mean"]).toEqual(model.weights()["center/mean"]);
  });

  it.each([
    ["a share of 0", { average: 0 }, "average is 0; needs a number in (0, 1]"],
    ["a share above 1", { average: 1.5 }, "average is 1.5; needs a number in (0, 1]"],
  ])("is refused with %s", (_, extra, message) => {
    const layer = customLayer({
      kind: "odd",
      parameters: () => ({ a: { shape: [2], ...extra } }),
      build: ([rows]) => rows,
    });
    expect(() => layer(input(2))).toThrow(message);
  });

  it("is refused a value of another shape, and a parameter that is none cannot be set", async () => {
    const wrong = (average: number | undefined, axis: number) =>
      customLayer({
        kind: "wrong",
        parameters: () => ({ a: { shape: [2], ...(average === undefined ? {} : { average }) } }),
        build([rows], { a }, { setAverage }) {
          setAverage(a, mean(rows, { axis }));
          return rows;
        },
      });
    const compiled = (layer: Layer) => compile(sequential(input(2), layer, dense(1)), options);
    await expect(compiled(wrong(0.5, 1))).rejects.toThrow("the new average of wrong/a is [rows]; needs [2]");
    await expect(compiled(wrong(undefined, 0))).rejects.toThrow("needs a parameter with average");
  });
});

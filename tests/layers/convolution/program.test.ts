/** What layers of maps become in the program: which instructions, how much memory, and which bits. */
import { describe, expect, it } from "vitest";
import {
  compile,
  conv1d,
  conv2d,
  conv2dTranspose,
  dense,
  depthwiseConv2d,
  flatten,
  input,
  type Layer,
  maxPool2d,
  type Node,
  separableConv2d,
  sequential,
} from "../../../src/index.ts";

const compiled = (shape: readonly number[], ...layers: Layer[]) =>
  compile(sequential(input([...shape]), ...(layers as [Layer])), { loss: "meanSquaredError", seed: 1 });

/** The instructions of a method by name, with the fields that are told. */
async function instructions(
  shape: readonly number[],
  layers: readonly Layer[],
  method: "train" | "predict" = "predict",
) {
  const model = await compiled(shape, ...layers);
  return model
    .disassemble(method)
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .map(([, name, ...fields]) => ({
      name,
      field: (key: string) => fields.find((one) => one.startsWith(`${key}=`))?.slice(key.length + 1),
    }));
}

describe("a convolution", () => {
  it("is one instruction with its bias and its rectifier", async () => {
    for (const [shape, layer] of [
      [[8, 8, 4], conv2d(16, 3, { padding: "same", activation: "relu" })],
      [[8, 4], conv1d(16, 3, { padding: "causal", activation: "relu" })],
      [[8, 8, 4], conv2dTranspose(16, 3, { strides: 2, activation: "relu" })],
      [[8, 8, 4], depthwiseConv2d(3, "relu")],
    ] as const) {
      const found = (await instructions(shape, [layer])).filter(({ name }) => name !== "Gather");
      expect(found.map(({ name }) => name)).toEqual([expect.stringMatching(/^Conv2d/)]);
      expect(found[0]!.field("bias")).toMatch(/^parameters/);
      expect(found[0]!.field("activation")).toBe("1");
    }
  });

  it("of one place, or as large as its map, is a product of matrices", async () => {
    const one = await instructions([5, 6, 7], [conv2d(9, 1, "relu")]);
    const whole = await instructions([5, 6, 7], [conv2d(9, [5, 6])]);
    for (const found of [one, whole]) expect(found.map(({ name }) => name)).toContain("Matmul");
    const training = await instructions([5, 6, 7], [conv2d(4, 1), conv2d(9, [5, 6])], "train");
    expect(training.filter(({ name }) => name?.startsWith("Conv2d"))).toEqual([]);
  });

  it("chooses its algorithm by its shapes: taps where runs are short, a kernel for each channel", async () => {
    const algorithms = async (shape: readonly number[], layer: Layer) =>
      (await instructions(shape, [layer])).flatMap((one) => one.field("algorithm") ?? []);
    expect(await algorithms([8, 8, 1], conv2d(16, 3))).toEqual(["1"]);
    expect(await algorithms([8, 8, 4], conv2d(16, 3))).toEqual(["0"]);
    expect(await algorithms([8, 8, 4], conv2d(16, 3, { dilationRate: 2 }))).toEqual(["1"]);
    expect(await algorithms([8, 8, 4], depthwiseConv2d(3))).toEqual(["2"]);
    expect(await algorithms([8, 8, 4], separableConv2d(3, 3))).toEqual(["2"]);
  });

  it("has no gradient by the data that it is given", async () => {
    const first = await instructions([8, 8, 3], [conv2d(4, 3)], "train");
    const second = await instructions([8, 8, 3], [conv2d(4, 3), conv2d(4, 3)], "train");
    const count = (found: typeof first) => found.filter(({ name }) => name === "Conv2dGradInput").length;
    expect([count(first), count(second)]).toEqual([0, 1]);
  });

  it("keeps no matrix of its patches: its memory is that of its maps and one block", async () => {
    const side = 64;
    const channels = 8;
    const batchSize = 16;
    const net = sequential(
      input([side, side, channels]),
      conv2d(channels, 3, { padding: "same" }),
      conv2d(channels, 3, { padding: "same" }),
    );
    const model = await compile(net, { loss: "meanSquaredError", batchSize });
    const map = 4 * batchSize * side * side * channels;
    const { arena, scratch } = model.memory;
    // Input, both results and the gradients of both; a matrix of patches alone would be nine maps.
    expect(arena).toBeLessThan(6 * map);
    expect(scratch).toBeLessThan(map / 8);
  });
});

describe("a network of convolutions", () => {
  const classes = 3;
  const images = (rows: number, side: number) =>
    Float32Array.from({ length: rows * side * side }, (_, i) => Math.fround(((i * 7919) % 251) / 251));

  /** Small LeNet; what is about the middle is learned easily. */
  const network = () => {
    const x = input([9, 9, 1]);
    const tower = [conv2d(6, 3, "relu"), maxPool2d(), conv2d(5, 2, { padding: "same" }), flatten()];
    return sequential(x, ...(tower as [Layer]), dense(classes));
  };

  it("learns what its classes are", async () => {
    const rows = 60;
    const x = images(rows, 9);
    const y = Float32Array.from({ length: rows }, (_, row) => row % classes);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < 27; i++) x[row * 81 + 27 * (row % classes) + i] = 2;
    }
    const model = await compile(network(), {
      loss: "crossEntropy",
      optimizer: "adam",
      metrics: ["accuracy"],
      seed: 3,
    });
    await model.fit({ x, y }, { epochs: 25, batchSize: 16 });
    const { accuracy } = await model.evaluate({ x, y });
    expect(accuracy).toBeGreaterThan(0.95);
  });

  it("predicts the same for a row, whatever is beside it", async () => {
    const model = await compile(network(), { loss: "crossEntropy", seed: 4 });
    const x = images(7, 9);
    const all = await model.predict(x);
    for (let row = 0; row < 7; row++) {
      const alone = await model.predict(x.slice(row * 81, (row + 1) * 81));
      expect(alone).toEqual(all.slice(row * classes, (row + 1) * classes));
    }
  });

  it("shares a layer that is called twice", async () => {
    const twice = conv2d(4, 3, { padding: "same" });
    const again = (node: Node) => twice(twice(node));
    const { network: wired } = await import("../../../src/index.ts");
    const from = input([5, 5, 4]);
    const model = await compile(wired({ inputs: from, outputs: again(from) }), { loss: "meanSquaredError" });
    expect(Object.keys(model.weights())).toEqual(["conv2d/kernel", "conv2d/bias"]);
  });
});

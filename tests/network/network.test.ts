/** Networks: chains and graphs, shared layers, names, shapes, weights by name. */
import { describe, expect, it } from "vitest";
import { source } from "../../src/graph/primitives/step/source.js";
import { evaluate } from "../../src/graph/reference/evaluate.ts";
import {
  add,
  batchNorm,
  compile,
  conv2d,
  conv2dTranspose,
  dense,
  dropout,
  flatten,
  globalAveragePool2d,
  input,
  meanSquaredError,
  type Network,
  type Node,
  network,
  OptionError,
  rescale,
  ShapeError,
  separableConv2d,
  sequential,
  sgd,
} from "../../src/index.js";
import { reduceLosses } from "../../src/losses/reduction.js";
import { rowsOf, weightBits } from "../given/models.js";

function errorOf(build: () => unknown): Error {
  try {
    build();
  } catch (error) {
    return error as Error;
  }
  throw new Error("was not refused");
}

const x = rowsOf(6, 3);
const y = rowsOf(6, 2, 2);

/** x + f(f(x)) through one and the same layer f, then an output layer. */
function residual(): Network {
  const start = input(3);
  const shared = dense(3, { activation: "tanh", name: "shared" });
  const sum = add({ name: "sum" })(start, shared(shared(start)));
  return network({ inputs: start, outputs: dense(2, { name: "output" })(sum) });
}

/** The mean squared error of a network on (x, y) in f64, for weights by name. */
function lossInF64(net: Network, weights: Readonly<Record<string, readonly number[]>>): number {
  const at = (slot: number, columns: number) => source({ slot, row: [columns], scale: 1, offset: 0 });
  const terms = meanSquaredError().build(net.build([at(0, 3)], false).outputs[0]!, at(1, 2));
  const loss = reduceLosses("loss", terms, "mean", undefined).value;
  const parameters = net.layers.flatMap((layer) => layer.parameters);
  const [result] = evaluate([loss], {
    rows: x.length,
    sources: [Float32Array.from(x.flat()), Float32Array.from(y.flat())],
    parameters: new Map(parameters.map((one) => [one, weights[one.name] as readonly number[]])),
  });
  return result?.data[0] as number;
}

describe("a graph of layers", () => {
  it("gives a shared layer one set of weights", () => {
    const { layers } = residual();
    expect(layers.map(({ name }) => name)).toEqual(["input", "shared", "sum", "output"]);
    expect(layers.flatMap(({ parameters }) => parameters.map(({ name }) => name))).toEqual([
      "shared/kernel",
      "shared/bias",
      "output/kernel",
      "output/bias",
    ]);
  });

  it("sums the gradients of a shared layer's uses, as finite differences in f64 say", async () => {
    const net = residual();
    // At rate 1, a step of plain gradient descent takes the gradient off the weights.
    const model = await compile(net, {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 1 }),
      seed: 4,
    });
    const before = model.weights();
    const weights = Object.fromEntries(Object.entries(before).map(([name, { data }]) => [name, [...data]]));
    const [report] = await model.fit({ x, y }, { batchSize: 6 });
    expect(report?.loss).toBeCloseTo(lossInF64(net, weights), 6);
    const after = model.weights();
    let compared = 0;
    for (const [name, values] of Object.entries(weights)) {
      values.forEach((value, i) => {
        const lossAt = (moved: number) => lossInF64(net, { ...weights, [name]: values.with(i, moved) });
        const expected = (lossAt(value + 1e-5) - lossAt(value - 1e-5)) / 2e-5;
        const found = value - (after[name]?.data[i] as number);
        expect(Math.abs(found - expected)).toBeLessThan(1e-6);
        compared++;
      });
    }
    expect(compared).toBe(3 * 3 + 3 + 3 * 2 + 2);
  });

  it("gives what its definition gives in f64", async () => {
    const net = residual();
    const model = await compile(net, { seed: 9 });
    const parameters = net.layers.flatMap((layer) => layer.parameters);
    const [expected] = evaluate(
      net.build([source({ slot: 0, row: [3], scale: 1, offset: 0 })], false).outputs,
      {
        rows: 6,
        sources: [Float32Array.from(x.flat())],
        parameters: new Map(parameters.map((one) => [one, model.weights()[one.name]?.data ?? []])),
      },
    );
    const outputs = await model.predict(x);
    expect(outputs).toHaveLength(12);
    outputs.forEach((value, i) => expect(value).toBeCloseTo(expected?.data[i] as number, 5));
  });

  it("may add one node to itself, and more than two", async () => {
    const start = input(3);
    const model = await compile(network({ inputs: start, outputs: add()(start, start, start) }));
    expect([...(await model.predict([[1, 2, 3]]))]).toEqual([3, 6, 9]);
  });

  it("may end where it begins", async () => {
    const start = input(3);
    const model = await compile(network({ inputs: start, outputs: start }));
    expect([...(await model.predict([[1, -2, 0.5]]))]).toEqual([1, -2, 0.5]);
  });

  it("may be thousands of layers long", () => {
    let node: Node = input(1);
    const start = node;
    for (let i = 0; i < 5000; i++) node = dropout(0)(node);
    expect(network({ inputs: start, outputs: node }).layers).toHaveLength(5001);
  });

  it("is the chain that sequential makes of the same layers", async () => {
    const start = input(3);
    const graph = network({ inputs: start, outputs: dense(2)(dense(4, "relu")(start)) });
    const chain = sequential(input(3), dense(4, "relu"), dense(2));
    const bits = await Promise.all(
      [graph, chain].map(async (net) => weightBits(await compile(net, { seed: 1 }))),
    );
    expect(bits[0]).toEqual(bits[1]);
  });

  it("can be compiled twice, into models that share nothing", async () => {
    const net = residual();
    const settings = { loss: "meanSquaredError", seed: 1 } as const;
    const [one, other] = [await compile(net, settings), await compile(net, settings)];
    const before = weightBits(other);
    await one.fit({ x, y });
    expect(weightBits(other)).toEqual(before);
    expect(weightBits(one)).not.toEqual(before);
  });
});

describe("a graph that cannot be", () => {
  it("is refused when an end is missing", () => {
    for (const ends of [{}, { inputs: input(3) }]) {
      const error = errorOf(() => network(ends as never));
      expect(error).toBeInstanceOf(ShapeError);
      expect(error.message).toMatch(
        /^network: (inputs|outputs) is undefined; needs a node, or an object of nodes/,
      );
    }
  });

  it("is refused when the output does not come from the input", () => {
    const error = errorOf(() => network({ inputs: input(3), outputs: dense(2)(input(3)) }));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(
      /^network: no output depends on the input "input" \(at .*network\.test\.ts:\d+:\d+\)\. Wire the outputs/,
    );
  });

  it("is refused when the output also comes from another input", () => {
    const start = input(3);
    const error = errorOf(() =>
      network({ inputs: start, outputs: add()(start, input(3, { name: "other" })) }),
    );
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(
      /the outputs also depend on input "other" \(at .*network\.test\.ts:\d+:\d+\), which is not among the inputs/,
    );
  });

  it("is refused when add gets unequal shapes", () => {
    const start = input(3);
    const error = errorOf(() => add({ name: "joint" })(start, dense(2)(start)));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toBe('add "joint": inputs are [rows, 3] and [rows, 2]; needs equal shapes.');
  });

  it("is refused when a shared layer would need two kernels", () => {
    const start = input(3);
    const shared = dense(2, { name: "shared" });
    const wide = shared(dense(4)(start));
    const error = errorOf(() => network({ inputs: start, outputs: add()(shared(start), wide) }));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain('dense "shared": is shared between inputs whose weights would differ');
    expect(error.message).toContain("[3, 2] and [2]");
    expect(error.message).toContain("[4, 2] and [2]");
    expect(error.message).toContain("Make a second layer.");
  });

  it("is not when the layer is used in another network, which has weights of its own", async () => {
    const layer = dense(2, { useBias: false });
    const sizes = [3, 4].map((features) => sequential(input(features), layer));
    const models = await Promise.all(sizes.map((net) => compile(net)));
    expect(models.map((model) => model.weights()["dense/kernel"]?.shape)).toEqual([
      [3, 2],
      [4, 2],
    ]);
  });

  it.each([
    ["nothing", () => dense(2)(), "dense: called with 0 arguments; needs one node"],
    ["two", () => dense(2)(input(2), input(2)), "dense: called with 2 arguments; needs one node"],
    ["numbers", () => dense(2)([1, 2] as never), "dense: argument 1 is an array of 2; needs a node"],
    ["a layer", () => dense(2)(dense(3) as never), "dense: argument 1 is a function; needs a node"],
    ["no inputs", () => add()(), "add: called with 0 arguments; needs nodes, one by one"],
    ["a list", () => add()([input(2), input(2)] as never), "add: argument 1 is an array of 2; needs a node"],
    [
      "a layer that nobody made",
      () => sequential(input(2), flatten as never),
      "argument 2 is a function; needs a layer such as dense(10). Call it",
    ],
    [
      "a list of layers",
      () => sequential([input(2), dense(2)] as never),
      "Pass the layers one by one, as sequential(...layers)",
    ],
    ["a node for ends", () => network(input(2) as never), "network: got a node; needs { inputs, outputs }"],
  ])("is refused when it gets %s", (_, call, says) => {
    const error = errorOf(call);
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain(says);
  });

  it("is refused when dense gets an image, with the mend", () => {
    const error = errorOf(() => sequential(input([28, 28, 1]), dense(10, { name: "hidden" })));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toBe(
      'dense "hidden": input is [rows, 28, 28, 1]; needs [rows, features]. Add flatten() before it.',
    );
  });
});

describe("names", () => {
  it("are the layer's kind and a number, unless they are given", () => {
    const net = sequential(
      input(2),
      dense(2),
      dense(2, { name: "middle" }),
      dense(2),
      dropout(0.1),
      dense(2),
    );
    expect(net.layers.map(({ name }) => name)).toEqual([
      "input",
      "dense",
      "middle",
      "dense_2",
      "dropout",
      "dense_3",
    ]);
  });

  it("avoid those that are given to other layers", () => {
    const net = sequential(input(2), dense(2), dense(2, { name: "dense" }), dense(2));
    expect(net.layers.map(({ name }) => name)).toEqual(["input", "dense_2", "dense", "dense_3"]);
  });

  it("must be unique", () => {
    const error = errorOf(() => sequential(input(2), dense(2, { name: "twin" }), dense(2, { name: "twin" })));
    expect(error).toBeInstanceOf(OptionError);
    const site = String.raw`\(at .*network\.test\.ts:\d+:\d+\)`;
    expect(error.message).toMatch(
      new RegExp(
        `^network: two layers are named "twin" ${site} and ${site}; needs a name of its own for each\\.$`,
      ),
    );
  });
});

describe("summary", () => {
  it("lists layers with activations, what they are called on, shapes, parameters and multiplications, and their totals", async () => {
    const net = sequential(
      input([4, 4, 1]),
      rescale(1 / 255),
      flatten(),
      dense(8, { activation: "relu", name: "hidden" }),
      dense(3, { useBias: false }),
    );
    // 16 · 8 + 8 = 136, 8 · 3 = 24; 4 · 160 bytes, and 4 · (16 + 16 + 16 + 8 + 3).
    expect((await compile(net)).summary()).toBe(
      [
        "layer                 output           from     parameters  multiplications",
        "input                 [rows, 4, 4, 1]                    0                0",
        "rescale               [rows, 4, 4, 1]  input             0                0",
        "flatten               [rows, 16]       rescale           0                0",
        "hidden (dense), relu  [rows, 8]        flatten         136              128",
        "dense                 [rows, 3]        hidden           24               24",
        "total                                                  160              152",
        "bytes: 640 of parameters, 236 of results for each row",
      ].join("\n"),
    );
  });

  it("knows convolutions, their transposed forms, and layers that join or are used twice", async () => {
    const x = input([8, 8, 1]);
    const map = conv2d(4, 3, { padding: "same", activation: "relu" })(x);
    const joined = add()(map, separableConv2d(4, 3, { padding: "same" })(map));
    const shared = dense(4, { name: "shared", activation: "tanh" });
    const up = conv2dTranspose(2, 2, { strides: 2 })(joined);
    const outputs = { up: flatten()(up), mixed: shared(shared(globalAveragePool2d()(joined))) };
    const text = (await compile(network({ inputs: x, outputs }))).summary();
    const row = (name: string) => text.split("\n").find((one) => one.startsWith(name));
    // 64 places of 3 · 3 · 1 · 4; 64 of 3 · 3 · 4 and of 4 · 4; 64 places of the input of 2 · 2 · 4 · 2.
    expect(row("conv2d, relu")).toMatch(/\[rows, 8, 8, 4\] +input +40 +2304$/);
    expect(row("separableConv2d")).toMatch(/conv2d +56 +3328$/);
    expect(row("add")).toMatch(/conv2d, separableConv2d +0 +0$/);
    expect(row("conv2dTranspose")).toMatch(/\[rows, 16, 16, 2\] +add +34 +2048$/);
    expect(row("shared (dense), tanh")).toMatch(/globalAveragePool2d; shared +20 +32$/);
  });

  it("names what is frozen, how many are trained where some are frozen or running averages, loss and optimizer", async () => {
    const model = await compile(sequential(input(4), dense(3), batchNorm(), dense(2)), {
      loss: "meanSquaredError",
      optimizer: "sgd",
    });
    // 4 · 3 + 3 = 15, 2 · 3 of 4 · 3 are running averages, 3 · 2 + 2 = 8.
    const counts = () => model.summary().split("\n").slice(-4, -2);
    const line = (name: string, count: number) =>
      expect.stringMatching(new RegExp(`^${name} +${count}( +18)?$`));
    expect(counts()).toEqual([line("total", 35), line("trained", 29)]);
    expect(model.summary()).toMatch(/\nloss: meanSquaredError; optimizer: sgd$/);
    expect(model.summary()).not.toContain("frozen");
    model.freeze("dense", "dense_2/bias");
    expect(counts()).toEqual([line("total", 35), line("trained", 12)]);
    expect(model.summary()).toMatch(/\ndense, frozen .*\nbatchNorm .*\ndense_2, partly frozen /);
  });

  it("names the loss of each output, or that only layers add one", async () => {
    const x = input(2);
    const outputs = { a: dense(1)(x), b: dense(3, "softmax")(x) };
    const model = await compile(network({ inputs: x, outputs }), { loss: { a: "huber", b: "crossEntropy" } });
    expect(model.summary()).toMatch(/\nloss: a: huber, b: crossEntropy; optimizer: adam$/);
  });
});

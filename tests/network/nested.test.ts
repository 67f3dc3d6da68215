/** Networks used as layers of others: shared weights, names, freezing, and what is refused. */
import { describe, expect, it } from "vitest";
import {
  add,
  average,
  compile,
  concatenate,
  dense,
  input,
  multiply,
  type Node,
  network,
  OptionError,
  ShapeError,
  sequential,
  subtract,
} from "../../src/index.js";
import { errorOf } from "../given/errorOf.js";
import { bitsOf, rowsOf } from "../given/models.js";
import { checkGradients } from "../graph/inF64.js";

const x = rowsOf(9, 3);
const y = rowsOf(9, 2, 4);
const parametersOf = (net: { layers: readonly { parameters: readonly { name: string }[] }[] }) =>
  net.layers.flatMap(({ parameters }) => parameters.map(({ name }) => name));

const encoder = (options = {}) => {
  const start = input(3);
  const hidden = dense(4, { activation: "tanh", name: "hidden" })(start);
  return network({ inputs: start, outputs: dense(2)(hidden), name: "encoder", ...options });
};

describe("a network called as a layer", () => {
  it("is the same network, to the bit", async () => {
    const inner = encoder();
    const start = input(3);
    const outer = network({ inputs: start, outputs: inner(start) });
    expect(parametersOf(outer)).toEqual([
      "encoder/hidden/kernel",
      "encoder/hidden/bias",
      "encoder/dense/kernel",
      "encoder/dense/bias",
    ]);
    const options = { loss: "meanSquaredError", seed: 6 } as const;
    const train = async (net: typeof inner) => {
      const model = await compile(net, options);
      await model.fit({ x, y }, { epochs: 3, batchSize: 4 });
      return Object.values(bitsOf(model.weights()));
    };
    expect(await train(outer)).toEqual(await train(inner));
  });

  it("shares its weights when it is called twice, whose gradients add up", async () => {
    const inner = encoder();
    const left = input(3);
    const right = input(3);
    const net = network({
      inputs: { left, right },
      outputs: { difference: subtract()(inner(left), inner(right)) },
    });
    expect(parametersOf(net)).toHaveLength(4);
    const model = await compile(net, { seed: 2 });
    const { difference } = await model.predict({ left: x, right: x });
    expect([...difference].every((value) => value === 0)).toBe(true);
    const data = { x: { left: x, right: rowsOf(9, 3, 7) }, y: { difference: y } };
    expect(await checkGradients(net, { loss: "meanSquaredError", seed: 2 }, data)).toBe(12 + 4 + 8 + 2);
  });

  it("may be nested, and names its layers by the way to them", async () => {
    const inner = encoder();
    const start = input(3);
    const middle = network({
      inputs: start,
      outputs: concatenate()(inner(start), dense(1, { name: "side" })(start)),
      name: "middle",
    });
    const outer = sequential(input(3), middle, dense(2));
    expect(parametersOf(outer)).toEqual([
      "middle/encoder/hidden/kernel",
      "middle/encoder/hidden/bias",
      "middle/encoder/dense/kernel",
      "middle/encoder/dense/bias",
      "middle/side/kernel",
      "middle/side/bias",
      "dense/kernel",
      "dense/bias",
    ]);
    expect(await checkGradients(outer, { loss: "meanSquaredError", seed: 1 }, { x, y })).toBe(26 + 4 + 8);
    const model = await compile(outer, { seed: 1 });
    const { "middle/encoder/hidden": hidden } = await model.activations(x, ["middle/encoder/hidden"]);
    expect(hidden).toHaveLength(9 * 4);
  });

  it("is called network, network_2, … when it has no name", () => {
    const block = () => sequential(input(3), dense(3));
    const net = sequential(input(3), block(), block(), dense(1, { name: "network" }));
    expect(parametersOf(net)).toEqual([
      "network_2/dense/kernel",
      "network_2/dense/bias",
      "network_3/dense/kernel",
      "network_3/dense/bias",
      "network/kernel",
      "network/bias",
    ]);
  });

  it("takes and gives nodes by name when its ends have names", async () => {
    const a = input(2);
    const b = input(2);
    const inner = network({ inputs: { a, b }, outputs: { sum: add()(a, b), product: multiply()(a, b) } });
    const left = input(2);
    const right = input(2);
    const { sum, product } = inner({ b: right, a: left });
    const outer = network({ inputs: { left, right }, outputs: { both: concatenate()(sum, product) } });
    const model = await compile(outer);
    const { both } = await model.predict({ left: [[1, 2]], right: [[3, 5]] });
    expect([...both]).toEqual([4, 7, 3, 10]);
  });

  it("may give back the very node that it was given", async () => {
    const a = input(2);
    const same = network({ inputs: a, outputs: a });
    const start = input(2);
    const model = await compile(network({ inputs: start, outputs: same(same(start)) }));
    expect([...(await model.predict([[1, -2]]))]).toEqual([1, -2]);
  });

  it("shares a layer that is also used outside of it", async () => {
    const layer = dense(3, { name: "shared", activation: "tanh" });
    const inner = sequential(input(3), layer);
    const start = input(3);
    const net = network({ inputs: start, outputs: average()(layer(start), inner(start)) });
    expect(parametersOf(net)).toEqual(["shared/kernel", "shared/bias"]);
    const model = await compile(net, { seed: 3 });
    const { shared } = await model.activations(x, ["shared"]);
    (await model.predict(x)).forEach((value, i) => expect(value).toBeCloseTo(shared[i] as number, 6));
  });

  it("is built on for one network without changing another", async () => {
    const inner = encoder();
    const bits = async () => bitsOf((await compile(inner, { seed: 1 })).weights());
    const before = await bits();
    sequential(input(3), inner, dense(5));
    expect(await bits()).toEqual(before);
    expect(inner.layers.map(({ name }) => name)).toEqual(["input", "hidden", "dense"]);
  });
});

describe("trainable: false", () => {
  const frozenOf = (net: { layers: readonly { parameters: readonly object[] }[] }) =>
    net.layers.flatMap(({ parameters }) =>
      (parameters as readonly { name: string; trainable?: boolean }[])
        .filter(({ trainable }) => trainable === false)
        .map(({ name }) => name),
    );

  it("freezes all layers of a network wherever it is used", () => {
    const inner = encoder({ trainable: false });
    const outer = sequential(input(3), inner, dense(2));
    expect(frozenOf(inner)).toEqual(parametersOf(inner));
    expect(frozenOf(outer)).toEqual([
      "encoder/hidden/kernel",
      "encoder/hidden/bias",
      "encoder/dense/kernel",
      "encoder/dense/bias",
    ]);
    expect(frozenOf(sequential(input(3), outer))).toHaveLength(4);
  });

  it.each(["inside first", "outside first"])("freezes a layer that is also used outside, %s", (order) => {
    const layer = dense(3, { name: "shared" });
    const inner = network({
      ...sequential(input(3), layer).ends,
      trainable: false,
    });
    const start = input(3);
    const uses: Node[] =
      order === "inside first" ? [inner(start), layer(start)] : [layer(start), inner(start)];
    expect(frozenOf(network({ inputs: start, outputs: add()(...uses) }))).toEqual([
      "shared/kernel",
      "shared/bias",
    ]);
  });
});

describe("a network as a layer is refused", () => {
  it.each<[string, () => unknown, string]>([
    [
      "on another shape",
      () => encoder()(input(4)),
      'network "encoder": its input is [rows, 4]; needs [rows, 3], as it was wired.',
    ],
    [
      "on two nodes",
      () => (encoder() as never as (...x: Node[]) => Node)(input(3), input(3)),
      "called with 2 arguments; needs one node.",
    ],
    ["on numbers", () => encoder()([1, 2, 3] as never), "called with an array of 3; needs one node."],
    ["in a chain that it does not fit", () => sequential(input(5), encoder()), "its input is [rows, 5]"],
  ])("%s", (_, call, says) => {
    const error = errorOf(call);
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain(says);
  });

  const named = () => {
    const a = input(2);
    const b = input(3);
    return network({ inputs: { a, b }, outputs: concatenate()(a, b), name: "pair" });
  };
  it.each<[string, unknown[], string]>([
    [
      "a node for two",
      [input(2)],
      'network "pair": called with an object (Object); needs one object of nodes for a, b.',
    ],
    ["one name of two", [{ a: input(2) }], "called with nodes for a; needs one object of nodes for a, b."],
    [
      "a name too many",
      [{ a: input(2), b: input(3), c: input(1) }],
      "called with nodes for a, b, c; needs one",
    ],
    [
      "another shape",
      [{ a: input(2), b: input(2) }],
      'its input "b" is [rows, 2]; needs [rows, 3], as it was wired.',
    ],
    ["what is no node", [{ a: input(2), b: 3 }], "needs one object of nodes for a, b."],
    ["nothing", [], "needs one object of nodes for a, b."],
  ])("with %s", (_, given, says) => {
    const error = errorOf(() => (named() as never as (...x: unknown[]) => Node)(...given));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain(says);
  });

  it("when another network, or a layer, has its name", () => {
    const two = errorOf(() => sequential(input(3), encoder(), dense(3), encoder()));
    const layer = errorOf(() => sequential(input(3), encoder(), dense(3, { name: "encoder" })));
    for (const error of [two, layer]) {
      expect(error).toBeInstanceOf(OptionError);
      expect(error.message).toMatch(
        /two layers are named "encoder" \(at .*nested\.test\.ts:\d+:\d+\) and \(at/,
      );
    }
  });

  it("when a layer beside it is named as one inside", () => {
    const error = errorOf(() => sequential(input(3), encoder(), dense(3, { name: "encoder/dense" })));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain('two layers are named "encoder/dense"');
  });
});

/** Random networks of all that layers can be wired to: what the engine computes is what the f64 reference does. */
import { describe, expect, it } from "vitest";
import {
  add,
  average,
  compile,
  concatenate,
  dense,
  dropout,
  input,
  type Layer,
  maximum,
  multiply,
  type Node,
  network,
  sgd,
  subtract,
} from "../../src/index.js";
import { Purpose, randomStream } from "../../src/random.js";
import { bitsOf, rowsOf } from "../models.js";
import { type AnyOptions, checkGradients, plain, scoresInF64 } from "./inF64.js";

const WIDTHS = [1, 2, 3, 5];
const ACTIVATIONS = ["linear", "tanh", "sigmoid"] as const;

/** Whole numbers below n, drawn from a seed. */
function dice(seed: number) {
  const stream = randomStream(seed, 0, 0, Purpose.Shuffle);
  let drawn = 0;
  return (n: number) => Math.floor((stream.uint32(drawn++) / 2 ** 32) * n);
}

/** A network of one input and one output of that width, to be used as a layer. */
function block(width: number, below: (n: number) => number) {
  const start = input(width);
  const hidden = dense(WIDTHS[below(4)] as number, "tanh")(start);
  const out = dense(width)(hidden);
  return network({
    inputs: start,
    outputs: below(2) ? add()(out, start) : out,
    trainable: below(5) > 0,
  });
}

/** A graph of up to 25 nodes over one to three inputs, every loose end of which leads to one of its outputs. */
function randomNetwork(seed: number) {
  const below = dice(seed);
  const inputs = Object.fromEntries(
    ["a", "b", "c"].slice(0, 1 + below(3)).map((name) => [name, input(WIDTHS[below(4)] as number)]),
  );
  const nodes: Node[] = Object.values(inputs);
  const unused = new Set(nodes);
  const shared = new Map<number, Layer>();
  const pick = () => {
    const node = nodes[below(nodes.length)] as Node;
    unused.delete(node);
    return node;
  };
  const widthOf = (node: Node) => node.shape[1] as number;
  const like = (width: number) => {
    const same = nodes.filter((node) => widthOf(node) === width);
    const node = same[below(same.length)] as Node;
    unused.delete(node);
    return node;
  };
  const size = 6 + below(14);
  for (let i = 0; i < size; i++) {
    const node = pick();
    const width = widthOf(node);
    const trainable = below(6) > 0;
    const activation = ACTIVATIONS[below(3)] as "tanh";
    const made = [
      () => dense(WIDTHS[below(4)] as number, { activation, trainable, useBias: below(3) > 0 })(node),
      () => {
        const layer = shared.get(width) ?? dense(width, { activation: "tanh" });
        shared.set(width, layer);
        return layer(node);
      },
      () => add()(node, like(width), like(width)),
      () => multiply()(node, like(width)),
      () => subtract()(node, like(width)),
      () => average()(node, like(width)),
      // A bias that is not zero, so that what dropout dropped makes no tie.
      () => maximum()(node, dense(width, { biasInitializer: "glorotUniform" })(node)),
      () => concatenate()(node, pick()),
      () => dropout(0.3)(node),
      () => block(width, below)(node),
    ][below(10)] as () => Node;
    const next = made();
    if (widthOf(next) > 12) continue;
    nodes.push(next);
    unused.add(next);
  }
  const ends = [...unused];
  const first = dense(2, { name: "first" })(ends.length > 1 ? concatenate()(...ends) : (ends[0] as Node));
  const second = dense(3, { activation: "softmax", name: "second" })(nodes.at(-1) as Node);
  return network({ inputs, outputs: { first, second, inner: nodes[below(nodes.length)] as Node } });
}

const ROWS = 11;

function dataFor(net: ReturnType<typeof randomNetwork>, seed: number) {
  const x = Object.fromEntries(
    net.inputs.map(({ name, shape }, i) => [name, rowsOf(ROWS, shape[1] as number, seed * 7 + i)]),
  );
  const kinds = Array.from({ length: ROWS }, (_, i) => (i * 5 + seed) % 3);
  return { x, y: { first: rowsOf(ROWS, 2, seed + 100), second: kinds } };
}

const optionsFor = (seed: number): AnyOptions => ({
  loss: { first: "meanSquaredError", second: "crossEntropy" },
  lossWeights: { first: 0.7, second: 1.3 },
  metrics: { first: ["meanAbsoluteError"], second: ["accuracy"] },
  seed,
});

describe.each(Array.from({ length: 60 }, (_, i) => i + 1))("random network %i", (seed) => {
  const net = randomNetwork(seed);
  const data = dataFor(net, seed);
  const options = optionsFor(seed);
  const ready = (more = {}) =>
    compile(net, { ...options, optimizer: sgd({ learningRate: 0.01 }), clipNorm: 1, ...more } as never);

  it("evaluates as its graph does in f64", async () => {
    const model = await ready({ batchSize: ROWS });
    const expected = scoresInF64(net, options, data, plain(model.weights()));
    const report = (await model.evaluate(data)) as unknown as {
      loss: number;
      outputs: Record<string, Record<string, number>>;
    };
    expect(report.loss).toBeCloseTo(expected.loss as number, 4);
    for (const [path, value] of Object.entries(expected)) {
      const [, output, score] = path.split("/");
      if (output !== undefined) expect(report.outputs[output]?.[score as string], path).toBeCloseTo(value, 4);
    }
  });

  it("has the gradients of differences in f64", async () => {
    expect(await checkGradients(net, options, data, { perParameter: 2, tolerance: 3e-4 })).toBeGreaterThan(0);
  });

  it("shows its layers without changing what it predicts", async () => {
    const model = await ready({ batchSize: 4 });
    const before = await model.predict(data.x as never);
    const names = net.layers.map(({ name }) => name);
    const all = (await model.activations(data.x as never, names)) as Record<string, Float32Array>;
    expect(await model.predict(data.x as never)).toEqual(before);
    expect(all.first).toEqual((before as unknown as Record<string, Float32Array>).first);
    for (const name of [names[1], names.at(-2)] as string[]) {
      expect((await model.activations(data.x as never, [name]))[name]).toEqual(all[name]);
    }
  });

  it("keeps what is frozen, and trains the rest", async () => {
    const below = dice(seed + 1000);
    const names = net.layers.filter(({ parameters }) => parameters.length > 0).map(({ name }) => name);
    const frozen = names.filter((name) => name !== "first" && name !== "second" && below(2) === 1);
    if (frozen.length === 0) frozen.push(names.find((name) => name !== "second") as string);
    const train = async (isLate: boolean) => {
      const model = await ready();
      if (isLate) await model.fit(data as never, { batchSize: 3, epochs: 1, shuffle: false });
      model.freeze(...frozen);
      const before = bitsOf(model.weights());
      await model.fit(data as never, { batchSize: 5, accumulate: isLate ? 2 : 1 });
      const after = bitsOf(model.weights());
      for (const name of Object.keys(after)) {
        if (frozen.some((one) => name.startsWith(`${one}/`))) expect(after[name], name).toEqual(before[name]);
      }
      // Not the kernel: what it is called on may be the difference of a node and itself.
      expect(after["second/bias"]).not.toEqual(before["second/bias"]);
    };
    await train(false);
    await train(true);
  });
});

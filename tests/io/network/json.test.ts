/** Networks as plain data: what comes back is the same network, by its names, its wiring and its random numbers. */
import { describe, expect, it } from "vitest";
import {
  add,
  batchNorm,
  compile,
  constant,
  customLayer,
  dense,
  dropout,
  input,
  leakyRelu,
  maxNorm,
  type Network,
  network,
  type Shape,
  sequential,
  type Value,
} from "../../../src/index.ts";
import { fromJSON, toJSON } from "../../../src/io/index.ts";
import { multiply, tanh } from "../../../src/ops/index.ts";
import { errorOf } from "../../given/errorOf.ts";
import { rejectionOf, rowsOf, weightBits } from "../../given/models.ts";

const messageOf = (run: () => unknown) => (errorOf(run) as Error).message;
const x = rowsOf(24, 4);
const y = rowsOf(24, 3, 2);

const again = async (net: Network, parts = {}) => fromJSON(JSON.stringify(toJSON(net)), parts);

async function trained(net: Network) {
  const model = await compile(net, { loss: "meanSquaredError", seed: 5 });
  await model.fit({ x, y }, { epochs: 2, batchSize: 8 });
  return { summary: model.summary(), bits: weightBits(model), predicted: await model.predict(x) };
}

/** A custom layer as its user writes it. */
const scaled = ({ factor = 1, ...options }: { factor?: number; name?: string; trainable?: boolean } = {}) =>
  customLayer({
    kind: "scaled",
    configuration: { factor },
    parameters: ([, features]: Shape) => ({ by: { shape: [features as number], initializer: "ones" } }),
    build: ([a], { by }) => multiply(multiply(a, by), factor),
    ...options,
  });

const encoder = () => {
  const from = input(4);
  const hidden = dense(5, "tanh")(from);
  return network({ inputs: from, outputs: add()(hidden, dense(5)(hidden)), name: "encoder" });
};

const networks: Readonly<Record<string, () => Network>> = {
  "a chain with dropout": () => sequential(input(4), dense(6, "relu"), dropout(0.5), batchNorm(), dense(3)),
  "configured values in options": () =>
    sequential(
      input(4, { name: "rows" }),
      dense(6, {
        activation: leakyRelu({ slope: 0.2 }),
        kernelInitializer: constant(0.25),
        kernelConstraint: maxNorm(0.5),
        biasRegularizer: { l1: 0, l2: 0.1 },
        kernelRegularizer: "l2",
        name: "hidden",
      }),
      dense(3, { trainable: false }),
    ),
  "a shared layer": () => {
    const from = input(4);
    const shared = dense(4, "tanh");
    return network({ inputs: from, outputs: dense(3)(shared(add()(shared(from), from))) });
  },
  "a network that is used twice": () => {
    const from = input(4);
    const inner = encoder();
    const back = dense(4)(inner(from));
    return network({ inputs: from, outputs: dense(3)(dropout(0.3)(inner(back))), name: "outer" });
  },
  "networks in a network that was used": () => {
    const from = input(4);
    const middle = network({ inputs: from, outputs: dense(4)(encoder()(from)) });
    return sequential(input(4), middle, dense(3));
  },
  "a frozen network within": () => {
    const from = input(4);
    const frozen = network({ inputs: from, outputs: dense(5, "tanh")(from), trainable: false });
    return sequential(input(4), frozen, dense(3));
  },
  "custom layers by their configuration": () =>
    sequential(input(4), scaled({ factor: 3, name: "three" }), scaled(), dense(3)),
};

describe.each(Object.entries(networks))("%s", (_, make) => {
  it("is trained to the same bits when it comes back", async () => {
    expect(await trained(await again(make(), { layers: { scaled } }))).toEqual(await trained(make()));
  });

  it("is the same JSON when it comes back", async () => {
    expect(toJSON(await again(make(), { layers: { scaled } }))).toEqual(toJSON(make()));
  });
});

describe("a network that comes back", () => {
  it("has its inputs and outputs by their names", async () => {
    const [a, b] = [input(4), input(2)];
    const outputs = { kind: dense(3)(a), size: dense(1)(add()(dense(2)(a), b)) };
    const net = network({ inputs: { a, b }, outputs });
    const back = await fromJSON<{ a: typeof a; b: typeof b }, typeof outputs>(toJSON(net));
    const [one, other] = [await compile(net, { seed: 3 }), await compile(back, { seed: 3 })];
    const data = { a: x, b: rowsOf(24, 2) };
    expect(await other.predict(data)).toEqual(await one.predict(data));
  });

  it("can be used as a layer, under its name, and stays frozen", async () => {
    const from = input(4);
    const inner = await again(
      network({ inputs: from, outputs: dense(5)(from), name: "inner", trainable: false }),
    );
    const model = await compile(sequential(input(4), inner, dense(3)), { loss: "meanSquaredError" });
    const [before] = [model.weights()];
    await model.fit({ x, y });
    expect(model.weights()["inner/dense/kernel"]).toEqual(before["inner/dense/kernel"]);
    expect(model.weights()["dense/kernel"]).not.toEqual(before["dense/kernel"]);
  });

  it("has activations of one's own by the names of their functions", async () => {
    const halfTanh = (value: Value) => multiply(tanh(value), 0.5);
    const net = sequential(input(4), dense(3, halfTanh));
    expect(await trained(await again(net, { activations: { halfTanh } }))).toEqual(await trained(net));
    expect(await rejectionOf(again(net))).toMatchObject({
      name: "FormatError",
      message:
        'fromJSON: layers[1].options.activation.function is "halfTanh", which is of your own. Give what makes it: ' +
        "fromJSON(json, { activations: { halfTanh } }).",
    });
  });

  it("needs no more than the layers that were given", async () => {
    const net = sequential(input(4), dense(3, "relu"));
    expect(toJSON(await again(net, { layers: { dense } }))).toEqual(toJSON(net));
  });
});

describe("toJSON refuses", () => {
  it("a function without a name", () => {
    const [own] = [(value: Value) => tanh(value)].map((one) =>
      Object.defineProperty(one, "name", { value: "" }),
    );
    expect(messageOf(() => toJSON(sequential(input(4), dense(3, own!))))).toBe(
      "toJSON: dense.activation is a function without a name; needs one, by which it is given to whoever reads this.",
    );
  });

  it("what is no network", () => {
    expect(messageOf(() => toJSON({} as Network))).toContain(
      "needs what sequential(…) or network(…) returns",
    );
  });

  it("a configuration that JSON would not give back", () => {
    const odd = customLayer({ kind: "odd", configuration: { at: new Map() }, build: ([a]) => a });
    expect(messageOf(() => toJSON(sequential(input(4), odd)))).toContain("toJSON: odd.at is an object (Map)");
  });
});

/** Every layer and every loss that the library exports has gradients that finite differences confirm. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/gradientCheck.ts";
import { reshape, tanh } from "../../src/functions/index.ts";
import type { Layer, Loss, LossName, Node } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import { rowsOf } from "../models.ts";

const { dense, input, sequential } = library;

/** Names of the exports that make a T. */
type MakersOf<T> = {
  [K in keyof typeof library]: (typeof library)[K] extends (...options: never[]) => T ? K : never;
}[keyof typeof library];

type Branches = readonly [Node, Node];

/** [rows, 4, 3]: positions and channels. */
const positions = (a: Node) =>
  library.customLayer({ kind: "positions", build: ([b]) => reshape(b, [-1, 4, 3]) })(dense(12)(a));

/** A layer on positions, among others that take none. */
const onPositions = (layer: Layer, [a]: Branches) => library.flatten()(layer(positions(a)));

/** A network around each layer, from two branches of four numbers. One without an entry does not compile. */
const layers: { readonly [K in MakersOf<Layer>]: (branches: Branches) => Node } = {
  activation: ([a]) => library.activation("sigmoid")(a),
  add: (branches) => library.add()(...branches),
  alphaDropout: ([a]) => library.alphaDropout(0.4)(a),
  average: (branches) => library.average()(...branches),
  batchNorm: ([a]) => library.batchNorm()(a),
  concatenate: (branches) => library.concatenate()(...branches),
  customLayer: (branches) => library.customLayer({ kind: "own", build: ([a]) => tanh(a!) })(...branches),
  dense: ([a]) => dense(3, "tanh")(a),
  dropout: ([a]) => library.dropout(0.4)(a),
  flatten: ([a]) => library.flatten()(a),
  gaussianDropout: ([a]) => library.gaussianDropout(0.4)(a),
  gaussianNoise: ([a]) => library.gaussianNoise(0.4)(a),
  groupNorm: ([a]) => library.groupNorm({ groups: 2 })(a),
  instanceNorm: (branches) => onPositions(library.instanceNorm({ center: true, scale: true }), branches),
  layerNorm: ([a]) => library.layerNorm()(a),
  geGlu: ([a]) => library.geGlu()(a),
  glu: ([a]) => library.glu()(a),
  maximum: (branches) => library.maximum()(...branches),
  maxout: ([a]) => library.maxout(3, { pieces: 3 })(a),
  minimum: (branches) => library.minimum()(...branches),
  multiply: (branches) => library.multiply()(...branches),
  prelu: ([a]) => library.prelu({ slopes: "channel" })(a),
  rescale: ([a]) => library.rescale(0.3, { offset: 1 })(a),
  rmsNorm: ([a]) => library.rmsNorm()(a),
  spatialDropout: (branches) => onPositions(library.spatialDropout(0.4), branches),
  subtract: (branches) => library.subtract()(...branches),
  swiGlu: ([a]) => library.swiGlu()(a),
};

const rows = 5;
const x = rowsOf(rows, 3);

describe("the gradients before and behind the layer", () => {
  it.each(Object.entries(layers))("%s are right", async (_, layer) => {
    const from = input(3);
    const trunk = dense(4, "tanh")(from);
    const middle = layer([trunk, dense(4)(trunk)]);
    const net = library.network({ inputs: from, outputs: dense(2)(middle) });
    const check = await gradientCheck(
      net,
      { x, y: rowsOf(rows, 2, 3) },
      { loss: "meanSquaredError", seed: 2 },
    );
    expect(check.passed, String(check)).toBe(true);
    expect(check.parameters.length).toBeGreaterThanOrEqual(4);
    expect(check.worst!.error).toBeLessThan(1e-5);
  });
});

const labels = [0, 2, 1, 1, 0];
const shares = [
  [0.2, 0.3, 0.5],
  [1, 0, 0],
  [0, 0.5, 0.5],
  [0, 1, 0],
  [0.1, 0.1, 0.8],
];

/** Targets that each loss takes. */
const losses: {
  readonly [K in LossName & MakersOf<Loss>]: readonly (readonly [(typeof last)[number], unknown])[];
} = {
  binaryCrossEntropy: [
    ["sigmoid", shares],
    ["linear", shares],
  ],
  crossEntropy: [
    ["softmax", labels],
    ["linear", labels],
    ["softmax", shares],
  ],
  meanSquaredError: [["linear", shares]],
  sumOfSquares: [["tanh", shares]],
};
const last = ["linear", "sigmoid", "softmax", "tanh"] as const;

const trials = Object.entries(losses).flatMap(([loss, all]) =>
  all.flatMap(([activation, y]) => [0, 1].map((seed) => [loss as LossName, activation, y, seed] as const)),
);

describe("the gradients of the loss", () => {
  it.each(trials)("%s on %s are right", async (loss, activation, y, seed) => {
    const net = sequential(input(3), dense(4, "tanh"), dense(3, activation));
    const check = await gradientCheck(net, { x, y: y as number[] }, { loss, seed });
    expect(check.passed, String(check)).toBe(true);
    expect(check.worst!.error).toBeLessThan(1e-5);
  });
});

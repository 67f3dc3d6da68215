/** Every layer and every loss that the library exports has gradients that finite differences confirm. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/gradientCheck.ts";
import type { Layer, Loss, LossName, Node } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import { fromJSON, toJSON } from "../../src/io/index.ts";
import { reshape, tanh } from "../../src/ops/index.ts";
import { rowsOf, weightBits } from "../given/models.ts";

const { dense, input, sequential } = library;

/** Names of the exports that make a T. */
type MakersOf<T> = {
  [K in keyof typeof library]: (typeof library)[K] extends (...options: never[]) => T ? K : never;
}[keyof typeof library];

type Branches = readonly [Node, Node];

/** Custom layers, as `fromJSON` is given them. */
const own = {
  positions: () => library.customLayer({ kind: "positions", build: ([b]) => reshape(b, [-1, 4, 3]) }),
  map: () => library.customLayer({ kind: "map", build: ([b]) => reshape(b, [-1, 4, 5, 2]) }),
  own: () => library.customLayer({ kind: "own", build: ([a]) => tanh(a) }),
};

/** [rows, 4, 3]: positions and channels. */
const positions = (a: Node) => own.positions()(dense(12)(a));

/** [rows, 4, 5, 2]: a map of two channels. */
const map = (a: Node) => own.map()(dense(40, "tanh")(a));

const onMap = (layer: Layer, [a]: Branches) => library.flatten()(layer(map(a)));

/** A layer on positions, among others that take none. */
const onPositions = (layer: Layer, [a]: Branches) => library.flatten()(layer(positions(a)));

/** A network around each layer, from two branches of four numbers. One without an entry does not compile. */
const layers: { readonly [K in MakersOf<Layer>]: (branches: Branches) => Node } = {
  adaptiveAveragePool2d: (branches) => onMap(library.adaptiveAveragePool2d([3, 2]), branches),
  averagePool1d: (branches) =>
    onPositions(library.averagePool1d(3, { strides: 1, padding: 1, countPadding: true }), branches),
  averagePool2d: (branches) => onMap(library.averagePool2d(2, { padding: "same" }), branches),
  conv1d: (branches) =>
    onPositions(library.conv1d(2, 3, { padding: "causal", dilationRate: 2, activation: "tanh" }), branches),
  conv1dTranspose: (branches) =>
    onPositions(library.conv1dTranspose(2, 3, { strides: 2, outputPadding: 1 }), branches),
  conv2d: (branches) =>
    onMap(library.conv2d(3, 3, { padding: "same", strides: 2, activation: "tanh" }), branches),
  conv2dTranspose: (branches) =>
    onMap(library.conv2dTranspose(3, [2, 3], { strides: 2, padding: [[0, 1], 1] }), branches),
  crop2d: (branches) => onMap(library.crop2d([[1, 0], 2]), branches),
  depthwiseConv2d: (branches) =>
    onMap(library.depthwiseConv2d(3, { depthMultiplier: 2, padding: 1 }), branches),
  globalAveragePool1d: (branches) => library.globalAveragePool1d()(positions(branches[0])),
  globalAveragePool2d: (branches) => onMap(library.globalAveragePool2d({ keepAxes: true }), branches),
  globalMaxPool1d: (branches) => library.globalMaxPool1d()(positions(branches[0])),
  globalMaxPool2d: (branches) => library.globalMaxPool2d()(map(branches[0])),
  maxPool1d: (branches) => onPositions(library.maxPool1d(), branches),
  maxPool2d: (branches) => onMap(library.maxPool2d(3, { strides: 2, padding: "same" }), branches),
  separableConv2d: (branches) =>
    onMap(library.separableConv2d(3, 3, { padding: "same", activation: "sigmoid" }), branches),
  upsample2d: (branches) => onMap(library.upsample2d([2, 3]), branches),
  zeroPad2d: (branches) => onMap(library.zeroPad2d([1, [0, 2]]), branches),
  activation: ([a]) => library.activation("sigmoid")(a),
  add: (branches) => library.add()(...branches),
  alphaDropout: ([a]) => library.alphaDropout(0.4)(a),
  average: (branches) => library.average()(...branches),
  batchNorm: ([a]) => library.batchNorm()(a),
  concatenate: (branches) => library.concatenate()(...branches),
  customLayer: (branches) => own.own()(...branches),
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

function around(layer: (branches: Branches) => Node) {
  const from = input(3);
  const trunk = dense(4, "tanh")(from);
  const middle = layer([trunk, dense(4)(trunk)]);
  return library.network({ inputs: from, outputs: dense(2)(middle) });
}

describe("the gradients before and behind the layer", () => {
  it.each(Object.entries(layers))("%s are right", async (_, layer) => {
    const net = around(layer);
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

describe("a network with the layer", () => {
  it.each(Object.entries(layers))(
    "%s goes through JSON and is trained to the same bits",
    async (_, layer) => {
      const net = around(layer);
      const again = await fromJSON(JSON.stringify(toJSON(net)), { layers: own });
      expect(toJSON(again)).toEqual(toJSON(net));
      const trained = async (one: typeof net) => {
        const model = await library.compile(one, { loss: "meanSquaredError", seed: 2 });
        await model.fit({ x, y: rowsOf(rows, 2, 3) }, { epochs: 2 });
        return [weightBits(model), await model.predict(x)];
      };
      expect(await trained(again)).toEqual(await trained(net));
    },
  );
});

const labels = [0, 2, 1, 1, 0];
const shares = [
  [0.2, 0.3, 0.5],
  [1, 0, 0],
  [0, 0.5, 0.5],
  [0, 1, 0],
  [0.1, 0.1, 0.8],
];

const yes = [0, 1, 1, 0, 1];
const answers = labels.map((label) => [label === 0 ? 1 : 0, label % 2, 1]);
const counts = labels.map((label) => [label, 3, 10 * label]);

type Last = "linear" | "sigmoid" | "softmax" | "tanh";
/** The last activation, targets, and the shape of one row of the output where that is not three numbers. */
type Use = readonly [Last, unknown] | readonly [Last, unknown, readonly number[]];

/** How each loss is used: on each kind of output and of target that it takes. One without an entry does not compile. */
const losses: { readonly [K in LossName & MakersOf<Loss>]: readonly Use[] } = {
  binaryCrossEntropy: [
    ["sigmoid", shares],
    ["linear", shares],
  ],
  binaryFocal: [
    ["sigmoid", answers],
    ["linear", shares],
  ],
  categoricalHinge: [
    ["linear", labels],
    ["linear", shares],
  ],
  contrastive: [["sigmoid", yes, [1]]],
  cosineSimilarity: [["linear", shares]],
  crossEntropy: [
    ["softmax", labels],
    ["linear", labels],
    ["softmax", shares],
  ],
  ctc: [
    ["softmax", labels.map((label) => (label === 0 ? [1, 1] : [label, -1])), [4, 3]],
    ["linear", labels.map(() => [2, 1, 2]), [5, 3]],
  ],
  focal: [
    ["softmax", labels],
    ["linear", shares],
  ],
  gaussianNegativeLogLikelihood: [["linear", shares, [3, 2]]],
  hinge: [["linear", answers]],
  huber: [["linear", shares]],
  klDivergence: [
    ["softmax", shares],
    ["linear", shares],
  ],
  logCosh: [["linear", shares]],
  meanAbsoluteError: [["linear", shares]],
  meanSquaredError: [["linear", shares]],
  poisson: [["linear", counts]],
  quantile: [["linear", shares]],
  smoothL1: [["linear", shares]],
  squaredHinge: [["linear", answers]],
  sumOfSquares: [["tanh", shares]],
  triplet: [["linear", undefined, [3, 4]]],
};

/** The options of losses that change what is computed. */
const configured: readonly (readonly [Loss, ...Use])[] = [
  [library.crossEntropy({ classWeights: [0.5, 2, 1], labelSmoothing: 0.1 }), "softmax", labels],
  [library.crossEntropy({ classWeights: [0.5, 2, 1] }), "softmax", labels],
  [library.crossEntropy({ classWeights: [0.5, 2, 1], reduction: "sum" }), "softmax", shares],
  [library.binaryCrossEntropy({ positiveWeight: [3, 1, 0.5], labelSmoothing: 0.2 }), "sigmoid", answers],
  [library.categoricalHinge({ classWeights: [1, 2, 3] }), "linear", labels],
  [library.focal({ gamma: 0.5, alpha: [1, 2, 3] }), "softmax", labels],
  [library.binaryFocal({ gamma: 0.5 }), "sigmoid", answers],
  [library.huber({ delta: 0.2 }), "linear", shares],
  [library.smoothL1({ beta: 0 }), "linear", shares],
  [library.quantile({ quantile: [0.1, 0.5, 0.9] }), "linear", labels],
  [library.poisson({ logInput: false, full: true }), "sigmoid", counts],
  [library.gaussianNegativeLogLikelihood({ logVariance: false, full: true }), "sigmoid", shares, [3, 2]],
  [library.triplet({ distance: "cosine" }), "linear", undefined, [3, 4]],
  [library.triplet({ distance: "manhattan", margin: 3 }), "linear", undefined, [3, 4]],
  [library.triplet({ distance: "squaredEuclidean" }), "tanh", undefined, [3, 4]],
  [library.ctc({ blank: 2, reduction: "sum" }), "linear", labels.map(() => [1, 0]), [4, 3]],
];

/** A network whose output has rows of that shape. */
function ending(activation: Last, row: readonly number[]) {
  const size = row.reduce((product, axis) => product * axis, 1);
  const shaped = library.customLayer({ kind: "shaped", build: ([h]) => reshape(h!, [-1, ...row]) });
  return sequential(input(3), dense(4, "tanh"), dense(size), shaped, library.activation(activation));
}

const trials = Object.entries(losses).flatMap(([loss, uses]) =>
  uses.flatMap((use) => [0, 1].map((seed) => [loss, use[0], loss as LossName | Loss, use, seed] as const)),
);
const more = configured.map(([loss, ...use]) => [`${loss.name}, configured,`, use[0], loss, use, 0] as const);

describe("the gradients of the loss", () => {
  it.each([...trials, ...more])("%s on %s are right", async (_, __, loss, use, seed) => {
    const [activation, y, row = [3]] = use;
    const check = await gradientCheck(
      ending(activation, row),
      { x, ...(y === undefined ? {} : { y: y as number[] }) },
      { loss, seed },
    );
    expect(check.passed, String(check)).toBe(true);
    expect(check.worst!.error).toBeLessThan(1e-5);
  });
});

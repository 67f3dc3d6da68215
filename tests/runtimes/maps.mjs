// A training of maps whose bits must be the same everywhere: convolutions by every algorithm, forward and adjoint, sums of
// several parts, and all pooling. It takes the package as an argument.
import { weightHash } from "./training.mjs";

/** As TRAINED_HASH. */
export const MAPS_HASH = "ebc101aaba6333635868a8f59a9eabe4bc46df98f6552482fe8f834da194ad86";

const ROWS = 24;
const SIDE = 12;

/** Exact fractions by a linear congruential generator, as in training.mjs. */
function data() {
  let state = 144;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 24) / 128 - 1;
  };
  const x = Float32Array.from({ length: ROWS * SIDE * SIDE }, next);
  const y = Float32Array.from({ length: ROWS }, (_, row) => row % 3);
  return { x, y };
}

function network(library) {
  const { averagePool2d, batchNorm, conv2d, conv2dTranspose, dense, depthwiseConv2d } = library;
  const { globalAveragePool2d, input, maxPool2d, separableConv2d, sequential, upsample2d } = library;
  return sequential(
    input([SIDE, SIDE, 1]),
    conv2d(9, 3, { padding: "same", activation: "relu" }),
    maxPool2d(3, { strides: 2, padding: "same" }),
    conv2d(36, 3, { padding: 1, dilationRate: 2, useBias: false }),
    batchNorm(),
    depthwiseConv2d(3, { padding: "same", activation: "tanh" }),
    conv2d(24, 3, { padding: "same", strides: 2, groups: 3 }),
    conv2dTranspose(12, 3, { strides: 2, activation: "relu" }),
    averagePool2d(2, { padding: "same" }),
    upsample2d(),
    separableConv2d(10, 3, "relu"),
    globalAveragePool2d(),
    dense(3),
  );
}

/** @returns the hash of the weights after three epochs by Adam */
export async function mapsHash(library) {
  const model = await library.compile(network(library), { loss: "crossEntropy", optimizer: "adam", seed: 1 });
  await model.fit(data(), { epochs: 3, batchSize: 10 });
  return weightHash(model);
}

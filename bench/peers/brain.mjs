/**
 * brain.js on the processor (`NeuralNetwork`, plain JavaScript). It has no batches: `train` updates the
 * weights after each row, so one step here is 64 rows and 64 updates. It has no softmax or cross-entropy
 * either: every layer is relu (or sigmoid) with squared error.
 *
 * 2.0.0-beta.24 is pinned because it is 2.4 times faster at this network than 1.6.1, npm's `latest`.
 */
import { createRequire } from "node:module";
import { batchSize, learningRates, mlpBatches, sizes, xor } from "./data.mjs";
import { timeBlocks } from "./timing.mjs";

const require = createRequire(import.meta.url);

// 0 is refused; nothing falls below this.
const errorThresh = 1e-12;

export async function mlp(optimizer) {
  const { NeuralNetwork } = require("brain.js");
  const network = new NeuralNetwork({
    inputSize: sizes[0],
    hiddenLayers: sizes.slice(1, -1),
    outputSize: sizes.at(-1),
    activation: "relu",
  });
  const batches = mlpBatches(5).map(({ x, y }) =>
    Array.from({ length: batchSize }, (_, i) => ({
      input: x.subarray(i * sizes[0], (i + 1) * sizes[0]),
      output: y.subarray(i * 10, (i + 1) * 10),
    })),
  );
  const options = {
    iterations: 1,
    errorThresh,
    learningRate: learningRates[optimizer],
    praxis: optimizer === "adam" ? "adam" : undefined,
  };
  let count = 0;
  let loss = 0;
  const step = () => {
    loss = network.train(batches[count++ % batches.length], options).error;
  };
  return {
    api: "NeuralNetwork.train, row by row, squared error",
    run: (seconds) => timeBlocks(seconds, 1, step, () => loss),
  };
}

export async function xorTraining() {
  const { NeuralNetwork } = require("brain.js");
  const rows = xor.y.map((y, i) => ({ input: xor.x.slice(i * 2, i * 2 + 2), output: [y] }));
  const run = () => {
    const network = new NeuralNetwork({ hiddenLayers: [4], activation: "sigmoid" });
    const start = performance.now();
    const { error, iterations } = network.train(rows, {
      iterations: xor.epochs,
      errorThresh,
      learningRate: 0.1,
    });
    const ms = performance.now() - start;
    if (iterations !== xor.epochs) throw new Error(`brain.js stopped after ${iterations} epochs`);
    return { samples: [ms], loss: error };
  };
  return { api: "NeuralNetwork.train, 4 updates an epoch", run };
}

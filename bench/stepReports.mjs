/**
 * What it costs to be told of each step: `fit` with an empty `onSteps`, with one that reads each report, and with an empty
 * `onStep`, as multiples of `fit` without; in this thread and in a worker, in alternating rounds.
 *
 *   node stepReports.mjs [--rounds=15] [--seconds=0.5] [--only=XOR] [--json]
 */

import { adam, compile, dense, input, meanSquaredError, sequential, sgd } from "../dist/index.js";
import { readArguments } from "./peers/arguments.mjs";
import { batchSize, mlpRows, sizes, steps, xor } from "./peers/data.mjs";
import { figure, printTable } from "./peers/table.mjs";
import { median } from "./peers/timing.mjs";

const options = readArguments({ rounds: 15, seconds: 0.5, only: "" });

const { x, labels } = mlpRows(batchSize * steps);
const tabular = { x: x.subarray(0, 4096 * 8), y: labels.subarray(0, 4096) };
const networks = {
  "XOR 2-4-1, all rows": {
    network: () => sequential(input(2), dense(4, "sigmoid"), dense(1, "sigmoid")),
    settings: { loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1 }) },
    data: { x: Float32Array.from(xor.x), y: Float32Array.from(xor.y) },
    batch: 4,
    warmUp: 5000,
  },
  "tabular 8-16-10, batch 32": {
    network: () => sequential(input(8), dense(16, "relu"), dense(10, "softmax")),
    settings: { loss: "crossEntropy", optimizer: adam({ learningRate: 1e-6 }) },
    data: tabular,
    batch: 32,
    warmUp: 20,
  },
  "MLP 784-256-128-10, batch 64": {
    network: () => sequential(input(sizes[0]), dense(256, "relu"), dense(128, "relu"), dense(10, "softmax")),
    settings: { loss: "crossEntropy", optimizer: adam({ learningRate: 1e-6 }) },
    data: { x, y: labels },
    batch: batchSize,
    warmUp: 1,
  },
};

let total = 0;
const watchers = {
  none: {},
  "onSteps, empty": { onSteps: () => undefined },
  "onSteps, read": {
    onSteps: (reports) => {
      for (const loss of reports.losses) total += loss;
    },
  },
  "onStep, empty": { onStep: () => undefined },
};

/** Median milliseconds of `fit` for each watcher, of rounds that take turns. */
async function measure({ network, settings, data, batch, warmUp }, worker) {
  const model = await compile(network(), { ...settings, seed: 1, worker });
  const train = async (epochs, watcher) => {
    const start = performance.now();
    await model.fit(data, { epochs, batchSize: batch, onWarning: false, ...watcher });
    return performance.now() - start;
  };
  // What each of them needs is loaded, and compiled by the optimizing compilers.
  for (const watcher of Object.values(watchers)) await train(warmUp, watcher);
  let epochs = 1;
  while ((await train(epochs, {})) < options.seconds * 700) epochs *= 2;
  const samples = Object.fromEntries(Object.keys(watchers).map((name) => [name, []]));
  for (let round = 0; round < options.rounds; round++) {
    const order = Object.keys(watchers);
    if (round % 2) order.reverse();
    for (const name of order) {
      // Stopping after each step takes so long that a quarter of the epochs is enough.
      const share = name === "onStep, empty" ? 4 : 1;
      const some = Math.max(1, Math.round(epochs / share));
      samples[name].push(((await train(some, watchers[name])) * epochs) / some);
    }
  }
  model.dispose();
  const ratio = (name) => median(samples[name].map((one, i) => one / samples.none[i]));
  return { epochs, milliseconds: median(samples.none), ratios: Object.keys(watchers).slice(1).map(ratio) };
}

const results = [];
for (const [name, given] of Object.entries(networks).filter(([name]) => name.includes(options.only))) {
  for (const worker of [false, true]) {
    results.push({ name, worker, ...(await measure(given, worker)) });
  }
}

if (options.json) {
  console.log(JSON.stringify({ bench: "stepReports", node: process.version, results, total }));
} else {
  printTable(
    "fit as a multiple of fit without, median of rounds",
    ["", "where", "ms", ...Object.keys(watchers).slice(1)],
    results.map(({ name, worker, milliseconds, ratios }) => [
      name,
      worker ? "worker" : "here",
      figure(milliseconds),
      ...ratios.map((one) => `${one.toFixed(3)} x`),
    ]),
  );
}

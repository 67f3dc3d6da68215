/** What bench/pairs.mjs times of the build whose entry is the argument: milliseconds, as JSON. */
import { pathToFileURL } from "node:url";
import { median } from "./peers/timing.mjs";

const { compile, dense, input, sequential, sgd } = await import(pathToFileURL(process.argv[2]).href);

async function timed(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function repeated(times, run) {
  const results = [];
  for (let i = 0; i < times; i++) results.push(await timed(run));
  return results;
}

const xor = {
  x: [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ],
  y: [[0], [1], [1], [0]],
};
const small = sequential(input(2), dense(4, "sigmoid"), dense(1, "sigmoid"));
const xorModel = await compile(small, {
  loss: "sumOfSquares",
  optimizer: sgd({ learningRate: 0.1 }),
  seed: 1,
});
await xorModel.fit(xor, { batchSize: 4 });
const start = performance.now();

const first = await timed(() => xorModel.fit(xor, { epochs: 10_000, batchSize: 4 }));
const xors = await repeated(9, () => xorModel.fit(xor, { epochs: 10_000, batchSize: 4 }));

const rows = 64 * 100;
const x = Float32Array.from({ length: rows * 784 }, (_, i) => ((i * 2654435761) >>> 8) / 2 ** 24);
const y = Uint8Array.from({ length: rows }, (_, i) => i % 10);
const mlp = () => sequential(input(784), dense(256, "relu"), dense(128, "relu"), dense(10, "softmax"));
const compiling = await repeated(7, () => compile(mlp(), { loss: "crossEntropy", optimizer: "sgd" }));
const steps = {};
for (const optimizer of ["sgd", "adam"]) {
  const model = await compile(mlp(), { loss: "crossEntropy", optimizer, seed: 1 });
  const fits = await repeated(7, () => model.fit({ x, y }, { batchSize: 64 }));
  steps[optimizer] = median(fits.slice(2)) / (rows / 64);
}

console.log(
  JSON.stringify({
    "start to the end of the first fit": start,
    "XOR, 10,000 epochs, first": first,
    "XOR, 10,000 epochs": median(xors),
    "compile the MLP": median(compiling),
    "MLP step, SGD": steps.sgd,
    "MLP step, Adam": steps.adam,
  }),
);

/**
 * The published figure: two convolutions with pooling reach 91.6 % on the test images of Fashion-MNIST (Xiao, Rasul &
 * Vollgraf 2017; the benchmark table of github.com/zalandoresearch/fashion-mnist).
 *
 *   node fashionMnist.mjs [--data=FOLDER] [--epochs=10] [--filters=32] [--seed=1] [--json]
 *
 * FOLDER holds the four files as they are published (train-images-idx3-ubyte.gz, …). With --filters=16 the network has
 * 56,000 weights in place of 225,000.
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import {
  adam,
  compile,
  conv2d,
  cosineDecay,
  dense,
  dropout,
  flatten,
  input,
  maxPool2d,
  rescale,
  sequential,
} from "../dist/index.js";
import { readArguments } from "./peers/arguments.mjs";

const shared = new URL("../../shared/data/fashion-mnist", import.meta.url).pathname;
const options = readArguments({ data: shared, epochs: 10, filters: 32, seed: 1 });
const published = 0.916;
const batchSize = 64;

if (!existsSync(options.data)) {
  console.error(
    `fashionMnist: there is no folder ${options.data}. Give the one with its files with --data=FOLDER.`,
  );
  process.exit(1);
}

/** Bytes of an idx file behind its header. */
function read(name, header) {
  const bytes = gunzipSync(readFileSync(`${options.data}/${name}-ubyte.gz`));
  return new Uint8Array(bytes.buffer, bytes.byteOffset + header, bytes.length - header);
}

const train = { x: read("train-images-idx3", 16), y: read("train-labels-idx1", 8) };
const test = { x: read("t10k-images-idx3", 16), y: read("t10k-labels-idx1", 8) };

const { filters, epochs, seed } = options;
const same = { activation: "relu", padding: "same" };
const network = sequential(
  input([28, 28, 1]),
  rescale(1 / 255),
  conv2d(filters, 3, same),
  maxPool2d(),
  conv2d(2 * filters, 3, same),
  maxPool2d(),
  flatten(),
  dropout(0.3),
  dense(64, "relu"),
  dense(10, "softmax"),
);
const decaySteps = Math.ceil(train.y.length / batchSize) * epochs;
const model = await compile(network, {
  loss: "crossEntropy",
  optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: 0.001, decaySteps }) }),
  metrics: ["accuracy"],
  batchSize,
  seed,
});
const history = await model.fit(train, {
  epochs,
  batchSize,
  onEpoch({ epoch, loss, accuracy, samplesPerSecond }) {
    if (options.json) return;
    const speed = Math.round(samplesPerSecond);
    console.log(
      `epoch ${epoch}: loss ${loss.toFixed(5)}, accuracy ${accuracy.toFixed(4)}, ${speed} samples/s`,
    );
  },
});
const { accuracy } = await model.evaluate(test);
const samplesPerSecond = history.at(-1).samplesPerSecond;
if (options.json) console.log(JSON.stringify({ accuracy, published, samplesPerSecond, ...options }));
else console.log(`test accuracy ${(accuracy * 100).toFixed(2)} %, published ${published * 100} %`);
process.exitCode = accuracy >= published ? 0 : 1;

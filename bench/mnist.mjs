/**
 * The published figure: 784-300-100-10, ReLU, plain SGD on the full MNIST reaches 98.06 % on the test images
 * (Géron, Hands-On Machine Learning, 2nd edition, chapter 10, learning rate found by search, early stopping).
 *
 *   node mnist.mjs [--data=FOLDER] [--epochs=20] [--seed=1] [--json]
 *
 * FOLDER holds the four files of MNIST as they are published (train-images-idx3-ubyte.gz, …).
 */
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { compile, dense, input, rescale, sequential, sgd } from "../dist/index.js";
import { readArguments } from "./peers/arguments.mjs";

const shared = new URL("../../shared/data/mnist", import.meta.url).pathname;
const options = readArguments({ data: shared, epochs: 20, seed: 1 });
const published = 0.9806;

if (!existsSync(options.data)) {
  console.error(
    `mnist: there is no folder ${options.data}. Give the one that holds MNIST's files with --data=FOLDER.`,
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

const model = await compile(
  sequential(input(784), rescale(1 / 255), dense(300, "relu"), dense(100, "relu"), dense(10, "softmax")),
  { loss: "crossEntropy", optimizer: sgd({ learningRate: 0.1 }), metrics: ["accuracy"], seed: options.seed },
);
const history = await model.fit(train, {
  epochs: options.epochs,
  batchSize: 32,
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

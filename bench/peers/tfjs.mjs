/**
 * TensorFlow.js on its WebAssembly backend (SIMD; in Node it has no threads).
 *
 * `tf.layers` with `trainOnBatch` on tensors that stay in its memory: batches are neither gathered nor
 * copied while timed, which our own `fit` does. Direct ops under `optimizer.minimize` and a fused
 * softmax cross-entropy were measured too and are within 9 % of this. `trainOnBatch` tidies after itself.
 */
import { createRequire } from "node:module";
import { batchSize, glorot, learningRates, mlpBatches, sizes, steps, uniform, xor } from "./data.mjs";
import { timeBlocks } from "./timing.mjs";

const require = createRequire(import.meta.url);

async function load() {
  const tf = require("@tensorflow/tfjs");
  require("@tensorflow/tfjs-backend-wasm");
  await tf.setBackend("wasm");
  await tf.ready();
  if (tf.getBackend() !== "wasm") throw new Error(`tfjs runs on ${tf.getBackend()}, not on wasm`);
  if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) throw new Error("tfjs runs without SIMD");
  return tf;
}

export async function mlp(optimizer) {
  const tf = await load();
  const model = tf.sequential();
  for (const [i, units] of sizes.slice(1).entries()) {
    const activation = i === 2 ? "softmax" : "relu";
    model.add(tf.layers.dense({ units, activation, inputShape: i === 0 ? [sizes[0]] : undefined }));
    model.layers[i].setWeights([
      tf.tensor2d(glorot(sizes[i], units, i + 1), [sizes[i], units]),
      tf.zeros([units]),
    ]);
  }
  model.compile({
    optimizer: tf.train[optimizer](learningRates[optimizer]),
    loss: "categoricalCrossentropy",
  });
  const batches = mlpBatches(steps).map(({ x, y }) => ({
    x: tf.tensor2d(x, [batchSize, sizes[0]]),
    y: tf.tensor2d(y, [batchSize, 10]),
  }));
  let count = 0;
  let loss = 0;
  const step = async () => {
    const { x, y } = batches[count++ % batches.length];
    loss = await model.trainOnBatch(x, y);
  };
  return {
    api: `tf.layers, trainOnBatch; tfjs ${tf.version.tfjs}`,
    run: (seconds) => timeBlocks(seconds, 5, step, () => loss),
  };
}

/** Full-batch XOR by direct ops, which at this size take less time than `trainOnBatch`. */
export async function xorTraining() {
  const tf = await load();
  const next = uniform(3);
  const weight = (rows, columns) =>
    tf.variable(
      tf.tensor2d(
        Float32Array.from({ length: rows * columns }, () => next() * 2 - 1),
        [rows, columns],
      ),
    );
  const x = tf.tensor2d(xor.x, [4, 2]);
  const y = tf.tensor2d(xor.y, [4, 1]);
  const [hidden, output] = [weight(2, 4), weight(4, 1)];
  const [hiddenBias, outputBias] = [tf.variable(tf.zeros([4])), tf.variable(tf.zeros([1]))];
  const sgd = tf.train.sgd(0.1);
  const cost = () => {
    const h = tf.fused.matMul({ a: x, b: hidden, bias: hiddenBias, activation: "sigmoid" });
    const p = tf.fused.matMul({ a: h, b: output, bias: outputBias, activation: "sigmoid" });
    return tf.sum(tf.squaredDifference(p, y));
  };
  const epochs = 200;
  const run = () => {
    const start = performance.now();
    for (let i = 0; i < epochs; i++) sgd.minimize(cost);
    const ms = (performance.now() - start) * (xor.epochs / epochs);
    return { samples: [ms], loss: tf.tidy(() => cost().dataSync()[0]) };
  };
  return { api: `optimizer.minimize, ${epochs} epochs extrapolated`, run };
}

/** One update of a vector of weights by tf.train; `option` is a name of updates.mjs and a count, as "adam:1000". */
export async function update(option) {
  const tf = await load();
  const [name, size] = option.split(":");
  const optimizers = {
    sgd: () => tf.train.sgd(1e-3),
    "sgd, momentum": () => tf.train.momentum(1e-3, 0.9),
    adagrad: () => tf.train.adagrad(1e-3),
    rmsprop: () => tf.train.rmsprop(1e-3, 0.99),
    "rmsprop, centered, momentum": () => tf.train.rmsprop(1e-3, 0.99, 0.9, 1e-8, true),
    adadelta: () => tf.train.adadelta(1e-3, 0.9),
    adamax: () => tf.train.adamax(1e-3),
    adam: () => tf.train.adam(1e-3),
  };
  const optimizer = optimizers[name]();
  tf.variable(tf.fill([Number(size)], 0.5), true, "w");
  const w = tf.fill([Number(size)], 0.5);
  const block = Math.max(1, Math.round(1e5 / Number(size)));
  return {
    api: "optimizer.applyGradients",
    run: (seconds) => timeBlocks(seconds, block, () => optimizer.applyGradients({ w })),
  };
}

/** tf.matMul at one shape; `form` is nn, tn or nt, and the operands `a` and `b` are stored as it says. */
export async function matmul() {
  const tf = await load();
  const prepare = ({ form, m, n, k, a, b }) => {
    const [transposeA, transposeB] = [form === "tn", form === "nt"];
    const left = tf.tensor2d(a.slice(), transposeA ? [k, m] : [m, k]);
    const right = tf.tensor2d(b.slice(), transposeB ? [n, k] : [k, n]);
    const product = () => tf.matMul(left, right, transposeA, transposeB);
    return {
      multiply: () => product().dispose(),
      result: () => tf.tidy(() => product().dataSync().slice()),
      free: () => tf.dispose([left, right]),
    };
  };
  return { api: "tf.matMul", prepare };
}

import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";

await tf.setBackend("wasm");
const x = tf.tensor2d(new Float32Array(64 * 784).fill(0.5), [64, 784]);
const y = tf.oneHot(tf.tensor1d(new Int32Array(64).fill(3), "int32"), 10);

const model = tf.sequential();
model.add(tf.layers.dense({ units: 256, activation: "relu", inputShape: [784] }));
model.add(tf.layers.dense({ units: 128, activation: "relu" }));
model.add(tf.layers.dense({ units: 10, activation: "softmax" }));
model.compile({ optimizer: tf.train.sgd(0.01), loss: "categoricalCrossentropy" });
const loss = await model.trainOnBatch(x, y);
process.stdout.write(`done ${loss}\n`);

/**
 * Ours, through the public interface of the built package. `fit` gathers shuffled rows out of staged
 * data, checks that losses are finite and reports its epochs: all of that is inside the time.
 */
import { batchSize, cnnSteps, learningRates, mlpRows, sizes, steps, xor } from "./data.mjs";
import { measurePeak } from "./peak.mjs";

async function load() {
  try {
    return await import("../../dist/index.js");
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Error("dist/ is not built: run `npm install` in the repository's root");
  }
}

export async function mlp(optimizer) {
  const library = await load();
  const { dense, input, sequential } = library;
  const network = sequential(input(sizes[0]), dense(256, "relu"), dense(128, "relu"), dense(10, "softmax"));
  return training(library, network, optimizer, steps);
}

/** conv16-pool-conv32-pool-dense10 on 28 × 28. */
export async function cnn(optimizer) {
  const library = await load();
  const { conv2d, dense, flatten, input, maxPool2d, sequential } = library;
  const same = { activation: "relu", padding: "same" };
  const network = sequential(
    input([28, 28, 1]),
    conv2d(16, 3, same),
    maxPool2d(),
    conv2d(32, 3, same),
    maxPool2d(),
    flatten(),
    dense(10, "softmax"),
  );
  return training(library, network, optimizer, cnnSteps);
}

/** `fit` on the common rows, one sample an epoch. */
async function training(library, network, optimizer, steps) {
  const learningRate = learningRates[optimizer];
  const model = await library.compile(network, {
    loss: "crossEntropy",
    optimizer: library[optimizer]({ learningRate }),
    seed: 1,
    batchSize,
  });
  const { x, labels } = mlpRows(batchSize * steps);
  const peak = await measurePeak();
  let epochMs = 500;
  const run = async (seconds) => {
    const before = peak();
    const samples = [];
    let loss;
    let start = performance.now();
    await model.fit(
      { x, y: labels },
      {
        epochs: Math.max(1, Math.round((seconds * 1000) / epochMs)),
        batchSize,
        onEpoch: (report) => {
          const now = performance.now();
          epochMs = now - start;
          samples.push(epochMs / steps);
          loss = report.loss;
          start = now;
        },
      },
    );
    return { samples, loss, peak: Math.max(before, peak()) };
  };
  return { api: `fit, ${steps} steps an epoch, gather and shuffle included`, run };
}

/** A new 2-4-1 sigmoid network with the summed squared error of the four rows. */
async function xorModel(library) {
  const { compile, dense, input, meanSquaredError, sequential, sgd } = library;
  const network = sequential(input(2), dense(4, "sigmoid"), dense(1, "sigmoid"));
  return compile(network, {
    loss: meanSquaredError({ reduction: "sum" }),
    optimizer: sgd({ learningRate: 0.1 }),
    seed: 1,
    batchSize: 4,
  });
}

/** `fit` with 10,000 epochs of one step. */
export async function xorTraining() {
  const library = await load();
  const run = async () => {
    const model = await xorModel(library);
    const x = Float32Array.from(xor.x);
    const y = Float32Array.from(xor.y);
    const start = performance.now();
    const history = await model.fit({ x, y }, { epochs: xor.epochs, batchSize: 4 });
    const ms = performance.now() - start;
    const { loss } = await model.evaluate({ x, y });
    if (history.length !== xor.epochs) throw new Error(`fit reported ${history.length} epochs`);
    model.dispose();
    return { samples: [ms], loss };
  };
  return { api: "fit, 10,000 epochs, each reported", run };
}

/** The same updates as one epoch of 10,000 batches over repeated rows: the engine without epoch reports. */
export async function xorSteps() {
  const library = await load();
  const repeat = (values) => {
    const all = new Float32Array(values.length * xor.epochs);
    for (let i = 0; i < xor.epochs; i++) all.set(values, i * values.length);
    return all;
  };
  const [x, y] = [repeat(xor.x), repeat(xor.y)];
  const run = async () => {
    const model = await xorModel(library);
    const start = performance.now();
    const options = { epochs: 1, batchSize: 4, shuffle: false };
    await model.fit({ x, y }, options);
    const ms = performance.now() - start;
    const { loss } = await model.evaluate({ x: x.slice(0, 8), y: y.slice(0, 4) });
    model.dispose();
    return { samples: [ms], loss };
  };
  return { api: "fit, 1 epoch of 10,000 batches", run };
}

// The training whose bits must be the same everywhere: 200 steps of a small network on generated data. It takes the
// package as an argument, so that the tests can give it the sources and the runtimes what was built.

/**
 * SHA-256 of the weights after 200 steps with dropout, clipping and Adam, in every runtime. The one number here that is
 * the program's own: it makes a change of any bit visible. A kernel that sums in another order changes it; then prove
 * the kernel by its own tests, say so in CHANGELOG.md, and put the new hash here.
 */
export const TRAINED_HASH = "5cf2f113f7e17762d1cc972e1cae44b710691d7f671f19d81c3ed5d34ca3e517";

const ROWS = 640;
const FEATURES = 20;
const CLASSES = 5;

/** 20 steps an epoch, ten epochs: 200 steps. */
export const FIT_OPTIONS = { epochs: 10, batchSize: 32 };

/** Integers from 0 to 255 by a linear congruential generator (Knuth, TAOCP 2, 3.3.4): exact in f32. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
}

export function trainingData() {
  const next = generator(2026);
  const x = Float32Array.from({ length: ROWS * FEATURES }, () => next() / 128 - 1);
  // Quarters of the sum of two features, so that there is something to learn.
  const y = Uint8Array.from({ length: ROWS }, (_, i) =>
    Math.floor(((x[i * FEATURES] + x[i * FEATURES + 1] + 2) / 4) * CLASSES),
  );
  return { x, y };
}

/** The batches of an epoch that trains on the rows as they lie. */
export function* trainingBatches({ x, y }, size) {
  for (let row = 0; row < ROWS; row += size) {
    yield { x: x.subarray(row * FEATURES, (row + size) * FEATURES), y: y.subarray(row, row + size) };
  }
}

/** The model of that training before its first step. */
export function trainingModel(
  { adam, compile, dense, dropout, input, sequential },
  { seed = 20261, ...options } = {},
) {
  const network = sequential(
    input(FEATURES),
    dense(32, "relu"),
    dropout(0.2),
    dense(16, "tanh"),
    dense(CLASSES, "softmax"),
  );
  return compile(network, {
    loss: "crossEntropy",
    optimizer: adam({ learningRate: 0.01 }),
    clipNorm: 1,
    seed,
    ...options,
  });
}

/** As TRAINED_HASH, of the weights of functionsModel after 60 steps. */
export const FUNCTIONS_HASH = "1b98a59ce4cb5ac3ab40017d08e42df0c755c296cfd8e6faf3506af8add767fa";
export const FUNCTIONS_FIT_OPTIONS = { epochs: 3, batchSize: 32, accumulate: 2 };

/** A network with two outputs whose layers go through every family of functions, random numbers among them. */
export function functionsModel({ compile, concatenate, customLayer, dense, input, network, sgd }, ops) {
  const waves = customLayer({
    kind: "waves",
    parameters: (shape) => ({ scale: { shape: [shape.at(-1)], initializer: 1 } }),
    build([x], { scale }, { addLoss }) {
      const angle = ops.add(ops.multiply(x, scale), ops.randomNormal(x.shape, { deviation: 0.1 }));
      addLoss(ops.multiply(ops.variance(scale), 0.01));
      const bent = ops.add(ops.erf(ops.cos(angle)), ops.softplus(ops.sin(angle)));
      return ops.where(ops.greater(x, 0), bent, ops.expm1(ops.clip(x, -1, 1)));
    },
  });
  const roots = customLayer({
    kind: "roots",
    build([x]) {
      const powers = ops.power(ops.add(ops.abs(x), 0.5), ops.randomUniform([16], { low: 0.5, high: 1 }));
      const running = ops.cumulativeSum(ops.log1p(ops.elu(powers)), { axis: 1 });
      return ops.multiply(
        ops.rsqrt(ops.add(1, ops.square(running))),
        ops.logSumExp(x, { axis: 1, keepDims: true }),
      );
    },
  });
  const from = input(FEATURES);
  const hidden = waves(dense(16, "tanh")(from));
  const joined = concatenate()(hidden, roots(hidden));
  const outputs = { kind: dense(CLASSES, "softmax")(joined), first: dense(1)(joined) };
  return compile(network({ inputs: { from }, outputs }), {
    loss: { kind: "crossEntropy", first: "meanSquaredError" },
    lossWeights: { first: 0.5 },
    optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
    seed: 7,
  });
}

/** The rows of trainingData for it: the second output is to find the first feature. */
export function functionsData() {
  const { x, y } = trainingData();
  return { x: { from: x }, y: { kind: y, first: x.filter((_, i) => i % FEATURES === 0) } };
}

/** @returns the SHA-256 of all weights in the order of their names, as hex */
export async function weightHash(model) {
  const weights = Object.entries(model.weights()).sort(([a], [b]) => (a < b ? -1 : 1));
  const bytes = new Uint8Array(weights.reduce((sum, [, { data }]) => sum + data.byteLength, 0));
  let offset = 0;
  for (const [, { data }] of weights) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @returns the hash of the weights after the training */
export async function trainedHash(library, fitOptions = {}, seed = undefined) {
  const model = await trainingModel(library, { seed });
  await model.fit(trainingData(), { ...FIT_OPTIONS, ...fitOptions });
  return weightHash(model);
}

/** @returns the hash of the weights of functionsModel after its training */
export async function functionsHash(library, ops) {
  const model = await functionsModel(library, ops);
  await model.fit(functionsData(), FUNCTIONS_FIT_OPTIONS);
  return weightHash(model);
}

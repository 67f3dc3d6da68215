/**
 * jax-js on its WebAssembly backend, one thread (it starts threads only where `Worker` is a global).
 *
 * The whole step, gradient and update, is one `jit`; the parameters are given away to it, so that it may
 * reuse their memory.
 */
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { batchSize, glorot, learningRates, mlpBatches, sizes, steps } from "./data.mjs";
import { timeBlocks } from "./timing.mjs";

const matrix = (values, rows, columns) => np.array(values).reshape([rows, columns]);

function cost(parameters, x, y) {
  let h = x;
  for (const [i, { w, b }] of parameters.entries()) {
    h = np.matmul(h, w).add(b);
    if (i < parameters.length - 1) h = nn.relu(h);
  }
  return np.sum(nn.logSoftmax(h).mul(y)).mul(-1 / batchSize);
}

const sgd = (state, x, y, rate) => {
  const [loss, gradients] = valueAndGrad(cost)(tree.ref(state.w), x, y);
  return [{ w: tree.map((w, d) => w.sub(d.mul(rate.ref)), state.w, gradients) }, loss];
};

// Kingma and Ba 2015, algorithm 1, with the bias correction folded into the rate.
const adam = (state, x, y, rate) => {
  const [loss, gradients] = valueAndGrad(cost)(tree.ref(state.w), x, y);
  const m = tree.map((m, d) => m.mul(0.9).add(d.mul(0.1)), state.m, tree.ref(gradients));
  const v = tree.map((v, d) => v.mul(0.999).add(np.square(d).mul(0.001)), state.v, gradients);
  const update = (w, m, v) => w.sub(m.mul(rate.ref).div(np.sqrt(v).add(1e-8)));
  const w = tree.map(update, state.w, tree.ref(m), tree.ref(v));
  return [{ w, m, v }, loss];
};

export async function mlp(optimizer) {
  await init("wasm");
  defaultDevice("wasm");
  const zeros = () =>
    sizes.slice(1).map((units, i) => ({ w: np.zeros([sizes[i], units]), b: np.zeros([units]) }));
  let state = {
    w: sizes.slice(1).map((units, i) => ({
      w: matrix(glorot(sizes[i], units, i + 1), sizes[i], units),
      b: np.zeros([units]),
    })),
    ...(optimizer === "adam" ? { m: zeros(), v: zeros() } : {}),
  };
  const batches = mlpBatches(steps).map(({ x, y }) => ({
    x: matrix(x, batchSize, sizes[0]),
    y: matrix(y, batchSize, 10),
  }));
  const update = jit(optimizer === "adam" ? adam : sgd);
  let count = 0;
  let loss = 0;
  let value;
  const step = async () => {
    const { x, y } = batches[count++ % batches.length];
    const correction = optimizer === "adam" ? Math.sqrt(1 - 0.999 ** count) / (1 - 0.9 ** count) : 1;
    [state, value] = update(state, x.ref, y.ref, np.array([learningRates[optimizer] * correction]));
    // Reading the loss of every step makes the steps faster, by a quarter: their memory is free sooner.
    [loss] = await value.data();
  };
  return {
    api: "jit of valueAndGrad and update, 0.1.25",
    run: (seconds) => timeBlocks(seconds, 50, step, () => loss),
  };
}

/** One update of a vector of weights in a `jit`; `option` is "sgd" or "adam" and a count, as "adam:1000". */
export async function update(option) {
  await init("wasm");
  defaultDevice("wasm");
  const [name, size] = option.split(":");
  const fill = (value) => np.array(new Float32Array(Number(size)).fill(value));
  const rules = {
    sgd: jit(({ w }, g) => ({ w: w.sub(g.mul(1e-3)) })),
    adam: jit(({ w, m, v }, g) => {
      const mean = m.mul(0.9).add(g.ref.mul(0.1));
      const variance = v.mul(0.999).add(np.square(g).mul(0.001));
      const change = mean.ref.mul(1e-3).div(np.sqrt(variance.ref).add(1e-8));
      return { w: w.sub(change), m: mean, v: variance };
    }),
  };
  let state = name === "adam" ? { w: fill(0.5), m: fill(0), v: fill(0) } : { w: fill(0.5) };
  const gradient = fill(0.5);
  const block = Math.max(1, Math.round(1e5 / Number(size)));
  const step = async () => {
    state = rules[name](state, gradient.ref);
    await state.w.blockUntilReady();
  };
  return { api: "jit of the update", run: (seconds) => timeBlocks(seconds, block, step) };
}

import { defaultDevice, init, jit, nn, numpy as np, random, tree, valueAndGrad } from "@jax-js/jax";

await init("wasm");
defaultDevice("wasm");
const x = np.array(new Float32Array(64 * 784).fill(0.5)).reshape([64, 784]);
const y = nn.oneHot(np.array(new Int32Array(64).fill(3)), 10);

const layer = (rows, columns) => ({
  w: random.uniform(random.key(rows), [rows, columns], { minval: -0.05, maxval: 0.05 }),
  b: np.zeros([columns]),
});
const cost = ([first, second, third], x, y) => {
  const h = nn.relu(np.matmul(nn.relu(np.matmul(x, first.w).add(first.b)), second.w).add(second.b));
  return np.sum(nn.logSoftmax(np.matmul(h, third.w).add(third.b)).mul(y)).mul(-1 / 64);
};
const step = jit((parameters, x, y) => {
  const [loss, gradients] = valueAndGrad(cost)(tree.ref(parameters), x, y);
  return [tree.map((w, d) => w.sub(d.mul(0.01)), parameters, gradients), loss];
});
const [parameters, loss] = step([layer(784, 256), layer(256, 128), layer(128, 10)], x, y);
await parameters[0].w.blockUntilReady();
const [value] = await loss.data();
process.stdout.write(`done ${value}\n`);

/** Steps that are looked into, loops of one's own, and layers on values. */
import { compileFunction } from "../../../src/autodiff/index.js";
import { compile, customLayer, dense, input, sequential } from "../../../src/index.js";
import { square, sum, type Value } from "../../../src/ops/index.js";
import { type Misuses, wrong } from "./misuse.js";

const data = { x: [[1, 2, 3]], y: [[1, 0]] };
const model = () =>
  compile(sequential(input(3), dense(4, { activation: "tanh", name: "hidden" }), dense(2, { name: "out" })), {
    loss: "meanSquaredError",
  });
const frozen = async () => {
  const made = await model();
  made.freeze("hidden");
  return made;
};
const classifier = () =>
  compile(sequential(input(3), dense(2, { activation: "softmax", name: "out" })), { loss: "crossEntropy" });
const other = () => compile(sequential(input(3), dense(2), dense(2)), { loss: "meanSquaredError" });

export const inside: Misuses = {
  "gradients: of a frozen parameter": async () => (await frozen()).gradients(data, { of: ["hidden/kernel"] }),
  "gradients: of a layer that there is not": async () => (await model()).gradients(data, { of: ["hiden"] }),
  "gradients: of no names": async () => (await model()).gradients(data, { of: wrong([]) }),
  "gradients: of one name alone": async () => (await model()).gradients(data, { of: wrong("hidden") }),
  "gradients: of a layer behind the logits": async () =>
    (await classifier()).gradients({ x: data.x, y: [1] }, { of: ["out"] }),
  "gradients: of an input before no activation": async () =>
    (await model()).gradients(data, { of: ["input/preActivation"] }),
  "gradients: data without targets": async () => (await model()).gradients(wrong({ x: data.x })),
  "gradients: no data": async () => (await model()).gradients(wrong(undefined)),
  "gradients: options that are none": async () => (await model()).gradients(data, wrong({ batchsize: 3 })),
  "gradients: a batchSize of 0": async () => (await model()).gradients(data, { batchSize: 0 }),
  "gradients: of a model without a loss": async () =>
    (await compile(sequential(input(3), dense(2)))).gradients(data),
  "trace: digits beyond an integer": async () => (await model()).trace(data, { digits: 1.5 }),
  "trace: rows that are too short": async () => (await model()).trace({ x: [[1]], y: [[1, 0]] }),
  "trainOnBatch: no targets": async () => (await model()).trainOnBatch({ x: data.x }),
  "trainOnBatch: an iterable of batches": async () => (await model()).trainOnBatch(wrong([data])),
  "applyGradients: of another network": async () =>
    (await model()).applyGradients(await (await other()).gradients(data)),
  "applyGradients: of what is frozen": async () =>
    (await frozen()).applyGradients(await (await model()).gradients(data)),
  "applyGradients: some are missing": async () => (await model()).applyGradients({ "out/bias": [1, 2] }),
  "applyGradients: no object": async () => (await model()).applyGradients(wrong(null)),
  "moveWeights: by more than all": async () => (await model()).moveWeights({ "out/bias": [1, 2] }, 2),
  "moveWeights: a name that there is not": async () =>
    (await model()).moveWeights({ "out/bais": [1, 2] }, 0.5),
  "clone: an option that there is not": async () => (await model()).clone(wrong({ seed: 3 })),
  "predictNow: rows that are too short": async () => (await model()).predictNow([[1]]),
  "a network on values: another shape": () =>
    compileFunction((x: Value) => sequential(input(3), dense(2))(x), { inputs: [2, 4] }),
  "a network on values: weightGradients of none": () =>
    compileFunction((x: Value) => sum(x), { inputs: [2], weightGradients: true }),
  "a network on values: weights that there are not": () =>
    compileFunction((x: Value) => dense(2)(x), { inputs: [1, 2], weights: { "dense/kernal": [1, 2, 3, 4] } }),
  "a layer on values: other layers in training": () =>
    compile(
      sequential(
        input(3),
        customLayer({
          kind: "odd",
          build: ([x], _, { training }) => sum(training ? a(x) : b(x), { axis: -1, keepDims: true }),
        }),
      ),
      { loss: "meanSquaredError" },
    ),
  "an op on numbers": () => square(wrong([1, 2])),
};

const [a, b] = [dense(3), dense(4)];

/** Graphs that cannot be, networks called as layers, and layers of one's own. */

import {
  add,
  type BuildContext,
  compile,
  concatenate,
  customLayer,
  dense,
  input,
  type Layer,
  type Node,
  network,
  sequential,
  type Value,
} from "../../../src/index.js";
import * as ops from "../../../src/ops/index.js";
import { eachOf, type Misuses, NOT, ofOptions, unknownOptions, wrong } from "./misuse.js";

type AnyCall = (...nodes: unknown[]) => unknown;

const ends: Misuses = {
  ...eachOf("network", [undefined, null, 3, [], {}, dense], network),
  ...ofOptions("network", network, { name: NOT.string, trainable: NOT.boolean }, { beside: loop() }),
  ...eachOf("network: inputs", [undefined, null, [], {}, { a: 3 }, { a: dense(2) }], (inputs) =>
    network({ inputs, outputs: input(3) }),
  ),
  ...eachOf("network: outputs", [undefined, null, [input(3)], {}, { a: "x" }], (outputs) =>
    network({ inputs: input(3), outputs }),
  ),
  "network: an output named loss": () => withOutputs((a) => ({ loss: dense(1)(a) })),
  "network: an input named loss": () => {
    const loss = input(3);
    return network({ inputs: { loss }, outputs: add()(loss, input(3)) });
  },
  "network: one node as two inputs": () => {
    const a = input(3);
    return network({ inputs: { a, b: a }, outputs: a });
  },
  "network: an input that leads nowhere": () => withOutputs((a) => dense(2)(a), { inputs: { b: input(2) } }),
  "network: the result of a layer as an input": () => {
    const hidden = dense(2, { name: "hidden" })(input(3));
    return network({ inputs: hidden, outputs: dense(1)(hidden) });
  },
  "network: an input that is not named": () => withOutputs((a) => add()(a, input(3, { name: "other" }))),
  "network: a circle": () => {
    const start = input(3);
    const first = dense(3, { name: "first" })(start);
    const last = dense(3)(add({ name: "joint" })(first, start));
    (first.inputs as Node[])[0] = last;
    return network({ inputs: start, outputs: last, name: "ring" });
  },
  "network: an output without rows": () =>
    withOutputs((a) => customLayer({ kind: "whole", build: ([h]) => ops.mean(h) })(a)),
  "network: one name for two layers": () =>
    sequential(input(3), dense(2, { name: "same" }), dense(2, { name: "same" })),
  "network: a layer shared between other shapes": () => {
    const shared = dense(2, { name: "shared" });
    const [a, b] = [input(3), input(4)];
    return network({ inputs: { a, b }, outputs: add()(shared(a), shared(b)) });
  },
};

function loop() {
  const a = input(3);
  return { inputs: a, outputs: dense(1)(a) };
}

function withOutputs(outputs: (a: Node) => unknown, { inputs = {} } = {}) {
  const a = input(3);
  return network({ inputs: { a, ...inputs }, outputs: wrong(outputs(a)) });
}

const chains: Misuses = {
  ...eachOf("sequential", [undefined, null, 3, dense, dense(2), [input(3), dense(2)]], sequential),
  ...eachOf("sequential: a layer", [null, "relu", 3, {}, input(2), dense, [dense(2)]], (layer) =>
    sequential(input(3), layer),
  ),
  "sequential: a layer that does not fit": () => sequential(input([4, 4, 3]), dense(2)),
};

const encoder = () => {
  const start = input(3);
  return network({ inputs: start, outputs: dense(2)(start), name: "encoder" });
};
const join = () => {
  const [a, b] = [input(2), input(3)];
  return network({ inputs: { a, b }, outputs: concatenate()(a, b), name: "pair" });
};

const nested: Misuses = {
  ...eachOf("a network as a layer: called on", [undefined, 3, [1, 2], { a: input(3) }], encoder()),
  "a network as a layer: on another shape": () => encoder()(input(4)),
  "a network as a layer: on two nodes": () => (encoder() as AnyCall)(input(3), input(3)),
  "a network as a layer: in a chain that it does not fit": () => sequential(input(5), encoder()),
  ...eachOf(
    "a network of named ends as a layer: called on",
    [undefined, null, 3, {}, { a: input(2) }, { a: input(2), b: 3 }, { a: input(2), b: input(2) }],
    (nodes) => join()(nodes),
  ),
  "a network of named ends as a layer: on a node": () => join()(wrong(input(2))),
  "a network of named ends as a layer: on one name too many": () =>
    join()(wrong({ a: input(2), b: input(3), c: input(1) })),
  "two networks of one name": () => sequential(input(3), encoder(), dense(3), encoder()),
  "a layer with the name of a network": () => sequential(input(3), encoder(), dense(3, { name: "encoder" })),
  "a layer with the name of one within": () =>
    sequential(input(3), encoder(), dense(3, { name: "encoder/dense" })),
};

const made = (options: object): Layer =>
  customLayer(wrong({ kind: "odd", name: "own", build: ([h]: readonly Value[]) => h, ...options }));
const built = (build: unknown, more: object = {}) => made({ build, ...more })(input(3));
const compiled = async (layer: Layer, options: object = {}) =>
  compile(sequential(input(3), dense(3), layer), wrong({ loss: "meanSquaredError", ...options }));
const withParameter = (parameter: unknown) => made({ parameters: () => ({ w: parameter }) })(input(3));

const custom: Misuses = {
  ...ofOptions(
    "customLayer",
    customLayer,
    {
      kind: NOT.string,
      name: ["", ...NOT.string],
      trainable: NOT.boolean,
      build: NOT.function,
      parameters: NOT.function,
      shape: NOT.function,
    },
    { required: { kind: "odd", build: ([h]: readonly Value[]) => h } },
  ),
  ...eachOf("customLayer: a parameter", [null, 3, [2], {}], withParameter),
  ...eachOf("customLayer: the shape of a parameter", [3, "2", [-1, 2], [2.5], [0], ["2"]], (shape) =>
    withParameter({ shape }),
  ),
  ...ofOptions(
    "customLayer: a parameter",
    withParameter,
    {
      initializer: ["zeroes", 1e39, Number.NaN, {}],
      trainable: NOT.boolean,
      decay: NOT.boolean,
      average: [0, -1, 1.5, Number.NaN, "1", null],
      constraint: NOT.name,
      regularizer: NOT.name,
    },
    { required: { shape: [3] } },
  ),
  "customLayer: a parameter without a name": () =>
    made({ parameters: () => ({ "": { shape: [2] } }) })(input(3)),
  "customLayer: a path for a parameter": () =>
    made({ parameters: () => ({ "a/b": { shape: [2] } }) })(input(3)),
  "customLayer: orthogonal for a vector": () => withParameter({ shape: [3], initializer: "orthogonal" }),
  "customLayer: identity for three axes": () => withParameter({ shape: [3, 2, 2], initializer: "identity" }),
  ...eachOf("customLayer: build returns", [undefined, null, 3, "x", []], (result) => built(() => result)),
  "customLayer: build is asynchronous": () => built(async ([h]: Value[]) => h),
  "customLayer: build calculates with operators": () => built(([h]: Value[]) => wrong(`${typeof h}1`)),
  ...eachOf("customLayer: shape returns", [null, 3, "x", [-1, 4]], (said) =>
    made({ shape: () => said })(input(3)),
  ),
  "customLayer: build adds what does not broadcast": () =>
    built(([h]: [Value]) => ops.add(h, ops.constant([1, 2]))),
  "customLayer: build gives an op a wrong option": () =>
    built(([h]: [Value]) => ops.sum(h, wrong({ axes: 1 }))),
  "customLayer: called on nothing": () => (made({}) as AnyCall)(),
  "customLayer: build makes another shape without training": () =>
    compiled(
      made({
        build: ([h]: [Value], _: object, { training }: BuildContext) =>
          training ? h : ops.sum(h, { axis: 1, keepDims: true }),
      }),
    ),
  "customLayer: build keeps a value": () => {
    let kept: Value | undefined;
    return compiled(
      made({
        build: ([h]: [Value]) => {
          kept ??= h;
          return ops.add(h, kept);
        },
      }),
    );
  },
  "customLayer: build returns a value that it kept": () => {
    let kept: Value | undefined;
    return compiled(made({ build: ([h]: [Value]) => (kept ??= h) }));
  },
  "customLayer: an op without a gradient": () =>
    compiled(made({ build: ([h]: [Value]) => ops.expandDims(ops.argMax(h), { axis: 1 }) })),
  "customLayer: a rule for a gradient of another shape": () => {
    const broken = ops.customGradient(
      (h) => ops.square(h),
      (_, __, dy) => [ops.sum(dy)],
    );
    return compiled(made({ build: ([h]: [Value]) => broken(h) }));
  },
  "customLayer: an index that there is not": async () => {
    const picking = made({ build: ([h]: [Value]) => ops.gather(h, ops.constant([0, 5])) });
    const joined = customLayer({ kind: "plus", build: ([h, p]) => ops.add(h, ops.mean(p)) });
    const start = input(3);
    const model = await compile(network({ inputs: start, outputs: joined(start, picking(start)) }));
    return model.predict([[1, 2, 3]]);
  },
};

const adding = (make: (h: Value) => unknown) =>
  compiled(
    made({
      parameters: () => ({ w: { shape: [3] } }),
      build: ([h]: [Value], { w }: { w: Value }, { addLoss }: BuildContext) => {
        const result = ops.multiply(h, w);
        addLoss(make(result) as Value);
        return result;
      },
    }),
  );
const averaging = (make: (h: Value) => unknown, parameter: object = { average: 0.5 }) =>
  compiled(
    made({
      parameters: () => ({ a: { shape: [3], ...parameter } }),
      build: ([h]: [Value], { a }: { a: Value }, { setAverage }: BuildContext) => {
        setAverage(a, make(h) as Value);
        return h;
      },
    }),
  );

const context: Misuses = {
  ...eachOf("addLoss", [undefined, null, 3, []], (given) => adding(() => given)),
  "addLoss: a matrix without rows": () => adding((h) => ops.matmul(ops.transpose(h), h)),
  "addLoss: what no trained parameter changes": () => adding(() => ops.constant(2)),
  "addLoss: more losses than there is room for": () =>
    compile(
      sequential(
        input(3),
        dense(3),
        ...Array.from({ length: 70 }, () =>
          made({
            name: undefined,
            build: ([h]: [Value], _: object, { addLoss }: BuildContext) => {
              addLoss(ops.mean(ops.square(h)));
              return h;
            },
          }),
        ),
      ),
      wrong({ loss: "meanSquaredError" }),
    ),
  ...eachOf("setAverage", [undefined, 3, []], (given) => averaging(() => given)),
  "setAverage: another shape": () => averaging((h) => ops.mean(h, { axis: 1 })),
  "setAverage: of what is no average": () => averaging((h) => ops.mean(h, { axis: 0 }), {}),
};

export const networks: Misuses = {
  ...ends,
  ...unknownOptions("network", network, ["inputs", "outputs"], loop()),
  ...chains,
  ...nested,
  ...custom,
  ...context,
};

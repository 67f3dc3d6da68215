/** Networks that tests/peers/torch/exchange.py has too: the modules there have the names of the layers here. */
import {
  adam,
  add,
  batchNorm,
  concatenate,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  glu,
  groupNorm,
  input,
  instanceNorm,
  layerNorm,
  maxout,
  maxPool2d,
  type Network,
  network,
  type Optimizer,
  prelu,
  rmsNorm,
  separableConv2d,
  sequential,
  sgd,
} from "../../../src/index.ts";
import type { TorchNames } from "../../../src/io/index.ts";

export interface Exchanged {
  readonly make: () => Network;
  readonly optimizer: () => Optimizer;
  /** Of a row, channels last. */
  readonly shape: readonly number[];
  readonly outputs: number;
  readonly layers?: TorchNames;
}

function branches(): Network {
  const x = input([4, 3, 2]);
  const map = conv2d(3, 2, "tanh")(x);
  const flat = flatten();
  const one = flat(map);
  const other = dense(6)(flatten({ name: "whole" })(x));
  const both = concatenate()(one, rmsNorm()(other));
  const residual = add()(both, layerNorm({ name: "inner" })(both));
  const scaled = prelu({ slopes: "element" })(residual);
  return network({ inputs: x, outputs: dense(3)(maxout(4)(glu()(dense(10)(scaled)))) });
}

export const networks: Readonly<Record<string, Exchanged>> = {
  rows: {
    make: () => sequential(input(4), dense(6, "tanh"), batchNorm(), dense(5), prelu(), layerNorm(), dense(3)),
    optimizer: () => adam(),
    shape: [4],
    outputs: 3,
    layers: "sequential",
  },
  images: {
    make: () =>
      sequential(
        input([6, 5, 2]),
        conv2d(4, 3, { padding: "same", activation: "relu", groups: 2 }),
        batchNorm(),
        maxPool2d(2),
        depthwiseConv2d(2, {
          padding: [
            [0, 1],
            [1, 0],
          ],
          depthMultiplier: 2,
        }),
        separableConv2d(6, [2, 1], "tanh"),
        flatten(),
        dropout(0),
        batchNorm(),
        dense(3),
      ),
    optimizer: () => sgd({ learningRate: 0.05, momentum: 0.9 }),
    shape: [6, 5, 2],
    outputs: 3,
  },
  signals: {
    make: () =>
      sequential(
        input([12, 3]),
        conv1d(4, 3, { strides: 2, activation: "tanh" }),
        prelu({ slopes: "channel" }),
        conv1dTranspose(3, 4, { strides: 2, padding: 1 }),
        layerNorm({ axis: [1, 2] }),
        flatten(),
        dense(2),
      ),
    optimizer: () => adam({ amsgrad: true, learningRate: 0.01, weightDecay: 0.01 }),
    shape: [12, 3],
    outputs: 2,
  },
  maps: {
    make: () =>
      sequential(
        input([4, 3, 2]),
        conv2dTranspose(6, [3, 2], { strides: 2, useBias: false }),
        groupNorm({ groups: 3 }),
        instanceNorm({ scale: true, center: true }),
        layerNorm({ axis: [1, 2, 3] }),
        prelu({ slopes: "element" }),
        globalAveragePool2d(),
        dense(3),
      ),
    optimizer: () => adam({ decoupled: true, weightDecay: 0.1, learningRate: 0.02 }),
    shape: [4, 3, 2],
    outputs: 3,
  },
  branches: {
    make: branches,
    optimizer: () => sgd({ learningRate: 0.1, momentum: 0.5, nesterov: true }),
    shape: [4, 3, 2],
    outputs: 3,
  },
};

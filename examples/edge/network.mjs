// What both edge workers run: a small classifier, in 16 MB of linear memory at most.
import { adam, compile, dense, input, sequential } from "wasmgrad";

const network = sequential(input(4), dense(16, "relu"), dense(3, "softmax"));

export const createModel = () =>
  compile(network, {
    loss: "crossEntropy",
    metrics: ["accuracy"],
    optimizer: adam({ learningRate: 0.01 }),
    seed: 1,
    // An isolate has 128 MB. The plan is checked against this before the first step, and never grows beyond it.
    memoryLimit: 16 * 2 ** 20,
  });

/** The key under which the state of training is kept. */
export const KEY = "flowers";

/**
 * One training step of conv16-pool-conv32-pool-dense10 (3 × 3, same padding, relu; softmax cross-entropy) on 28 × 28,
 * batch 64, SGD and Adam: ours against PyTorch on one thread in both of its layouts, in one run, in alternating rounds.
 * tfjs-wasm has no gradient of a convolution's kernel; tfjs-cpu takes 12 s a step and jax-js 3.6 s.
 *
 *   node cnn.mjs [--rounds=5] [--seconds=2] [--optimizer=sgd|adam] [--json]
 */
import { blasEnvironment } from "./peers/blas.mjs";
import { cnnFlops } from "./peers/data.mjs";
import { nodePeer, pythonPeer } from "./peers/rounds.mjs";
import { benchStep } from "./peers/step.mjs";

const blas = blasEnvironment();
await benchStep({
  bench: "cnn",
  title: "conv16-pool-conv32-pool-dense10 on 28 × 28",
  flops: cnnFlops(),
  peersOf: (optimizer) => [
    nodePeer("wasmgrad", "wasmgrad", "cnn", optimizer),
    pythonPeer("PyTorch", "torch_cnn.py", `${optimizer},first`, blas),
    pythonPeer("PyTorch, channels last", "torch_cnn.py", `${optimizer},last`, blas),
  ],
});

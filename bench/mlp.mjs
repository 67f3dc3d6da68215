/**
 * One training step of the MLP 784-256-128-10 (relu, relu, softmax cross-entropy), batch 64, SGD and
 * Adam: ours against every peer that is installed, in one run, in alternating rounds.
 *
 *   node mlp.mjs [--rounds=5] [--seconds=2] [--optimizer=sgd|adam] [--json]
 */
import { blasEnvironment } from "./peers/blas.mjs";
import { mlpFlops } from "./peers/data.mjs";
import { nodePeer, pythonPeer } from "./peers/rounds.mjs";
import { benchStep } from "./peers/step.mjs";

await benchStep({
  bench: "mlp",
  title: "MLP 784-256-128-10",
  flops: mlpFlops(),
  peersOf: (optimizer) => [
    nodePeer("wasmgrad", "wasmgrad", "mlp", optimizer),
    nodePeer("tfjs-wasm", "tfjs", "mlp", optimizer),
    nodePeer("jax-js", "jax", "mlp", optimizer),
    nodePeer("brain.js", "brain", "mlp", optimizer),
    pythonPeer("PyTorch", "torch_mlp.py", optimizer, blasEnvironment()),
  ],
});

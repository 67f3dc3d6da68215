/**
 * One training step of the MLP 784-256-128-10 (relu, relu, softmax cross-entropy), batch 64, SGD and
 * Adam: ours against every peer that is installed, in one run, in alternating rounds.
 *
 *   node mlp.mjs [--rounds=5] [--seconds=2] [--optimizer=sgd|adam] [--json]
 */
import { readArguments } from "./peers/arguments.mjs";
import { blasEnvironment } from "./peers/blas.mjs";
import { batchSize, mlpFlops } from "./peers/data.mjs";
import { alternate, nodePeer, pythonPeer } from "./peers/rounds.mjs";
import { figure, printSkipped, printTable } from "./peers/table.mjs";
import { median } from "./peers/timing.mjs";

const options = readArguments({ rounds: 5, seconds: 2, optimizer: "" });

async function measure(optimizer) {
  const peers = [
    nodePeer("wasmgrad", "wasmgrad", "mlp", optimizer),
    nodePeer("tfjs-wasm", "tfjs", "mlp", optimizer),
    nodePeer("jax-js", "jax", "mlp", optimizer),
    nodePeer("brain.js", "brain", "mlp", optimizer),
    pythonPeer("PyTorch", "torch_mlp.py", optimizer, blasEnvironment()),
  ];
  const log = (text) => process.stderr.write(`${optimizer}: ${text}\n`);
  const results = await alternate(peers, { ...options, log });
  const gflops = (ms) => mlpFlops() / ms / 1e6;
  const ours = results[0].rounds ?? [];
  // The share compares each round with the peak measured inside the same round and process.
  const peak = median(ours.map((round) => round.peak));
  const share = median(ours.map((round) => gflops(median(round.samples)) / round.peak));
  return {
    optimizer,
    roof: { peakGflops: peak, flopsPerStep: mlpFlops(), stepMs: mlpFlops() / peak / 1e6, share },
    peers: results.map((result) =>
      result.skipped
        ? result
        : {
            ...result,
            samplesPerSecond: (batchSize / result.medianMs) * 1000,
            gflops: gflops(result.medianMs),
          },
    ),
  };
}

const measured = [];
for (const optimizer of options.optimizer ? [options.optimizer] : ["sgd", "adam"]) {
  measured.push(await measure(optimizer));
}

if (options.json) {
  console.log(
    JSON.stringify({ bench: "mlp", node: process.version, v8: process.versions.v8, batchSize, measured }),
  );
} else {
  for (const { optimizer, roof, peers } of measured) {
    printTable(
      `MLP 784-256-128-10, batch ${batchSize}, ${optimizer} (time of one training step)`,
      ["", "median ms", "best ms", "samples/s", "GFLOP/s", "× ours", "cores", "loss", "how"],
      peers
        .filter((peer) => !peer.skipped)
        .map((peer) => [
          peer.name,
          figure(peer.medianMs),
          figure(peer.bestMs),
          figure(peer.samplesPerSecond),
          figure(peer.gflops),
          figure(peer.ratio),
          peer.cores.toFixed(2),
          figure(peer.loss),
          peer.api,
        ]),
    );
    printSkipped(peers);
    const starved = peers.filter((peer) => peer.cores < 0.9).map((peer) => peer.name);
    if (starved.length > 0)
      console.log(`void: the machine was busy with other work during ${starved.join(", ")}`);
    if (!peers[0].skipped) {
      console.log(
        `roof: ${(roof.flopsPerStep / 1e6).toFixed(1)} MFLOP at the in-process peak of ` +
          `${roof.peakGflops.toFixed(1)} GFLOP/s = ${roof.stepMs.toFixed(3)} ms; ours reaches ${(roof.share * 100).toFixed(1)} %`,
      );
    }
  }
}

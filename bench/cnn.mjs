/**
 * One training step of conv16-pool-conv32-pool-dense10 (3 × 3, same padding, relu; softmax cross-entropy) on 28 × 28,
 * batch 64, SGD and Adam: ours against PyTorch on one thread in both of its layouts, in one run, in alternating rounds.
 * tfjs-wasm has no gradient of a convolution's kernel; tfjs-cpu takes 12 s a step and jax-js 3.6 s (shared/FACTS.md).
 *
 *   node cnn.mjs [--rounds=5] [--seconds=2] [--optimizer=sgd|adam] [--json]
 */
import { readArguments } from "./peers/arguments.mjs";
import { blasEnvironment } from "./peers/blas.mjs";
import { batchSize, cnnFlops } from "./peers/data.mjs";
import { alternate, nodePeer, pythonPeer } from "./peers/rounds.mjs";
import { figure, printSkipped, printTable } from "./peers/table.mjs";
import { median } from "./peers/timing.mjs";

const options = readArguments({ rounds: 5, seconds: 2, optimizer: "" });

async function measure(optimizer) {
  const blas = blasEnvironment();
  const peers = [
    nodePeer("wasmgrad", "wasmgrad", "cnn", optimizer),
    pythonPeer("PyTorch", "torch_cnn.py", `${optimizer},first`, blas),
    pythonPeer("PyTorch, channels last", "torch_cnn.py", `${optimizer},last`, blas),
  ];
  const log = (text) => process.stderr.write(`${optimizer}: ${text}\n`);
  const results = await alternate(peers, { ...options, log });
  const gflops = (ms) => cnnFlops() / ms / 1e6;
  const ours = results[0].rounds ?? [];
  // The share compares each round with the peak measured inside the same round and process.
  const peak = median(ours.map((round) => round.peak));
  const share = median(ours.map((round) => gflops(median(round.samples)) / round.peak));
  return {
    optimizer,
    roof: { peakGflops: peak, flopsPerStep: cnnFlops(), stepMs: cnnFlops() / peak / 1e6, share },
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
    JSON.stringify({ bench: "cnn", node: process.version, v8: process.versions.v8, batchSize, measured }),
  );
} else {
  for (const { optimizer, roof, peers } of measured) {
    printTable(
      `conv16-pool-conv32-pool-dense10 on 28 × 28, batch ${batchSize}, ${optimizer} (time of one training step)`,
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

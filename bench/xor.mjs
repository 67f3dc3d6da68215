/**
 * 10,000 full-batch epochs of XOR on 2-4-1 sigmoid units, learning rate 0.1 on the summed squared error:
 * ours against brain.js and tfjs-wasm, in one run, alternating.
 *
 *   node xor.mjs [--rounds=9] [--json]
 *
 * "first" is the first training in a fresh process, before the optimizing compilers have had their turn:
 * what a person who trains once waits for. "median" is that of the later ones.
 */
import { readArguments } from "./peers/arguments.mjs";
import { xor } from "./peers/data.mjs";
import { alternate, nodePeer } from "./peers/rounds.mjs";
import { figure, printSkipped, printTable } from "./peers/table.mjs";

const options = readArguments({ rounds: 9 });

const results = await alternate(
  [
    nodePeer("wasmgrad", "wasmgrad", "xorTraining"),
    nodePeer("wasmgrad, one epoch", "wasmgrad", "xorSteps"),
    nodePeer("brain.js", "brain", "xorTraining"),
    nodePeer("tfjs-wasm", "tfjs", "xorTraining"),
  ],
  { rounds: options.rounds, seconds: 0 },
);

if (options.json) {
  console.log(JSON.stringify({ bench: "xor", node: process.version, epochs: xor.epochs, peers: results }));
} else {
  const [ours] = results;
  printTable(
    `XOR 2-4-1 sigmoid, ${xor.epochs.toLocaleString("en-US")} full-batch epochs`,
    ["", "first ms", "median ms", "best ms", "× ours", "first × ours", "loss", "how"],
    results
      .filter((peer) => !peer.skipped)
      .map((peer) => [
        peer.name,
        figure(peer.firstMs),
        figure(peer.medianMs),
        figure(peer.bestMs),
        figure(peer.ratio),
        figure(peer.firstMs / ours.firstMs),
        figure(peer.loss),
        peer.api,
      ]),
  );
  printSkipped(results);
}

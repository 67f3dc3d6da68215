/** The bench of one training step: ours against peers, in one run, in alternating rounds, with SGD and with Adam. */
import { readArguments } from "./arguments.mjs";
import { batchSize } from "./data.mjs";
import { alternate } from "./rounds.mjs";
import { figure, printSkipped, printTable } from "./table.mjs";
import { median } from "./timing.mjs";

/**
 * @param {{ bench: string, title: string, flops: number, peersOf(optimizer: string): readonly object[] }} step
 *   `title` is of the network, `flops` are those of a step, the first of the peers is ours
 */
export async function benchStep({ bench, title, flops, peersOf }) {
  const options = readArguments({ rounds: 5, seconds: 2, optimizer: "" });
  const measured = [];
  for (const optimizer of options.optimizer ? [options.optimizer] : ["sgd", "adam"]) {
    const log = (text) => process.stderr.write(`${optimizer}: ${text}\n`);
    const results = await alternate(peersOf(optimizer), { ...options, log });
    measured.push({ optimizer, ...figuresOf(results, flops) });
  }
  if (options.json) {
    console.log(
      JSON.stringify({ bench, node: process.version, v8: process.versions.v8, batchSize, measured }),
    );
  } else {
    for (const one of measured) print(title, one);
  }
}

function figuresOf(results, flops) {
  const gflops = (ms) => flops / ms / 1e6;
  const ours = results[0].rounds ?? [];
  // The share compares each round with the peak measured inside the same round and process.
  const peak = median(ours.map((round) => round.peak));
  const share = median(ours.map((round) => gflops(median(round.samples)) / round.peak));
  return {
    roof: { peakGflops: peak, flopsPerStep: flops, stepMs: flops / peak / 1e6, share },
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

function print(title, { optimizer, roof, peers }) {
  printTable(
    `${title}, batch ${batchSize}, ${optimizer} (time of one training step)`,
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

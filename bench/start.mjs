/**
 * From the start of a process to the end of its first training step: a fresh Node for each library that
 * loads it, builds the MLP 784-256-128-10, trains one batch of 64 and prints the loss. Alternating.
 *
 *   node start.mjs [--rounds=11] [--json]
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { readArguments } from "./peers/arguments.mjs";
import { figure, printSkipped, printTable } from "./peers/table.mjs";
import { median } from "./peers/timing.mjs";

const options = readArguments({ rounds: 11 });

const peers = [
  { name: "wasmgrad", file: "wasmgrad" },
  { name: "tfjs-wasm", file: "tfjs" },
  { name: "jax-js", file: "jax" },
  { name: "brain.js", file: "brain" },
  { name: "Node alone", file: "node" },
].map((peer) => ({ ...peer, times: [] }));

/** Milliseconds from before the spawn until the child says "done" with a finite loss. */
function startOnce(file) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const script = fileURLToPath(new URL(`peers/start/${file}.mjs`, import.meta.url));
    const child = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let complaint = "";
    let ms;
    child.stdout.on("data", (text) => {
      output += text;
      if (ms === undefined && /^done .*\n/m.test(output)) ms = performance.now() - start;
    });
    child.stderr.on("data", (text) => {
      complaint += text;
    });
    child.on("close", (code) => {
      const loss = Number(/^done (.*)$/m.exec(output)?.[1]);
      if (code === 0 && Number.isFinite(loss)) resolve(ms);
      else reject(new Error(/^\w*Error.*$/m.exec(complaint)?.[0] ?? `exit ${code}, said ${output.trim()}`));
    });
  });
}

if (!existsSync(fileURLToPath(new URL("../dist/index.js", import.meta.url)))) {
  peers[0].skipped = "dist/ is not built: run `npm install` in the repository's root";
}
// Round -1 fills the file cache.
for (let round = -1; round < options.rounds; round++) {
  for (const peer of peers.filter(({ skipped }) => skipped === undefined)) {
    try {
      const ms = await startOnce(peer.file);
      if (round >= 0) peer.times.push(ms);
    } catch (error) {
      peer.skipped = error.message;
    }
  }
}

const [ours] = peers;
const results = peers.map(({ name, skipped, times }) => {
  if (skipped !== undefined) return { name, skipped };
  const ratio = ours.skipped ? undefined : median(times.map((ms, round) => ms / ours.times[round]));
  return { name, medianMs: median(times), bestMs: Math.min(...times), ratio, times };
});

if (options.json) {
  console.log(JSON.stringify({ bench: "start", node: process.version, peers: results }));
} else {
  printTable(
    "From process start to the first finished training step",
    ["", "median ms", "best ms", "× ours", "without Node ms"],
    results
      .filter(({ skipped }) => skipped === undefined)
      .map(({ name, medianMs, bestMs, ratio }) => [
        name,
        figure(medianMs),
        figure(bestMs),
        figure(ratio),
        figure(medianMs - results.at(-1).medianMs),
      ]),
  );
  printSkipped(results);
}

// Every optimizer's pass over the weights as a multiple of its roof, a plain loop that reads and writes the same streams
// in the same process, sample by sample in turn; then against the peers that have it.
//   node optimizers.mjs [--json] [--only=substring] [--weights=1048576] [--rounds=5] [--seconds=0.3]
// A working set of 256 KB stays in cache, one of 64 MB does not.
import { readArguments } from "./peers/arguments.mjs";
import { alternate, nodePeer, pythonPeer } from "./peers/rounds.mjs";
import { engineWith, layOut, RATE, UPDATES } from "./peers/updates.mjs";

const options = readArguments({ only: "", weights: 1 << 20, rounds: 5, seconds: 0.3 });
const WORKING_SETS = [
  ["256 KB", 256 << 10],
  ["64 MB", 64 << 20],
];
const SAMPLES = 30;

/** What of ours the peers have, under their names. */
const PEERS = [
  ["sgd", ["tfjs", "jax", "torch"]],
  ["sgd, momentum", ["tfjs", "torch"]],
  ["adagrad", ["tfjs", "torch"]],
  ["rmsprop", ["tfjs", "torch"]],
  ["rmsprop, centered, momentum", ["tfjs", "torch"]],
  ["adadelta", ["tfjs", "torch"]],
  ["adamax", ["tfjs", "torch"]],
  ["adam", ["tfjs", "jax", "torch"]],
  ["adamW", ["torch"]],
  ["amsgrad", ["torch"]],
  ["nadam", ["torch"]],
  ["radam", ["torch"]],
];

const { engine, start } = await engineWith(66 << 20);
const floats = new Float32Array(engine.memory.buffer);

function nanoseconds(repeats, run) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < repeats; i++) run();
  return Number(process.hrtime.bigint() - start) / repeats;
}

function measure([name, streams, call], label, workingSet) {
  const n = Math.floor(workingSet / 4 / (streams + 1) / 640) * 640;
  const addresses = layOut(start, n, streams + 1);
  for (let i = start >> 2; i < floats.length; i++) floats[i] = 0.05 + ((i * 40503) % 65536) / 33600;
  const kernel = () => call(engine, n, ...addresses);
  const roof = () => engine[`roof${streams}`](...addresses, n, RATE);
  const repeats = Math.max(1, Math.round((1 << 22) / workingSet));
  for (let i = 0; i < repeats * 8; i++) kernel();
  for (let i = 0; i < repeats * 8; i++) roof();
  // The least of each: what it takes when nothing interrupts it.
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let sample = 0; sample < SAMPLES; sample++) {
    least[0] = Math.min(least[0], nanoseconds(repeats, kernel));
    least[1] = Math.min(least[1], nanoseconds(repeats, roof));
  }
  return { name, streams, workingSet: label, nanoseconds: least[0] / n, ratio: least[0] / least[1] };
}

/** Times of the peers over ours. */
async function compare([name, having]) {
  const option = `${name}:${options.weights}`;
  // glibc would give the pages of each temporary back and fault them in again: up to ten times PyTorch's own work.
  const alone = {
    OMP_NUM_THREADS: "1",
    MALLOC_MMAP_THRESHOLD_: "1000000000",
    MALLOC_TRIM_THRESHOLD_: "1000000000",
  };
  const peers = [
    nodePeer("wasmgrad", "updates", "update", option),
    ...(having.includes("tfjs") ? [nodePeer("tfjs-wasm", "tfjs", "update", option)] : []),
    ...(having.includes("jax") ? [nodePeer("jax-js", "jax", "update", option)] : []),
    ...(having.includes("torch") ? [pythonPeer("PyTorch", "torch_update.py", option, alone)] : []),
  ];
  const log = (text) => process.stderr.write(`${name}: ${text}\n`);
  const results = await alternate(peers, { ...options, log });
  return { name, peers: results.map(({ name: peer, ratio, skipped }) => ({ name: peer, ratio, skipped })) };
}

const chosen = UPDATES.filter(([name]) => name.includes(options.only));
// The optimizing compiler works in the background: let it finish before the first sample.
for (const one of chosen) measure(one, ...WORKING_SETS[0]);
await new Promise((resolve) => setTimeout(resolve, 500));
const results = chosen.flatMap((one) => WORKING_SETS.map((set) => measure(one, ...set)));
const compared = [];
for (const peer of PEERS.filter(([name]) => name.includes(options.only))) compared.push(await compare(peer));

if (options.json) {
  console.log(JSON.stringify({ node: process.version, v8: process.versions.v8, results, compared }));
} else {
  const peers = ["tfjs-wasm", "jax-js", "PyTorch"];
  console.log(`Node ${process.version}, V8 ${process.versions.v8}; peers at ${options.weights} weights\n`);
  console.log(
    `| optimizer | bytes | ${WORKING_SETS.map(([label]) => `ns, ${label} | × roof`).join(" | ")} | ${peers.map((one) => `${one} × ours`).join(" | ")} |`,
  );
  console.log(`|---|${"---:|".repeat(5 + peers.length)}`);
  for (const [name, streams] of chosen) {
    const times = results
      .filter((one) => one.name === name)
      .map((one) => `${one.nanoseconds.toFixed(3)} | ${one.ratio.toFixed(2)}`);
    const others = compared.find((one) => one.name === name)?.peers ?? [];
    const ratios = peers.map((peer) => others.find((one) => one.name === peer)?.ratio?.toFixed(1) ?? "");
    console.log(`| ${name} | ${4 + 8 * streams} | ${times.join(" | ")} | ${ratios.join(" | ")} |`);
  }
  for (const { name, peers: all } of compared)
    for (const one of all) if (one.skipped) console.log(`skipped ${one.name} (${name}): ${one.skipped}`);
}

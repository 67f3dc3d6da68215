/** Our kernels that update weights, by themselves: what optimizers.mjs measures against their roofs and the peers. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { timeBlocks } from "./timing.mjs";

export const RATE = 1e-3;
const STEP = 99;

/** Name; how many streams it reads and writes besides the gradient, which it reads; the call. */
export const UPDATES = [
  ["sgd", 1, (e, n, g, w) => e.sgd(w, 0, g, n, RATE, 1, 0, 0, 0)],
  ["sgd, momentum", 2, (e, n, g, w, v) => e.sgd(w, v, g, n, RATE, 1, 0.9, 0, 0)],
  ["sgd, Nesterov, decay", 2, (e, n, g, w, v) => e.sgd(w, v, g, n, RATE, 1, 0.9, 1, 1e-4)],
  ["adagrad", 2, (e, n, g, w, s) => e.adagrad(w, s, g, n, RATE, 1, 1e-10, 0, 0, 0, STEP)],
  ["rmsprop", 2, (e, n, g, w, v) => e.rmsprop(w, v, 0, 0, g, n, RATE, 1, 0.01, 1e-8, 0, 0)],
  ["rmsprop, momentum", 3, (e, n, g, w, v, b) => e.rmsprop(w, v, 0, b, g, n, RATE, 1, 0.01, 1e-8, 0.9, 0)],
  [
    "rmsprop, centered, momentum",
    4,
    (e, n, g, w, v, a, b) => e.rmsprop(w, v, a, b, g, n, RATE, 1, 0.01, 1e-8, 0.9, 0),
  ],
  ["adadelta", 3, (e, n, g, w, v, a) => e.adadelta(w, v, a, g, n, RATE, 1, 0.1, 1e-6, 0)],
  ["adamax", 3, (e, n, g, w, m, u) => e.adamax(w, m, u, g, n, RATE, 1, 0.9, 0.999, 1e-8, 0, STEP)],
  ["adam", 3, (e, n, g, w, m, v) => e.adam(w, m, v, 0, g, n, RATE, 1, 0.9, 0.999, 1e-8, 0, 0, STEP)],
  ["adamW", 3, (e, n, g, w, m, v) => e.adam(w, m, v, 0, g, n, RATE, 1, 0.9, 0.999, 1e-8, 0.01, 1, STEP)],
  ["amsgrad", 4, (e, n, g, w, m, v, u) => e.adam(w, m, v, u, g, n, RATE, 1, 0.9, 0.999, 1e-8, 0, 0, STEP)],
  [
    "nadam",
    3,
    (e, n, g, w, m, v) => e.nadam(w, m, v, g, n, RATE, 1, 0.9, 0.999, 1e-8, 0.96 ** 0.004, 0, 0, STEP),
  ],
  ["radam", 3, (e, n, g, w, m, v) => e.radam(w, m, v, g, n, RATE, 1, 0.9, 0.999, 1e-8, 0, 0, STEP)],
  ["lion", 2, (e, n, g, w, m) => e.lion(w, m, g, n, RATE, 1, 0.9, 0.99, 0)],
];

/** The engine's kernels, compiled with the flags of asconfig.json, in bench/build. */
export async function compile() {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const wasm = "bench/build/optimizers.wasm";
  mkdirSync(`${root}/bench/build`, { recursive: true });
  const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd"];
  execFileSync("npx", ["asc", "bench/optimizersEntry.ts", "-o", wasm, ...flags], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  return (await WebAssembly.instantiate(readFileSync(`${root}/${wasm}`))).instance.exports;
}

/** Instance, first free address, and its memory grown by so many bytes. */
export async function engineWith(bytes) {
  const engine = await compile();
  const start = Math.ceil(engine.heapBase() / 4096) * 4096;
  engine.memory.grow(Math.ceil((start + bytes) / 65536));
  return { engine, start };
}

/** Addresses of `count` buffers of n floats, 320 bytes out of step with any page. */
export const layOut = (start, n, count) =>
  Array.from({ length: count }, (_, i) => start + i * (Math.ceil((n * 4) / 4096) * 4096 + 320));

/** The peer: `option` is a name of UPDATES and a count of weights, as "adam:1000". */
export async function update(option) {
  const [name, size] = option.split(":");
  const [, streams, call] = UPDATES.find(([one]) => one === name);
  const n = Number(size);
  const { engine, start } = await engineWith((n * 4 + 8192) * (streams + 1));
  const addresses = layOut(start, n, streams + 1);
  new Float32Array(engine.memory.buffer, start & ~3).fill(0.5);
  const block = Math.max(1, Math.round(1e6 / n));
  return {
    api: "the kernel",
    run: (seconds) => timeBlocks(seconds, block, () => call(engine, n, ...addresses)),
  };
}

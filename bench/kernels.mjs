// Every kernel but matmul against the bandwidth of a plain loop over the same number of bytes, in the same process.
//   node bench/kernels.mjs [--json] [--only=substring]
// A working set of 256 KB stays in cache, one of 64 MB does not. The roof runs in turn with the kernel, sample by sample.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { KERNELS } from "./kernelRows.mjs";

const WORKING_SETS = [
  ["256 KB", 256 << 10],
  ["64 MB", 64 << 20],
];
const SAMPLES = 15;

/** Shuffled rows; the order lies before the buffers. */
function gatherRows(n, y, x, kind, columns, scale, offset) {
  const count = Math.floor(n / columns);
  if (orderLength !== count) shuffleOrder(count);
  engine.gather(y, x, kind, order, 0, count, columns, scale, offset);
}

let orderLength = 0;
function shuffleOrder(count) {
  const indices = new Uint32Array(engine.memory.buffer, order, count);
  // A stride prime to the count visits every row once, out of order.
  let stride = Math.floor(count * 0.618) | 1;
  const divisor = (a, b) => (b ? divisor(b, a % b) : a);
  while (divisor(stride, count) > 1) stride += 2;
  for (let i = 0; i < count; i++) indices[i] = (i * stride) % count;
  orderLength = count;
}

/** The engine's kernels, compiled with the flags of asconfig.json, in bench/build. */
async function compile() {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const wasm = "bench/build/kernels.wasm";
  mkdirSync(`${root}/bench/build`, { recursive: true });
  const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd"];
  execFileSync("npx", ["asc", "bench/kernelsEntry.ts", "-o", wasm, ...flags], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  return (await WebAssembly.instantiate(readFileSync(`${root}/${wasm}`))).instance.exports;
}

const compiled = await compile();
const order = Math.ceil(compiled.heapBase() / 4096) * 4096;
const buffers = order + (8 << 20);
/** The kernels, where `measure` leaves its results, and the partials of long sums: behind the order. */
const engine = { ...compiled, gatherRows, entry: buffers - 64, scratch: buffers - (1 << 16) };
engine.memory.grow((buffers + (66 << 20)) >> 16);
const floats = new Float32Array(engine.memory.buffer);

/** Addresses of buffers of those many floats per element, 320 bytes out of step with any page. */
function layOut(n, shares) {
  let at = buffers;
  return shares.map((share) => {
    const address = at;
    at = Math.ceil((at + n * share * 4) / 4096) * 4096 + 320;
    return address;
  });
}

/** Bytes per nanosecond of a roof over the same working set. */
const ROOFS = {
  read: [4, 1, (n, x) => engine.roofRead(x, n)],
  copy: [8, 2, (n, x, y) => engine.roofCopy(y, x, n)],
  axpy: [12, 2, (n, x, y) => engine.roofAxpy(y, x, n, 1e-9)],
};

function nanoseconds(repeats, run) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < repeats; i++) run();
  return Number(process.hrtime.bigint() - start) / repeats;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function measure([name, arithmetic, bytes, roofName, shares, call], label, workingSet) {
  // Fractions of (0.05, 2), except that labels and losses of exponents need zeros: small whole bits are both.
  for (let i = buffers >> 2; i < floats.length; i++) floats[i] = 0.05 + ((i * 40503) % 65536) / 33600;
  const n = Math.floor(workingSet / 4 / shares.reduce((sum, share) => sum + share, 0) / 640) * 640;
  const addresses = layOut(n, shares);
  if (name.startsWith("crossEntropy"))
    floats.fill(0, addresses.at(name.includes("Grad") ? 2 : 1) >> 2, addresses.at(-1) >> 2);
  const [roofBytes, roofBuffers, roofCall] = ROOFS[roofName];
  const roofElements = Math.floor(workingSet / 4 / roofBuffers / 16) * 16;
  const roofAddresses = layOut(roofElements, new Array(roofBuffers).fill(1));
  const kernel = () => call(engine, n, ...addresses);
  const roof = () => roofCall(roofElements, ...roofAddresses);
  const repeats = Math.max(1, Math.round((1 << 20) / workingSet));
  for (let i = 0; i < repeats * 8; i++) kernel();

  const times = [];
  const shareOfRoof = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const roofRate = (roofElements * roofBytes) / nanoseconds(repeats, roof);
    const time = nanoseconds(repeats, kernel) / n;
    times.push(time);
    shareOfRoof.push(bytes / time / roofRate);
  }
  const time = median(times);
  return {
    name,
    workingSet: label,
    arithmetic,
    nanoseconds: time,
    gigabytesPerSecond: bytes / time,
    roof: roofName,
    share: median(shareOfRoof),
  };
}

const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7) ?? "";
const chosen = KERNELS.filter(([name]) => name.includes(only));
// The optimizing compiler works in the background: let it finish before the first sample.
for (const kernel of chosen) measure(kernel, ...WORKING_SETS[0]);
for (const name of Object.keys(ROOFS)) nanoseconds(200, () => ROOFS[name][2](1024, buffers, buffers + 8192));
await new Promise((resolve) => setTimeout(resolve, 500));
const results = chosen.flatMap((kernel) => WORKING_SETS.map((set) => measure(kernel, ...set)));

if (process.argv.includes("--json")) {
  console.log(
    JSON.stringify({ node: process.version, v8: process.versions.v8, cpu: cpus()[0]?.model, results }),
  );
} else {
  console.log(`Node ${process.version}, V8 ${process.versions.v8}, ${cpus()[0]?.model}\n`);
  console.log(
    `| kernel | roof | ${WORKING_SETS.map(([label]) => `ns/element, ${label} | GB/s | share of roof`).join(" | ")} |`,
  );
  console.log(`|---|---|${"---:|".repeat(6)}`);
  for (const kernel of chosen) {
    const cells = results
      .filter(({ name }) => name === kernel[0])
      .map(
        (r) =>
          `${r.nanoseconds.toFixed(3)} | ${r.gigabytesPerSecond.toFixed(1)} | ${(100 * r.share).toFixed(0)} %`,
      );
    console.log(`| ${kernel[0]}${kernel[1] ? " ²" : ""} | ${kernel[3]} | ${cells.join(" | ")} |`);
  }
}

// Every kernel but matmul against the bandwidth of a plain loop over the same number of bytes, in the same process.
//   node bench/kernels.mjs [--json] [--only=substring]
// A working set of 256 KB stays in cache, one of 64 MB does not. The roof runs in turn with the kernel, sample by sample.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const WORKING_SETS = [
  ["256 KB", 256 << 10],
  ["64 MB", 64 << 20],
];
const F32 = 0;
const U8 = 1;
const SAMPLES = 15;
const COLUMNS = 64;

/**
 * Name; whether arithmetic rather than memory is its limit; bytes moved per element; the roof of the like mix of reads
 * and writes; floats of buffer per element; the call, with n elements and the buffers' addresses.
 */
const KERNELS = [
  ["relu", false, 8, "copy", [1, 1], (e, n, y, x) => e.relu(y, x, n)],
  ["affine", false, 8, "copy", [1, 1], (e, n, y, x) => e.affine(y, x, n, 0.5, 0.1)],
  ["exp", true, 8, "copy", [1, 1], (e, n, y, x) => e.exp(y, x, n)],
  ["log", true, 8, "copy", [1, 1], (e, n, y, x) => e.log(y, x, n)],
  ["tanh", true, 8, "copy", [1, 1], (e, n, y, x) => e.tanh(y, x, n)],
  ["sigmoid", true, 8, "copy", [1, 1], (e, n, y, x) => e.sigmoid(y, x, n)],
  ["reluGrad", false, 12, "axpy", [1, 1, 1], (e, n, dx, y, dy) => e.reluGrad(dx, y, dy, n)],
  ["sigmoidGrad", false, 12, "axpy", [1, 1, 1], (e, n, dx, y, dy) => e.sigmoidGrad(dx, y, dy, n)],
  ["tanhGrad", false, 12, "axpy", [1, 1, 1], (e, n, dx, y, dy) => e.tanhGrad(dx, y, dy, n)],
  ["add", false, 12, "axpy", [1, 1, 1], (e, n, y, a, b) => e.add(y, a, b, 1, n, n, 1, n, 1)],
  [
    "add a row to each",
    false,
    8,
    "copy",
    [1, 1],
    (e, n, y, a) => e.add(y, a, a, n / COLUMNS, COLUMNS, COLUMNS, 1, 0, 1),
  ],
  ["divide", false, 12, "axpy", [1, 1, 1], (e, n, y, a, b) => e.divide(y, a, b, 1, n, n, 1, n, 1)],
  [
    "sumInner, 64 wide",
    false,
    4,
    "read",
    [1, 1 / 64],
    (e, n, x, y) => e.sumInner(y, x, n / COLUMNS, COLUMNS),
  ],
  [
    "maxInner, 64 wide",
    false,
    4,
    "read",
    [1, 1 / 64],
    (e, n, x, y) => e.maxInner(y, x, n / COLUMNS, COLUMNS),
  ],
  [
    "sumOuter, 64 wide",
    false,
    4,
    "read",
    [1, 1 / 64],
    (e, n, x, y) => e.sumOuter(y, x, n / COLUMNS, COLUMNS),
  ],
  ["softmax, 64 wide", true, 8, "copy", [1, 1], (e, n, y, x) => e.softmax(y, x, n / COLUMNS, COLUMNS)],
  ["softmax, 10 wide", true, 8, "copy", [1, 1], (e, n, y, x) => e.softmax(y, x, Math.floor(n / 10), 10)],
  [
    "softmaxGrad, 64 wide",
    false,
    12,
    "axpy",
    [1, 1, 1],
    (e, n, dx, y, dy) => e.softmaxGrad(dx, y, dy, n / COLUMNS, COLUMNS),
  ],
  [
    "squaredErrorGrad, 64 wide",
    false,
    12,
    "axpy",
    [1, 1, 1, 1 / 64],
    (e, n, dx, x, t, d) => e.squaredErrorGrad(dx, x, t, d, n / COLUMNS, COLUMNS),
  ],
  [
    "crossEntropy, 10 wide",
    true,
    4,
    "read",
    [1, 0.2, 0.1],
    (e, n, x, label, loss) => e.crossEntropy(loss, x, label, Math.floor(n / 10), 10),
  ],
  [
    "crossEntropyGrad, 10 wide",
    true,
    8,
    "copy",
    [1, 1, 0.1, 0.1],
    (e, n, dx, x, label, d) => e.crossEntropyGrad(dx, x, label, d, Math.floor(n / 10), 10),
  ],
  [
    "binaryCrossEntropy, 1 wide",
    true,
    12,
    "axpy",
    [1, 1, 1],
    (e, n, loss, x, t) => e.binaryCrossEntropy(loss, x, t, n, 1),
  ],
  ["gather f32, 784 wide", false, 8, "copy", [1, 1], (e, n, y, x) => gatherRows(e, n, y, x, F32, 784, 1, 0)],
  ["gather f32, 10 wide", false, 8, "copy", [1, 1], (e, n, y, x) => gatherRows(e, n, y, x, F32, 10, 1, 0)],
  [
    "gather f32 affine, 784 wide",
    false,
    8,
    "copy",
    [1, 1],
    (e, n, y, x) => gatherRows(e, n, y, x, F32, 784, 0.5, 0.1),
  ],
  [
    "gather u8, 784 wide",
    false,
    5,
    "copy",
    [1, 0.25],
    (e, n, y, x) => gatherRows(e, n, y, x, U8, 784, 1 / 255, 0),
  ],
  ["dropout", true, 8, "copy", [1, 1], (e, n, y, x) => e.dropout(y, x, n, 0.5, 0, 1, 2, 3, 4)],
  ["randomWords", true, 4, "copy", [1], (e, n, y) => e.randomWords(y, n, 1, 2, 0, 3, 4, 0)],
  ["sign", false, 8, "copy", [1, 1], (e, n, y, x) => e.sign(y, x, n)],
  ["leakyRelu", false, 8, "copy", [1, 1], (e, n, y, x) => e.leakyRelu(y, x, n, 0.01)],
  ["clip", false, 8, "copy", [1, 1], (e, n, y, x) => e.clip(y, x, n, -0.5, 0.5)],
  ["reciprocalSquareRoot", true, 8, "copy", [1, 1], (e, n, y, x) => e.reciprocalSquareRoot(y, x, n)],
  ["sin", true, 8, "copy", [1, 1], (e, n, y, x) => e.sin(y, x, n)],
  ["erf", true, 8, "copy", [1, 1], (e, n, y, x) => e.erf(y, x, n)],
  ["log1p", true, 8, "copy", [1, 1], (e, n, y, x) => e.log1p(y, x, n)],
  ["expm1", true, 8, "copy", [1, 1], (e, n, y, x) => e.expm1(y, x, n)],
  ["softplus", true, 8, "copy", [1, 1], (e, n, y, x) => e.softplus(y, x, n)],
  ["elu", true, 8, "copy", [1, 1], (e, n, y, x) => e.elu(y, x, n, 1)],
  ["power", true, 12, "axpy", [1, 1, 1], (e, n, y, a, b) => e.power(y, a, b, 1, n, n, 1, n, 1)],
  ["greater", false, 12, "axpy", [1, 1, 1], (e, n, y, a, b) => e.greater(y, a, b, 1, n, n, 1, n, 1)],
  ["select", false, 16, "axpy", [1, 1, 1, 1], (e, n, y, c, a, b) => e.select(y, c, a, b, n, 1, 1, 1)],
  [
    "logSumExp, 64 wide",
    true,
    4,
    "read",
    [1, 1 / 64],
    (e, n, x, y) => e.logSumExp(y, x, n / COLUMNS, COLUMNS),
  ],
  [
    "cumulativeSum, 64 wide",
    true,
    8,
    "copy",
    [1, 1],
    (e, n, y, x) => e.cumulativeSum(y, x, n / COLUMNS, COLUMNS, 1, 0, 0),
  ],
  ["uniformNoise", true, 4, "copy", [1], (e, n, y) => e.uniformNoise(y, n, 0, 1, 0, 1, 2, 3, 4)],
  ["normalNoise", true, 4, "copy", [1], (e, n, y) => e.normalNoise(y, n, 0, 1, 0, 1, 2, 3, 4)],
  ["accumulate", false, 12, "axpy", [1, 1], (e, n, y, x) => e.accumulate(y, x, n, 0.5, 0)],
  ["gradientNorm", false, 4, "read", [1], (e, n, x) => e.gradientNorm(x, n)],
  ["sgd", false, 12, "axpy", [1, 1], (e, n, w, g) => e.sgd(w, 0, g, n, 1e-9, 1, 0, 0, 0)],
  ["sgd, decay", false, 12, "axpy", [1, 1], (e, n, w, g) => e.sgd(w, 0, g, n, 1e-9, 1, 0, 0, 1e-4)],
  ["sgd, momentum", false, 20, "axpy", [1, 1, 1], (e, n, w, g, v) => e.sgd(w, v, g, n, 1e-9, 1, 0.9, 0, 0)],
  [
    "sgd, Nesterov, decay",
    false,
    20,
    "axpy",
    [1, 1, 1],
    (e, n, w, g, v) => e.sgd(w, v, g, n, 1e-9, 1, 0.9, 1, 1e-4),
  ],
  [
    "adam",
    true,
    28,
    "axpy",
    [1, 1, 1, 1],
    (e, n, w, g, m, v) => e.adam(w, m, v, 0, g, n, 1e-9, 1, 0.9, 0.999, 1e-8, 0, 0, 99),
  ],
  [
    "adamW",
    true,
    28,
    "axpy",
    [1, 1, 1, 1],
    (e, n, w, g, m, v) => e.adam(w, m, v, 0, g, n, 1e-9, 1, 0.9, 0.999, 1e-8, 1e-4, 1, 99),
  ],
];

/** Shuffled rows; the order lies before the buffers. */
function gatherRows(e, n, y, x, kind, columns, scale, offset) {
  const count = Math.floor(n / columns);
  if (orderLength !== count) shuffleOrder(count);
  e.gather(y, x, kind, order, 0, count, columns, scale, offset);
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

const engine = await compile();
const order = Math.ceil(engine.heapBase() / 4096) * 4096;
const buffers = order + (8 << 20);
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

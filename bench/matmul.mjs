// Matmul against the SIMD peak that a register-only loop reaches in the same process.
//   node bench/matmul.mjs [--json] [--relaxed] [--only=substring]
// On Node 20 and 22 the relaxed build needs node --experimental-wasm-relaxed-simd (before the script's name).
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const AB = 0;
const AtB = 1;
const ABt = 2;
const FORMS = ["A·B", "Aᵀ·B", "A·Bᵀ"];

/** Last, the share of the peak that the exact build shall reach; 0 where a number is only reported. */
const SHAPES = [
  ...[256, 512, 1024].flatMap((n) => [AB, AtB, ABt].map((form) => ["cube", form, n, n, n, 0.95])),
  ...[784, 512].flatMap((inputs) => [
    ["batch 64", AB, 64, 512, inputs, 0.9],
    ["batch 64", AtB, inputs, 512, 64, 0.9],
    ["batch 64", ABt, 64, inputs, 512, 0.9],
  ]),
  ["N = 10", AB, 64, 10, 512, 0.75],
  ["N = 10", AtB, 512, 10, 64, 0.75],
  ["N = 10", ABt, 64, 512, 10, 0.75],
  ["MLP", AB, 64, 256, 784, 0.9],
  ["MLP", AB, 64, 128, 256, 0.9],
  ["MLP", AB, 64, 10, 128, 0.75],
  ["MLP", AtB, 784, 256, 64, 0.9],
  ["MLP", AtB, 256, 128, 64, 0.9],
  ["MLP", AtB, 128, 10, 64, 0.75],
  ["MLP", ABt, 64, 128, 10, 0.75],
  ["MLP", ABt, 64, 256, 128, 0.9],
  ...[1, 2, 3, 4, 8, 16].flatMap((rows) => [
    ["few rows", AB, rows, 512, 784, 0],
    ["few rows", AtB, 784, 512, rows, 0],
    ["few rows", ABt, rows, 784, 512, 0],
  ]),
  ["tabular", AB, 64, 16, 8, 0],
  ["tabular", AtB, 8, 16, 64, 0],
  ["tabular", AtB, 8, 64, 1024, 0],
  ["tabular", AtB, 64, 64, 4, 0],
  ["tabular", ABt, 64, 64, 32, 0],
  ["tall", AB, 8192, 16, 64, 0],
  ["tall", AB, 8192, 10, 64, 0],
  ["tall", AB, 8192, 32, 144, 0],
  ["narrow", AB, 64, 1, 512, 0],
  ["narrow", AB, 64, 3, 512, 0],
  ["narrow", AB, 64, 2, 32, 0],
  ["narrow", AB, 16, 3, 16, 0],
  ["narrow", AB, 8, 2, 784, 0],
  ["narrow", AB, 64, 13, 512, 0],
  ["narrow", AtB, 512, 1, 64, 0],
  ["tiny", AB, 4, 4, 2, 0],
  ["tiny", AB, 4, 1, 4, 0],
  ["tiny", AtB, 4, 1, 4, 0],
  ["tiny", AtB, 2, 4, 4, 0],
  ["tiny", ABt, 4, 4, 1, 0],
];

/** The one compiled with the flags of asconfig.json, in bench/build. */
async function engine(relaxed) {
  const root = fileURLToPath(new URL("..", import.meta.url));
  const wasm = `bench/build/matmul.${relaxed ? "relaxed" : "simd"}.wasm`;
  mkdirSync(`${root}/bench/build`, { recursive: true });
  const features = ["--enable", "simd", ...(relaxed ? ["--enable", "relaxed-simd"] : [])];
  const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub"];
  execFileSync("npx", ["asc", "bench/matmulEntry.ts", "-o", wasm, ...flags, ...features], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const { instance } = await WebAssembly.instantiate(readFileSync(`${root}/${wasm}`));
  return instance.exports;
}

/** The value below which 85 % of the samples lie: other processes only ever slow a sample down. */
function percentile85(samples) {
  return samples.sort((x, y) => x - y)[Math.floor(0.85 * (samples.length - 1))];
}

function secondsOf(run) {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
}

const relaxed = process.argv.includes("--relaxed");
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);
const { matmul, peak, heapBase, memory } = await engine(relaxed);

const MB = 1 << 20;
const start = Math.ceil(heapBase() / 64) * 64;
memory.grow(512);
const floats = new Float32Array(memory.buffer, start);
for (let i = 0; i < floats.length; i++) floats[i] = ((i * 2654435761) % 4096) / 4096 - 0.5;

const PEAK_ITERATIONS = 100_000;
const peakGflops = () =>
  (PEAK_ITERATIONS * 12 * 8) / secondsOf(() => peak(PEAK_ITERATIONS, 0.999, 1e-3)) / 1e9;

function measure([group, form, m, n, k, target]) {
  const [y, a, b, scratch] = [0, 1, 2, 3].map((slot) => start + slot * 7 * MB);
  const run = () => matmul(form, y, a, b, 0, m, n, k, 0, scratch);
  const flops = 2 * m * n * k;
  // About 2 ms a sample, so that a sample and its peak see the same clock of the processor.
  const repeat = Math.max(1, Math.round(2e-3 / (flops / 2e10 + 3e-8)));
  for (let i = 0; i < 20; i++) run();
  const rates = [];
  const peaks = [];
  for (let sample = 0; sample < 25; sample++) {
    peaks.push(peakGflops());
    rates.push(
      (flops * repeat) /
        secondsOf(() => {
          for (let i = 0; i < repeat; i++) run();
        }) /
        1e9,
    );
  }
  const gflops = percentile85(rates);
  const roof = percentile85(peaks);
  return {
    group,
    form: FORMS[form],
    m,
    n,
    k,
    gflops,
    peak: roof,
    share: gflops / roof,
    target: relaxed ? 0 : target,
    microseconds: flops / gflops / 1e3,
  };
}

const warmUp = performance.now();
while (performance.now() - warmUp < 300) peakGflops();
const rows = SHAPES.map((shape) => [shape, `${shape[0]} ${FORMS[shape[1]]} ${shape.slice(2, 5).join("x")}`])
  .filter(([, name]) => !only || name.includes(only))
  .map(([shape]) => measure(shape));

if (process.argv.includes("--json")) {
  console.log(
    JSON.stringify({
      build: relaxed ? "relaxed" : "simd",
      node: process.version,
      v8: process.versions.v8,
      rows,
    }),
  );
} else {
  console.log(`${relaxed ? "relaxed" : "exact"} build, Node ${process.version}, V8 ${process.versions.v8}\n`);
  console.log("| group | form | m × n × k | GFLOP/s | peak | share | target | µs |");
  console.log("|---|---|---|---:|---:|---:|---:|---:|");
  for (const r of rows) {
    const target = r.target ? `${r.target * 100} %${r.share < r.target ? " ✗" : ""}` : "";
    console.log(
      `| ${r.group} | ${r.form} | ${r.m} × ${r.n} × ${r.k} | ${r.gflops.toFixed(1)} | ${r.peak.toFixed(1)} ` +
        `| ${(r.share * 100).toFixed(1)} % | ${target} | ${r.microseconds.toPrecision(3)} |`,
    );
  }
}

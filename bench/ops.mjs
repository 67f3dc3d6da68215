// Every op at the size of a network, as the interpreter runs it: nanoseconds for each number read or written.
//   node bench/ops.mjs [--json] [--only=substring]
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SAMPLES = 15;
/** Long enough for the clock, short enough that a sample falls between two interruptions. */
const SAMPLE_NANOSECONDS = 2e6;

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const outfile = path("build/ops.mjs");
await build({
  entryPoints: [path("../tests/cases/bench.ts")],
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  outfile,
});
const { benchCases } = await import(outfile);

function nanoseconds(run, times) {
  const start = process.hrtime.bigint();
  for (let i = 0; i < times; i++) run();
  return Number(process.hrtime.bigint() - start) / times;
}

/** The median run, in nanoseconds. */
function measure(run) {
  // The first runs are the baseline compiler's.
  nanoseconds(run, 20);
  const times = Math.max(1, Math.round(SAMPLE_NANOSECONDS / nanoseconds(run, 20)));
  const samples = Array.from({ length: SAMPLES }, () => nanoseconds(run, times));
  return samples.sort((a, b) => a - b)[SAMPLES >> 1];
}

const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice("--only=".length);
const chosen = benchCases().filter(({ name }) => !only || name.includes(only));
if (chosen.length === 0) throw new Error(`ops: there is no op "${only}".`);
for (const { load } of chosen) nanoseconds(load(), 50);
// The optimizing compiler works in the background: let it finish before the first sample.
await new Promise((resolve) => setTimeout(resolve, 500));
const results = chosen.map(({ name, instructions, elements, load }) => {
  const time = measure(load());
  return { name, instructions, elements, microseconds: time / 1000, nanosecondsPerElement: time / elements };
});

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ node: process.version, v8: process.versions.v8, results }));
} else {
  console.log(`Node ${process.version}, V8 ${process.versions.v8}\n`);
  console.log("| op | instructions | numbers | µs | ns a number |");
  console.log("|---|---|---:|---:|---:|");
  for (const r of results) {
    const [micro, nano] = [r.microseconds.toPrecision(3), r.nanosecondsPerElement.toFixed(3)];
    console.log(`| ${r.name} | ${r.instructions.join(", ")} | ${r.elements} | ${micro} | ${nano} |`);
  }
}

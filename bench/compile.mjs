// Compiling training steps of deep networks: milliseconds of each part of the compiler, and what recomputation costs.
//   node bench/compile.mjs [--json]
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const SAMPLES = 7;

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const outfile = path("build/compile.mjs");
await build({
  entryPoints: [path("../tests/cases/compiling.ts")],
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  outfile,
});
const { parts, recomputations, trainingChain } = await import(outfile);

/** Each part's least time of some runs: what it takes when nothing interrupts it. */
function measure(chain) {
  const least = {};
  for (let sample = 0; sample < SAMPLES; sample++) {
    let before;
    for (const [name, run] of parts(chain)) {
      const start = performance.now();
      before = run(before);
      least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, performance.now() - start);
    }
  }
  return least;
}

const compiled = [500, 1000, 2000, 4000].map((layers) => {
  const chain = trainingChain({ layers, width: 8, rows: 4 });
  const milliseconds = measure(chain);
  const total = Object.values(milliseconds).reduce((sum, one) => sum + one, 0);
  return { layers, nodes: chain.order.length, ...milliseconds, total };
});
const recomputed = [12, 48].flatMap((layers) =>
  recomputations(trainingChain({ layers, width: 64, rows: 512 })).map((one) => ({ layers, ...one })),
);

if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ node: process.version, compiled, recomputed }));
} else {
  const rounded = (row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, x]) => [key, Number.isInteger(x) ? x : Number(x.toPrecision(3))]),
    );
  console.log("milliseconds");
  console.table(compiled.map(rounded));
  console.log("shares: the limit, the memory that was found below it, and the work that this adds to a step");
  console.table(recomputed.map(rounded));
}

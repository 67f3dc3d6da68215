// Builds each module of the engine, or those that are named as arguments, into build/engine/, and a module of JavaScript that holds its bytes as hex: gzip
// brings hex to 11 % above the raw bytes, base64 to 33 % (measured, shared/prototypes/loading).
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { builds } from "./families.mjs";

const execute = promisify(execFile);
const require = createRequire(import.meta.url);
const run = (script, args) => execute(process.execPath, [script, ...args]);
const asc = join(dirname(require.resolve("assemblyscript/package.json")), "bin", "asc.js");
const wasmOpt = join(dirname(require.resolve("binaryen/package.json")), "bin", "wasm-opt");
const features = ["simd", "bulk-memory", "nontrapping-float-to-int", "sign-ext", "mutable-globals"];

async function buildModule({ name, target, sources, memoryBase }) {
  const path = `build/engine/${name}.wasm`;
  const place = ["--memoryBase", String(memoryBase), "--outFile", path];
  await run(asc, [...sources, "--target", target, ...place]);
  // A second pass over what asc's own has left: the same bits in 7 % fewer bytes (measured, shared/FACTS.md).
  const enabled = [...features, ...(target === "relaxed" ? ["relaxed-simd"] : [])];
  const enable = enabled.map((feature) => `--enable-${feature}`);
  // Functions with one caller stay functions: within `execute`, all of them are one of half the module, which V8 takes
  // so long to optimize that a page's first training is over before (XOR, 10,000 epochs: 82 ms instead of 57).
  const inlining = ["--one-caller-inline-max-function-size", "0"];
  await run(wasmOpt, ["-O3", "--converge", ...inlining, ...enable, path, "-o", path]);
  const hex = (await readFile(path)).toString("hex");
  await writeFile(`build/engine/${name}.ts`, `const hex: string = "${hex}";\nexport default hex;\n`);
}

await mkdir("build/engine", { recursive: true });
// Two at a time: as many as the smallest machine has cores.
const left = builds.filter(({ name }) => process.argv.length < 3 || process.argv.includes(name));
const worker = async () => {
  for (let one = left.shift(); one !== undefined; one = left.shift()) await buildModule(one);
};
await Promise.all([worker(), worker()]);

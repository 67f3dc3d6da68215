// Node, Deno, Bun: the package as a program imports it. Prints the report as one line of JSON.
import snapshots from "./snapshots.mjs";
import { firstStep, runSuite } from "./suite.mjs";

const started = performance.now();
const wasmgrad = await import("wasmgrad");
const milliseconds = await firstStep(wasmgrad, started);

const core = await import("wasmgrad/core");
const ops = await import("wasmgrad/ops");
const autodiff = await import("wasmgrad/autodiff");
const data = await import("wasmgrad/data");
const metrics = await import("wasmgrad/metrics");
const { readFile } = await import("node:fs/promises");
const wasm = new URL("./node_modules/wasmgrad/dist/wasm/", import.meta.url);
const engine = (name) => readFile(new URL(`${name}.wasm`, wasm));
const entries = { wasmgrad, core, ops, autodiff, data, metrics };
const report = await runSuite({ ...entries, snapshots, engine, worker: true });
console.log(JSON.stringify({ ...report, firstStep: milliseconds }));

// The suite in a page or a worker: the package's entries come by import(), but in a service worker, which forbids it.
import snapshots from "./snapshots.mjs";
import { firstStep, runSuite } from "./suite.mjs";

const engine = () => fetch("/node_modules/wasmgrad/dist/simd.wasm");

/**
 * @param entries functions that import the package's entries
 * @param worker what `compile` takes, or "none"
 */
export async function suiteReport(entries, worker) {
  const started = performance.now();
  const wasmgrad = await entries.wasmgrad();
  const milliseconds = await firstStep(wasmgrad, started);
  const names = ["core", "ops", "autodiff", "data", "metrics"];
  const others = await Promise.all(names.map(async (name) => [name, await entries[name]()]));
  const report = await runSuite({ wasmgrad, ...Object.fromEntries(others), snapshots, engine, worker });
  return { ...report, firstStep: milliseconds };
}

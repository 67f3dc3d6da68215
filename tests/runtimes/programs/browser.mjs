// The suite in a page or a worker: the package's entries come by import(), but in a service worker, which forbids it.
import snapshots from "./snapshots.mjs";
import { firstStep, runSuite } from "./suite.mjs";

const engine = (name) => fetch(`/node_modules/wasmgrad/dist/wasm/${name}.wasm`);

/**
 * @param entries functions that import the package's entries
 * @param worker what `compile` takes, or "none"
 * @param isRegistered whether all families are
 */
export async function suiteReport(entries, worker, isRegistered = false) {
  const started = performance.now();
  const wasmgrad = await entries.wasmgrad();
  const milliseconds = await firstStep(wasmgrad, started);
  const names = ["core", "ops", "autodiff", "data", "metrics"];
  const others = await Promise.all(names.map(async (name) => [name, await entries[name]()]));
  const packages = { wasmgrad, ...Object.fromEntries(others) };
  const report = await runSuite({ ...packages, snapshots, engine, worker, isRegistered });
  return { ...report, firstStep: milliseconds };
}

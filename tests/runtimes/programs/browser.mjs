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
  const [core, ops, autodiff] = await Promise.all([entries.core(), entries.ops(), entries.autodiff()]);
  const report = await runSuite({ wasmgrad, core, ops, autodiff, snapshots, engine, worker });
  return { ...report, firstStep: milliseconds };
}

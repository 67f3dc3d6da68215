// An edge function, bundled with the export condition `edge-light`.
import * as wasmgrad from "wasmgrad";
import * as autodiff from "wasmgrad/autodiff";
import * as core from "wasmgrad/core";
import * as data from "wasmgrad/data";
import * as metrics from "wasmgrad/metrics";
import * as ops from "wasmgrad/ops";
import engine from "wasmgrad/simd.wasm?module";
import snapshots from "./snapshots.mjs";
import { firstStep, runSuite } from "./suite.mjs";

async function answer() {
  const started = performance.now();
  const milliseconds = await firstStep(wasmgrad, started);
  const report = await runSuite({
    wasmgrad,
    core,
    ops,
    autodiff,
    data,
    metrics,
    snapshots,
    engine: () => engine,
    worker: "none",
  });
  return Response.json({ ...report, firstStep: milliseconds });
}

addEventListener("fetch", (event) => event.respondWith(answer()));

// An edge function, bundled with the export condition `edge-light`.
import * as wasmgrad from "wasmgrad";
import * as autodiff from "wasmgrad/autodiff";
import * as core from "wasmgrad/core";
import * as data from "wasmgrad/data";
import coreModule from "wasmgrad/engine/core.wasm?module";
import normalize from "wasmgrad/engine/normalize.wasm?module";
import optimizer from "wasmgrad/engine/optimizer.wasm?module";
import transcendental from "wasmgrad/engine/transcendental.wasm?module";
import * as metrics from "wasmgrad/metrics";
import * as ops from "wasmgrad/ops";
import simd from "wasmgrad/simd.wasm?module";
import snapshots from "./snapshots.mjs";
import { firstStep, runSuite } from "./suite.mjs";

// The core by its older name too.
if (simd !== coreModule) throw new Error("wasmgrad/simd.wasm is not wasmgrad/engine/core.wasm");
const modules = { core: coreModule, normalize, optimizer, transcendental };

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
    engine: (name) => modules[name],
    worker: "none",
  });
  return Response.json({ ...report, firstStep: milliseconds });
}

addEventListener("fetch", (event) => event.respondWith(answer()));

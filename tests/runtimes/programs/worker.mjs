// workerd: what a Cloudflare Worker imports, bundled with the export condition `workerd`.
import * as wasmgrad from "wasmgrad";
import * as autodiff from "wasmgrad/autodiff";
import * as core from "wasmgrad/core";
import * as data from "wasmgrad/data";
import coreModule from "wasmgrad/engine/core.wasm";
import normalize from "wasmgrad/engine/normalize.wasm";
import optimizer from "wasmgrad/engine/optimizer.wasm";
import transcendental from "wasmgrad/engine/transcendental.wasm";
import * as metrics from "wasmgrad/metrics";
import * as ops from "wasmgrad/ops";
import simd from "wasmgrad/simd.wasm";
import snapshots from "./snapshots.mjs";
import { firstStep, runSuite } from "./suite.mjs";

// The core by its older name too.
if (simd !== coreModule) throw new Error("wasmgrad/simd.wasm is not wasmgrad/engine/core.wasm");
const modules = { core: coreModule, normalize, optimizer, transcendental };

export default {
  async fetch(request) {
    // Clocks stand still here between two requests: the caller takes the time.
    if (new URL(request.url).pathname === "/first") {
      await firstStep(wasmgrad);
      return new Response("done");
    }
    return Response.json(
      await runSuite({
        wasmgrad,
        core,
        ops,
        autodiff,
        data,
        metrics,
        snapshots,
        engine: (name) => modules[name],
        worker: "none",
      }),
    );
  },
};

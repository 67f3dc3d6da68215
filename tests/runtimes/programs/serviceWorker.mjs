// Static imports only: import() is forbidden here.
import "/node_modules/wasmgrad/dist/complete.js";
import * as autodiff from "/node_modules/wasmgrad/dist/autodiff.js";
import * as core from "/node_modules/wasmgrad/dist/core.js";
import * as data from "/node_modules/wasmgrad/dist/data.js";
import "/node_modules/wasmgrad/dist/engine/move.js";
import "/node_modules/wasmgrad/dist/engine/noise.js";
import "/node_modules/wasmgrad/dist/engine/normalize.js";
import "/node_modules/wasmgrad/dist/engine/optimizer.js";
import "/node_modules/wasmgrad/dist/engine/sequence.js";
import "/node_modules/wasmgrad/dist/engine/choice.js";
import "/node_modules/wasmgrad/dist/engine/transcendental.js";
import * as wasmgrad from "/node_modules/wasmgrad/dist/index.js";
import * as metrics from "/node_modules/wasmgrad/dist/metrics.js";
import * as ops from "/node_modules/wasmgrad/dist/ops.js";
import { suiteReport } from "./browser.mjs";

const entry = (module) => () => module;
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("message", (event) => {
  const report = suiteReport(
    {
      wasmgrad: entry(wasmgrad),
      core: entry(core),
      ops: entry(ops),
      autodiff: entry(autodiff),
      data: entry(data),
      metrics: entry(metrics),
    },
    "none",
    true,
  );
  event.waitUntil(report.then((done) => event.source.postMessage(done)));
});

// A page without inline scripts: everything by address, as a strict policy has it.
import { suiteReport } from "./browser.mjs";

const from = (name) => () => import(`/node_modules/wasmgrad/dist/${name}.js`);
globalThis.report = suiteReport(
  {
    wasmgrad: from("index"),
    core: from("core"),
    ops: from("ops"),
    autodiff: from("autodiff"),
    data: from("data"),
    metrics: from("metrics"),
  },
  () => new Worker("/node_modules/wasmgrad/dist/worker.js", { type: "module" }),
);

import { suiteReport } from "./browser.mjs";

const from = (name) => () => import(`/node_modules/wasmgrad/dist/${name}.js`);
suiteReport(
  {
    wasmgrad: from("index"),
    core: from("core"),
    ops: from("ops"),
    autodiff: from("autodiff"),
    data: from("data"),
    metrics: from("metrics"),
  },
  true,
).then(postMessage);

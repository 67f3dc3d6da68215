// Node: the package by require(), as programs in CommonJS take it.
const started = performance.now();
const wasmgrad = require("wasmgrad");
const [core, ops, autodiff] = ["core", "ops", "autodiff"].map((name) => require(`wasmgrad/${name}`));

import("./suite.mjs").then(async ({ firstStep, runSuite }) => {
  const milliseconds = await firstStep(wasmgrad, started);
  const report = await runSuite({ wasmgrad, core, ops, autodiff });
  console.log(JSON.stringify({ ...report, firstStep: milliseconds }));
});

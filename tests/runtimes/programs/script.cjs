// Node: the package by require(), as programs in CommonJS take it.
const started = performance.now();
const wasmgrad = require("wasmgrad");
const names = ["core", "ops", "autodiff", "data", "metrics"];
const others = Object.fromEntries(names.map((name) => [name, require(`wasmgrad/${name}`)]));

import("./suite.mjs").then(async ({ firstStep, runSuite }) => {
  const milliseconds = await firstStep(wasmgrad, started);
  const report = await runSuite({ wasmgrad, ...others });
  console.log(JSON.stringify({ ...report, firstStep: milliseconds }));
});

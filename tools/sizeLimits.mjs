// The limits of tools/checkSizes.mjs, in kB of gzip: what is measured today, rounded up, so that nothing grows unseen.

/** By scenario of tests/sizes/: as the largest of the bundlers makes it, and by import map with its requests. */
export const limits = {
  dense: { bundled: 83.5, unbundled: 136, requests: 5 },
  saving: { bundled: 92.5, unbundled: 146, requests: 7 },
  stopping: { bundled: 89, unbundled: 140.5, requests: 6 },
  encoding: { bundled: 105.5, unbundled: 163, requests: 8 },
  predicting: { bundled: 71, unbundled: 121, requests: 4 },
  everything: { bundled: 166, unbundled: 190, requests: 13 },
};

/** What the bundled scenarios, and the requests of all by import map, are to come down to. */
export const targets = {
  dense: 65,
  saving: 75,
  stopping: 70,
  encoding: 85,
  predicting: 50,
  everything: 135,
  requests: 6,
};

/** By entry of dist/: all of it, and what that needs before its first line. */
export const entryLimits = {
  "index.js": 98.5,
  "core.js": 83,
  "ops.js": 21.5,
  "autodiff.js": 69.5,
  "data.js": 20,
  "metrics.js": 11.2,
  "plot.js": 21.5,
  "io.js": 67.5,
  "io.workerd.js": 52,
  "io.edge-light.js": 52,
  "index.workerd.js": 83,
  "autodiff.workerd.js": 53.5,
  "index.edge-light.js": 83,
  "autodiff.edge-light.js": 53.5,
  "worker.js": 4.2,
};

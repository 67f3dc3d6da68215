// The limits of tools/checkSizes.mjs, in kB of gzip: what is measured today, rounded up, so that nothing grows unseen.

/** By scenario of tests/sizes/: as the largest of the bundlers makes it, and by import map with its requests. */
export const limits = {
  dense: { bundled: 86, unbundled: 144, requests: 6 },
  stopping: { bundled: 92, unbundled: 149, requests: 9 },
  encoding: { bundled: 105, unbundled: 173, requests: 11 },
  predicting: { bundled: 70, unbundled: 124, requests: 4 },
  everything: { bundled: 156, unbundled: 188, requests: 12 },
};

/** What the bundled scenarios, and the requests of all by import map, are to come down to. */
export const targets = {
  dense: 65,
  stopping: 70,
  encoding: 85,
  predicting: 50,
  everything: 135,
  requests: 6,
};

/** By entry of dist/: all of it, and what that needs before its first line. */
export const entryLimits = {
  "index.js": 93,
  "core.js": 76,
  "ops.js": 20.2,
  "autodiff.js": 68,
  "data.js": 19,
  "metrics.js": 11,
  "index.workerd.js": 76,
  "autodiff.workerd.js": 50,
  "index.edge-light.js": 76,
  "autodiff.edge-light.js": 50,
  "worker.js": 4.2,
};

// The limits of tools/checkSizes.mjs, in kB of gzip: what is measured today, rounded up, so that nothing grows unseen.

/** By scenario of tests/sizes/: as the largest of the bundlers makes it, and by import map with its requests. */
export const limits = {
  dense: { bundled: 110, unbundled: 135, requests: 13 },
  stopping: { bundled: 111, unbundled: 135, requests: 13 },
  encoding: { bundled: 120, unbundled: 150, requests: 14 },
  predicting: { bundled: 110, unbundled: 135, requests: 13 },
  everything: { bundled: 159, unbundled: 170, requests: 19 },
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
  "index.js": 109,
  "core.js": 91,
  "ops.js": 20,
  "autodiff.js": 100,
  "data.js": 19,
  "metrics.js": 11,
  "index.workerd.js": 91,
  "autodiff.workerd.js": 82,
  "index.edge-light.js": 91,
  "autodiff.edge-light.js": 82,
  "worker.js": 4,
};

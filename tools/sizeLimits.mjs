// The limits of tools/checkSizes.mjs, in kB of gzip: what is measured today, rounded up, so that nothing grows unseen.

/** By scenario of tests/sizes/: as the largest of the bundlers makes it, and by import map with its requests. */
export const limits = {
  dense: { bundled: 87.5, unbundled: 146.5, requests: 5 },
  saving: { bundled: 102, unbundled: 164, requests: 8 },
  stopping: { bundled: 94, unbundled: 151.5, requests: 6 },
  encoding: { bundled: 118, unbundled: 186, requests: 8 },
  predicting: { bundled: 74.5, unbundled: 131, requests: 4 },
  everything: { bundled: 193, unbundled: 221, requests: 14 },
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
  "index.js": 104.5,
  "core.js": 88.5,
  "ops.js": 21.5,
  "autodiff.js": 73.5,
  "data.js": 34,
  "metrics.js": 11.8,
  "plot.js": 21.5,
  "io.js": 75,
  "io.workerd.js": 58.5,
  "io.edge-light.js": 58.5,
  "index.workerd.js": 88.5,
  "autodiff.workerd.js": 57.5,
  "index.edge-light.js": 88.5,
  "autodiff.edge-light.js": 57.5,
  "worker.js": 4.2,
};

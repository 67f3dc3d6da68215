// The limits of tools/checkSizes.mjs, in kB of gzip: what is measured today, rounded up, so that nothing grows unseen.

/** By scenario of tests/sizes/: as the largest of the bundlers makes it, and by import map with its requests. */
export const limits = {
  dense: { bundled: 79, unbundled: 122, requests: 5 },
  saving: { bundled: 93, unbundled: 152, requests: 7 },
  stopping: { bundled: 84, unbundled: 126, requests: 6 },
  encoding: { bundled: 98, unbundled: 148, requests: 8 },
  predicting: { bundled: 67, unbundled: 108, requests: 4 },
  everything: { bundled: 151, unbundled: 162, requests: 11 },
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
  "index.js": 92.5,
  "core.js": 75,
  "ops.js": 20.2,
  "autodiff.js": 66.5,
  "data.js": 18.5,
  "metrics.js": 11,
  "io.js": 67.5,
  "io.workerd.js": 51,
  "io.edge-light.js": 51,
  "index.workerd.js": 75,
  "autodiff.workerd.js": 48.5,
  "index.edge-light.js": 75,
  "autodiff.edge-light.js": 48.5,
  "worker.js": 4.2,
};

// The limits of tools/checkSizes.mjs, in kB of gzip: what is measured today, rounded up, so that nothing grows unseen.

/** By scenario of tests/sizes/: as the largest of the bundlers makes it, and by import map with its requests. */
export const limits = {
  dense: { bundled: 107, unbundled: 130, requests: 12 },
  stopping: { bundled: 110, unbundled: 130, requests: 12 },
  encoding: { bundled: 125, unbundled: 145, requests: 14 },
  predicting: { bundled: 107, unbundled: 130, requests: 12 },
  everything: { bundled: 170, unbundled: 175, requests: 20 },
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

// What each entry makes a program load before its first step, gzipped: the entry and all that it imports statically.
import { readFileSync } from "node:fs";
import { posix } from "node:path";

const limits = {
  "index.js": "68 kB",
  "core.js": "48 kB",
  "ops.js": "20 kB",
  "autodiff.js": "71 kB",
  "index.workerd.js": "65 kB",
  "autodiff.workerd.js": "68 kB",
  "index.edge-light.js": "65 kB",
  "autodiff.edge-light.js": "68 kB",
};

function loadedFirst(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!path.endsWith(".js")) return seen;
  for (const [, specifier] of readFileSync(path, "utf8").matchAll(/(?:from|import)"(\.\/[^"?]+)[^"]*"/g)) {
    loadedFirst(posix.join("dist", specifier), seen);
  }
  return seen;
}

export default Object.entries(limits).map(([name, limit]) => ({
  name,
  path: [...loadedFirst(`dist/${name}`)],
  limit,
  gzip: true,
}));

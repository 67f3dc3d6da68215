// What each entry makes a program load before its first step, gzipped: the entry and all that it imports statically.
import { readFileSync } from "node:fs";
import { posix } from "node:path";

const limits = {
  "index.js": "135 kB",
  "core.js": "100 kB",
  "ops.js": "24 kB",
  "autodiff.js": "125 kB",
  "data.js": "20 kB",
  "metrics.js": "12 kB",
  "index.workerd.js": "131 kB",
  "autodiff.workerd.js": "120 kB",
  "index.edge-light.js": "131 kB",
  "autodiff.edge-light.js": "120 kB",
  "worker.js": "4 kB",
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

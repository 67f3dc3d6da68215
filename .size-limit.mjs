// What each entry makes a program load before its first step, gzipped: the entry and all that it imports statically.
import { readFileSync } from "node:fs";
import { posix } from "node:path";

const limits = {
  "index.js": "74 kB",
  "core.js": "54 kB",
  "ops.js": "22 kB",
  "autodiff.js": "77 kB",
  "index.workerd.js": "71 kB",
  "autodiff.workerd.js": "74 kB",
  "index.edge-light.js": "71 kB",
  "autodiff.edge-light.js": "74 kB",
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

// What each entry of dist/ makes a program load before its first line: the entry and all that it imports statically.
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { gzipSync } from "node:zlib";

function loadedFirst(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!path.endsWith(".js")) return seen;
  for (const [, specifier] of readFileSync(path, "utf8").matchAll(/(?:from|import)"(\.\/[^"?]+)[^"]*"/g)) {
    loadedFirst(posix.join("dist", specifier), seen);
  }
  return seen;
}

/** kB of gzip of an entry, as "index.js". */
export function entrySize(name) {
  const sizes = [...loadedFirst(`dist/${name}`)].map(
    (path) => gzipSync(readFileSync(path), { level: 9 }).length,
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

// For resolvers that do not read `exports`, as Parcel's: a folder for each subpath that names its file. They are there
// only while the package is packed: `node tools/stubs.mjs make` before, `node tools/stubs.mjs remove` after.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { entries, subpaths } from "./entries.mjs";

const root = join(import.meta.dirname, "..");

/** What stands in the package.json of each folder. */
export const stubs = Object.fromEntries(
  subpaths.map((name) => [
    name,
    {
      type: "module",
      main: `../dist/${name}.js`,
      types: `../dist/${name}.d.ts`,
      sideEffects: entries[name].isScript === true || entries[name].isForEffect === true,
    },
  ]),
);

export function makeStubs() {
  for (const [name, manifest] of Object.entries(stubs)) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

export function removeStubs() {
  for (const name of subpaths) rmSync(join(root, name), { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === "remove") removeStubs();
  else makeStubs();
}

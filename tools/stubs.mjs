// For resolvers that do not read `exports`, as Parcel's: a folder for each subpath that names its file. They are there
// only while the package is packed: `node tools/stubs.mjs make` before, `node tools/stubs.mjs remove` after.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { entries, subpaths } from "./entries.mjs";
import { families } from "./families.mjs";

const root = join(import.meta.dirname, "..");

/** @param name of the subpath, and of its file in dist/ */
function stub(name, sideEffects) {
  const dist = `${"../".repeat(name.split("/").length)}dist`;
  return [name, { type: "module", main: `${dist}/${name}.js`, types: `${dist}/${name}.d.ts`, sideEffects }];
}

/** What stands in the package.json of each folder: scripts and registrations do something when they are imported. */
export const stubs = Object.fromEntries([
  ...subpaths.map((name) =>
    stub(name, entries[name].isScript === true || entries[name].isForEffect === true),
  ),
  ...["core", ...families].map((name) => stub(`engine/${name}`, true)),
]);

export function makeStubs() {
  for (const [name, manifest] of Object.entries(stubs)) {
    mkdirSync(join(root, name), { recursive: true });
    writeFileSync(join(root, name, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

export function removeStubs() {
  for (const name of [...subpaths, "engine"]) rmSync(join(root, name), { recursive: true, force: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === "remove") removeStubs();
  else makeStubs();
}

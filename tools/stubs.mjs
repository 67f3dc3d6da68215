// For resolvers that do not read `exports`, as Parcel's: a folder for each subpath that names its file. They are there
// only in what is packed: see pack.mjs.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entries, subpaths } from "./entries.mjs";
import { families } from "./families.mjs";

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

/** @param folder what is packed */
export function makeStubs(folder) {
  for (const [name, manifest] of Object.entries(stubs)) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  }
}

// Packs what is published, from a folder of its own: `node tools/pack.mjs`, then `npm publish build/wasmgrad-<version>.tgz`.
//
// Whoever publishes fills in `repository.url` of package.json; `bugs` and `homepage` follow from it unless they are filled
// in too. The manifest in the tarball says nothing of how this repository is built. The same sources give the same bytes,
// in whatever folder they lie: npm writes no times and no owners, and dist/ names no path outside of it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeStubs, stubs } from "./stubs.mjs";

const root = join(import.meta.dirname, "..");
const isWindows = process.platform === "win32";

/** Of use in this repository only. */
const OWN = ["scripts", "devDependencies", "overrides"];
/** What npm takes along whatever `files` says. */
const ALWAYS = ["README.md", "LICENSE"];

/** Where the package comes from, without what nobody has filled in. */
export function originOf({ repository, bugs, homepage }) {
  const { url } = repository;
  if (url === "") return {};
  const page = url.replace(/^git\+/, "").replace(/\.git$/, "");
  return {
    repository,
    bugs: { url: bugs.url || `${page}/issues` },
    homepage: homepage || `${page}#readme`,
  };
}

/** The manifest as it is published. */
export function publishedManifest(manifest) {
  const { repository, bugs, homepage, ...others } = manifest;
  const kept = Object.entries(others).filter(([name]) => !OWN.includes(name));
  return { ...Object.fromEntries(kept), ...originOf({ repository, bugs, homepage }) };
}

/** Lays out in a folder what is packed. */
export function stage(folder) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = new Set(Object.keys(stubs).map((name) => name.split("/")[0]));
  const copied = [...ALWAYS, ...manifest.files].filter((name) => !made.has(name));
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  makeStubs(folder);
  const published = publishedManifest(manifest);
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
  return published;
}

/** What npm says of the tarball that it makes of a folder. */
export function pack(folder, ...options) {
  const given = ["pack", "--json", "--ignore-scripts", ...options];
  const stdio = ["ignore", "pipe", "ignore"];
  const output = execFileSync("npm", given, { cwd: folder, encoding: "utf8", shell: isWindows, stdio });
  // An array up to npm 11, an object by name in later ones.
  const [tarball] = Object.values(JSON.parse(output));
  return tarball;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes("--refuse")) {
    console.error(
      "Publish the tarball: npm run pack:tarball, then npm publish build/wasmgrad-<version>.tgz.",
    );
    process.exit(1);
  }
  const folder = join(root, "build", "package");
  const { repository } = stage(folder);
  const { filename } = pack(folder, "--pack-destination", join(root, "build"));
  rmSync(folder, { recursive: true, force: true });
  console.log(`build/${filename}`);
  if (repository === undefined) {
    console.warn("package.json: repository.url is empty; fill it in before you publish.");
  }
}

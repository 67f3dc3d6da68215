// A folder below build/ in which the packed package lies in node_modules, beside the tools of a manifest.
import { execFile } from "node:child_process";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { pack, stage } from "../../tools/pack.mjs";

export const execute = promisify(execFile);
const repository = resolve(import.meta.dirname, "../..");
const minutes = 60_000;

/** The line of a failed command or of an error that says why. */
export function reason(error) {
  const lines = `${error?.stderr ?? ""}\n${error?.stdout ?? ""}\n${error?.message ?? error}`
    .split("\n")
    .filter((line) => line.trim() !== "");
  return (
    lines.find((line) => /^(\w*Error|npm error|E:|.*not found)/.test(line)) ??
    lines[0] ??
    "no reason given"
  ).trim();
}

/** The suite and what it imports: they lie beside each program. */
export const suiteFiles = [
  "families",
  "longSums",
  "maps",
  "moves",
  "storeContract",
  "suite",
  "trainer",
  "training",
].map((name) => `${name}.mjs`);

/** Puts what `npm pack` makes of the repository into the folder's node_modules, as an installation would. */
async function installPackage(folder) {
  const staged = join(folder, "package");
  stage(staged);
  const { filename } = pack(staged, "--pack-destination", folder);
  await rm(staged, { recursive: true });
  const target = join(folder, "node_modules", "wasmgrad");
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  await execute("tar", ["-xzf", join(folder, filename), "-C", target, "--strip-components=1"]);
  await rm(join(folder, filename));
}

/**
 * @param name of the folder below build/
 * @param manifest of the tools, beside this file; what npm does not have for this machine is left out
 */
export async function workplace(name, manifest) {
  const folder = join(repository, "build", name);
  await mkdir(folder, { recursive: true });
  await copyFile(join(import.meta.dirname, manifest), join(folder, "package.json"));
  const options = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  await execute("npm", ["install", ...options], { cwd: folder, timeout: 15 * minutes });
  await installPackage(folder);
  for (const file of suiteFiles) await copyFile(join(import.meta.dirname, file), join(folder, file));
  const programs = join(import.meta.dirname, "programs");
  for (const file of await readdir(programs)) await copyFile(join(programs, file), join(folder, file));
  return folder;
}

/** Installs what of these packages is missing, where Debian's packages can be: by root. */
export async function installDebian(packages) {
  const missing = [];
  for (const name of packages) {
    await execute("dpkg", ["-s", name]).catch(() => missing.push(name));
  }
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) throw new Error(`needs ${missing.join(", ")}; only root may install them`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await execute("apt-get", ["update", "-qq"], { env, timeout: 5 * minutes });
  const install = ["install", "-qq", "-y", "--no-install-recommends", ...missing];
  await execute("apt-get", install, { env, timeout: 15 * minutes, maxBuffer: 2 ** 26 });
}

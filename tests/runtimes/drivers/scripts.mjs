// Runtimes that run a file: versions of Node, Deno, Bun.
import { join } from "node:path";
import { entry } from "../matrix.mjs";
import { execute } from "../workplace.mjs";

const minute = 60_000;

/** A command, and what comes before the name of the file. */
const runtimes = (folder) => {
  const modules = join(folder, "node_modules");
  const node = (name) => [join(modules, name, "bin", "node")];
  return {
    "this Node": [process.execPath],
    "Node 20": node("node20"),
    "Node 22": node("node22"),
    "Node 24": node("node24"),
    "Node, newest": node("nodeNewest"),
    Deno: [join(modules, ".bin", "deno"), "run", "--allow-read"],
    Bun: [join(modules, ".bin", "bun"), "run"],
  };
};

/** What a program prints last, as JSON. */
async function reportOf(folder, command, ...given) {
  const { stdout } = await execute(command, given, { cwd: folder, timeout: 5 * minute, maxBuffer: 2 ** 26 });
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

/** Compilers of V8 that must give the same bits: two vectors in one of 256 bits, and the baseline alone. */
const compilers = {
  "--experimental-wasm-revectorize": "Node, newest",
  "--liftoff-only": "Node 24",
};

/** V8 has no SIMD without these instructions of the processor. */
const withoutSimd = ["--no-enable-sse4-1", "--no-enable-ssse3"];

export async function checkScripts(folder) {
  for (const [name, [command, ...options]] of Object.entries(runtimes(folder))) {
    const start = (what) => async () => {
      const { stdout } = await execute(command, ["--version"], { timeout: minute });
      const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
      return { name: `${name.replace(/ \d+$|, newest$/, "")} ${version}${what}` };
    };
    const check = (what, ...given) =>
      entry(`${name}${what}`, start(what), () => reportOf(folder, command, ...options, ...given));
    await check("", "script.mjs");
    if (name.startsWith("Node")) await check(", require()", "script.cjs");
    const flags = Object.keys(compilers).filter((flag) => compilers[flag] === name);
    for (const flag of flags) await check(` ${flag}`, flag, "script.mjs");
  }
  await entry(
    "Node without SIMD",
    async () => {
      if (process.arch !== "x64") throw new Error(`no switch for it on ${process.arch}`);
    },
    () =>
      reportOf(folder, process.execPath, ...withoutSimd, "refused.mjs", "no 128-bit SIMD here; needs Chrome"),
  );
  await entry(
    "Node without WebAssembly (--jitless)",
    async () => undefined,
    () => reportOf(folder, process.execPath, "--jitless", "refused.mjs", "there is no WebAssembly here"),
  );
}

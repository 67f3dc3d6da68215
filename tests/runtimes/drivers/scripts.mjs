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

export async function checkScripts(folder) {
  for (const [name, [command, ...options]] of Object.entries(runtimes(folder))) {
    await entry(
      name,
      async () => {
        const { stdout } = await execute(command, ["--version"], { timeout: minute });
        const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
        return { name: `${name.replace(/ \d+$|, newest$/, "")} ${version}` };
      },
      async () => {
        const program = join(folder, "script.mjs");
        const { stdout } = await execute(command, [...options, program], {
          cwd: folder,
          timeout: 5 * minute,
        });
        return JSON.parse(stdout.trim().split("\n").at(-1));
      },
    );
  }
}

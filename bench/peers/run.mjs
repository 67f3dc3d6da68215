/** Runs every bench in turn; `--json` is handed on and prints one line of JSON for each. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));
// One after the other: two at once would measure each other.
const failed = ["matmul.mjs", "tfjsMatmul.mjs", "mlp.mjs", "cnn.mjs", "xor.mjs", "start.mjs"].filter(
  (bench) => {
    const json = process.argv.includes("--json") ? ["--json"] : [];
    const { status } = spawnSync(process.execPath, [bench, ...json], { cwd: folder, stdio: "inherit" });
    return status !== 0;
  },
);
if (failed.length > 0) {
  console.error(`failed: ${failed.join(", ")}`);
  process.exitCode = 1;
}

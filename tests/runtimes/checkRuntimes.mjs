// Runs the suite in every runtime that this machine has or can install, and prints what passed, failed and was skipped.
// `npm run check:runtimes`, after `npm run build`; with words as arguments, only: scripts workerd edge browsers stores frames.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { measureFrames } from "./drivers/frames.mjs";
import { checkBrowsers } from "./drivers/pages.mjs";
import { checkScripts } from "./drivers/scripts.mjs";
import { checkStores } from "./drivers/stores.mjs";
import { checkEdge, checkWorkerd } from "./drivers/workers.mjs";
import { finish, readSnapshotsWith } from "./matrix.mjs";
import { goOn, randomSteps, takeSnapshots } from "./moves.mjs";
import { workplace } from "./workplace.mjs";

const parts = {
  scripts: checkScripts,
  workerd: checkWorkerd,
  edge: checkEdge,
  browsers: checkBrowsers,
  stores: checkStores,
  frames: measureFrames,
};
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);

const folder = await workplace("runtimes", "package.json");

// A training that this Node begins and stops at fifty steps; each runtime goes on from all of them, and stops at three
// of its own, from which this Node goes on.
const wasmgrad = await import(pathToFileURL(join(folder, "node_modules/wasmgrad/dist/index.js")));
const snapshots = await takeSnapshots(wasmgrad, randomSteps(50));
await writeFile(join(folder, "snapshots.mjs"), `export default ${JSON.stringify(snapshots)};\n`);
readSnapshotsWith(async (returned) => {
  for (const snapshot of returned) await goOn(wasmgrad, snapshot);
});

for (const part of wanted) await parts[part](folder);
finish();

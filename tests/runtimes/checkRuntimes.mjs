// Runs the suite in every runtime that this machine has or can install, and prints what passed, failed and was skipped.
// `npm run check:runtimes`, after `npm run build`; with words as arguments, only: scripts workerd edge browsers.
import { checkBrowsers } from "./drivers/pages.mjs";
import { checkScripts } from "./drivers/scripts.mjs";
import { checkEdge, checkWorkerd } from "./drivers/workers.mjs";
import { finish } from "./matrix.mjs";
import { workplace } from "./workplace.mjs";

const parts = { scripts: checkScripts, workerd: checkWorkerd, edge: checkEdge, browsers: checkBrowsers };
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);

const folder = await workplace("runtimes", "package.json");
for (const part of wanted) await parts[part](folder);
finish();

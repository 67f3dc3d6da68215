// Takes the packed package through every bundler without configuration, runs what each makes, and prints the table.
// `npm run check:bundlers`, after `npm run build`; with words as arguments, only what has one of them in its name.
import { chromium } from "./drivers/browsers.mjs";
import { bundlers, copyApp, nextServer, tool, typeCheck, viteDev } from "./drivers/bundlers.mjs";
import { serve } from "./drivers/server.mjs";
import { entry, finish } from "./matrix.mjs";
import { workplace } from "./workplace.mjs";

const words = process.argv.slice(2);
const isWanted = (name) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word));

const folder = await workplace("bundlers", "bundlers.json");

/** Started once, by the first that needs it. */
let browser;
const inChromium = async (origin) => {
  browser ??= await chromium(folder);
  return browser.open(`${origin}/index.html`);
};

const folderOf = (name) => name.toLowerCase().replaceAll(" ", "-");
const named = (name, of) => ({ name: `${name.replace(/ \d /, " ")} (${tool(folder, of).version})` });

async function check(name, of, run) {
  if (!isWanted(name)) return;
  await entry(name, async () => named(name, of), run);
}

for (const [name, { of, make }] of Object.entries(bundlers)) {
  await check(name, of, async () => {
    const { origin, close } = await serve(await make(folder, await copyApp(folder, folderOf(name))));
    return inChromium(origin).finally(close);
  });
}

for (const vite of ["vite7", "vite8"]) {
  const name = `Vite ${vite.at(-1)} dev`;
  await check(name, vite, async () => {
    const { origin, close } = await viteDev(folder, await copyApp(folder, folderOf(name)), vite);
    return inChromium(origin).finally(close);
  });
}
await browser?.close();

let next;
for (const route of ["node", "edge"]) {
  await check(`Next ${route} route`, "next", async () => {
    next ??= await nextServer(folder, await copyApp(folder, "next", "app/next"));
    const response = await fetch(`${next.origin}/${route}`);
    const text = await response.text();
    if (!response.ok) throw new Error(`status ${response.status}: ${text.slice(0, 500)}`);
    return JSON.parse(text);
  });
}
next?.close();

const resolutions = { bundler: "preserve", nodenext: "nodenext" };
for (const [resolution, module] of Object.entries(resolutions)) {
  await check(`TypeScript ${resolution}`, "typescript", async () => {
    const place = await copyApp(folder, `types-${resolution}`, "app/types");
    await typeCheck(folder, place, module, resolution);
    return { passed: 1, failures: [] };
  });
}
finish();

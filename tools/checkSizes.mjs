// What programs load from their first line to the end of their first `fit`, in kB of gzip: `npm run check:size`, after
// `npm run build`. Each scenario of tests/sizes/ is bundled with the packed package, served, and run by Chromium, so
// that a chunk counts only when it is really fetched. With words as arguments, only bundlers with one in their name.
import { copyFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { transform } from "esbuild";
import { chromium } from "../tests/runtimes/drivers/browsers.mjs";
import { bundlers, copyApp } from "../tests/runtimes/drivers/bundlers.mjs";
import { serve } from "../tests/runtimes/drivers/server.mjs";
import { reason, workplace } from "../tests/runtimes/workplace.mjs";
import { entries } from "./entries.mjs";
import { entrySize } from "./entrySizes.mjs";
import { entryLimits, limits, targets } from "./sizeLimits.mjs";

const words = process.argv.slice(2);
const isWanted = (name) => words.length === 0 || words.some((word) => name.toLowerCase().includes(word));

const programs = join(import.meta.dirname, "../tests/sizes");
const measured = ["esbuild esm", "Rollup", "Vite 8 build", "webpack", "Parcel"].filter(isWanted);
/** These leave minifying to others: here, to esbuild. */
const unminified = ["esbuild esm", "Rollup"];

const folder = await workplace("bundlers", "bundlers.json");
const browser = await chromium(folder);

/** The scripts and modules that a page fetched, by path, when its program has ended. */
async function fetched(root, page = "index.html") {
  const files = new Map();
  const { origin, close } = await serve(root, (path, content) => files.set(path, content));
  await browser.open(`${origin}/${page}`).finally(close);
  return [...files].filter(([path]) => /\.(m?js|wasm)$/.test(path));
}

async function kilobytes(files, isMinified) {
  let bytes = 0;
  for (const [path, content] of files) {
    const isScript = !isMinified && !path.endsWith(".wasm");
    const sent = isScript ? (await transform(String(content), { minify: true })).code : content;
    bytes += gzipSync(sent, { level: 9 }).length;
  }
  return bytes / 1000;
}

async function copyScenario(place, scenario) {
  for (const file of ["rows.mjs", `${scenario}.mjs`]) await copyFile(join(programs, file), join(place, file));
}

/** kB of a scenario as a bundler makes it. */
async function bundled(name, scenario) {
  const place = await copyApp(folder, `size-${scenario}-${name.toLowerCase().replaceAll(" ", "-")}`);
  await copyScenario(join(place, "src"), scenario);
  await writeFile(join(place, "src/index.js"), `import "./${scenario}.mjs";\n`);
  return kilobytes(await fetched(await bundlers[name].make(folder, place)), !unminified.includes(name));
}

/** kB and requests of a scenario whose page finds the package's own files by an import map, as from a CDN. */
async function unbundled(scenario) {
  const imports = Object.fromEntries(
    Object.keys(entries).map((name) => [
      name === "index" ? "wasmgrad" : `wasmgrad/${name}`,
      `/node_modules/wasmgrad/dist/${name}.js`,
    ]),
  );
  await copyScenario(folder, scenario);
  await writeFile(
    join(folder, "importMap.html"),
    `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module" src="/${scenario}.mjs"></script>\n`,
  );
  const files = await fetched(folder, "importMap.html");
  const ofPackage = files.filter(([path]) => path.startsWith("/node_modules/"));
  return { requests: ofPackage.length, size: await kilobytes(ofPackage, true) };
}

const tooLarge = [];
const print = (...cells) => console.log(cells.map((cell, i) => String(cell).padEnd(i ? 13 : 14)).join(""));
const check = (what, value, limit) => {
  if (value > limit) tooLarge.push(`${what} is ${value.toFixed(1)}; its limit is ${limit}`);
};

/** One number of the table; a bundler that fails is not small. */
async function cell(what, limit, measure) {
  try {
    const size = await measure();
    check(what, size, limit);
    return size.toFixed(1);
  } catch (error) {
    tooLarge.push(`${what} does not run: ${reason(error)}`);
    return "failed";
  }
}

const scenarios = (await readdir(programs)).map((file) => file.replace(".mjs", ""));
const unlisted = scenarios.filter((name) => name !== "rows" && limits[name] === undefined);
if (unlisted.length > 0) throw new Error(`no limit for ${unlisted}`);

print("kB of gzip", ...measured, "import map", "requests", "limits", "target");
for (const [scenario, limit] of Object.entries(limits)) {
  const cells = [];
  for (const name of measured) {
    cells.push(await cell(`${scenario} by ${name}`, limit.bundled, () => bundled(name, scenario)));
  }
  let requests = "failed";
  const size = await cell(`${scenario} by import map`, limit.unbundled, async () => {
    const found = await unbundled(scenario);
    check(`${scenario}'s number of requests`, found.requests, limit.requests);
    requests = found.requests;
    return found.size;
  });
  print(scenario, ...cells, size, requests, Object.values(limit).join(" "), targets[scenario]);
}
console.log(`\nlimits: bundled, by import map, requests (target ${targets.requests})`);
await browser.close();

console.log("\nkB of gzip of all of an entry, bundled, and its limit");
for (const [name, limit] of Object.entries(entryLimits)) {
  const size = await entrySize(name);
  check(name, size, limit);
  console.log(`${name.padEnd(26)}${size.toFixed(1).padEnd(13)}${limit}`);
}

for (const line of tooLarge) console.error(line);
process.exitCode = tooLarge.length === 0 ? 0 : 1;

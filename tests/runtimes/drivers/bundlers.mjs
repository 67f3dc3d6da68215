// Each bundler: where it leaves what it made of app/, with no configuration but names of folders.
import { spawn } from "node:child_process";
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { FAMILIES } from "../families.mjs";
import { execute, suiteFiles } from "../workplace.mjs";

const minutes = 60_000;

/** A tool of the manifest in the folder: its version, and its module. */
export function tool(folder, name) {
  const require = createRequire(join(folder, "package.json"));
  const { version } = require(join(folder, "node_modules", name, "package.json"));
  const load = async () => {
    const module = await import(pathToFileURL(require.resolve(name)));
    return module.default ?? module;
  };
  return { version, load };
}

/** A copy of the app in a folder of its own, in which the folder's node_modules are found. */
export async function copyApp(folder, name, app = "app") {
  const place = join(folder, name);
  await rm(place, { recursive: true, force: true });
  await cp(join(import.meta.dirname, "..", app), place, { recursive: true });
  for (const file of suiteFiles) {
    const below = app === "app" ? join(place, "src") : place;
    await copyFile(join(folder, file), join(below, file));
  }
  // A project of its own, with a manifest like any other.
  await writeFile(join(place, "package.json"), '{ "private": true, "type": "module" }\n');
  return place;
}

/** Runs a tool's command with the Node that runs this. */
const command = (folder, place, script, ...options) =>
  execute(process.execPath, [join(folder, "node_modules", script), ...options], {
    cwd: place,
    timeout: 5 * minutes,
    maxBuffer: 2 ** 26,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", PARCEL_WORKERS: "2" },
  });

/** Throws where a script holds the digits of a module of the engine that the program did not register. */
async function checkLean(folder, script) {
  const text = await readFile(script, "utf8");
  const digits = join(folder, "node_modules/wasmgrad/dist/hex");
  for (const file of await readdir(digits)) {
    const name = file.replace(".js", "");
    const [, hex] = /"(.*)"/.exec(await readFile(join(digits, file), "utf8"));
    const isNeeded = name === "core" || FAMILIES.includes(name);
    if (text.includes(hex) !== isNeeded) throw new Error(`${name} is ${isNeeded ? "not " : ""}in the bundle`);
  }
}

/** The page of a bundle that is one script. */
async function pageFor(output, script, type) {
  await mkdir(output, { recursive: true });
  const page = `<!doctype html><meta charset="utf-8"><title>bundle</title><script ${type} src="./${script}"></script>\n`;
  await writeFile(join(output, "index.html"), page);
  return output;
}

const vite = (name) => async (folder, place) => {
  await command(folder, place, `${name}/bin/vite.js`, "build");
  return join(place, "dist");
};

const withEsbuild =
  (options, type, name = "index.js") =>
  async (folder, place) => {
    const { build } = await tool(folder, "esbuild").load();
    const output = join(place, "dist");
    const entryPoints = [join(place, "src", name)];
    await build({
      absWorkingDir: place,
      entryPoints,
      bundle: true,
      outdir: output,
      logLevel: "error",
      ...options,
    });
    if (name === "lean.js") await checkLean(folder, join(output, name));
    return pageFor(output, name, type);
  };

const parcel = (script) => async (folder, place) => {
  await pageFor(place, script, 'type="module"');
  await command(folder, place, "parcel/lib/bin.js", "build", "index.html", "--cache-dir", "cache");
  return join(place, "dist");
};

/** By name: the package of the tool, and `make`, which gives the folder to serve. */
export const bundlers = {
  "Vite 7 build": { of: "vite7", make: vite("vite7") },
  "Vite 8 build": { of: "vite8", make: vite("vite8") },
  webpack: {
    of: "webpack",
    async make(folder, place) {
      const webpack = await tool(folder, "webpack").load();
      await new Promise((done, fail) => {
        const output = { path: join(place, "dist") };
        webpack({ context: place, mode: "production", output }, (error, stats) => {
          if (error || stats.hasErrors())
            fail(error ?? new Error(stats.toString({ all: false, errors: true })));
          else done();
        });
      });
      return pageFor(join(place, "dist"), "main.js", "defer");
    },
  },
  Rollup: {
    of: "rollup",
    async make(folder, place) {
      const require = createRequire(join(folder, "package.json"));
      const { rollup } = require("rollup");
      // Rollup finds no package by itself.
      const resolve = (await tool(folder, "@rollup/plugin-node-resolve").load())();
      const bundle = await rollup({ input: join(place, "src/index.js"), plugins: [resolve] });
      await bundle.write({ dir: join(place, "dist"), format: "es" });
      await bundle.close();
      return pageFor(join(place, "dist"), "index.js", 'type="module"');
    },
  },
  "esbuild esm": { of: "esbuild", make: withEsbuild({ format: "esm", splitting: true }, 'type="module"') },
  "esbuild iife": { of: "esbuild", make: withEsbuild({ format: "iife", minify: true }, "defer") },
  "esbuild iife, registered": {
    of: "esbuild",
    make: withEsbuild({ format: "iife", minify: true }, "defer", "lean.js"),
  },
  Parcel: { of: "parcel", make: parcel("src/index.js") },
  // Parcel does not read exports: wasmgrad/engine/<family> are folders.
  "Parcel, registered": { of: "parcel", make: parcel("src/lean.js") },
  "Bun build": {
    of: "bun",
    async make(folder, place) {
      const options = ["build", "src/index.js", "--outdir", "dist"];
      await execute(join(folder, "node_modules/.bin/bun"), options, { cwd: place, timeout: 5 * minutes });
      return pageFor(join(place, "dist"), "index.js", 'type="module"');
    },
  },
};

/** Starts a server of a tool and waits for the address that it prints. */
async function startServer(place, script, options, env = {}) {
  const child = spawn(process.execPath, [script, ...options], {
    cwd: place,
    env: { ...process.env, ...env },
  });
  let log = "";
  const origin = await new Promise((done, fail) => {
    const read = (text) => {
      log += text;
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colors of a terminal
      const found = /http:\/\/(localhost|127\.0\.0\.1):(\d+)/.exec(log.replace(/\x1b\[\d*m/g, ""));
      if (found) done(`http://127.0.0.1:${found[2]}`);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("exit", (code) => fail(new Error(`ended with ${code}: ${log}`)));
    setTimeout(() => fail(new Error(`no address within a minute: ${log}`)), minutes).unref();
  });
  return { origin, close: () => child.kill() };
}

export function viteDev(folder, place, name) {
  const script = join(folder, "node_modules", name, "bin/vite.js");
  return startServer(place, script, ["--host", "127.0.0.1", "--port", "0"]);
}

/** Builds and starts a Next application. */
export async function nextServer(folder, place) {
  await command(folder, place, "next/dist/bin/next", "build");
  const script = join(folder, "node_modules/next/dist/bin/next");
  return startServer(place, script, ["start", "--hostname", "127.0.0.1", "--port", "0"], {
    NEXT_TELEMETRY_DISABLED: "1",
  });
}

/** What the compiler says of app/types under a module resolution. */
export async function typeCheck(folder, place, module, moduleResolution) {
  const strictness = { strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true };
  const options = { noEmit: true, target: "es2022", module, moduleResolution, types: [], ...strictness };
  const project = { compilerOptions: options, include: ["program.ts"] };
  await writeFile(join(place, "tsconfig.json"), JSON.stringify(project));
  await command(folder, place, "typescript/bin/tsc", "--project", ".");
}

// Runtimes that forbid compiling WebAssembly from bytes: the module is imported, under an export condition.
import { spawn } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { entry } from "../matrix.mjs";
import { execute } from "../workplace.mjs";
import { askEdgeExamples, copyEdgeExamples } from "./edgeExamples.mjs";
import { freePort } from "./server.mjs";

const wasm = (folder, file = "") => join(folder, "node_modules", "wasmgrad", "dist", "wasm", file);

/** All modules of the engine: an upload has what import() may ask for, too. */
const wasmFiles = async (folder) => (await readdir(wasm(folder))).filter((file) => file.endsWith(".wasm"));

const bundle = (folder, program, options) =>
  build({
    absWorkingDir: folder,
    entryPoints: [join(folder, program)],
    bundle: true,
    target: "es2022",
    logLevel: "error",
    ...options,
  });

/** The file of a module, which dist names by its path and programs by a subpath of the package. */
function fileOf(path, { absWorkingDir }) {
  const plain = path.replace("?module", "");
  const require = createRequire(join(absWorkingDir, "package.json"));
  return basename(plain.startsWith(".") ? plain : require.resolve(plain));
}

/** As wrangler does: a module of WebAssembly stays beside the bundle, under the name that the worker uploads it by. */
const besideBundle = {
  name: "wasm-beside-bundle",
  setup({ onResolve, initialOptions }) {
    const beside = ({ path }) => ({ path: `./${fileOf(path, initialOptions)}`, external: true });
    onResolve({ filter: /\.wasm$/ }, beside);
  },
};

/** As Next does: a module of WebAssembly is a global of the function's own, compiled when it was deployed. */
const asGlobal = {
  name: "wasm-as-global",
  setup({ onResolve, onLoad, initialOptions }) {
    const deployed = ({ path }) => ({ path: fileOf(path, initialOptions), namespace: "deployed" });
    onResolve({ filter: /\.wasm\?module$/ }, deployed);
    onLoad({ filter: /./, namespace: "deployed" }, ({ path }) => ({
      contents: `export default deployed[${JSON.stringify(path)}];`,
    }));
  },
};

const configuration = (port, files) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const worker :Workerd.Worker = (
  compatibilityDate = "2025-01-01",
  modules = [
    (name = "worker.js", esModule = embed "worker.js"),
${files.map((file) => `    (name = "${file}", wasm = embed "${file}"),`).join("\n")}
  ],
);
`;

/** Answers of a server that is starting up. */
async function fetchOnceUp(url, tries = 100) {
  try {
    return await fetch(url);
  } catch (error) {
    if (tries === 0) throw error;
    await sleep(50);
    return fetchOnceUp(url, tries - 1);
  }
}

/** Bundles a program as worker.js of a place, with the modules of the engine beside it. @returns their names */
export async function bundleWorker(folder, program, conditions, place) {
  const options = { conditions, format: "esm", plugins: [besideBundle] };
  await bundle(folder, program, { ...options, outfile: join(place, "worker.js") });
  const files = await wasmFiles(folder);
  for (const file of files) await copyFile(wasm(folder, file), join(place, file));
  return files;
}

/** Serves a program, bundled with these export conditions, while `use` asks it. */
async function serveWorkerd(folder, program, conditions, use) {
  const place = join(folder, "workerd");
  await mkdir(place, { recursive: true });
  const files = await bundleWorker(folder, program, conditions, place);
  const port = await freePort();
  await writeFile(join(place, "config.capnp"), configuration(port, files));
  const started = performance.now();
  const server = spawn(workerd(folder), ["serve", join(place, "config.capnp")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  server.stderr.on("data", (text) => {
    log += text;
  });
  try {
    return await use(`http://127.0.0.1:${port}`, started);
  } catch (error) {
    throw new Error(`${error.message} ${log}`.trim(), { cause: error });
  } finally {
    server.kill();
  }
}

async function report(response) {
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  throw new Error(`status ${response.status}: ${text}`);
}

const workerd = (folder) => join(folder, "node_modules", ".bin", "workerd");

export async function checkWorkerd(folder) {
  const start = (what) => async () => {
    const { stdout } = await execute(workerd(folder), ["--version"], { timeout: 60_000 });
    return { name: `${stdout.trim()}${what}` };
  };
  await entry("workerd", start(""), () =>
    serveWorkerd(folder, "worker.mjs", ["workerd", "worker"], async (url, started) => {
      // From the start of the process: the worker's own clock stands still.
      await (await fetchOnceUp(`${url}/first`)).text();
      const firstStep = performance.now() - started;
      return { ...(await report(await fetch(url))), firstStep };
    }),
  );
  await entry("workerd, examples", start(", examples/edge"), async () => {
    await copyEdgeExamples(folder);
    return serveWorkerd(folder, "edgeExamples.mjs", ["workerd", "worker"], (url) =>
      askEdgeExamples(url, fetchOnceUp),
    );
  });
  await entry("workerd, no condition", start(", without its condition"), () =>
    serveWorkerd(folder, "refusedWorker.mjs", [], async (url) => report(await fetchOnceUp(url))),
  );
}

export async function checkEdge(folder) {
  await entry(
    "edge-runtime",
    async () => {
      const require = createRequire(join(folder, "package.json"));
      const { version } = require("edge-runtime/package.json");
      return { name: `edge-runtime ${version}`, EdgeRuntime: require("edge-runtime").EdgeRuntime };
    },
    async ({ EdgeRuntime }) => {
      const outfile = join(folder, "edge.bundle.js");
      const conditions = ["edge-light", "worker"];
      await bundle(folder, "edge.mjs", { conditions, format: "iife", plugins: [asGlobal], outfile });
      const deployed = {};
      // This V8 does not know the instructions of the relaxed build, which nothing imports here.
      const files = (await wasmFiles(folder)).filter((file) => file !== "relaxed.wasm");
      for (const file of files) {
        deployed[file] = await WebAssembly.compile(await readFile(wasm(folder, file)));
      }
      const runtime = new EdgeRuntime({
        initialCode: await readFile(outfile, "utf8"),
        codeGeneration: { strings: false, wasm: false },
        extend: (context) => Object.assign(context, { deployed }),
      });
      return report(await runtime.dispatchFetch("http://127.0.0.1/"));
    },
  );
}

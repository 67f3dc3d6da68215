import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { build } from "esbuild";
import { conditions, entries, loader, modules } from "./entries.mjs";

const engines = ["simd", "relaxed"];

/** Each engine's hex digits are a file of dist/ by itself, which no line limit breaks: broken, they compress worse. */
const engineFiles = {
  name: "engine-files",
  setup(build) {
    build.onResolve({ filter: /build[\\/](simd|relaxed)\.js$/ }, ({ path }) => ({
      path: `./${basename(path, ".js")}.js`,
      external: true,
    }));
  },
};

/**
 * Fields of records are looked up by name only. Written out, the enums that hold them are 320 bytes more to download;
 * here their names are listed and numbered when the module loads.
 */
const compactRecords = {
  name: "compact-records",
  setup(build) {
    build.onLoad({ filter: /assembly[\\/]isa\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const record = /export enum (\w+) \{ (\w+) = 2, ([\w, ]+), words \}/g;
      const compact = source.replace(record, (_, name, first, others) => {
        const fields = [first, ...others.split(", "), "words"].join(" ");
        return `export const ${name} = /* @__PURE__ */ numbered("${fields}");`;
      });
      // On the first line, so that every line keeps its number for the source map.
      const numbered = `const numbered = (names) => Object.fromEntries(names.split(" ").map((name, i) => [name, i + 2]));`;
      return { contents: numbered + compact, loader: "ts" };
    });
  },
};

/** Those that load an engine are built once for each condition too. */
const loading = modules.map(([name]) => name).filter((name) => entries[name].loadsEngine);

const options = {
  outdir: "dist",
  bundle: true,
  splitting: true,
  minify: true,
  sourcemap: "linked",
  format: "esm",
  platform: "neutral",
  target: "es2022",
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
  write: false,
};

/** Sources from which imports lead to the loader: the only ones that a condition needs a copy of. */
async function leadingToLoader() {
  const { metafile } = await build({
    ...options,
    entryPoints: loading.map((name) => entries[name].source),
    plugins: [engineFiles],
    metafile: true,
  });
  const reaching = new Set([loader]);
  for (let known = 0; known < reaching.size; ) {
    known = reaching.size;
    for (const [path, { imports }] of Object.entries(metafile.inputs)) {
      if (imports.some((one) => reaching.has(one.path))) reaching.add(path);
    }
  }
  return reaching;
}

/**
 * Each condition is a namespace, in which a source on the way to the loader imports the copy of the next one, and
 * everything else what all entries share: a value made by `wasmgrad/ops` is the same class under every condition.
 */
const byCondition = (reaching) => ({
  name: "by-condition",
  setup(build) {
    build.onResolve({ filter: /\.wasm(\?module)?$/ }, ({ path }) => ({ path, external: true }));
    for (const [condition, replacement] of Object.entries(conditions)) {
      const copyOf = (path) => ({ path: resolve(path), namespace: condition });
      const inCondition = ({ path }, from) => {
        const source = relative("", resolve(from, path.replace(/\.js$/, ".ts")));
        if (source === loader) return copyOf(replacement);
        return reaching.has(source) ? copyOf(source) : { path: resolve(source) };
      };
      build.onResolve({ filter: new RegExp(`^${condition}:`) }, ({ path }) =>
        copyOf(path.slice(condition.length + 1)),
      );
      build.onResolve({ filter: /^\./, namespace: condition }, (args) =>
        inCondition(args, dirname(args.importer)),
      );
      build.onLoad({ filter: /./, namespace: condition }, async ({ path }) => ({
        contents: await readFile(path, "utf8"),
        loader: "ts",
      }));
    }
  },
});

const entryPoints = modules.map(([out, path]) => ({ in: path, out }));
for (const condition of Object.keys(conditions)) {
  for (const name of loading) {
    entryPoints.push({ in: `${condition}:${entries[name].source}`, out: `${name}.${condition}` });
  }
}

await rm("dist", { recursive: true, force: true });
const { outputFiles } = await build({
  ...options,
  entryPoints,
  plugins: [engineFiles, compactRecords, byCondition(await leadingToLoader())],
});

// A script by itself, for applications that make the worker: see the option `worker` of `compile`.
const { outputFiles: script } = await build({
  ...options,
  entryPoints: { worker: entries.worker.source },
  splitting: false,
  plugins: [compactRecords],
});

/**
 * No module of the package does anything when it is loaded, so one that is imported for nothing else need not be. Blanks
 * take the place of such an import: the source map counts columns.
 */
const withoutBareImports = (code) =>
  code.replace(/import"\.\/[\w.-]+";/g, ({ length }) => " ".repeat(length));

/**
 * Node prints the line that threw an uncaught error, here a page, unless that line holds these words. They stand at its
 * end, or before the backtick or brace behind which a template literal breaks it: no column of the source map moves.
 */
const withoutExceptionLines = (code) =>
  code.replace(/(throw .*?)([`}]?\n)/g, "$1/*node-do-not-add-exception-line*/$2");

/** Sources of a map by their paths in the repository: copies for a condition are named by it and an absolute path. */
function withPlainSources(json) {
  const map = JSON.parse(json);
  const plain = (source) =>
    source.replace(/^[\w-]+:(.*)$/, (_, path) => relative("dist", path).replaceAll("\\", "/"));
  return JSON.stringify({ ...map, sources: map.sources.map(plain) });
}

await mkdir("dist", { recursive: true });
for (const { path, text } of [...outputFiles, ...script]) {
  await writeFile(
    path,
    path.endsWith(".map") ? withPlainSources(text) : withoutExceptionLines(withoutBareImports(text)),
  );
}
for (const engine of engines) {
  await copyFile(`build/${engine}.wasm`, `dist/${engine}.wasm`);
  const hex = (await readFile(`build/${engine}.wasm`)).toString("hex");
  await writeFile(`dist/${engine}.js`, `export default "${hex}";\n`);
}
await writeFile("dist/worker.d.ts", "export {};\n");

// Makes dist/ of src/ and of the modules of the engine:
//
//   shared.js                     all that several entries use: of classes, state and primitives there is one copy
//   index.js core.js ops.js …     the entries, each with what it alone uses; index.workerd.js … under conditions
//   load.js load.workerd.js …     how the engine gets in
//   hex/<module>.js               the digits of a module of the engine, without any import
//   complete.js …                 brings in statically what is imported when it is needed, with all families
//   rare-<table>.js               what is named seldom of losses, metrics and optimizers, with copies of what it shares
//   engine/<family>.js            registers one, for where it cannot be imported when it is needed
//   wasm/<module>.wasm            the modules themselves
//   others                        what is imported when it is needed: see src/late.ts
//
// White space is left to applications: of what they leave out they need the marks (tools/hostTransform.mjs).
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, posix, relative, resolve } from "node:path";
import { build, transform } from "esbuild";
import { rollup } from "rollup";
import { conditions, copying, entries, isCopied, loader, modules } from "./entries.mjs";
import { builds, families } from "./families.mjs";
import { transformHost } from "./hostTransform.mjs";

/** Entries that load an engine are built once for each condition too. */
const loading = modules.filter(([name]) => entries[name].loadsEngine);
const complete = entries.complete.source;
const registered = ["core", ...families];
const allConditions = ["", ...Object.keys(conditions)];

const plain = (id) => relative("", id.split("?")[0]).replaceAll("\\", "/");
const queryOf = (id) => id.split("?")[1] ?? "";
const named = (name, condition) => (condition === "" ? name : `${name}.${condition}`);

/** What each source imports statically, and what when it is needed, by its path. */
async function importsOfSources() {
  const { metafile } = await build({
    entryPoints: modules.map(([, path]) => path),
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    outdir: "dist",
    write: false,
    metafile: true,
  });
  const ofKind = (wanted, all) =>
    all.filter(({ kind, external }) => kind === wanted && !external).map(({ path }) => path);
  return new Map(
    Object.entries(metafile.inputs).map(([path, { imports }]) => [
      path,
      { now: ofKind("import-statement", imports), late: ofKind("dynamic-import", imports) },
    ]),
  );
}

const imports = await importsOfSources();

function reachable(start, seen = new Set(), kinds = ["now"]) {
  if (seen.has(start)) return seen;
  seen.add(start);
  for (const kind of kinds) for (const next of imports.get(start)?.[kind] ?? []) reachable(next, seen, kinds);
  return seen;
}

const reached = modules.map(([, path]) => reachable(path));
/** Sources from which imports lead to the loader: the only ones that a condition needs a copy of. */
const leading = new Set([...imports.keys()].filter((path) => reachable(path).has(loader)));
/** What only the loader uses: `wasmgrad/core`, which loads nothing, goes without it. */
const withoutLoader = reachable(entries.core.source);
const ofLoader = new Set([...reachable(loader)].filter((path) => !withoutLoader.has(path)));
/** What is imported when it is needed, each with all that it uses; what several use goes with the first. */
const lateParts = [...new Set([...imports.values()].flatMap(({ late }) => late))]
  .filter((path) => path.startsWith("src/") && copying[path] === undefined)
  .sort((a, b) => reachable(b).size - reachable(a).size)
  .map((path) => ({ name: basename(path, ".ts"), sources: reachable(path) }));
/** Files of dist/ that hold several of them: what a training with validation loads takes one request. */
const joined = { validation: "watching", validationSplit: "watching", hooks: "watching" };
/** What several entries use, or one of them and what another loads when it is needed. */
const shared = new Set(
  [...imports.keys()].filter((path) => {
    if (leading.has(path) || ofLoader.has(path)) return false;
    const users = reached.filter((set) => set.has(path)).length;
    return users > 1 || (users === 1 && usedLate(path) > 1);
  }),
);

/** Entries that use a source, by way of what they load when it is needed. */
function usedLate(path) {
  return modules.filter(([, start]) => reachableLate(start).has(path)).length;
}

/** What an entry uses at any time, without what its late parts have copies of, by the files of these. */
function reachableLate(start, seen = new Set(), file = "") {
  const isCopy = file !== "" && (copying[start] === file || isCopied(start, file));
  const place = isCopy ? `${start}?${file}` : start;
  if (seen.has(place)) return seen;
  seen.add(place);
  const { now = [], late = [] } = imports.get(start) ?? {};
  for (const next of now) reachableLate(next, seen, isCopy ? file : "");
  for (const next of late) reachableLate(next, seen, copying[next] ?? "");
  return seen;
}

/** Queries of what has copies, and the names of their files. */
const files = new Set(Object.values(copying));

/**
 * Each condition is a query, in which a source on the way to the loader imports the copy of the next one, and everything
 * else what all entries share: a value made by `wasmgrad/ops` is the same class under every condition.
 */
const sources = {
  name: "sources",
  resolveId(source, importer) {
    if (source.startsWith("\0")) return source;
    if (importer === undefined) return resolve(source);
    if (importer.startsWith("\0")) return undefined;
    const query = queryOf(importer);
    const target = resolve(dirname(importer.split("?")[0]), source);
    const module = /build\/engine\/(\w+)\.js$/.exec(target)?.[1];
    if (module !== undefined) return { id: `./hex/${module}.js`, external: "relative" };
    if (/\.wasm(\?module)?$/.test(source)) return { id: source, external: "relative" };
    const path = plain(target.replace(/\.js$/, ".ts"));
    // It brings in the same file that is imported else.
    if (plain(importer) === complete && copying[path] !== undefined)
      return `${resolve(path)}?${copying[path]}`;
    if (files.has(query)) return resolve(path) + (isCopied(path, query) ? `?${query}` : "");
    if (path === loader && query !== "") return `${resolve(conditions[query])}?${query}`;
    return resolve(path) + (query !== "" && leading.has(path) ? `?${query}` : "");
  },
  resolveDynamicImport(source, importer) {
    const path = resolve(dirname(importer.split("?")[0]), source).replace(/\.js$/, ".ts");
    const file = copying[plain(path)];
    return file === undefined ? undefined : `${path}?${file}`;
  },
  async load(id) {
    if (id.startsWith("\0")) return undefined;
    return readFile(id.split("?")[0], "utf8");
  },
  transform(text, id) {
    if (id.startsWith("\0")) return undefined;
    return transformHost(text, id.split("?")[0]);
  },
};

const registration = (name, condition) => `\0engine/${name}${condition && `?${condition}`}`;

/** The registration of a module of the engine, from the digits or the module that a condition allows. */
const registrations = {
  name: "registrations",
  resolveId(source, importer) {
    if (/^\0(engine|complete)/.test(source)) return source;
    if (importer?.startsWith("\0complete")) return source;
    if (!importer?.startsWith("\0engine/")) return undefined;
    return source.startsWith("..") ? { id: source, external: true } : resolve(source);
  },
  load(id) {
    if (id.startsWith("\0complete")) {
      const registering = families.map((name) => registration(name, queryOf(id)));
      return [resolve(complete), ...registering].map((one) => `import ${JSON.stringify(one)};\n`).join("");
    }
    const [, name, condition] = /^\0engine\/(\w+)\??(.*)$/.exec(id) ?? [];
    if (name === undefined) return undefined;
    const code = {
      "": `hex/${name}.js`,
      workerd: `wasm/${name}.wasm`,
      "edge-light": `wasm/${name}.wasm?module`,
    };
    return `import { register } from "src/runtime/registry.ts";
import code from "../${code[condition]}";
export default register("${name}", code);
`;
  },
};

/**
 * Comments go, but for the marks, which would go with the white space; names become short. Lines stay short enough for Node
 * to print one below an error that nobody catches.
 */
const shortened = {
  name: "shortened",
  async renderChunk(code, { fileName }) {
    const options = {
      format: "esm",
      target: "es2022",
      lineLimit: 120,
      legalComments: "none",
      minifyIdentifiers: true,
      minifySyntax: true,
    };
    const printed = await transform(code, { ...options, sourcefile: fileName, sourcemap: true });
    return { code: printed.code, map: JSON.parse(printed.map) };
  },
};

const input = Object.fromEntries([
  ...modules,
  ...Object.keys(conditions).flatMap((condition) =>
    loading.map(([name, path]) => [named(name, condition), `${resolve(path)}?${condition}`]),
  ),
  ...allConditions.flatMap((condition) =>
    registered.map((name) => [`engine/${named(name, condition)}`, registration(name, condition)]),
  ),
  ...allConditions.map((condition) => [
    named("complete", condition),
    `\0complete${condition && `?${condition}`}`,
  ]),
]);

const bundle = await rollup({
  input,
  plugins: [registrations, sources, shortened],
  preserveEntrySignatures: "strict",
  treeshake: { moduleSideEffects: (id) => id.startsWith("\0") || plain(id) === complete },
  onwarn(warning) {
    throw new Error(warning.message);
  },
});
await rm("dist", { recursive: true, force: true });
const { output } = await bundle.generate({
  dir: "dist",
  format: "es",
  sourcemap: true,
  entryFileNames: "[name].js",
  chunkFileNames: "[name].js",
  minifyInternalExports: false,
  hoistTransitiveImports: false,
  manualChunks(id) {
    const path = plain(id);
    const query = queryOf(id);
    if (files.has(query)) return query;
    // Where a late part is told of, `complete` must find the same, and not draw it into its own parts.
    if (shared.has(path) || /\/late\.ts$/.test(path)) return "shared";
    if (ofLoader.has(path) || path === conditions[query]) return named("load", query);
    // What an entry uses by itself goes into it.
    if (path === complete) return "completeParts";
    if (reached.some((set) => set.has(path))) return undefined;
    const name = lateParts.find(({ sources }) => sources.has(path))?.name;
    return joined[name] ?? name;
  },
});

await mkdir("dist/hex", { recursive: true });
await mkdir("dist/wasm", { recursive: true });
await mkdir("dist/engine", { recursive: true });
/** Sources of a map by their paths in the repository. */
function withPlainSources(map, fileName) {
  const from = dirname(join("dist", fileName));
  const sources = map.sources.map((source) => posix.relative(from, plain(resolve(from, source))));
  return JSON.stringify({ ...map, sources });
}

for (const one of output) {
  const path = join("dist", one.fileName);
  if (one.type === "asset") continue;
  await writeFile(path, one.code);
  await writeFile(`${path}.map`, withPlainSources(one.map, one.fileName));
}
for (const { name } of builds) {
  await copyFile(`build/engine/${name}.wasm`, `dist/wasm/${name}.wasm`);
  const hex = (await readFile(`build/engine/${name}.wasm`)).toString("hex");
  await writeFile(`dist/hex/${name}.js`, `export default "${hex}";\n`);
}

// A script by itself, for applications that make the worker: see the option `worker` of `compile`.
await build({
  entryPoints: { worker: entries.worker.source },
  outdir: "dist",
  bundle: true,
  minify: true,
  sourcemap: "linked",
  format: "esm",
  platform: "neutral",
  target: "es2022",
});

// Types of what is no module of src/.
const moduleTypes = `/** A module of the engine: a WebAssembly.Module, or its address. */
declare const module: object;
export default module;
`;
const familyTypes = `import type { FamilyCode } from "../core.js";
/** Importing it is enough: \`compile\` finds it when a program needs it. */
declare const family: FamilyCode;
export default family;
`;
for (const name of ["complete", "worker"]) await writeFile(`dist/${name}.d.ts`, "export {};\n");
await writeFile("dist/wasm/module.d.ts", moduleTypes);
for (const name of registered) await writeFile(`dist/engine/${name}.d.ts`, familyTypes);

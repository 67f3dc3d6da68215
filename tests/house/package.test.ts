/** What is published: run after `npm run build`. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { conditions, entries } from "../../tools/entries.mjs";
import { builds, families } from "../../tools/families.mjs";
import { pack, stage } from "../../tools/pack.mjs";
import { stubs } from "../../tools/stubs.mjs";
import { filesBelow, importsOf, parse, read, root, walk } from "./sources.js";

const manifest = JSON.parse(read("package.json")) as Record<string, unknown>;
const entry = "dist/index.js";
const engines = builds.map(({ name }) => name);
const registered = ["core", ...families];

beforeAll(() => {
  if (!existsSync(join(root, entry))) throw new Error(`${entry} is missing; run \`npm run build\` first.`);
});

/** The entry and every chunk that it imports statically: what a program loads before its first step. */
function loadedFirst(path: string = entry, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!path.endsWith(".js")) return seen;
  for (const statement of parse(path).statements) {
    const isImport = ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement);
    const specifier = isImport ? statement.moduleSpecifier : undefined;
    if (specifier && ts.isStringLiteral(specifier)) {
      loadedFirst(posix.join(posix.dirname(path), specifier.text), seen);
    }
  }
  return seen;
}

/** Runs code as a module in a Node of its own and returns what it prints. */
const run = (code: string): string =>
  execFileSync(process.execPath, ["--input-type=module", "--eval", code], {
    encoding: "utf8",
    env: {},
    timeout: 20_000,
  });

/** For resolvers that do not read `exports`, as Parcel's: a folder for each subpath that names its file. */
const withoutExports = Object.keys(stubs).map((name) => `${name}/package.json`);

const staged = join(root, "build/staged");
let listed: string[] | undefined;
/** The files of the tarball: packed once. */
const packed = (): string[] => {
  if (listed === undefined) {
    stage(staged);
    listed = pack(staged, "--dry-run")
      .files.map(({ path }) => path)
      .sort();
  }
  return listed;
};

afterAll(() => rmSync(staged, { recursive: true, force: true }));

describe("the manifest", () => {
  it("has no runtime dependency", () => {
    for (const kind of ["dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"]) {
      expect(manifest[kind] ?? {}).toEqual({});
    }
  });

  it("runs nothing on the machine of whoever installs it", () => {
    const scripts = Object.keys(manifest.scripts as object);
    expect(scripts.filter((name) => /^(pre|post)?install$/.test(name))).toEqual([]);
  });
});

describe("the tarball", () => {
  it("holds the build, its types, the documents and the examples, and nothing else", () => {
    const texts = "CHANGELOG COMING-FROM LICENSE MODELFILE README SECURITY SNAPSHOT".split(" ");
    const named = texts.map((name) => (name === "LICENSE" ? name : `${name}.md`));
    const documents = [...named, ...filesBelow("examples", [".mjs"]), "package.json", ...withoutExports];
    const files = packed();
    const needed = [...documents, entry, String(manifest.types).slice(2)];
    expect(needed.filter((path) => !files.includes(path))).toEqual([]);
    const built = files.filter((path) => !documents.includes(path));
    const scripts = /^dist\/(engine\/)?[\w.-]+\.(js|js\.map)$|^dist\/(engine\/)?[\w-]+\.d\.ts$/;
    const modules = ["dist/wasm/module.d.ts", ...engines.map((name) => `dist/wasm/${name}.wasm`)];
    const digits = engines.map((name) => `dist/hex/${name}.js`);
    expect(built.filter((path) => !scripts.test(path)).sort()).toEqual([...modules, ...digits].sort());
  });

  it("holds no test and no bytes of the engine among the types", () => {
    const files = packed();
    expect(files.filter((path) => /(^|\/)tests?\/|\.(test|spec)\./.test(path))).toEqual([]);
    const types = files.filter((path) => path.endsWith(".d.ts"));
    expect(types.filter((path) => /[0-9a-f]{1000}/.test(read(path)))).toEqual([]);
  });

  it("holds the source map of every script but the engine's bytes, made of files of the repository", () => {
    const files = packed();
    const scripts = files.filter((path) => path.endsWith(".js") && !path.startsWith("dist/hex/"));
    expect(files.filter((path) => path.endsWith(".map"))).toEqual(
      scripts.map((path) => `${path}.map`).sort(),
    );
    for (const path of scripts) {
      expect(read(path)).toContain(`//# sourceMappingURL=${posix.basename(path)}.map\n`);
      const map = JSON.parse(read(`${path}.map`)) as { sources: string[]; sourcesContent: string[] };
      const sources = map.sources.map((source) => posix.join(posix.dirname(path), source));
      expect(
        sources.filter((source) => !/^(src|assembly|build)\//.test(source) || !existsSync(source)),
      ).toEqual([]);
      expect(sources.filter((source, i) => read(source) !== map.sourcesContent[i])).toEqual([]);
    }
  });

  it("maps each place of a stack to the line of the source that made it", () => {
    const url = JSON.stringify(pathToFileURL(join(root, entry)).href);
    const code = `import { dense } from ${url}; try { dense(-1) } catch (error) { console.log(error.cause?.stack ?? error.stack) }`;
    const stack = execFileSync(
      process.execPath,
      ["--enable-source-maps", "--input-type=module", "--eval", code],
      {
        encoding: "utf8",
      },
    );
    const places = [...stack.matchAll(/(src\/[\w/]+\.ts):(\d+):(\d+)/g)];
    const lines = places.map(([, path, line]) => read(path as string).split("\n")[Number(line) - 1]);
    expect(lines[0]).toContain("throw new OptionError");
    expect(places.at(-1)?.[1]).toBe("src/layers/dense/dense.ts");
  });

  it.each(withoutExports)("has in %s what exports say, for resolvers that do not read them", (path) => {
    const folder = posix.dirname(path);
    const stub = stubs[folder] as Record<string, unknown>;
    const subpath = (manifest.exports as Record<string, Record<string, string>>)[`./${folder}`];
    const named = (key: string): string => `./${posix.join(folder, String(stub[key]))}`;
    expect([named("main"), named("types")]).toEqual([subpath?.default, subpath?.types]);
    expect([stub.type, stub.sideEffects]).toEqual(["module", /^(worker|complete|engine\/\w+)$/.test(folder)]);
  });

  it("has the folders of old resolvers for every subpath that is a script", () => {
    const subpaths = Object.keys(manifest.exports as object).filter((path) => /^\.\/[\w/]+$/.test(path));
    expect(Object.keys(stubs).map((name) => `./${name}`)).toEqual(subpaths);
  });

  it("holds every file that the manifest's entry points name", () => {
    const named =
      JSON.stringify([manifest.main, manifest.types, manifest.exports]).match(/"\.\/dist\/[^"]+"/g) ?? [];
    expect(named.length).toBeGreaterThan(3);
    const files = packed();
    expect(named.map((path) => path.slice(3, -1)).filter((path) => !files.includes(path))).toEqual([]);
  });
});

/** Files of dist that are scripts. */
const scripts = (): string[] => filesBelow("dist", [".js"]);

/** What a file of dist imports, statically or late. */
const targetsOf = (path: string): string[] =>
  importsOf(parse(path)).map(({ target }) => target.replace(/\.ts$/, ".js"));

/** What keeps a file from loading in some runtime or bundler. */
function obstacles(source: ts.SourceFile): string[] {
  const found = importsOf(source)
    .map(({ target }) => target)
    .filter((target) => !target.startsWith("dist/"));
  walk(source, (node) => {
    if (ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword)
      found.push("import.meta");
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const callee = node.expression.getText();
      if (/^(globalThis\.)?(eval|Function|require)$/.test(callee)) found.push(callee);
    }
  });
  walk(source, (node) => {
    const isAwait = ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier);
    if (isAwait) found.push("top-level await");
    return !ts.isFunctionLike(node) && !ts.isClassStaticBlockDeclaration(node);
  });
  return found;
}

describe("dist", () => {
  it("loads in every runtime: no built-in, no import.meta, no top-level await, no code from strings", () => {
    expect(scripts()).toContain(entry);
    expect(scripts().flatMap((path) => obstacles(parse(path)).map((what) => `${path}: ${what}`))).toEqual([]);
  });

  it.each([
    'import { readFileSync } from "node:fs"',
    'const fs = import("node:fs")',
    'export * from "other"',
    'new URL("./x.wasm", import.meta.url)',
    "await 1",
    "for await (const x of y) z(x)",
    "if (x) y = await z",
    'const f = () => eval("1")',
    'new Function("return 1")',
    'require("fs")',
  ])("would be seen to hold %s", (text) => {
    expect(obstacles(parse("dist/sample.js", text))).toHaveLength(1);
  });

  it("may import its chunks and wait inside functions", () => {
    const text = 'import "./chunk-1.js"; const f = async () => { await import("./relaxed-1.js"); }';
    expect(obstacles(parse("dist/sample.js", text))).toEqual([]);
  });

  it("adds no global, prints nothing and lets the process end when it is imported", () => {
    const url = JSON.stringify(pathToFileURL(join(root, entry)).href);
    const printed = run(`
      const owners = [globalThis, Object, Array, Function, Promise, Float32Array, WebAssembly];
      const all = owners.flatMap((owner) => (owner.prototype ? [owner, owner.prototype] : [owner]));
      const keys = () => JSON.stringify(all.map((owner) => Reflect.ownKeys(owner).map(String)));
      const before = keys();
      const module = await import(${url});
      console.log(before === keys() ? "same globals" : "other globals", Object.keys(module).length > 0);
    `);
    expect(printed).toBe("same globals true\n");
  });

  const magic = "0061736d01000000"; // "\0asm", version 1
  const inlined = (path: string): number =>
    [...loadedFirst(path)].filter((one) => one.endsWith(".js") && read(one).includes(magic)).length;
  const engineFiles = (path: string): string[] => [...loadedFirst(path)].filter((one) => /\.wasm/.test(one));

  it.each(["index", "autodiff", "io"])(
    "has the engine's core in %s where bytes may be compiled, else beside it",
    (name) => {
      expect([inlined(`dist/${name}.js`), engineFiles(`dist/${name}.js`)]).toEqual([1, []]);
      const workerd = `dist/${name}.workerd.js`;
      expect([inlined(workerd), engineFiles(workerd)]).toEqual([0, ["dist/wasm/core.wasm"]]);
      const edge = `dist/${name}.edge-light.js`;
      expect([inlined(edge), engineFiles(edge)]).toEqual([0, ["dist/wasm/core.wasm?module"]]);
    },
  );

  it("has in complete all families, and not the core", () => {
    const engine = [...loadedFirst("dist/complete.js")].filter((path) => path.startsWith("dist/hex/"));
    expect(engine.sort()).toEqual(families.map((name) => `dist/hex/${name}.js`).sort());
  });

  it.each(Object.keys(entries).filter((name) => !entries[name]?.loadsEngine && name !== "complete"))(
    "has no engine in %s",
    (name) => {
      expect([inlined(`dist/${name}.js`), engineFiles(`dist/${name}.js`)]).toEqual([0, []]);
    },
  );

  it.each(registered)("has in engine/%s its module and no other, as digits or as a file", (name) => {
    const [own, workerd, edge] = ["", ".workerd", ".edge-light"].map((condition) =>
      [...loadedFirst(`dist/engine/${name}${condition}.js`)].filter((path) =>
        /dist\/(hex|wasm)\//.test(path),
      ),
    );
    expect(own).toEqual([`dist/hex/${name}.js`]);
    expect(workerd).toEqual([`dist/wasm/${name}.wasm`]);
    expect(edge).toEqual([`dist/wasm/${name}.wasm?module`]);
  });

  // A chunk that is loaded late and imports shared code back makes bundlers load it twice.
  it("has digits in files without imports, named by loaders and their registration alone", () => {
    const texts = scripts().map((path) => ({ path, text: read(path), targets: targetsOf(path) }));
    for (const name of engines) {
      const hex = readFileSync(join(root, `dist/wasm/${name}.wasm`)).toString("hex");
      expect(read(`dist/hex/${name}.js`) === `export default "${hex}";\n`).toBe(true);
      const importers = texts
        .filter(({ targets }) => targets.includes(`dist/hex/${name}.js`))
        .map(({ path }) => path);
      const registration = registered.includes(name) ? [`dist/engine/${name}.js`] : [];
      expect(importers).toEqual([...registration, "dist/load.js"]);
      const others = texts.filter(({ path }) => !path.startsWith("dist/hex/"));
      const piece = hex.slice(hex.length / 2, hex.length / 2 + 1000);
      const holders = others.filter(({ text }) => text.includes(piece)).map(({ path }) => path);
      expect(holders).toEqual([]);
    }
  });

  it("imports what there is, and nothing whose conditions are other than its own", () => {
    for (const path of scripts()) {
      const targets = targetsOf(path).map((target) => target.replace("?module", ""));
      expect([path, targets.filter((target) => !existsSync(join(root, target)))]).toEqual([path, []]);
      const conditionOf = (name: string) => Object.keys(conditions).find((one) => name.includes(`.${one}.`));
      const foreign = targets.filter(
        (target) => ![undefined, conditionOf(path)].includes(conditionOf(target)),
      );
      expect([path, foreign]).toEqual([path, []]);
    }
  });

  it("has every line below 200 characters, but for digits and the script of a worker", () => {
    const read200 = (path: string) =>
      read(path)
        .split("\n")
        .some((line) => line.length >= 200);
    const long = scripts().filter((path) => !path.startsWith("dist/hex/") && read200(path));
    expect(long).toEqual(["dist/worker.js"]);
  });

  it("shares its classes between all entries, whatever the condition: each is in one file only", () => {
    // The script of a worker stands by itself, as a file and as a text in the chunk that starts it.
    const files = scripts().filter((path) => !/^dist\/(worker|remote)\.js$/.test(path));
    const sourcesOf = (path: string): string[] => JSON.parse(read(`${path}.map`)).sources;
    const sources = files.flatMap((path) =>
      existsSync(join(root, `${path}.map`))
        ? sourcesOf(path).map((source) => posix.join(posix.dirname(path), source))
        : [],
    );
    const withClass = sources.filter((path) => /\bclass [A-Z]\w+(?: |<)/.test(read(path)));
    expect(withClass.filter((path, i) => withClass.indexOf(path) !== i)).toEqual([]);
    const known = ["check/errors", "model/model", "data/datasets/dataset", "train/health/diagnosis"];
    expect(withClass).toEqual(expect.arrayContaining(known.map((path) => `src/${path}.ts`)));
  });
});

describe("require() of the package", () => {
  it.each(["index", "core", "ops", "autodiff", "data", "io", "metrics"])(
    "gives what import gives of %s",
    (name) => {
      const path = JSON.stringify(join(root, `dist/${name}.js`));
      const code = `
      import { createRequire } from "node:module";
      import { pathToFileURL } from "node:url";
      const required = createRequire(${path})(${path});
      console.log(required === (await import(pathToFileURL(${path}))));`;
      expect(run(code)).toBe("true\n");
    },
  );
});

/** The bundle that a program makes with this package, minified, as text. */
async function bundled(code: string): Promise<string> {
  const inPackage = code.replaceAll(/"wasmgrad(\/[\w/]+)?"/g, (_, path = "/index") => `"./dist${path}.js"`);
  const { outputFiles } = await build({
    stdin: { contents: inPackage, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    logLevel: "silent",
  });
  return outputFiles.map(({ text }) => text).join("");
}

describe("what a program does not name", () => {
  /** What the code of a part has in it, whatever a minifier does to names. */
  const marks = {
    customLayer: "customLayer",
    gradientCheck: "gradientCheck",
    "the picture of a plan": "lifetimes",
    fit: "batchSize",
    "the engine": "0061736d01000000",
  };
  const marked = (text: string): string[] =>
    Object.entries(marks)
      .filter(([, mark]) => text.includes(mark))
      .map(([part]) => part);

  it("is not in one of dense and sgd", async () => {
    const text = await bundled('import { dense, sgd } from "wasmgrad"; console.log(dense, sgd);');
    expect(marked(text)).toEqual([]);
  });

  it("is no layer in one of an optimizer", async () => {
    const text = await bundled('import { sgd } from "wasmgrad"; console.log(sgd);');
    expect(text).not.toContain("units");
  });

  it("is no other op, loss or family in one of an op", async () => {
    const text = await bundled('import { relu } from "wasmgrad/ops"; console.log(relu);');
    expect(text).toContain("relu");
    expect(text).not.toMatch(/batchMatmul|layerNorm|softmax|concatenate|ctc|crossEntropy/i);
    expect(marked(text)).toEqual([]);
  });

  it("is no family in one that registers another", async () => {
    const text = await bundled('import "wasmgrad/engine/move"; import { relu } from "wasmgrad/ops"; relu;');
    const digits = engines.filter((name) => text.includes(read(`dist/hex/${name}.js`).slice(16, -3)));
    expect(digits).toEqual(["move"]);
  });

  it("is no other encoder and no dataset in one of an encoder", async () => {
    const text = await bundled(
      'import { standardScaler } from "wasmgrad/data"; console.log(standardScaler);',
    );
    expect(text).toContain("standardScaler");
    expect(text).not.toMatch(/hashingEncoder|bufferSize|dropRemainder|leaveOneOut/);
    expect(marked(text)).toEqual([]);
  });

  it("is all that is left out: each has what it needs", async () => {
    const text = await bundled(`
      import { compile, customLayer } from "wasmgrad";
      import { gradientCheck } from "wasmgrad/autodiff";
      console.log(compile, customLayer, gradientCheck);`);
    expect(marked(text)).toEqual(Object.keys(marks));
    expect(await bundled('import { dense } from "wasmgrad"; console.log(dense);')).toContain("units");
  });
});

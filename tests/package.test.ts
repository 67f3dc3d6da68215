/** What is published: run after `npm run build`. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { filesBelow, importsOf, parse, read, root, walk } from "./sources.js";

const manifest = JSON.parse(read("package.json")) as Record<string, unknown>;
const entry = "dist/index.js";

beforeAll(() => {
  if (!existsSync(join(root, entry))) throw new Error(`${entry} is missing; run \`npm run build\` first.`);
});

/** The entry and every chunk that it imports statically: what a program loads before its first step. */
function loadedFirst(path: string = entry, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
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

const packed = (): string[] => {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "ignore"],
  });
  // An array up to npm 11, an object by name in later ones.
  const [tarball] = Object.values(JSON.parse(output) as Record<string, { files: { path: string }[] }>);
  return (tarball?.files ?? []).map(({ path }) => path).sort();
};

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
  it("holds the build, its types and the four documents, and nothing else", () => {
    const documents = ["CHANGELOG.md", "LICENSE", "README.md", "package.json"];
    const files = packed();
    const needed = [...documents, entry, String(manifest.types).slice(2)];
    expect(needed.filter((path) => !files.includes(path))).toEqual([]);
    const built = files.filter((path) => !documents.includes(path));
    expect(built.filter((path) => !/^dist\/[\w.-]+\.js$|^dist\/[\w-]+\.d\.ts$/.test(path))).toEqual([]);
  });

  it("holds no test, no source map and no bytes of the engine among the types", () => {
    const files = packed();
    expect(files.filter((path) => /(^|\/)tests?\/|\.(test|spec)\.|\.map$/.test(path))).toEqual([]);
    const types = files.filter((path) => path.endsWith(".d.ts"));
    expect(types.filter((path) => /[0-9a-f]{1000}/.test(read(path)))).toEqual([]);
  });

  it("holds every file that the manifest's entry points name", () => {
    const named =
      JSON.stringify([manifest.main, manifest.types, manifest.exports]).match(/"\.\/[^"]+"/g) ?? [];
    expect(named.length).toBeGreaterThan(3);
    const files = packed();
    expect(named.map((path) => path.slice(3, -1)).filter((path) => !files.includes(path))).toEqual([]);
  });
});

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
    const files = filesBelow("dist", [".js"]);
    expect(files).toContain(entry);
    expect(files.flatMap((path) => obstacles(parse(path)).map((what) => `${path}: ${what}`))).toEqual([]);
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

  it("takes at most 40 kB of gzip for what loads first: the JavaScript and the plain-SIMD engine", () => {
    const bytes = [...loadedFirst()].map(
      (path) => gzipSync(readFileSync(join(root, path)), { level: 9 }).length,
    );
    expect(bytes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(40_000);
  });

  it("has the engine among what loads first", () => {
    const magic = "0061736d01000000"; // "\0asm", version 1
    expect([...loadedFirst()].filter((path) => read(path).includes(magic))).toHaveLength(1);
  });
});

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";

/** Stands for the engine's hex digits until the lines are cut: a broken string would compress worse. */
const placeholder = (name) => `engine:${name}`;
const engines = ["simd", "relaxed"];

const engineBytes = {
  name: "engine-bytes",
  setup(build) {
    build.onLoad({ filter: /build[\\/](simd|relaxed)\.ts$/ }, ({ path }) => {
      const name = engines.find((engine) => path.endsWith(`${engine}.ts`));
      return { contents: `export default ${JSON.stringify(placeholder(name))};`, loader: "ts" };
    });
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
      const numbered = `const numbered = (names) =>
        Object.fromEntries(names.split(" ").map((name, i) => [name, i + 2]));`;
      return { contents: numbered + compact, loader: "ts" };
    });
  },
};

await rm("dist", { recursive: true, force: true });
const { outputFiles } = await build({
  entryPoints: { index: "src/index.ts", ops: "src/functions/index.ts", autodiff: "src/autodiff/index.ts" },
  outdir: "dist",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
  plugins: [engineBytes, compactRecords],
  write: false,
});

await mkdir("dist", { recursive: true });
for (const { path, text } of outputFiles) {
  // An uncaught error prints the line that threw: a line must be one that a person can look at.
  let { code } = await transform(text, { minify: true, format: "esm", lineLimit: 1000 });
  for (const engine of engines) {
    const hex = (await readFile(`build/${engine}.wasm`)).toString("hex");
    code = code.replace(placeholder(engine), hex);
  }
  await writeFile(path, code);
}

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

/** Fields of records are looked up by name only: the half of an enum that leads from numbers to names is cut. */
const withoutFieldNames = (code) => code.replace(/(\w+)\[\1\.([a-z]\w*)=(\d+)\]="\2"/g, "$1.$2=$3");

await rm("dist", { recursive: true, force: true });
const { outputFiles } = await build({
  entryPoints: ["src/index.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
  plugins: [engineBytes],
  write: false,
});

await mkdir("dist", { recursive: true });
for (const { path, text } of outputFiles) {
  // An uncaught error prints the line that threw: a line must be one that a person can look at.
  let { code } = await transform(withoutFieldNames(text), { minify: true, format: "esm", lineLimit: 1000 });
  for (const engine of engines) {
    const hex = (await readFile(`build/${engine}.wasm`)).toString("hex");
    code = code.replace(placeholder(engine), hex);
  }
  await writeFile(path, code);
}

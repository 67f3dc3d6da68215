// What a program carries that uses all of an entry, and nothing else: the entry and what it loads before its first line,
// bundled and minified, without what nobody can reach.
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** What is imported when it is needed is no part of it, nor are modules of the engine, which lie beside it. */
const late = {
  name: "late",
  setup({ onResolve }) {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === "dynamic-import" || /\.wasm(\?module)?$/.test(path) ? { path, external: true } : undefined,
    );
  },
};

/** kB of gzip of an entry, as "index.js". */
export async function entrySize(name) {
  const { outputFiles } = await build({
    entryPoints: [join("dist", name)],
    bundle: true,
    minify: true,
    format: "esm",
    plugins: [late],
    write: false,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000;
}

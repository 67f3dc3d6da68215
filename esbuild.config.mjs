import { rm } from "node:fs/promises";
import { build } from "esbuild";

await rm("dist", { recursive: true, force: true });
await build({
  entryPoints: ["src/index.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  minify: true,
  // An uncaught error prints the line that threw: a line must be one that a person can look at.
  lineLimit: 160,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
});

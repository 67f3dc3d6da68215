// The script of a worker as text, which runs from a Blob, or in Node from the text itself.
import { mkdir, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import { entries } from "./entries.mjs";

const { outputFiles } = await build({
  entryPoints: [entries.worker.source],
  bundle: true,
  minify: true,
  format: "iife",
  platform: "neutral",
  target: "es2022",
  write: false,
  logLevel: "warning",
});
await mkdir("build", { recursive: true });
await writeFile(
  "build/worker.ts",
  `const source: string = ${JSON.stringify(outputFiles[0].text)};\nexport default source;\n`,
);

/** Compiles AssemblyScript of this folder with the flags of the exact build, for measuring it bare. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const flags = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd"];

/** The exports of `bench/<name>.ts`. */
export async function compileEngine(name) {
  const wasm = `bench/build/peers-${name}.wasm`;
  mkdirSync(`${root}bench/build`, { recursive: true });
  const compiler = `${root}node_modules/assemblyscript/bin/asc.js`;
  execFileSync(process.execPath, [compiler, `bench/${name}.ts`, "-o", wasm, ...flags], {
    cwd: root,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const { instance } = await WebAssembly.instantiate(readFileSync(root + wasm), {});
  return instance.exports;
}

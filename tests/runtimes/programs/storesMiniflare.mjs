// Runs storesEdge.mjs in workerd, by miniflare, which needs Node 22: given the folder of its bundle. Prints what each service says.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Miniflare } from "miniflare";

const [, , folder] = process.argv;
const modules = readdirSync(folder)
  .filter((name) => /\.(js|wasm)$/.test(name))
  // The worker itself comes first.
  .sort((a, b) => Number(b.endsWith(".js")) - Number(a.endsWith(".js")))
  .map((name) => ({
    type: name.endsWith(".js") ? "ESModule" : "CompiledWasm",
    path: name,
    contents: readFileSync(join(folder, name)),
  }));
const miniflare = new Miniflare({
  modules,
  compatibilityDate: "2025-01-01",
  kvNamespaces: ["KV"],
  r2Buckets: ["R2"],
  durableObjects: { SQLITE: { className: "InSqlite", useSQLite: true }, VALUES: { className: "InValues" } },
});
const reports = {};
try {
  for (const part of ["KV", "R2", "SQLITE", "VALUES"]) {
    const response = await miniflare.dispatchFetch(`http://localhost/${part}`);
    const text = await response.text();
    reports[part] = response.ok ? JSON.parse(text) : { passed: 0, failures: [text.slice(0, 300)] };
  }
} finally {
  await miniflare.dispose();
}
console.log(JSON.stringify(reports));

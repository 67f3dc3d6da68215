// Prints `N passed, N failed` over the kernels' specs (as-pect's summary in tests.log) and the host's tests (vitest's
// host.json, and deep.json of `npm run test:deep`).
// A run that stopped with an error counts at least one failure, so the line never looks better than the run.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

const [folder, status] = process.argv.slice(2);

const read = (name) => {
  const path = join(folder, name);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
};

let passed = 0;
let failed = 0;

for (const [, good, all] of stripVTControlCharacters(read("tests.log")).matchAll(
  /\[Tests\]:\s*(\d+)\s*\/\s*(\d+)/g,
)) {
  passed += Number(good);
  failed += Number(all) - Number(good);
}

for (const report of ["host.json", "deep.json"].map(read)) {
  if (report === "") continue;
  const { numPassedTests, numFailedTests, numFailedTestSuites, success } = JSON.parse(report);
  passed += numPassedTests;
  // A file that does not load holds no test that could fail.
  failed += success ? 0 : Math.max(numFailedTests, Math.min(numFailedTestSuites, 1));
}

if (status !== "0") failed = Math.max(failed, 1);
console.log(`${passed} passed, ${failed} failed`);

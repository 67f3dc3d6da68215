import { join } from "node:path";
import { defineConfig } from "vitest/config";

// .ci/run counts the tests from the JSON report.
const reporters = process.env.CI ? ["default", ["json", { outputFile: "build/ci/host.json" }]] : ["default"];

export default defineConfig({
  root: join(import.meta.dirname, ".."),
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/kernels/**", "**/node_modules/**"],
    allowOnly: false,
    pool: "forks",
    reporters: reporters as ["default"],
    testTimeout: 30_000,
    watch: false,
  },
});

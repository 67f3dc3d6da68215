import { availableParallelism } from "node:os";
import { join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

/**
 * They measure the heap, count turns of code that is not compiled yet, patch what a process shares or start threads: each
 * has a process of its own.
 */
const alone = [
  "tests/callbacks/budgets.test.ts",
  "tests/callbacks/progressLine.test.ts",
  "tests/callbacks/worker.test.ts",
  "tests/compile/memory/memory.test.ts",
  "tests/io/snapshot/fuzz.test.ts",
  "tests/laws/nextTask.test.ts",
  "tests/laws/noMoreMemory.test.ts",
  "tests/laws/outOfMemory.test.ts",
  "tests/laws/stoppedClock.test.ts",
  "tests/worker/worker.test.ts",
];
const all = "tests/**/*.test.ts";
const deepOnly = "tests/**/*.deep.test.ts";

/** `vitest run` is quick; `vitest run --mode deep` tries more of everything: see tests/given/depth.ts. */
export default defineConfig(({ mode }) => {
  const isDeep = mode === "deep";
  const testTimeout = isDeep ? 300_000 : 30_000;
  const unwanted = [...configDefaults.exclude, "tests/kernels/**", ...(isDeep ? [] : [deepOnly])];
  // .ci/run counts the tests from the JSON report.
  const report = ["json", { outputFile: `build/ci/${isDeep ? "deep" : "host"}.json` }];
  return {
    root: join(import.meta.dirname, ".."),
    test: {
      allowOnly: false,
      // `vitest run --coverage`: what data and files from outside pass through. The floor is what there was when it was set.
      coverage: {
        provider: "v8",
        include: ["src/io/**", "src/rows/**", "src/check/**"],
        reporter: ["text"],
        thresholds: { branches: 90 },
      },
      env: isDeep ? { WASMGRAD_DEEP: "1" } : {},
      // Vitest would leave one core to itself, which on two cores is half of them.
      maxWorkers: availableParallelism(),
      pool: "forks",
      // Findings of trainings that go wrong on purpose, which nobody takes.
      onConsoleLog: (text) => !text.startsWith("wasmgrad: fit: "),
      setupFiles: "tests/given/setup.ts",
      projects: [
        {
          extends: true,
          // A process and the imports of a file take longer than most of the tests in it.
          test: {
            name: "together",
            include: [all],
            exclude: [...unwanted, ...alone],
            isolate: false,
            testTimeout,
          },
        },
        { extends: true, test: { name: "alone", include: alone, testTimeout } },
      ],
      reporters: (process.env.CI ? ["default", report] : ["default"]) as ["default"],
      watch: false,
    },
  };
});

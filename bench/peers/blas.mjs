import { readFileSync } from "node:fs";

/** Debian's OpenBLAS does not know new processors and falls back to kernels at a fifth of the speed. */
export function blasEnvironment() {
  if (process.platform !== "linux") return {};
  const flags = readFileSync("/proc/cpuinfo", "utf8");
  const core = flags.includes("avx512_bf16")
    ? "Cooperlake"
    : flags.includes("avx512bw")
      ? "SkylakeX"
      : undefined;
  const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
  return core === undefined ? one : { ...one, OPENBLAS_CORETYPE: core };
}

import { compileEngine } from "./engine.mjs";

const iterations = 1_000_000;
const chains = 12;

/**
 * Resolves to a function that measures the SIMD peak of this processor in this engine, in GFLOP/s and
 * about 60 ms: the fastest of a few runs, because other processes only ever slow a run down.
 */
export async function measurePeak() {
  const { peak } = await compileEngine("peak");
  const measure = () => {
    const start = performance.now();
    peak(iterations, 0.999, 1e-3);
    return (iterations * chains * 8) / (performance.now() - start) / 1e6;
  };
  const warm = performance.now();
  while (performance.now() - warm < 300) measure();
  return () => Math.max(...Array.from({ length: 25 }, measure));
}

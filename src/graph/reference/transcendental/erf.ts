/** e^(−x²) of it is below 1e−16 from here on. */
const LIMIT = 6;

/** 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1 · 3 · … · (2n + 1)): Abramowitz and Stegun 7.1.6, all terms of one sign. */
export function erf(x: number): number {
  if (!(Math.abs(x) <= LIMIT)) return Number.isNaN(x) ? x : Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

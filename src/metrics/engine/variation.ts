/** Variation from sums that hardly differ: what is left of them is computed from products without rounding. */

/** 2²⁷ + 1: leaves the upper 26 bits of an f64 (Veltkamp 1968). */
const SPLITTER = 134217729;

/** a b, rounded, and what rounding left off (Dekker 1971). */
function product(a: number, b: number): [rounded: number, rest: number] {
  const upper = (x: number) => SPLITTER * x - (SPLITTER * x - x);
  const [aHigh, bHigh, rounded] = [upper(a), upper(b), a * b];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return [rounded, aLow * bLow - (rounded - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

/** Numbers added up from the largest on, with what each addition rounds off (Neumaier 1974). */
function total(numbers: readonly number[]): number {
  let [sum, rest] = [0, 0];
  for (const one of [...numbers].sort((a, b) => Math.abs(b) - Math.abs(a))) {
    const next = sum + one;
    rest += Math.abs(sum) >= Math.abs(one) ? sum - next + one : one - next + sum;
    sum = next;
  }
  return sum + rest;
}

/** Σ x and Σ x² of so many numbers, each as what is large and what is small of it. */
export interface Sums {
  readonly rows: number;
  readonly sum: readonly [large: number, small: number];
  readonly squares: readonly [large: number, small: number];
}

/** Share of Σ x² that rounding of the small parts may leave: 2⁻¹² of it is in them, in f64. */
const ROUNDING = 2 ** -62;

/** Σ (x − mean)² = (n Σ x² − (Σ x)²) / n; 0 of constant numbers. */
export function variationOf({ rows, sum, squares }: Sums): number {
  const variation = total([
    ...product(rows, squares[0]),
    ...product(rows, squares[1]),
    ...product(-sum[0], sum[0]),
    ...product(-2 * sum[0], sum[1]),
    ...product(-sum[1], sum[1]),
  ]);
  return variation > ROUNDING * rows * (squares[0] + squares[1]) ? variation / rows : 0;
}

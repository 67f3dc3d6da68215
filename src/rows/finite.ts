/**
 * Whether all numbers are finite: a sum of f32 in f64 cannot overflow, and is NaN or infinite when a term is. Several
 * sums side by side take a third of the time that asking each number takes.
 */
export function areFinite(values: Float32Array): boolean {
  // Taken from an array, V8 keeps the sums as objects: 2.5 × as long.
  let first = 0;
  let second = 0;
  let i = 0;
  for (; i + 8 <= values.length; i += 8) {
    first += at(values, i) + at(values, i + 1) + (at(values, i + 2) + at(values, i + 3));
    second += at(values, i + 4) + at(values, i + 5) + (at(values, i + 6) + at(values, i + 7));
  }
  for (; i < values.length; i++) first += at(values, i);
  return Number.isFinite(first + second);
}

const at = (values: Float32Array, i: number) => values[i] as number;

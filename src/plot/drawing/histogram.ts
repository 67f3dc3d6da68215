/** How numbers are spread. */
export interface Histogram {
  /** Of the finite ones. */
  readonly least: number;
  readonly largest: number;
  /** How many there are in each of as many equal parts between them; an edge belongs to what is above it. */
  readonly counts: readonly number[];
  /** Of all finite numbers. */
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
  readonly mean: number;
  readonly deviation: number;
  /** How many are not finite. */
  readonly others: number;
}

/** Counts numbers in equal bins from the least to the largest. */
export function binned(data: ArrayLike<number>, bins: number): Histogram {
  let [least, largest, sum, squares, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
    sum += value;
    squares += value * value;
    count++;
  }
  const others = data.length - count;
  if (count === 0) [least, largest] = [0, 0];
  // All alike: a bin around it.
  const margin = largest > least ? 0 : Math.max(Math.abs(least) * 0.5, 1e-6);
  const [from, to] = [least - margin, largest + margin];
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins));
    counts[bin] = (counts[bin] as number) + 1;
  }
  const mean = count === 0 ? 0 : sum / count;
  const deviation = count === 0 ? 0 : Math.sqrt(Math.max(0, squares / count - mean * mean));
  return { least: from, largest: to, counts, count, sum, squares, mean, deviation, others };
}

import type { Span } from "./live.js";

/** For each buffer those whose lives overlap its own: `others[starts[i]…starts[i + 1])`. */
export interface Overlaps {
  readonly starts: Int32Array;
  readonly others: Int32Array;
}

/** Pairs of buffers whose lives overlap: what comparing each with each finds. O(n log n). */
export function countOverlaps(spans: readonly Span[]): number {
  const firsts = Float64Array.from(spans, ({ first }) => first).sort();
  const lasts = Float64Array.from(spans, ({ last }) => last).sort();
  let pairs = 0;
  let ended = 0;
  firsts.forEach((first, begun) => {
    while ((lasts[ended] as number) < first) ended++;
    pairs += begun - ended;
  });
  return pairs;
}

/** O(n log n + pairs). */
export function findOverlaps(spans: readonly Span[]): Overlaps {
  const order = spans.map((_, i) => i).sort((a, b) => (spans[a] as Span).first - (spans[b] as Span).first);
  const pairs: number[] = [];
  const counts = new Int32Array(spans.length + 1);
  let living: number[] = [];
  for (const i of order) {
    living = living.filter((j) => (spans[j] as Span).last >= (spans[i] as Span).first);
    for (const j of living) {
      pairs.push(i, j);
      counts[i + 1] = (counts[i + 1] as number) + 1;
      counts[j + 1] = (counts[j + 1] as number) + 1;
    }
    living.push(i);
  }
  for (let i = 1; i < counts.length; i++) counts[i] = (counts[i] as number) + (counts[i - 1] as number);
  const at = counts.slice();
  const others = new Int32Array(pairs.length);
  const add = (i: number, j: number) => {
    others[at[i] as number] = j;
    at[i] = (at[i] as number) + 1;
  };
  for (let k = 0; k < pairs.length; k += 2) {
    add(pairs[k] as number, pairs[k + 1] as number);
    add(pairs[k + 1] as number, pairs[k] as number);
  }
  return { starts: counts, others };
}

/**
 * Places buffers in the order given, each at the low end of the smallest gap between those already placed whose lives
 * overlap its own. Largest first this is "greedy by size" (Pisarchyk & Lee 2020, arXiv:2001.03288, algorithm 3).
 *
 * @returns the offset of each buffer
 */
export function placeInOrder(
  spans: readonly Span[],
  { starts, others }: Overlaps,
  order: readonly number[],
): number[] {
  const offsets = new Array<number>(spans.length).fill(-1);
  for (const i of order) {
    const placed: number[] = [];
    for (let k = starts[i] as number; k < (starts[i + 1] as number); k++) {
      const j = others[k] as number;
      if ((offsets[j] as number) >= 0) placed.push(j);
    }
    placed.sort((a, b) => (offsets[a] as number) - (offsets[b] as number));
    const { bytes } = spans[i] as Span;
    let best = -1;
    let bestBytes = Number.POSITIVE_INFINITY;
    let end = 0;
    for (const j of placed) {
      const offset = offsets[j] as number;
      const gap = offset - end;
      if (gap >= bytes && gap < bestBytes) {
        best = end;
        bestBytes = gap;
      }
      end = Math.max(end, offset + (spans[j] as Span).bytes);
    }
    offsets[i] = best < 0 ? end : best;
  }
  return offsets;
}

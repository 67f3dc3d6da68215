import { type End, Gaps } from "./gaps.js";
import type { Span } from "./live.js";

/** How buffers are taken from the gaps as time passes. */
export interface Sweep {
  /** Walks from the last instruction to the first. */
  readonly backwards: boolean;
  /** Bytes of the region to begin with. */
  readonly bytes: number;
  /** At which end of a gap a buffer is put. */
  end(span: Span): End;
}

/**
 * Walks the instructions in order: each buffer takes the gap that it fits best when its life begins, and gives it back
 * when that ends (best fit, Knuth 1997, section 2.5). O(n log n).
 *
 * @returns the offset of each buffer
 */
export function sweep(spans: readonly Span[], { backwards, bytes, end }: Sweep): number[] {
  const begin = ({ first, last }: Span) => (backwards ? -last : first);
  const finish = ({ first, last }: Span) => (backwards ? -first : last);
  const numbers = spans.map((_, i) => i);
  const span = (i: number) => spans[i] as Span;
  // Of those that begin together the largest comes first, while the gaps are whole.
  const beginning = numbers.toSorted(
    (a, b) => begin(span(a)) - begin(span(b)) || span(b).bytes - span(a).bytes || a - b,
  );
  const ending = numbers.toSorted((a, b) => finish(span(a)) - finish(span(b)) || a - b);
  const gaps = new Gaps(bytes);
  const offsets = new Array<number>(spans.length).fill(0);
  let next = 0;
  for (const i of beginning) {
    for (let j = ending[next] as number; finish(span(j)) < begin(span(i)); j = ending[++next] as number) {
      if (span(j).bytes > 0) gaps.release(offsets[j] as number, span(j).bytes);
    }
    if (span(i).bytes > 0) offsets[i] = gaps.take(span(i).bytes, end(span(i)));
  }
  return offsets;
}

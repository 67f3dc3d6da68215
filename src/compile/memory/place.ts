/**
 * Places buffers in a region so that no two share bytes while both live, and the region is small: dynamic storage
 * allocation, which is NP-hard. Several strategies are tried, and the smallest region wins:
 *
 * - largest first, against the buffers whose lives overlap (greedy.ts): its work is the number of such pairs, so it is
 *   done only while they are few;
 * - sweeps through time with best fit, forwards and backwards, from one end of the region or from both (sweep.ts):
 *   O(n log n), for any number of buffers;
 * - the greedy placement again and again, with those that reached too high moved to the front ("squeaky wheel
 *   optimization", Joslin & Clements 1999, doi:10.1613/jair.561), while there is something to gain and work is left.
 */
import type { End } from "./gaps.js";
import { countOverlaps, findOverlaps, type Overlaps, placeInOrder } from "./greedy.js";
import { peakOf, type Span } from "./live.js";
import { sweep } from "./sweep.js";

export interface Placement {
  /** Of each buffer. */
  readonly offsets: readonly number[];
  readonly bytes: number;
}

/** Pairs of overlapping lives that the greedy placements look at, all together: some 50 ms. */
const WORK = 2 ** 20;

/** Pairs beyond which there is no greedy placement. */
const GREEDY_PAIRS = WORK / 4;

/** A region of so many times what is needed at one time is not worth more work. */
const GOOD = 1.01;

export function place(spans: readonly Span[]): Placement {
  const bound = peakOf(spans).bytes;
  let best: Placement = { offsets: [], bytes: Number.POSITIVE_INFINITY };
  const isGood = () => best.bytes <= GOOD * bound;
  const consider = (offsets: readonly number[]) => {
    const bytes = spans.reduce((most, span, i) => Math.max(most, (offsets[i] as number) + span.bytes), 0);
    if (bytes < best.bytes) best = { offsets, bytes };
    return offsets;
  };

  const pairs = countOverlaps(spans);
  if (pairs > GREEDY_PAIRS) {
    for (const take of sweeps(spans, bound)) if (!isGood()) consider(take());
    return best;
  }
  const overlaps = findOverlaps(spans);
  let order = bySize(spans);
  let offsets = consider(placeInOrder(spans, overlaps, order));
  for (const take of sweeps(spans, bound)) if (!isGood()) consider(take());
  for (let work = workOf(overlaps); work < WORK && !isGood(); work += workOf(overlaps)) {
    order = highestFirst(spans, { order, offsets, bound });
    offsets = consider(placeInOrder(spans, overlaps, order));
  }
  return best;
}

const workOf = ({ starts, others }: Overlaps) => starts.length + others.length;

function bySize(spans: readonly Span[]): number[] {
  const span = (i: number) => spans[i] as Span;
  return spans
    .map((_, i) => i)
    .sort((a, b) => span(b).bytes - span(a).bytes || span(a).first - span(b).first);
}

interface Attempt {
  readonly order: readonly number[];
  readonly offsets: readonly number[];
  readonly bound: number;
}

/** The same order, but first those that ended above what is needed at one time. */
function highestFirst(spans: readonly Span[], { order, offsets, bound }: Attempt): number[] {
  const isTooHigh = (i: number) => (offsets[i] as number) + (spans[i] as Span).bytes > bound;
  return [...order.filter(isTooHigh), ...order.filter((i) => !isTooHigh(i))];
}

function* sweeps(spans: readonly Span[], bound: number): Generator<() => number[]> {
  const length = ({ first, last }: Span) => last - first;
  const lengths = spans.map(length).sort((a, b) => a - b);
  const median = lengths[lengths.length >> 1] ?? 0;
  for (const backwards of [true, false]) {
    yield () => sweep(spans, { backwards, bytes: 0, end: () => "low" });
    for (const limit of [median, 4 * median]) {
      const end = (span: Span): End => (length(span) > limit ? "low" : "high");
      yield () => sweep(spans, { backwards, bytes: bound, end });
    }
  }
}

/** A buffer, and the instructions, by number, between which it is in use. */
export interface Span {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

export interface Peak {
  /** The bytes that are needed at one time: no plan takes less. */
  readonly bytes: number;
  /** The first instruction at which so many are. */
  readonly instruction: number;
}

/** O(n log n). */
export function peakOf(spans: readonly Span[]): Peak {
  const beginning = spans.toSorted((a, b) => a.first - b.first);
  const ending = spans.toSorted((a, b) => a.last - b.last);
  let peak: Peak = { bytes: 0, instruction: 0 };
  let bytes = 0;
  let ended = 0;
  beginning.forEach((span, i) => {
    for (let one = ending[ended] as Span; one.last < span.first; one = ending[++ended] as Span) {
      bytes -= one.bytes;
    }
    bytes += span.bytes;
    // All that begin at one instruction count before the sum does.
    if (bytes > peak.bytes && beginning[i + 1]?.first !== span.first) {
      peak = { bytes, instruction: span.first };
    }
  });
  return peak;
}

/** What is needed at the moment at which most is. */
export interface LiveSet<S extends Span> extends Peak {
  /** The buffers that live then, the largest first. */
  readonly live: readonly S[];
}

export function liveAtPeak<S extends Span>(spans: readonly S[]): LiveSet<S> {
  const peak = peakOf(spans);
  const live = spans
    .filter(({ first, last }) => first <= peak.instruction && peak.instruction <= last)
    .sort((a, b) => b.bytes - a.bytes || a.first - b.first);
  return { ...peak, live };
}

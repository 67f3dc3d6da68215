/** Where a buffer is put inside the gap that it fits best: at its low or at its high end. */
export type End = "low" | "high";

interface Gap {
  readonly start: number;
  readonly bytes: number;
}

/**
 * The free parts of a region that grows when nothing fits. Taking and releasing cost O(log n) comparisons: gaps are
 * sorted by size, and found by either end when a neighbor is released.
 */
export class Gaps {
  /** By bytes, then by start. */
  readonly #sorted: Gap[] = [];
  readonly #byStart = new Map<number, Gap>();
  readonly #byEnd = new Map<number, Gap>();
  /** Where the region ends. */
  height = 0;

  /** @param bytes free from the start */
  constructor(bytes = 0) {
    if (bytes > 0) this.#add({ start: 0, bytes });
    this.height = bytes;
  }

  /** The offset of the smallest gap that takes `bytes`, of the lowest among equals; the region grows if there is none. */
  take(bytes: number, end: End): number {
    const gap = this.#sorted[this.#firstNotBefore({ start: 0, bytes })] ?? this.#grow(bytes);
    this.#remove(gap);
    const rest = gap.bytes - bytes;
    if (rest > 0) this.#add({ start: end === "low" ? gap.start + bytes : gap.start, bytes: rest });
    return end === "low" ? gap.start : gap.start + rest;
  }

  /** Gives back what was taken. */
  release(start: number, bytes: number): void {
    const before = this.#byEnd.get(start);
    const after = this.#byStart.get(start + bytes);
    if (before !== undefined) this.#remove(before);
    if (after !== undefined) this.#remove(after);
    const from = before?.start ?? start;
    this.#add({ start: from, bytes: start + bytes + (after?.bytes ?? 0) - from });
  }

  /** A gap of `bytes` at the end of the region, of which there may be a part already. */
  #grow(bytes: number): Gap {
    const last = this.#byEnd.get(this.height);
    if (last !== undefined) this.#remove(last);
    const gap = { start: last?.start ?? this.height, bytes };
    this.height = gap.start + bytes;
    this.#add(gap);
    return gap;
  }

  #add(gap: Gap): void {
    this.#sorted.splice(this.#firstNotBefore(gap), 0, gap);
    this.#byStart.set(gap.start, gap);
    this.#byEnd.set(gap.start + gap.bytes, gap);
  }

  #remove(gap: Gap): void {
    this.#sorted.splice(this.#firstNotBefore(gap), 1);
    this.#byStart.delete(gap.start);
    this.#byEnd.delete(gap.start + gap.bytes);
  }

  /** The index of the first gap that does not come before `wanted`. */
  #firstNotBefore(wanted: Gap): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { start, bytes } = this.#sorted[middle] as Gap;
      if (bytes < wanted.bytes || (bytes === wanted.bytes && start < wanted.start)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

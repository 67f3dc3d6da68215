interface Entry<T> {
  readonly key: number;
  readonly item: T;
}

/** Items by key, the least first (binary heap, Williams 1964): O(log n) for each push and pop. */
export class Heap<T> {
  readonly #entries: Entry<T>[] = [];

  /** The least key; infinite when there is none. */
  get least(): number {
    return this.#entries[0]?.key ?? Number.POSITIVE_INFINITY;
  }

  push(key: number, item: T): void {
    const entries = this.#entries;
    let at = entries.length;
    for (let above = (at - 1) >> 1; at > 0 && key < this.#key(above); above = (at - 1) >> 1) {
      entries[at] = entries[above] as Entry<T>;
      at = above;
    }
    entries[at] = { key, item };
  }

  /** Takes out the item of the least key. */
  pop(): T | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const moved = entries.pop();
    if (top === undefined || moved === undefined || entries.length === 0) return top?.item;
    let at = 0;
    for (;;) {
      const below = 2 * at + 1;
      const least = below + (this.#key(below + 1) < this.#key(below) ? 1 : 0);
      if (this.#key(least) >= moved.key) break;
      entries[at] = entries[least] as Entry<T>;
      at = least;
    }
    entries[at] = moved;
    return top.item;
  }

  #key(at: number): number {
    return this.#entries[at]?.key ?? Number.POSITIVE_INFINITY;
  }
}

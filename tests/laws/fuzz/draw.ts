/** Draws of a seed: a linear congruential generator (Knuth, TAOCP 2, 3.3.4). */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed, 2654435761) >>> 0;
    for (let i = 0; i < 4; i++) this.share();
  }

  /** In [0, 1). */
  share(): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return (this.#state >>> 8) / 2 ** 24;
  }

  below(count: number): number {
    return Math.floor(this.share() * count);
  }

  /** Whether something of that probability happens. */
  is(probability: number): boolean {
    return this.share() < probability;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}

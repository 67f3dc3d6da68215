/** Times by a clock that may be coarse: pages have one of 5 µs to 100 ms. Nothing that it measures reaches a weight. */

/** Readings after which a clock that has not moved stands still: more than 100 ms of them. */
const MOST_READINGS = 4_000_000;
/** Changes of the clock that are looked at. */
const CHANGES = 8;
/** What a time must have: so many of the clock's ticks, and so many milliseconds, that other tasks disturb it little. */
const LEAST_TICKS = 20;
const LEAST_MILLISECONDS = 1;
/** Times that are taken of each: other processes only ever make one longer. */
const ROUNDS = 3;

/** Milliseconds that the clock moves by at least; undefined where it stands still while code runs, as in workerd. */
export function clockTick(): number | undefined {
  let tick = Number.POSITIVE_INFINITY;
  for (let i = 0; i < CHANGES; i++) {
    const start = performance.now();
    let now = start;
    for (let readings = 0; now === start; readings++) {
      if (readings === MOST_READINGS) return undefined;
      now = performance.now();
    }
    tick = Math.min(tick, now - start);
  }
  return tick;
}

/** Takes the time of what can be repeated. */
export class Stopwatch {
  readonly #least: number;

  /** @param tick of the clock */
  constructor(tick: number) {
    this.#least = Math.max(LEAST_MILLISECONDS, LEAST_TICKS * tick);
  }

  /**
   * Milliseconds of one run: of the fastest round, each so many runs that the clock can tell.
   *
   * @param run makes so many runs or more, and says how many; 0 when it failed
   */
  fastest(run: (times: number) => number): number | undefined {
    let best = Number.POSITIVE_INFINITY;
    let times = 1;
    for (let rounds = 0; rounds < ROUNDS; ) {
      const start = performance.now();
      const made = run(times);
      const elapsed = performance.now() - start;
      if (made === 0) return undefined;
      if (elapsed >= this.#least) {
        best = Math.min(best, elapsed / made);
        rounds++;
      } else {
        const missing = elapsed > 0 ? (1.2 * this.#least) / elapsed : 10;
        times = Math.ceil(made * Math.min(10, Math.max(1.1, missing)));
      }
    }
    return best;
  }
}

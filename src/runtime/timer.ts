/** Says when so many milliseconds are over. Reads the clock; nothing that it measures reaches a weight. */
export class Timer {
  readonly #milliseconds: number;
  #start = performance.now();

  constructor(milliseconds: number) {
    this.#milliseconds = milliseconds;
  }

  get isDue(): boolean {
    return performance.now() - this.#start >= this.#milliseconds;
  }

  restart(): void {
    this.#start = performance.now();
  }
}

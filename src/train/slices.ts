import { LOG_STEPS } from "../../assembly/isa.js";

/** Training is cut into slices, so that a page stays responsive and an abort is heard. */

/** Milliseconds after which other tasks have their turn: about a frame of a 60 Hz display. */
const SLICE_MILLISECONDS = 12;

interface Scheduling {
  readonly scheduler?: { readonly yield?: () => Promise<void> };
  readonly setImmediate?: (task: () => void) => unknown;
}

/** Lets the other tasks of the event loop run: timers, input, an abort. */
export function nextTask(): Promise<void> {
  const { scheduler, setImmediate } = globalThis as Scheduling;
  if (scheduler?.yield !== undefined) return scheduler.yield();
  return new Promise((resolve) => {
    try {
      (setImmediate ?? setTimeout)(resolve);
    } catch {
      // In Next's edge functions there is a setImmediate that only throws.
      setTimeout(resolve, 0);
    }
  });
}

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

/** Says when a slice is over: when it has lasted as long as it may. */
export class Slices {
  readonly #timer = new Timer(SLICE_MILLISECONDS);

  get isOver(): boolean {
    return this.#timer.isDue;
  }

  async yield(): Promise<void> {
    await nextTask();
    this.#timer.restart();
  }
}

/** Learns how long a step takes. Where clocks stand still while code runs, a slice has as many steps as the log. */
export class StepClock {
  #steps = 0;
  #rows = 0;
  #milliseconds = 0;
  readonly #slice: number;

  /** @param slice milliseconds that a slice may take */
  constructor(slice: number) {
    this.#slice = slice;
  }

  add(steps: number, rows: number, milliseconds: number): void {
    this.#steps += steps;
    this.#rows += rows;
    this.#milliseconds += milliseconds;
  }

  get rowsPerSecond(): number {
    return (this.#rows / this.#milliseconds) * 1000;
  }

  stepsPerSlice(): number {
    if (this.#steps === 0) return 1;
    const fitting = Math.floor((this.#slice * this.#steps) / this.#milliseconds);
    return Math.max(1, Math.min(LOG_STEPS, fitting));
  }
}

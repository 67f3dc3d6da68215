import { LOG_STEPS } from "../../../assembly/isa/limits.js";

/** Training is cut into slices, so that a page stays responsive and an abort is heard. */

/** Milliseconds after which other tasks have their turn: what a frame of a 60 Hz display can spare. */
const SLICE_MILLISECONDS = 10;

interface Scheduling {
  readonly scheduler?: { readonly yield?: () => Promise<void> };
  readonly setImmediate?: (task: () => void) => unknown;
  readonly document?: { readonly visibilityState?: string };
  readonly requestAnimationFrame?: (task: () => void) => unknown;
}

/** A page that draws no frame for so long is not seen, whatever it says of itself. */
const NO_FRAME_MILLISECONDS = 50;

/**
 * The first task after the next frame. A page that only yields keeps its turn before its own drawing: in Chromium
 * frames then came 250 ms apart (measured, tests/runtimes: `checkRuntimes.mjs frames`).
 */
function afterFrame(requestAnimationFrame: (task: () => void) => unknown): Promise<void> {
  return new Promise((resolve) => {
    const unseen = setTimeout(resolve, NO_FRAME_MILLISECONDS);
    requestAnimationFrame(() => {
      clearTimeout(unseen);
      setTimeout(resolve, 0);
    });
  });
}

/** Lets the other tasks of the event loop run: timers, input, an abort, and in a page the drawing of a frame. */
export function nextTask(): Promise<void> {
  const { scheduler, setImmediate, document, requestAnimationFrame } = globalThis as Scheduling;
  if (document?.visibilityState === "visible" && requestAnimationFrame !== undefined) {
    return afterFrame(requestAnimationFrame);
  }
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

/** A slice of work, and what is left of it. */
export class Slices {
  readonly #milliseconds: number;
  #start = performance.now();
  #steps = 0;

  constructor(milliseconds = SLICE_MILLISECONDS) {
    this.#milliseconds = milliseconds;
  }

  /** Milliseconds that are left; below 0 when it has lasted too long. */
  get left(): number {
    return this.#milliseconds - (performance.now() - this.#start);
  }

  get isOver(): boolean {
    return this.left <= 0;
  }

  /** Counts steps; whether there were as many as the log has while the clock stood still, so that only they can tell. */
  isFull(steps: number): boolean {
    this.#steps += steps;
    return this.#steps >= LOG_STEPS && performance.now() === this.#start;
  }

  restart(): void {
    this.#start = performance.now();
    this.#steps = 0;
  }

  async yield(): Promise<void> {
    await nextTask();
    this.restart();
  }
}

/** Learns how long a step takes. Where clocks stand still while code runs, a slice has as many steps as the log. */
export class StepClock {
  #steps = 0;
  #rows = 0;
  #milliseconds = 0;
  /** Of the epochs before. */
  #millisecondsPerStep: number | undefined;

  /** Begins to measure anew; until there is a step to go by, those before say how long one takes. */
  beginEpochs(): void {
    if (this.#steps > 0) this.#millisecondsPerStep = this.#milliseconds / this.#steps;
    this.#steps = 0;
    this.#rows = 0;
    this.#milliseconds = 0;
  }

  add(steps: number, rows: number, milliseconds: number): void {
    this.#steps += steps;
    this.#rows += rows;
    this.#milliseconds += milliseconds;
  }

  get rowsPerSecond(): number {
    return this.#rows === 0 ? 0 : (this.#rows / this.#milliseconds) * 1000;
  }

  /** Steps that so many milliseconds are enough for, as far as is known: one, before the first. */
  stepsWithin(milliseconds: number): number {
    const each = this.#steps > 0 ? this.#milliseconds / this.#steps : this.#millisecondsPerStep;
    if (each === undefined) return 1;
    if (milliseconds <= 0) return 0;
    return Math.max(0, Math.min(LOG_STEPS, Math.floor(milliseconds / each)));
  }
}

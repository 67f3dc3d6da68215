/** What the specs of the optimizers share: a kernel beside its definition in f64, and the laws that all of them keep. */
import { at, buffer, guarded, near, put } from "../floats";

/** Bytes of an element in f64: the weight, then up to three slots. */
const WIDE: usize = 32;

/** A gradient that differs in every element and step, with zeros among them. */
function gradientAt(i: u32, step: u32): f32 {
  return <f32>((i * 13 + step * 29) % 11) * 0.3 - 1.2;
}

function isSubnormal(x: f32): bool {
  return x != 0 && abs(x) < f32.MIN_NORMAL_VALUE;
}

/** One kernel with its options. */
export abstract class Subject {
  n: u32 = 0;
  w: usize = 0;
  gradient: usize = 0;
  slot0: usize = 0;
  slot1: usize = 0;
  slot2: usize = 0;
  rate: f32 = 0.05;
  scale: f32 = 1;
  decay: f32 = 0;

  /** The kernel over the n weights. */
  abstract update(step: u32): void;

  /** The same in f64 for the element at an address: w, then its slots. g is scaled, decay is not in it. */
  abstract define(x: usize, g: f64, step: u32): void;

  start(n: u32): void {
    this.n = n;
    this.w = buffer(n);
    this.gradient = buffer(n);
    this.slot0 = buffer(n);
    this.slot1 = buffer(n);
    this.slot2 = buffer(n);
    for (let i: u32 = 0; i < n; i++) {
      put(this.w, i, <f32>i * 0.25 - 1);
      put(this.slot0, i, 0);
      put(this.slot1, i, 0);
      put(this.slot2, i, 0);
    }
  }

  end(): void {
    heap.free(this.w);
    heap.free(this.gradient);
    heap.free(this.slot0);
    heap.free(this.slot1);
    heap.free(this.slot2);
  }

  slot(i: u32): usize {
    return i == 0 ? this.slot0 : i == 1 ? this.slot1 : this.slot2;
  }

  guarded(): bool {
    for (let i: u32 = 0; i < 3; i++) if (!guarded(this.slot(i), this.n)) return false;
    return guarded(this.w, this.n) && guarded(this.gradient, this.n);
  }
}

/** Whether n weights follow the definition over `steps` steps from `first` on, within the tolerance. */
export function follows(one: Subject, n: u32, first: u32, steps: u32, tolerance: f64): bool {
  one.start(n);
  const wide = heap.alloc(<usize>(n + 1) * WIDE);
  memory.fill(wide, 0, <usize>(n + 1) * WIDE);
  for (let i: u32 = 0; i < n; i++) store<f64>(wide + <usize>i * WIDE, at(one.w, i));
  let holds = true;
  for (let step = first; step < first + steps; step++) {
    for (let i: u32 = 0; i < n; i++) put(one.gradient, i, gradientAt(i, step));
    one.update(step);
    for (let i: u32 = 0; i < n; i++) {
      const x = wide + <usize>i * WIDE;
      one.define(x, <f64>one.scale * <f64>gradientAt(i, step), step);
      const expected = load<f64>(x);
      if (!near(at(one.w, i), expected, tolerance, max(1.0, abs(expected)))) holds = false;
    }
  }
  holds = holds && one.guarded();
  one.end();
  heap.free(wide);
  return holds;
}

/** Whether it follows the definition for every tail. Seven steps of some ten f32 operations err by less than 5e-6. */
export function followsForEveryTail(one: Subject): bool {
  for (let n: u32 = 0; n <= 20; n++) {
    if (!follows(one, n, 0, 7, 5e-6)) return false;
  }
  return true;
}

/** How many slots went subnormal, or stood still above 0, in the `steps` steps after the gradient died. */
export function unfinished(one: Subject, steps: u32, slots: u32): u32 {
  one.start(9);
  for (let i: u32 = 0; i < 9; i++) put(one.gradient, i, i & 1 ? 1 : -1);
  one.update(0);
  for (let i: u32 = 0; i < 9; i++) put(one.gradient, i, 0);
  let count: u32 = 0;
  for (let step: u32 = 1; step <= steps; step++) {
    one.update(step);
    for (let s: u32 = 0; s < slots; s++) {
      for (let i: u32 = 0; i < 9; i++) if (isSubnormal(at(one.slot(s), i))) count++;
    }
  }
  for (let s: u32 = 0; s < slots; s++) {
    for (let i: u32 = 0; i < 9; i++) if (at(one.slot(s), i) != 0) count++;
  }
  one.end();
  return count;
}

/**
 * How many weights or slots were not finite, or slots subnormal, while gradients of any size arrive: from the largest
 * that the check before an update lets through, 1e19, down to the subnormals and zero, steady, with turning signs, or
 * one time only.
 */
export function unruly(one: Subject, first: u32, steps: u32): u32 {
  one.start(66);
  let count: u32 = 0;
  for (let step: u32 = 0; step < steps; step++) {
    for (let i: u32 = 0; i < 66; i++) {
      let size: f64 = 1e19;
      for (let k: u32 = 0; k < i / 3 && k < 21; k++) size *= 1e-3;
      const kind = i % 3;
      const sign: f64 = kind == 1 && step & 1 ? -1 : 1;
      put(one.gradient, i, kind == 2 && step > 0 ? 0 : <f32>(sign * size));
    }
    one.update(first + step);
    for (let i: u32 = 0; i < 66; i++) {
      if (!isFinite(at(one.w, i))) count++;
      for (let s: u32 = 0; s < 3; s++) {
        const x = at(one.slot(s), i);
        if (!isFinite(x) || isSubnormal(x)) count++;
      }
    }
  }
  one.end();
  return count;
}

/** Whether weights that are larger than any that trains, and decay into the gradient, leave all slots finite. */
export function enduresLargeWeights(one: Subject): bool {
  one.start(5);
  for (let i: u32 = 0; i < 5; i++) {
    put(one.w, i, i & 1 ? 1e30 : -1e25);
    put(one.gradient, i, 0);
  }
  let holds = true;
  for (let step: u32 = 0; step < 50; step++) {
    one.update(step);
    for (let i: u32 = 0; i < 5; i++) {
      if (!isFinite(at(one.w, i))) holds = false;
      for (let s: u32 = 0; s < 3; s++) if (!isFinite(at(one.slot(s), i))) holds = false;
    }
  }
  one.end();
  return holds;
}

/** The largest |change of a weight| in a step with gradients of 1, a million steps on: finite and more than nothing. */
export function movesAfterAMillionSteps(one: Subject): bool {
  one.start(5);
  for (let i: u32 = 0; i < 5; i++) put(one.gradient, i, 1);
  for (let step: u32 = 0; step < 3; step++) one.update(999999 + step);
  let holds = true;
  for (let i: u32 = 0; i < 5; i++) {
    const moved = abs(at(one.w, i) - (<f32>i * 0.25 - 1));
    if (!(moved > 0 && moved < 10)) holds = false;
  }
  one.end();
  return holds;
}

/** Whether a rate of 0 leaves every weight as it is, tiny ones too, while the gradient is not 0. */
export function restsAtRateZero(one: Subject): bool {
  one.rate = 0;
  one.start(6);
  for (let i: u32 = 0; i < 6; i++) put(one.gradient, i, <f32>i - 2.5);
  put(one.w, 0, 1e-33);
  put(one.w, 1, -1e-20);
  put(one.w, 2, 0);
  for (let step: u32 = 0; step < 3; step++) one.update(step);
  const holds =
    at(one.w, 0) == <f32>1e-33 && at(one.w, 1) == <f32>-1e-20 && at(one.w, 2) == 0 && at(one.w, 3) == -0.25;
  one.end();
  return holds;
}

/** Whether a NaN gradient shows in its weight, and nowhere else. */
export function showsNaN(one: Subject): bool {
  one.start(7);
  for (let i: u32 = 0; i < 7; i++) put(one.gradient, i, 0.5);
  put(one.gradient, 2, f32.NaN);
  one.update(0);
  let holds = true;
  for (let i: u32 = 0; i < 7; i++) if (isNaN(at(one.w, i)) != (i == 2)) holds = false;
  one.end();
  return holds;
}

import { DataError } from "../check/errors.js";
import type { Shape } from "../graph/shape.js";
import { Purpose, randomStream } from "../numeric/random.js";
import type { Modules } from "../runtime/engine.js";
import { isAtKink, slopes } from "./differences.js";
import { type CheckedElement, type CheckedParameter, type GradientCheck, makeReport } from "./report.js";

/** A tensor whose gradient is checked. */
export interface Subject {
  readonly name: string;
  readonly shape: Shape;
  /** Where it is checked. */
  readonly values: ArrayLike<number>;
  /** What the engine says. */
  readonly gradient: ArrayLike<number>;
  /** The loss in f64 with one element of it at `x`. */
  lossAt(element: number, x: number): number;
}

/** Options of a check with every default filled in. */
export interface CheckSettings {
  readonly tolerance: number;
  readonly samples: number;
  readonly step: number;
  readonly modules: Modules;
}

/** A gradient this small beside the largest of all is compared with that: f32 rounds what cancels to nothing. */
const SMALL = 0.01;

/** A loss that depends on nothing, as far as f64 can tell, is compared with a gradient of this size. */
const NO_GRADIENT = 1e-9;
const SIZE_OF_NONE = 0.01;

/**
 * @param loss in f64, with nothing moved
 * @throws DataError for a loss that has no differences
 */
export function compareGradients(
  who: string,
  subjects: readonly Subject[],
  loss: number,
  { tolerance, samples, step }: CheckSettings,
): GradientCheck {
  if (!Number.isFinite(loss)) {
    throw new DataError(`${who}: the loss is ${loss} in f64; needs data at which it is finite.`);
  }
  const found = subjects.map((subject, which) => {
    const elements = chosenElements(subject.values.length, samples, which);
    const expected = elements.map((element) => {
      const lossAt = (x: number) => subject.lossAt(element, x);
      return slopes(lossAt, subject.values[element] as number, loss, step).central;
    });
    return { subject, elements, expected, size: Math.max(largest(expected), largest(subject.gradient)) };
  });
  const all = found.reduce((most, { size }) => Math.max(most, size), 0);
  const isFlat = found.every(
    ({ expected }) => largest(expected) <= NO_GRADIENT * Math.max(1, Math.abs(loss)),
  );
  const floor = isFlat ? SIZE_OF_NONE : SMALL * all;
  const parameters = found.map(({ subject, elements, expected, size }): CheckedParameter => {
    const { name, shape, values, gradient } = subject;
    const scale = Math.max(isFlat ? 0 : size, floor);
    let worst: CheckedElement | undefined;
    let kinks = 0;
    elements.forEach((element, i) => {
      const [engine, difference] = [gradient[element] as number, expected[i] as number];
      const distance = Math.abs(engine - difference) / scale;
      const error = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
      const lossAt = (x: number) => subject.lossAt(element, x);
      const x = values[element] as number;
      if (error > tolerance && isAtKink(lossAt, x, loss, step, engine, tolerance * scale)) kinks++;
      else if (worst === undefined || error > worst.error) {
        worst = { parameter: name, index: indexOf(element, shape), engine, expected: difference, error };
      }
    });
    const checked = elements.length - kinks;
    const error = worst?.error ?? 0;
    return { name, shape, elements: values.length, checked, kinks, passed: error <= tolerance, error, worst };
  });
  return makeReport(parameters, tolerance);
}

/** The largest absolute value of those that are finite. */
function largest(numbers: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i] as number);
    if (size < Number.POSITIVE_INFINITY && size > most) most = size;
  }
  return most;
}

/** All elements, or as many as asked for: the first, the last, and others by a fixed seed. */
function chosenElements(count: number, samples: number, which: number): number[] {
  if (count <= samples) return Array.from({ length: count }, (_, i) => i);
  const chosen = new Set(samples > 1 ? [0, count - 1] : [0]);
  const stream = randomStream(0, which, 0, Purpose.Shuffle);
  for (let i = 0; chosen.size < samples; i++) chosen.add(stream.uint32(i) % count);
  return [...chosen].sort((a, b) => a - b);
}

/** The index along each axis of an element, row-major. */
function indexOf(element: number, shape: Shape): number[] {
  let rest = element;
  return shape
    .toReversed()
    .map((size) => {
      const place = rest % size;
      rest = (rest - place) / size;
      return place;
    })
    .reverse();
}

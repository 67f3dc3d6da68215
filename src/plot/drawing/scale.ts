import { log, power } from "../../numeric/exactMath.js";

/** A mark on an axis. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** From numbers to pixels. */
export interface Scale {
  /** The pixel of a number; what lies beyond the axis is kept to its ends. */
  at(value: number): number;
  readonly ticks: readonly Tick[];
  /** Whether a number has a place on it at all. */
  has(value: number): boolean;
}

/** The decimal exponent: ⌊log₁₀ |x|⌋, by what the number is written as. */
const exponentOf = (x: number): number => Number(x.toExponential().split("e")[1]);
const tenTo = (exponent: number): number => Number(`1e${exponent}`);

/** A number in few letters: `0.05`, `1200`, `1e-7`. */
export function formatNumber(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return x > 0 ? "∞" : x < 0 ? "−∞" : "NaN";
  if (x === 0) return "0";
  const exponent = exponentOf(x);
  const text =
    exponent < -3 || exponent > 5
      ? x
          .toExponential(digits - 1)
          .replace(/\.?0*e/, "e")
          .replace("e+", "e")
      : String(Number(x.toPrecision(Math.max(digits, exponent + 1))));
  return text.replaceAll("-", "−");
}

/** The least and the largest of what is finite; undefined of nothing. */
export function extentOf(values: Iterable<number>): readonly [number, number] | undefined {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  return least <= largest ? [least, largest] : undefined;
}

/** Steps of 1, 2 or 5 times a power of ten: about so many over a length. */
function stepFor(length: number, count: number): number {
  const rough = length / count;
  const unit = tenTo(exponentOf(rough));
  return unit * ([1, 2, 5].find((times) => unit * times >= rough * 0.999) ?? 10);
}

/** A line from numbers to pixels, its ends on ticks unless they are `exact`. */
export function linearScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  { count = 5, exact = false, whole = false } = {},
): Scale {
  const isPoint = !(high > low) || !Number.isFinite(high - low);
  const margin = isPoint ? Math.max(Math.abs(low) * 0.5, whole ? 1 : 1e-6) : 0;
  const bounds: [number, number] = isPoint && !exact ? [low - margin, low + margin] : [low, high];
  const length = bounds[1] - bounds[0] || 1;
  const step = whole ? Math.max(1, stepFor(length, count)) : stepFor(length, count);
  const [first, last] = exact
    ? [Math.ceil(bounds[0] / step - 1e-9), Math.floor(bounds[1] / step + 1e-9)]
    : [Math.floor(bounds[0] / step + 1e-9), Math.ceil(bounds[1] / step - 1e-9)];
  const [start, end] = exact ? bounds : [first * step, last * step];
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const value = Number(((first + i) * step).toPrecision(12));
    return { value, label: formatNumber(value, 4) };
  });
  return {
    at: (value) =>
      from + ((to - from) * (Math.min(end, Math.max(start, value)) - start)) / (end - start || 1),
    ticks,
    has: Number.isFinite,
  };
}

/** As a linear one of logarithms; its ticks are powers of ten, or 1, 2 and 5 times those where they are few. */
export function logScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
  count = 6,
): Scale {
  const [first, last] = [exponentOf(low), exponentOf(high)];
  const [start, end] = low < high ? [log(low), log(high)] : [log(low / 2), log(high * 2)];
  const stride = Math.max(1, Math.ceil((last - first + 1) / count));
  const times = last - first < 2 ? [1, 2, 5] : [1];
  const ticks: Tick[] = [];
  for (let exponent = first; exponent <= last + 1; exponent += stride) {
    for (const one of times) {
      const value = Number(`${one}e${exponent}`);
      const place = log(value);
      if (place < start - 1e-9 || place > end + 1e-9) continue;
      ticks.push({ value, label: formatNumber(value, 1) });
    }
  }
  return {
    at: (value) =>
      from + ((to - from) * (Math.min(end, Math.max(start, log(value))) - start)) / (end - start),
    ticks,
    has: (value) => value > 0 && Number.isFinite(value),
  };
}

/** Numbers from one to another at equal ratios. */
export const geometric = (from: number, to: number, share: number): number => from * power(to / from, share);

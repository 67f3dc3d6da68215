import { StatisticsRecord } from "../../../assembly/isa/control";
import { chunksOf, combine, FLOATS } from "../../../assembly/kernels/reduce/chunks";
import { measure, measureChunk } from "../../../assembly/kernels/step/measure";
import { lengthsAround, shuffled } from "../chunks";
import { at, buffer, guarded, put, samples } from "../floats";

const entry = memory.data(64, 16);
/** 16 partials of 80 bytes. */
const SCRATCH = memory.data(1280, 16);

function statistic(field: i32): f64 {
  return load<f64>(entry + field);
}

/** Whether they are the sums, ends and counts of a plain loop in f64, some elements and the first column being 0. */
function agrees(outer: u32, inner: u32): bool {
  const n = outer * inner;
  const x = samples(n, inner);
  for (let i: u32 = 0; i < n; i++) if (i % 3 == 0 || i % inner == 0) put(x, i, 0);
  let sum: f64 = 0, squares: f64 = 0, least: f64 = Infinity, most: f64 = -Infinity;
  let zeros: f64 = 0, saturated: f64 = 0, dead: f64 = 0;
  for (let column: u32 = 0; column < inner; column++) {
    let isDead = outer > 0;
    for (let row: u32 = 0; row < outer; row++) {
      const value = <f64>at(x, row * inner + column);
      sum += value;
      squares += value * value;
      least = min(least, value);
      most = max(most, value);
      if (value == 0) zeros++;
      else isDead = false;
      if (value <= -2 || value >= 3) saturated++;
    }
    if (isDead) dead++;
  }
  measure(entry, x, outer, inner, -2, 3, SCRATCH);
  const right =
    statistic(StatisticsRecord.count) == <f64>n &&
    abs(statistic(StatisticsRecord.sum) - sum) <= 1e-12 * <f64>max(n, 1) &&
    abs(statistic(StatisticsRecord.squares) - squares) <= 1e-12 * max(squares, 1) &&
    statistic(StatisticsRecord.minimum) == least &&
    statistic(StatisticsRecord.maximum) == most &&
    statistic(StatisticsRecord.zeros) == zeros &&
    statistic(StatisticsRecord.saturated) == saturated &&
    statistic(StatisticsRecord.deadUnits) == dead &&
    guarded(x, n);
  heap.free(x);
  return right;
}

describe("measure", () => {
  it("is the sums, ends and counts of a plain loop in f64, for every tail", () => {
    for (let inner: u32 = 0; inner <= 21; inner++) {
      for (let outer: u32 = 0; outer <= 5; outer++) {
        expect(agrees(outer, inner)).toBe(true, `${outer} rows of ${inner}`);
      }
    }
  });

  it("is so around the ends of chunks, which may part a row", () => {
    const lengths = lengthsAround(FLOATS);
    for (let i = 0; i < lengths.length; i++) {
      expect(agrees(lengths[i], 1)).toBe(true, `${lengths[i]} rows of 1`);
      expect(agrees(lengths[i] / 7, 7)).toBe(true, `${lengths[i] / 7} rows of 7`);
    }
  });

  it("has the bits of its chunks, worked in any order", () => {
    const x = samples(140_000, 3);
    const lengths = lengthsAround(FLOATS);
    for (let i = 0; i < lengths.length; i++) {
      const n = lengths[i], chunks = chunksOf(n, FLOATS);
      measure(entry, x, n, 1, -2, 3, SCRATCH);
      for (let i: u32 = 0; i < chunks; i++) measureChunk(SCRATCH, shuffled(i, chunks), x, n, -2, 3);
      combine(SCRATCH, chunks, 48);
      const sum = load<f64>(SCRATCH) + load<f64>(SCRATCH, 8);
      const squares = load<f64>(SCRATCH, 16) + load<f64>(SCRATCH, 24);
      expect(statistic(StatisticsRecord.sum)).toBe(sum);
      expect(statistic(StatisticsRecord.squares)).toBe(squares);
      expect(statistic(StatisticsRecord.zeros)).toBe(load<f64>(SCRATCH, 32));
      expect(statistic(StatisticsRecord.saturated)).toBe(load<f64>(SCRATCH, 40));
    }
    heap.free(x);
  });

  it("does not overflow where squares leave the range of f32, and shows a NaN", () => {
    const x = buffer(5);
    for (let i: u32 = 0; i < 5; i++) put(x, i, 3e38);
    measure(entry, x, 1, 5, 0, 1, SCRATCH);
    expect(isFinite(statistic(StatisticsRecord.squares))).toBe(true);
    put(x, 4, NaN);
    measure(entry, x, 1, 5, 0, 1, SCRATCH);
    expect(isNaN(statistic(StatisticsRecord.sum))).toBe(true);
    expect(isNaN(statistic(StatisticsRecord.maximum))).toBe(true);
    heap.free(x);
  });
});

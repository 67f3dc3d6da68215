import { StatisticsRecord } from "../../../assembly/isa/control";
import { measure } from "../../../assembly/kernels/step/measure";
import { at, buffer, guarded, put, samples } from "../floats";

const entry = memory.data(64, 16);

function statistic(field: i32): f64 {
  return load<f64>(entry + field);
}

describe("measure", () => {
  it("is the sums, ends and counts of a plain loop in f64, for every tail", () => {
    for (let inner: u32 = 0; inner <= 21; inner++) {
      for (let outer: u32 = 0; outer <= 5; outer++) {
        const n = outer * inner;
        const x = samples(n, inner);
        for (let i: u32 = 0; i < n; i += 3) put(x, i, 0);
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
        measure(entry, x, outer, inner, -2, 3);
        expect(statistic(StatisticsRecord.count)).toBe(<f64>n);
        expect(abs(statistic(StatisticsRecord.sum) - sum) <= 1e-12 * <f64>max(n, 1)).toBe(true);
        expect(abs(statistic(StatisticsRecord.squares) - squares) <= 1e-12 * max(squares, 1)).toBe(true);
        expect(statistic(StatisticsRecord.minimum)).toBe(least);
        expect(statistic(StatisticsRecord.maximum)).toBe(most);
        expect(statistic(StatisticsRecord.zeros)).toBe(zeros);
        expect(statistic(StatisticsRecord.saturated)).toBe(saturated);
        expect(statistic(StatisticsRecord.deadUnits)).toBe(dead);
        expect(guarded(x, n)).toBe(true);
        heap.free(x);
      }
    }
  });

  it("does not overflow where squares leave the range of f32, and shows a NaN", () => {
    const x = buffer(5);
    for (let i: u32 = 0; i < 5; i++) put(x, i, 3e38);
    measure(entry, x, 1, 5, 0, 1);
    expect(isFinite(statistic(StatisticsRecord.squares))).toBe(true);
    put(x, 4, NaN);
    measure(entry, x, 1, 5, 0, 1);
    expect(isNaN(statistic(StatisticsRecord.sum))).toBe(true);
    expect(isNaN(statistic(StatisticsRecord.maximum))).toBe(true);
    heap.free(x);
  });
});

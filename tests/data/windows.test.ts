import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type WindowOptions, windows } from "../../src/data/index.ts";
import { refusal } from "./refusal.ts";

describe("windows", () => {
  it("are what is seen, and what comes behind it", () => {
    const { x, y, rows, starts } = windows([1, 2, 3, 4, 5, 6], { length: 3, horizon: 2 });
    expect(rows).toBe(2);
    expect([...x]).toEqual([1, 2, 3, 2, 3, 4]);
    expect([...y]).toEqual([4, 5, 5, 6]);
    expect([...starts]).toEqual([0, 1]);
  });

  it("lie within one series, whatever their number, stride and gap", () => {
    const shape = fc.record({
      length: fc.integer({ min: 1, max: 5 }),
      horizon: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 4 }),
      gap: fc.integer({ min: 0, max: 3 }),
      columns: fc.integer({ min: 1, max: 3 }),
      times: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(shape, ({ times, columns, ...options }) => {
        const span = options.length + options.gap + options.horizon;
        // Each number tells its series, its time and its column.
        const list = times.map((more, i) =>
          Array.from({ length: span + more }, (_, time) =>
            Array.from({ length: columns }, (_, column) => i * 1000 + time * 10 + column),
          ),
        );
        const { x, y, rows, series, starts } = windows(list, { ...options, several: true });
        expect(rows).toBe(times.reduce((sum, more) => sum + Math.floor(more / options.stride) + 1, 0));
        for (let row = 0; row < rows; row++) {
          const first = series[row]! * 1000 + starts[row]! * 10;
          expect(starts[row]! % options.stride).toBe(0);
          for (let time = 0; time < options.length; time++) {
            expect(x[(row * options.length + time) * columns]).toBe(first + time * 10);
          }
          const told = first + (options.length + options.gap) * 10;
          for (let time = 0; time < options.horizon; time++) {
            for (let column = 0; column < columns; column++) {
              expect(y[(row * options.horizon + time) * columns + column]).toBe(told + time * 10 + column);
            }
          }
        }
        const flat = list.map((one) => Float32Array.from(one.flat()));
        expect(windows(flat, { ...options, several: true, columns }).x).toEqual(x);
      }),
    );
  });

  it("tell the columns that are asked for", () => {
    const { y } = windows(
      [
        [1, 10],
        [2, 20],
        [3, 30],
      ],
      { length: 2, targets: [1] },
    );
    expect([...y]).toEqual([30]);
  });

  it("are refused where a series is shorter, or has something missing", () => {
    expect(refusal(() => windows([1, 2, 3], { length: 3 }))).toBe(
      "DataError: windows: the series has 3 times; a window takes 4: length 3, gap 0 and horizon 1. Give a longer " +
        "series, or shorter windows.",
    );
    expect(
      refusal(() =>
        windows(
          [
            [1, 2, 3],
            [1, 2],
          ],
          { length: 2, several: true },
        ),
      ),
    ).toContain("windows: series 1 has 2 times; a window takes 3");
    expect(refusal(() => windows([[1, 2, Number.NaN]], { length: 2, several: true }))).toContain(
      "windows: series 0: row 2, column 0 is NaN",
    );
    expect(refusal(() => windows([[[1], [2]], [[1, 2]]], { length: 1, several: true }))).toContain(
      "series 1 has 2 columns, and the first has 1",
    );
    const odd = (options: object) => refusal(() => windows([1, 2, 3], options as WindowOptions));
    expect(odd({})).toContain("length");
    expect(odd({ length: 1, targets: [1] })).toContain("targets is [1]; needs a list of columns from 0 to 0");
    expect(odd({ length: 1, horizon: 0 })).toContain("horizon is 0");
    expect(refusal(() => windows(3 as never, { length: 1 }))).toContain("the series is 3; needs numbers");
    expect(refusal(() => windows([], { length: 1, several: true }))).toContain("there is no series");
  });
});

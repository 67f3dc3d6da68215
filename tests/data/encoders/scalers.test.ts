import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Encoder, minMaxScaler, standardScaler, type Tensor } from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

/** Rows of equal width, of numbers as data has them. */
const tables = fc
  .integer({ min: 1, max: 6 })
  .chain((columns) =>
    fc.array(
      fc.array(fc.float({ min: -1e6, max: 1e6, noNaN: true }), { minLength: columns, maxLength: columns }),
      { minLength: 1, maxLength: 40 },
    ),
  );

const columnOf = (rows: readonly number[][], column: number) => rows.map((row) => row[column]!);
const widthOf = (rows: readonly number[][]) => rows[0]!.length;

describe.each<[string, () => Encoder<Tensor, Float32Array>]>([
  ["standardScaler", standardScaler],
  ["minMaxScaler", minMaxScaler],
  ["minMaxScaler into [-1, 1]", () => minMaxScaler({ range: [-1, 1] })],
])("%s", (_, make) => {
  it("gives by inverse what was transformed, to the rounding of f32", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const scaler = make();
        const back = scaler.inverse(scaler.fitTransform(rows));
        const columns = widthOf(rows);
        rows.flat().forEach((value, i) => {
          const column = columnOf(rows, i % columns);
          // Encoded numbers have an error of 2⁻²⁴ of themselves, which is that of the column's spread.
          const scale = Math.max(...column.map(Math.abs), Math.max(...column) - Math.min(...column));
          expect(Math.abs(back[i]! - value)).toBeLessThanOrEqual(4e-7 * scale + 1e-30);
        });
      }),
    );
  });

  it("transforms each row by the fitted statistics, whatever rows come with it", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const scaler = make().fit(rows);
        const whole = scaler.transform(rows);
        const single = rows.flatMap((row) => [...scaler.transform([row])]);
        expect([...whole]).toEqual(single);
      }),
    );
  });

  it("takes nested rows, typed rows and flat typed arrays alike", () => {
    const rows = [
      [1, 20],
      [2, 50],
      [4, 10],
    ];
    const expected = make().fitTransform(rows);
    expect(make().fitTransform(rows.map((row) => Float64Array.from(row)))).toEqual(expected);
    expect(make().fitTransform(Float64Array.from(rows.flat()), { columns: 2 })).toEqual(expected);
    expect(make().fitTransform(Uint8Array.from(rows.flat()), { columns: 2 })).toEqual(expected);
    expect(make().fitTransform(rows.map(([a, b]) => [[a!], [b!]]))).toEqual(expected);
    expect(make().fit(rows).transform(Float32Array.from(rows.flat()))).toEqual(expected);
    expect(make().fit(rows).columns).toBe(2);
    expect(make().fit(rows).featureNames(["a", "b"])).toEqual(["a", "b"]);
    expect(make().fit(rows).featureNames()).toEqual(["0", "1"]);
  });

  it("refuses what is missing, ragged, empty or not fitted, with row and column", () => {
    const { kind } = make();
    const fitting = (data: unknown, options?: object) => refusal(() => make().fit(data as Tensor, options));
    expect(
      fitting([
        [1, 2],
        [3, Number.NaN],
      ]),
    ).toBe(
      `DataError: ${kind}: fit: row 1, column 1 is NaN; needs a finite number. Leave the row out or fill in a value.`,
    );
    expect(
      fitting([
        [1, 2],
        [3, undefined],
      ]),
    ).toContain("row 1, column 1 is undefined; needs a finite number");
    expect(
      fitting([
        [1, 2],
        [3, null],
      ]),
    ).toContain("row 1, column 1 is null");
    expect(fitting([["red", 2]])).toContain('row 0, column 0 is "red"; needs a finite number. Encode text');
    expect(fitting([[1, 2], [3]])).toBe(
      `DataError: ${kind}: fit: row 1 has 1 numbers; needs 2, as row 0 has.`,
    );
    expect(fitting([[]])).toContain("row 0 has 0 numbers; needs at least 1");
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    expect(fitting([1, , 3])).toContain("row 1, column 0 is undefined");
    expect(fitting([])).toContain("has no rows; needs at least one");
    expect(fitting(new Float32Array(0), { columns: 2 })).toContain("needs whole rows of 2, at least one");
    expect(fitting("text")).toContain('the data is "text"; needs an array of rows of numbers');
    expect(fitting(undefined)).toContain("the data is undefined");
    expect(fitting(new Float32Array(4))).toContain(
      "is a flat Float32Array; needs the number of its columns too",
    );
    expect(fitting(new Float32Array(5), { columns: 2 })).toContain("has 5 numbers; needs whole rows of 2");
    expect(fitting(Float32Array.of(1, 2, 3, Number.POSITIVE_INFINITY), { columns: 2 })).toContain(
      "row 1, column 1 is Infinity",
    );
    expect(fitting(new BigInt64Array(4), { columns: 2 })).toContain("row 0, column 0 is 0n, a BigInt");
    expect(fitting([[1]], { column: 2 })).toContain('there is no option "column". Did you mean "columns"?');
    expect(fitting([[1]], { columns: 0 })).toContain("columns is 0; needs an integer of at least 1");
    for (const act of ["transform", "inverse"] as const) {
      expect(refusal(() => make()[act]([[1]]))).toBe(
        `DataError: ${kind}: ${act}: it has learned nothing yet; call fit first, with the training rows.`,
      );
    }
    expect(refusal(() => make().columns)).toContain("columns: it has learned nothing yet");
    expect(
      refusal(() =>
        make()
          .fit([
            [1, 2],
            [2, 4],
          ])
          .transform([[1]]),
      ),
    ).toContain("row 0 has 1 numbers; needs 2, as it was fitted on");
    expect(
      refusal(() =>
        make()
          .fit([
            [1, 2],
            [2, 4],
          ])
          .featureNames(["a"]),
      ),
    ).toContain("got 1 names; needs 2");
    expect(
      refusal(() =>
        make()
          .fit([[1], [1 + 1e-6]])
          .transform([[1e300]]),
      ),
    ).toContain("row 0 is out of the range of f32 when encoded");
  });

  it("learns nothing from what it refuses", () => {
    const scaler = make().fit([[1], [3]]);
    const before = scaler.transform([[2]]);
    expect(() => scaler.fit([[5], [Number.NaN]])).toThrow();
    expect(scaler.transform([[2]])).toEqual(before);
  });
});

describe("standardScaler", () => {
  it("gives the numbers of scikit-learn's documentation", () => {
    const scaler = standardScaler();
    const rows = [
      [0, 0],
      [0, 0],
      [1, 1],
      [1, 1],
    ];
    expect([...scaler.fitTransform(rows)]).toEqual([-1, -1, -1, -1, 1, 1, 1, 1]);
    expect([...scaler.transform([[2, 2]])]).toEqual([3, 3]);
    expect(scaler.toJSON().fitted).toEqual({ means: [0.5, 0.5], scales: [0.5, 0.5] });
  });

  it("leaves columns with mean 0 and population deviation 1", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const columns = widthOf(rows);
        const z = standardScaler().fitTransform(rows);
        for (let column = 0; column < columns; column++) {
          const values = Array.from(rows, (_, row) => z[row * columns + column]!);
          const mean = values.reduce((a, b) => a + b, 0) / rows.length;
          const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / rows.length;
          const isConstant = new Set(columnOf(rows, column)).size === 1;
          expect(Math.abs(mean)).toBeLessThan(1e-5);
          if (isConstant) expect(variance).toBe(0);
          else if (Math.max(...columnOf(rows, column).map(Math.abs)) < 1e12 * variance) {
            expect(variance).toBeCloseTo(1, 4);
          }
        }
      }),
    );
  });

  it("only centers a column of one value, of rounding errors too", () => {
    expect([...standardScaler().fitTransform([[0.1], [0.1], [0.1]])].map((z) => z + 0)).toEqual([0, 0, 0]);
    expect([
      ...standardScaler()
        .fit([[7], [7]])
        .transform([[9]]),
    ]).toEqual([2]);
  });

  it("only centers a column whose spread is within the rounding of its mean, as scikit-learn does", () => {
    // Neighbors in f64: a deviation of 2⁻²⁰ beside n · mean · 2⁻⁵² = 4.4e−6.
    const z = standardScaler().fitTransform([[1e10], [1e10 + 2 ** -19]]);
    for (const value of z) expect(Math.abs(value)).toBeLessThan(1e-5);
  });

  it("does not lose what the sum for the mean rounds away", () => {
    // The 2⁻⁸ are lost in a sum of 2⁴⁵ and more, so that the mean is wrong by 2⁻⁹; the deviation is 2⁻⁵.
    const rows = Array.from({ length: 2 ** 16 }, (_, i) => [2 ** 30 + 2 ** -8 + (i % 2) * 2 ** -4]);
    const z = standardScaler().fitTransform(rows);
    expect([z[0], z[1], z.at(-1)]).toEqual([-1, 1, 1]);
  });

  it("does not lose a small spread beside a large mean", () => {
    // 2⁴⁰ + {0, 1, 2}: the variance is 2/3; a sum of squares in f64 would have lost it.
    const rows = [0, 1, 2].map((one) => [2 ** 40 + one]);
    const z = standardScaler().fitTransform(rows);
    expect(z[2]).toBeCloseTo(Math.sqrt(3 / 2), 6);
  });

  it("takes no options", () => {
    expect(refusal(() => standardScaler({ withMean: true } as never))).toContain(
      'there is no option "withMean"',
    );
  });
});

describe("minMaxScaler", () => {
  it("gives the numbers of scikit-learn's documentation", () => {
    const scaler = minMaxScaler().fit([
      [-1, 2],
      [-0.5, 6],
      [0, 10],
      [1, 18],
    ]);
    expect([
      ...scaler.transform([
        [-1, 2],
        [-0.5, 6],
        [0, 10],
        [1, 18],
      ]),
    ]).toEqual([0, 0, 0.25, 0.25, 0.5, 0.5, 1, 1]);
    expect([...scaler.transform([[2, 2]])]).toEqual([1.5, 0]);
  });

  it("fills the range and, with clip, never leaves it", () => {
    fc.assert(
      fc.property(tables, tables, (rows, others) => {
        const columns = widthOf(rows);
        const scaler = minMaxScaler({ range: [-2, 3], clip: true });
        const encoded = scaler.fitTransform(rows);
        for (let column = 0; column < columns; column++) {
          const values = Array.from(rows, (_, row) => encoded[row * columns + column]!);
          const isConstant = new Set(columnOf(rows, column)).size === 1;
          expect([Math.min(...values), Math.max(...values)]).toEqual([-2, isConstant ? -2 : 3]);
        }
        const others2 = others.map((row) => Array.from({ length: columns }, (_, i) => row[i % row.length]!));
        for (const value of scaler.transform(others2)) {
          expect(value).toBeGreaterThanOrEqual(-2);
          expect(value).toBeLessThanOrEqual(3);
        }
      }),
    );
  });

  it("refuses a range that is none", () => {
    const make = (options: unknown) => refusal(() => minMaxScaler(options as never));
    expect(make({ range: [1, 0] })).toBe(
      "OptionError: minMaxScaler: range is [1, 0]; needs two finite numbers, the smaller first: [-1, 1].",
    );
    expect(make({ range: [1, 1] })).toContain("range is [1, 1]");
    expect(make({ range: [0, Number.NaN] })).toContain("range is an array of 2");
    expect(make({ range: 1 })).toContain("range is 1");
    expect(make({ clip: 1 })).toContain("clip is 1; needs true or false");
    expect(make({ rang: [0, 1] })).toContain('Did you mean "range"?');
  });
});

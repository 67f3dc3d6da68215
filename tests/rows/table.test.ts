/** Rows of numbers as users give them, checked and flattened. */
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/check/errors.js";
import { columnsOf, type Tensor, toTable } from "../../src/rows/table.js";

const table = (data: unknown, row: readonly number[]) => toTable("x", data as Tensor, row);

describe("toTable", () => {
  it.each<[string, unknown, readonly number[]]>([
    [
      "flat rows",
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
      [2, 2],
    ],
    [
      "rows nested as their shape",
      [
        [
          [1, 2],
          [3, 4],
        ],
        [
          [5, 6],
          [7, 8],
        ],
      ],
      [2, 2],
    ],
    [
      "rows nested deeper than their shape",
      [
        [[1], [2], [3], [4]],
        [[5], [6], [7], [8]],
      ],
      [4],
    ],
    ["rows of typed arrays", [Float64Array.of(1, 2, 3, 4), Uint8Array.of(5, 6, 7, 8)], [4]],
    [
      "parts of typed arrays",
      [
        [Float32Array.of(1, 2), [3, 4]],
        [Int8Array.of(5, 6), [7, 8]],
      ],
      [2, 2],
    ],
    ["one flat typed array", Int16Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 2]],
  ])("takes %s", (_, data, row) => {
    const { values, rows, columns } = table(data, row);
    expect([[...values], rows, columns]).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], 2, 4]);
  });

  it("takes plain numbers for rows of one, of any shape", () => {
    for (const row of [[], [1], [1, 1]]) {
      expect([...table([3, 1, 2], row).values]).toEqual([3, 1, 2]);
      expect([...table([[[3]], [[1]], [[2]]], row).values]).toEqual([3, 1, 2]);
    }
  });

  it("keeps bytes as bytes and floats as they lie, without a copy", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(table(bytes, [3]).values.buffer).toBe(bytes.buffer);
    const floats = Float32Array.of(1, 2, 3);
    expect(table(floats, [3]).values.buffer).toBe(floats.buffer);
    const clamped = new Uint8ClampedArray(bytes.buffer, 1, 2);
    expect([...table(clamped, [2]).values]).toEqual([2, 3]);
    expect(table(clamped, [2]).values.buffer).toBe(bytes.buffer);
  });

  it.each<[string, unknown, readonly number[], string]>([
    [
      "the right count in wrong parts",
      [[[1], [2, 3, 4]]],
      [2, 2],
      "x: row 0 has 2 × 1 numbers; needs rows of 4 numbers, [rows, 2, 2]",
    ],
    [
      "the wrong number of parts",
      [[[1, 2], [3], [4]]],
      [2, 2],
      "x: row 0 has 3 × 2 numbers; needs rows of 4 numbers, [rows, 2, 2]",
    ],
    [
      "raggedness further in",
      [
        [
          [[1], [2]],
          [[3, 4], []],
        ],
      ],
      [2, 2, 1],
      "x: row 0 is ragged: it has a list of 2 where a list of 1 belongs; needs rows of 4 numbers, [rows, 2, 2, 1]",
    ],
    ["an empty row", [[1, 2], []], [2], "x: row 1 has 0 numbers; needs rows of 2 numbers, [rows, 2]"],
    ["a row that is a number", [1, 2], [2], "x: row 0 has 1 number; needs rows of 2 numbers"],
    ["a BigInt", [[1n]], [1], "x: row 0, column 0 is 1n, a BigInt; needs a number"],
    ["a symbol", [[Symbol("a")]], [1], "x: row 0, column 0 is Symbol(a); needs a number"],
    ["a date", [[1, new Date(0)]], [2], "x: row 0, column 1 is an object (Date); needs a number"],
    ["a BigUint64Array among rows", [new BigUint64Array(2)], [2], "x: row 0, column 0 is 0n, a BigInt"],
    [
      "a DataView among rows",
      [new DataView(new ArrayBuffer(8))],
      [2],
      "x: row 0, column 0 is an object (DataView); needs a number",
    ],
    ["an ArrayBuffer", new ArrayBuffer(8), [2], "x: is an object (ArrayBuffer); needs rows of 2 numbers"],
    ["a Map", new Map(), [2], "x: is an object (Map); needs rows of 2 numbers"],
    [
      "a number beyond f32",
      [[1, 1e39]],
      [2],
      "x: row 0, column 1 is 1e+39; needs finite numbers within the range of f32. Scale its column.",
    ],
    [
      "a number beyond f32 in a typed array",
      Float64Array.of(1, 2, -1e39, 4),
      [2],
      "x: row 1, column 0 is -1e+39; needs finite numbers within the range of f32. Scale its column.",
    ],
    [
      "an infinity",
      [[1, 1 / 0]],
      [2],
      "x: row 0, column 1 is Infinity; needs finite numbers within the range of f32. Leave the row out",
    ],
    [
      "a row nested unevenly",
      [[1, [2, 3]]],
      [3],
      "x: row 0 has 2 numbers; needs rows of 3 numbers, [rows, 3]",
    ],
    [
      "a number among lists of one",
      [[[1], 2, [3]]],
      [3],
      "x: row 0 is ragged: it has a number where a list of 1 belongs; needs rows of 3 numbers",
    ],
    [
      "a list among numbers",
      [[1, 2, [3]]],
      [3],
      "x: row 0 is ragged: it has a list of 1 where a number belongs",
    ],
    [
      "rows nested to uneven depth",
      [
        [1, 2],
        [[3], [4]],
      ],
      [2],
      "x: row 1 is ragged: it has a list of 1 where a number belongs",
    ],
    [
      "rows of one nested to uneven depth",
      [1, [2]],
      [],
      "x: row 1 is ragged: it has a list of 1 where a number belongs; needs rows of 1 number, [rows]",
    ],
    [
      "a transposed row",
      [
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ],
      [2, 3],
      "x: row 0 has 3 × 2 numbers; needs rows of 6 numbers, [rows, 2, 3]",
    ],
    [
      "one row where rows are needed",
      [1, 2, 3],
      [3],
      "x: row 0 has 1 number; needs rows of 3 numbers, [rows, 3]. An array holds rows: give one row as [[…]].",
    ],
    ["true", [[1, true]], [2], "x: row 0, column 1 is true; needs a number. Give 1 for true, 0 for false."],
    ["a Date", [[1, new Date(0)]], [2], "is an object (Date); needs a number. Give its getTime(), scaled."],
    ["a BigInt among numbers", [[1, 7n]], [2], "is 7n, a BigInt; needs a number. Give Number(…) of it."],
    [
      "text",
      ["cat", "dog"],
      [],
      'x: row 0, column 0 is "cat"; needs a number. Encode text: labels by labelEncoder, columns by oneHotEncoder of wasmgrad/data.',
    ],
    ["nothing", [[1, null]], [2], "is null; needs a number. Leave the row out or fill in a value."],
    [
      "NaN in a nested part",
      [
        [
          [1, 2],
          [3, Number.NaN],
        ],
      ],
      [2, 2],
      "x: row 0, column 3 is NaN",
    ],
  ])("refuses %s", (_, data, row, says) => {
    expect(() => table(data, row)).toThrow(DataError);
    expect(() => table(data, row)).toThrow(says);
  });
});

describe("columnsOf", () => {
  it("counts the numbers of each row, in any form", () => {
    const of = (data: unknown, rows: number) => columnsOf("y", data as Tensor, rows);
    expect(of([1, 2], 2)).toBe(1);
    expect(of([[1, 2, 3]], 1)).toBe(3);
    expect(
      of(
        [
          [[1], [2]],
          [[3], [4]],
        ],
        2,
      ),
    ).toBe(2);
    expect(of(new Float32Array(12), 4)).toBe(3);
    expect(of([Float32Array.of(1, 2)], 1)).toBe(2);
    for (const [data, rows] of [
      [new Float32Array(7), 4],
      [new Float32Array(0), 4],
      [[], 4],
      [7, 1],
      [new BigInt64Array(4), 4],
    ]) {
      expect(() => of(data, rows as number)).toThrow(DataError);
    }
  });
});

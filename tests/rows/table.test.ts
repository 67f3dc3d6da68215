/** Rows of numbers as users give them, checked and flattened. */
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/check/errors.js";
import { columnsOf, countNumbers, type Tensor, toTable } from "../../src/rows/table.js";

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
      expect([...table([[3], 1, [[2]]], row).values]).toEqual([3, 1, 2]);
    }
  });

  it("keeps bytes as bytes and floats as they lie, without a copy", () => {
    const bytes = Uint8Array.of(1, 2, 3);
    expect(table(bytes, [3]).values).toBe(bytes);
    const floats = Float32Array.of(1, 2, 3);
    expect(table(floats, [3]).values).toBe(floats);
    const clamped = new Uint8ClampedArray(bytes.buffer, 1, 2);
    expect([...table(clamped, [2]).values]).toEqual([2, 3]);
    expect(table(clamped, [2]).values.buffer).toBe(bytes.buffer);
  });

  it.each<[string, unknown, readonly number[], string]>([
    [
      "the right count in wrong parts",
      [[[1], [2, 3, 4]]],
      [2, 2],
      "x: row 0 is ragged: its part 0 has 1 numbers where 2 belong",
    ],
    [
      "the wrong number of parts",
      [[[1, 2], [3], [4]]],
      [2, 2],
      "x: row 0 is ragged: it has 3 parts where 2 belong",
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
      "x: row 0, part 1 is ragged: its part 0 has 2 numbers where 1 belong",
    ],
    ["an empty row", [[1, 2], []], [2], "x: row 1 has 0 numbers; needs rows of 2 numbers, [rows, 2]"],
    ["a row that is a number", [1, 2], [2], "x: row 0 has 1 number; needs rows of 2 numbers"],
    ["a BigInt", [[1n]], [1], "x: row 0, column 0 is 1n, a BigInt; needs a number"],
    ["a symbol", [[Symbol("a")]], [1], "x: row 0, column 0 is Symbol(a); needs a number"],
    ["a date", [[1, new Date(0)]], [2], "x: row 0, column 1 is an object (Date); needs a number"],
    ["a BigUint64Array among rows", [new BigUint64Array(2)], [2], "x: row 0, column 0 is 0n, a BigInt"],
    ["a DataView among rows", [new DataView(new ArrayBuffer(8))], [2], "x: row 0 has 0 numbers"],
    ["an ArrayBuffer", new ArrayBuffer(8), [2], "x: is an object (ArrayBuffer); needs rows of 2 numbers"],
    ["a Map", new Map(), [2], "x: is an object (Map); needs rows of 2 numbers"],
    [
      "a number beyond f32",
      [[1, 1e39]],
      [2],
      "x: row 0, column 1 is Infinity; needs finite numbers within the range of f32",
    ],
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

  it("counts nested lists whole", () => {
    expect(countNumbers([1, [2, [3]], Float32Array.of(4, 5), []])).toBe(5);
  });
});

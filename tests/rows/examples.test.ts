/** Inputs and targets together: which form of target it is, and what does not fit. */
import { describe, expect, it } from "vitest";
import { DataError, OptionError } from "../../src/check/errors.js";
import { binaryCrossEntropy, crossEntropy, type Loss, meanSquaredError } from "../../src/losses/index.js";
import { type Examples, isExamples, toExamples } from "../../src/rows/examples.js";

const ROWS = -1;
const shapes = (loss: Loss, outputs: number) => ({
  inputs: [{ name: "input", shape: [ROWS, 2] }],
  targets: [{ name: "output", shape: [ROWS, outputs], loss }],
  scored: [{ name: "output", shape: [ROWS, outputs] }],
  single: { input: true, output: true },
});
const x = [
  [1, 2],
  [3, 4],
];
const check = (y: unknown, loss: Loss, outputs: number) =>
  toExamples("fit", { x, y } as Examples, shapes(loss, outputs));

describe("toExamples", () => {
  it("tells labels from one-hot rows by the numbers of a row", () => {
    expect(check([0, 2], crossEntropy(), 3).forms[0]!.row).toEqual([]);
    expect(check([[0], [2]], crossEntropy(), 3).forms[0]!.row).toEqual([]);
    expect(check(Uint8Array.of(0, 2), crossEntropy(), 3).forms[0]!.row).toEqual([]);
    expect(
      check(
        [
          [1, 0, 0],
          [0, 0, 1],
        ],
        crossEntropy(),
        3,
      ).forms[0]!.row,
    ).toEqual([3]);
    expect(check(Float32Array.of(0, 1, 0, 0.25, 0.25, 0.5), crossEntropy(), 3).forms[0]!.row).toEqual([3]);
  });

  it("takes one number a row for one output", () => {
    expect([...check([5, 6], meanSquaredError(), 1).tables[1]!.values]).toEqual([5, 6]);
    expect([...check([0, 1], binaryCrossEntropy(), 1).tables[1]!.values]).toEqual([0, 1]);
  });

  it.each<[string, unknown, Loss, number, string]>([
    [
      "a label of no class",
      [0, 3],
      crossEntropy(),
      3,
      "fit: y: row 1, column 0 is 3; needs an integer class from 0 to 2",
    ],
    ["a negative label", [0, -1], crossEntropy(), 3, "is -1; needs an integer class from 0 to 2"],
    ["a fractional label", [0, 0.5], crossEntropy(), 3, "is 0.5; needs an integer class from 0 to 2"],
    ["a label of 255 in bytes", Uint8Array.of(0, 255), crossEntropy(), 3, "is 255; needs an integer class"],
    [
      "a share above 1",
      [
        [0, 0, 1.5],
        [0, 0, 1],
      ],
      crossEntropy(),
      3,
      "row 0, column 2 is 1.5; needs a probability from 0 to 1",
    ],
    [
      "a binary target of 2",
      [0, 2],
      binaryCrossEntropy(),
      1,
      "row 1, column 0 is 2; needs a target from 0 to 1",
    ],
    ["a row too few", [0], crossEntropy(), 3, "fit: x has 2 rows and y has 1; needs as many of each"],
    [
      "a row too many",
      [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      meanSquaredError(),
      2,
      "x has 2 rows and y has 3",
    ],
    [
      "rows of two forms",
      [[1, 0, 0], [2]],
      crossEntropy(),
      3,
      "fit: y: row 1 has 1 number; needs rows of 3 numbers",
    ],
  ])("refuses %s", (_, y, loss, outputs, says) => {
    expect(() => check(y, loss, outputs)).toThrow(DataError);
    expect(() => check(y, loss, outputs)).toThrow(says);
  });

  it("refuses names beside x and y", () => {
    const data = { x, y: [1, 2], z: 1 } as never;
    expect(() => toExamples("batch 3", data, shapes(meanSquaredError(), 1))).toThrow(OptionError);
    expect(() => toExamples("batch 3", data, shapes(meanSquaredError(), 1))).toThrow(
      'batch 3: there is no option "z"',
    );
  });

  it("is for what has an x or a y", () => {
    expect([isExamples({ x }), isExamples({ y: x }), isExamples({}), isExamples([])]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

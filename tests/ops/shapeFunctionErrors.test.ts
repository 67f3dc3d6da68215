/** What the functions of shapes and parts refuse, and what they say. */
import { describe, expect, it } from "vitest";
import { OptionError, ShapeError } from "../../src/check/errors.ts";
import { fill } from "../../src/graph/primitives/elementwise/fill.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { constant } from "../../src/ops/constant.ts";
import { concat, pad, slice, split, stack } from "../../src/ops/parts.ts";
import { broadcastTo, expandDims, reshape, squeeze, tile, transpose } from "../../src/ops/shapes.ts";

const value = (...shape: number[]): Value => fill({ shape, value: 1 });
const rows = (...row: number[]): Value => fill({ shape: [ROWS, ...row], value: 1 });

/** What a caller without types may give. */
const untyped = <T>(given: unknown) => given as T;

type Refused = readonly [string, () => unknown, string];

const SHAPES: Refused[] = [
  ["no shape", () => constant([1, 2], untyped(2)), "constant: shape is 2; needs an array of sizes."],
  [
    "another number of elements",
    () => reshape(value(3, 4), [5, 2]),
    "reshape: [3, 4] cannot become [5, 2]; needs the same number of elements, 12.",
  ],
  [
    "a −1 that nothing fits",
    () => reshape(value(3, 4), [5, -1]),
    "reshape: [3, 4] cannot become [5, -1]; needs sizes beside −1 whose product, 5, divides 12.",
  ],
  [
    "a −1 beside an empty axis",
    () => reshape(value(0, 4), [0, -1]),
    "reshape: [0, 4] cannot become [0, -1]; needs a size in place of −1: beside an empty axis it could be any.",
  ],
  ["two −1", () => reshape(value(4), [-1, -1]), "reshape: the shape has −1 more than once"],
  ["a size of −2", () => reshape(value(4), [-2]), "reshape: the shape has -2; needs an array of integers"],
  ["no array", () => reshape(value(4), untyped(4)), "reshape: the shape is 4; needs an array of integers"],
  [
    "rows that would become a number",
    () => reshape(rows(4), [8]),
    "reshape: [rows, 4] cannot become [8]; needs −1 for the axis of the rows, whose number is known only when it runs.",
  ],
  [
    "rows that would merge with another axis",
    () => reshape(rows(4, 6), [-1, 6]),
    "reshape: [rows, 4, 6] cannot become [-1, 6]; needs 24 elements beside the −1, which is the rows: " +
      "they cannot merge with another axis.",
  ],
  [
    "other elements for each of the rows",
    () => reshape(rows(4), [-1, 3]),
    "reshape: [rows, 4] cannot become [-1, 3]; needs 4 elements for each of the rows, which −1 stands for.",
  ],
  [
    "a permutation of other axes",
    () => transpose(value(3, 4), [0, 2]),
    "transpose: axis is 2; needs an integer from -2 to 1.",
  ],
  ["a permutation too short", () => transpose(value(3, 4), [0]), "transpose: the permutation has 1 entries"],
  [
    "an axis twice",
    () => transpose(value(3, 4), [1, -1]),
    "transpose: axis 1 is named twice; needs it once.",
  ],
  [
    "a shape to which it does not broadcast",
    () => broadcastTo(value(3, 4), [3, 5]),
    "broadcastTo: [3, 4] and [3, 5] do not broadcast: axis 1 is 4 and 5; needs equal sizes, or 1.",
  ],
  [
    "a smaller shape",
    () => broadcastTo(value(3, 4), [1, 4]),
    "broadcastTo: [3, 4] does not broadcast to [1, 4].",
  ],
  ["fewer axes", () => broadcastTo(value(3, 4), [4]), "broadcastTo: [3, 4] has more axes than [4]"],
  [
    "repeats for other axes",
    () => tile(value(3, 4), [2]),
    "tile: repeats has 1 entries for [3, 4]; needs one for each of its 2 axes.",
  ],
  [
    "half a repeat",
    () => tile(value(3), [0.5]),
    "tile: repeats has 0.5; needs an array of integers of at least 0.",
  ],
  [
    "repeated rows",
    () => tile(rows(4), [2, 1]),
    "tile: axis 0 of [rows, 4] is the rows, whose number is known only when it runs; it cannot be repeated. " +
      "Leave it as it is.",
  ],
  [
    "no axis",
    () => expandDims(value(3), untyped({})),
    "expandDims: axis is undefined; needs an integer from -2 to 1.",
  ],
  ["an axis too far", () => expandDims(value(3), { axis: 2 }), "expandDims: axis is 2"],
  [
    "an axis of another size",
    () => squeeze(value(1, 3), { axis: 1 }),
    "squeeze: axis 1 of [1, 3] is of size 3; needs an axis of size 1.",
  ],
  [
    "the axis of the rows",
    () => squeeze(rows(1), { axis: 0 }),
    "squeeze: axis 0 of [rows, 1] is the rows; needs an axis of size 1.",
  ],
];

const PARTS: Refused[] = [
  ["no values", () => concat([]), "concat: got an array of 0; needs an array of at least one value"],
  ["one value that is no array", () => concat(untyped(value(3))), "concat: got an object"],
  [
    "a scalar",
    () => concat([1, 2]),
    "concat: the first value is a scalar; needs at least one axis. Use stack instead.",
  ],
  [
    "sizes that differ along another axis",
    () => concat([value(2, 3), value(4, 5)]),
    "concat: [2, 3] and [4, 5] do not join along axis 1; needs the same sizes along every other axis.",
  ],
  ["other ranks", () => concat([value(2, 3), value(3)]), "concat: [2, 3] and [3] do not join along axis 1"],
  ["joined rows", () => concat([rows(3), rows(3)], { axis: 0 }), "axis 0 of [rows, 3] is the rows"],
  [
    "rows joined with others",
    () => concat([value(2, 3), rows(3)], { axis: 0 }),
    "concat: axis 0 of [rows, 3] is the rows, whose number is known only when it runs; it cannot be joined.",
  ],
  [
    "an axis that there is not",
    () => concat([value(2, 3)], { axis: 2 }),
    "concat: axis is 2; needs an integer",
  ],
  [
    "shapes that differ",
    () => stack([value(2, 3), value(3)]),
    "stack: values are [2, 3] and [3]; needs one shape. Broadcast them first, or use concat.",
  ],
  [
    "an axis that there is not",
    () => stack([value(2)], { axis: 2 }),
    "stack: axis is 2; needs an integer from -2 to 1.",
  ],
  [
    "parts that do not divide it",
    () => split(value(3, 7), 2),
    "split: axis 1 of [3, 7] cannot be parted into 2; needs an integer of at least 1 that divides 7, or the list of sizes.",
  ],
  ["no parts", () => split(value(4), 0), "split: axis 0 of [4] cannot be parted into 0"],
  [
    "sizes that do not add up",
    () => split(value(3, 7), [3, 3]),
    "split: sizes [3, 3] add up to 6; axis 1 of [3, 7] needs 7.",
  ],
  [
    "a size below 0",
    () => split(value(7), [8, -1]),
    "split: the list of sizes has -1; needs an array of integers",
  ],
  ["parted rows", () => split(rows(4), 2, { axis: 0 }), "split: axis 0 of [rows, 4] is the rows"],
  ["a scalar", () => split(1, 1), "split: axis is -1"],
  [
    "a part that reaches beyond it",
    () => slice(value(3, 7), [0, 5], [3, 3]),
    "slice: 3 from 5 on; axis 1 of [3, 7] has 7.",
  ],
  [
    "a start beyond it",
    () => slice(value(7), [8], [-1]),
    "slice: what is left from 8 on; axis 0 of [7] has 7.",
  ],
  [
    "steps that reach beyond it",
    () => slice(value(7), [1], [4], { steps: [2] }),
    "slice: 4 from 1 on in steps of 2; axis 0 of [7] has 7.",
  ],
  [
    "a step of 0",
    () => slice(value(7), [0], [1], { steps: [0] }),
    "slice: steps has 0; needs an array of integers",
  ],
  ["too few starts", () => slice(value(3, 7), [0], [3, 7]), "slice: starts has 1 entries for [3, 7]"],
  ["some of the rows", () => slice(rows(4), [1, 0], [-1, 4]), "slice: axis 0 of [rows, 4] is the rows"],
  ["every other row", () => slice(rows(4), [0, 0], [-1, 4], { steps: [2, 1] }), "it cannot be sliced"],
  ["padding for other axes", () => pad(value(3, 4), [[1, 1]]), "pad: padding has 1 entries for [3, 4]"],
  [
    "padding below 0",
    () => pad(value(3), [[-1, 0]]),
    "pad: padding of axis 0 has -1; needs an array of integers",
  ],
  [
    "one number",
    () => pad(value(3), untyped([[1]])),
    "pad: padding of axis 0 has 1 entries; needs [before, after].",
  ],
  [
    "a number for all",
    () => pad(value(3), untyped(1)),
    "pad: padding is 1; needs [before, after] for each axis.",
  ],
  [
    "padded rows",
    () =>
      pad(rows(4), [
        [0, 1],
        [0, 0],
      ]),
    "pad: axis 0 of [rows, 4] is the rows, whose number is known only when it runs; it cannot be padded.",
  ],
];

const OPTIONS: Refused[] = [
  [
    "concat",
    () => concat([value(2)], untyped({ axes: 0 })),
    'concat: there is no option "axes". Did you mean "axis"?',
  ],
  ["stack", () => stack([value(2)], untyped({ dim: 0 })), 'stack: there is no option "dim"'],
  ["split", () => split(value(2), 1, untyped({ dim: 0 })), 'split: there is no option "dim"'],
  ["slice", () => slice(value(2), [0], [1], untyped({ step: [1] })), 'Did you mean "steps"?'],
  ["pad", () => pad(value(2), [[0, 0]], untyped({ constant: 1 })), 'pad: there is no option "constant"'],
  [
    "pad's value",
    () => pad(value(2), [[0, 0]], untyped({ value: "0" })),
    'pad: value is "0"; needs a number.',
  ],
  ["expandDims", () => expandDims(value(2), untyped({ dim: 0 })), 'expandDims: there is no option "dim"'],
  ["squeeze", () => squeeze(value(1), untyped({ dim: 0 })), 'squeeze: there is no option "dim"'],
];

describe.each([
  ["ShapeError", ShapeError, [...SHAPES, ...PARTS]],
  ["OptionError", OptionError, OPTIONS],
] as const)("a %s", (_, type, refused) => {
  it.each(refused)("refuses %s", (_name, build, message) => {
    expect(build).toThrow(type);
    expect(build).toThrow(message);
  });
});

describe("a view", () => {
  const isView = ({ op }: Value): boolean => op.view === true;

  it("is what moves nothing: another shape, and an order in which only axes of size 1 change", () => {
    expect(isView(reshape(rows(4, 7), [-1, 28]))).toBe(true);
    expect(isView(expandDims(rows(4), { axis: 1 }))).toBe(true);
    expect(isView(squeeze(rows(1, 4)))).toBe(true);
    expect(isView(transpose(rows(1, 4), [1, 0, 2]))).toBe(true);
    expect(isView(transpose(value(1, 4)))).toBe(true);
  });

  it("is not what moves something", () => {
    expect(isView(transpose(value(3, 4)))).toBe(false);
    expect(isView(transpose(rows(4)))).toBe(false);
  });
});

describe("a value itself", () => {
  const x = rows(4, 1);
  const whole: Shape = [ROWS, 4, 1];

  it.each<[string, () => Value | undefined]>([
    ["concat of one", () => concat([x])],
    ["split in one", () => split(x, 1)[0]],
    ["slice of all", () => slice(x, [0, 0, 0], whole)],
    [
      "pad with nothing",
      () =>
        pad(x, [
          [0, 0],
          [0, 0],
          [0, 0],
        ]),
    ],
    ["broadcastTo its own shape", () => broadcastTo(x, whole)],
  ])("is what %s gives: nothing is computed", (_, build) => {
    expect(build()).toBe(x);
  });
});

/** `wasmgrad/ops`: shapes, and parts of values. */
import {
  broadcastTo,
  concat,
  expandDims,
  pad,
  reshape,
  slice,
  split,
  squeeze,
  stack,
  tile,
  transpose,
} from "../../../src/ops/index.js";
import { eachOf, type Misuses, ofOptions } from "./misuse.js";
import { onRows, value } from "./subjects.js";

const LIST = [undefined, 4, "4", [0.5], ["1"], null];

const shapes: Misuses = {
  ...eachOf("reshape: shape", [...LIST, [-2], [5], [5, -1], [-1, -1]], (shape) =>
    reshape(value(3, 4), shape),
  ),
  "reshape: a −1 beside an empty axis": () => reshape(value(0, 4), [0, -1]),
  "reshape: rows that would become a number": () => onRows([4], (h) => reshape(h, [8])),
  "reshape: rows that would merge": () => onRows([4, 6], (h) => reshape(h, [-1, 6])),
  "reshape: other elements for each of the rows": () => onRows([4], (h) => reshape(h, [-1, 3])),
  ...eachOf(
    "transpose: permutation",
    [4, "01", [0], [0, 2], [1, -1], [0.5, 1], ["0", "1"], [0, 0]],
    (permutation) => transpose(value(3, 4), permutation),
  ),
  ...eachOf("broadcastTo: shape", [...LIST, [3, 5], [1, 4], [4], [-2, 4]], (shape) =>
    broadcastTo(value(3, 4), shape),
  ),
  ...eachOf("tile: repeats", [...LIST, [2], [2, -1], [1, 2, 3]], (repeats) => tile(value(3, 4), repeats)),
  "tile: rows": () => onRows([4], (h) => tile(h, [2, 1])),
  ...ofOptions(
    "expandDims",
    (options) => expandDims(value(3), options),
    { axis: [2, -3, 0.5, "0", null] },
    {
      required: { axis: 0 },
    },
  ),
  ...ofOptions("squeeze", (options) => squeeze(value(1, 3), options), { axis: [1, 2, "0", [0, 0], null] }),
  "squeeze: the axis of the rows": () => onRows([1], (h) => squeeze(h, { axis: 0 })),
  ...eachOf("reshape: a value", ["x", null, [1]], (x) => reshape(x, [1])),
  ...eachOf("transpose: a value", ["x"], (x) => transpose(x)),
  ...eachOf("tile: a value", ["x"], (x) => tile(x, [1])),
};

const joined: Misuses = {
  ...eachOf("concat", [undefined, null, 3, [], value(3), [value(3), "x"], [1, 2]], (values) =>
    concat(values),
  ),
  ...ofOptions("concat", (options) => concat([value(2, 3), value(2, 3)], options), {
    axis: [2, -3, 0.5, "0"],
  }),
  "concat: other sizes": () => concat([value(2, 3), value(4, 5)]),
  "concat: other ranks": () => concat([value(2, 3), value(3)]),
  "concat: rows with rows": () => onRows([3], (h) => concat([h, h], { axis: 0 })),
  "concat: rows with others": () => onRows([3], (h) => concat([value(2, 3), h], { axis: 0 })),
  ...eachOf("stack", [undefined, null, 3, [], value(3), [value(3), "x"]], (values) => stack(values)),
  ...ofOptions("stack", (options) => stack([value(2)], options), { axis: [2, -3, 0.5, "0"] }),
  "stack: other shapes": () => stack([value(2, 3), value(3)]),
};

const parted: Misuses = {
  ...eachOf("split: parts", [undefined, null, 0, 2, 1.5, "7", [3, 3], [8, -1], ["7"], {}], (parts) =>
    split(value(3, 7), parts),
  ),
  ...ofOptions("split", (options) => split(value(2, 4), 2, options), { axis: [2, "0"] }),
  "split: rows": () => onRows([4], (h) => split(h, 2, { axis: 0 })),
  "split: a scalar": () => split(1, 1),
  ...eachOf("slice: starts", [...LIST, [0], [0, -1], [4, 0]], (starts) => slice(value(3, 7), starts, [1, 1])),
  ...eachOf("slice: sizes", [...LIST, [1], [1, -2], [1, 8]], (sizes) => slice(value(3, 7), [0, 0], sizes)),
  ...ofOptions("slice", (options) => slice(value(3, 7), [0, 1], [1, 4], options), {
    steps: [3, "1", [1], [1, 0], [1, 2], [0.5, 1]],
  }),
  "slice: a part that reaches beyond": () => slice(value(3, 7), [0, 5], [3, 3]),
  "slice: a start beyond": () => slice(value(7), [8], [-1]),
  "slice: some of the rows": () => onRows([4], (h) => slice(h, [1, 0], [-1, 4])),
  "slice: every other row": () => onRows([4], (h) => slice(h, [0, 0], [-1, 4], { steps: [2, 1] })),
  ...eachOf(
    "pad: padding",
    [
      undefined,
      null,
      1,
      "1",
      [[1, 1]],
      [1, 1],
      [[1], [1]],
      [
        [-1, 0],
        [0, 0],
      ],
      [
        [0, 0.5],
        [0, 0],
      ],
    ],
    (padding) => pad(value(3, 4), padding),
  ),
  ...ofOptions("pad", (options) => pad(value(2), [[0, 1]], options), { value: ["0", null, {}] }),
  "pad: rows": () =>
    onRows([4], (h) =>
      pad(h, [
        [0, 1],
        [0, 0],
      ]),
    ),
};

const NINE = new Array<number>(9).fill(2);

/** More axes that lie apart than one instruction moves. */
const apart: Misuses = {
  "transpose: too many axes apart": () => transpose(value(...NINE)),
  "pad: too many axes apart": () =>
    pad(
      value(...NINE),
      NINE.map(() => [1, 1] as const),
    ),
  "slice: too many axes apart": () =>
    slice(
      value(...NINE.map(() => 3)),
      NINE.map(() => 1),
      NINE,
    ),
  "broadcastTo: too many axes apart": () =>
    broadcastTo(value(2, 1, 2, 1, 2, 1, 2, 1, 2), [2, 3, 2, 3, 2, 3, 2, 3, 2]),
};

export const movingOperations: Misuses = { ...shapes, ...joined, ...parted, ...apart };

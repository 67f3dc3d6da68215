/** What losses refuse: options outside their domain, outputs and targets that do not fit, before anything is trained. */
import { describe, expect, it } from "vitest";
import {
  binaryCrossEntropy,
  binaryFocal,
  type CompileOptions,
  categoricalHinge,
  compile,
  contrastive,
  crossEntropy,
  ctc,
  customLayer,
  DataError,
  dense,
  focal,
  gaussianNegativeLogLikelihood,
  huber,
  input,
  type Loss,
  OptionError,
  poisson,
  quantile,
  ShapeError,
  sequential,
  smoothL1,
  sumOfSquares,
  type Tensor,
  triplet,
} from "../../src/index.ts";
import { reshape } from "../../src/ops/index.ts";
import { rejectionOf, rowsOf, weightBits } from "../given/models.ts";

/** What a user without types could pass. */
type Anything = never;
const wrong = (value: unknown) => value as Anything;

describe("options outside their domain", () => {
  it.each<[string, () => Loss, string]>([
    ["huber: delta", () => huber({ delta: 0 }), "huber: delta is 0; needs a positive number."],
    ["huber: a delta of NaN", () => huber({ delta: NaN }), "huber: delta is NaN; needs a positive number."],
    ["huber: a misspelled delta", () => huber(wrong({ dleta: 1 })), 'Did you mean "delta"?'],
    ["smoothL1: beta", () => smoothL1({ beta: -1 }), "smoothL1: beta is -1; needs a number of at least 0."],
    [
      "quantile: of 1",
      () => quantile({ quantile: 1 }),
      "quantile: quantile is 1; needs a number above 0 and below 1.",
    ],
    [
      "quantile: one of several",
      () => quantile({ quantile: [0.1, 0] }),
      "quantile: quantile[1] is 0; needs a number above 0 and below 1.",
    ],
    [
      "quantile: of none",
      () => quantile({ quantile: [] }),
      "quantile is an array of 0; needs a list of numbers.",
    ],
    [
      "crossEntropy: labelSmoothing",
      () => crossEntropy({ labelSmoothing: 1 }),
      "crossEntropy: labelSmoothing is 1; needs a number of at least 0 and below 1.",
    ],
    [
      "crossEntropy: a class weight",
      () => crossEntropy({ classWeights: [1, -1] }),
      "crossEntropy: classWeights[1] is -1; needs a number of at least 0.",
    ],
    [
      "crossEntropy: class weights by name",
      () => crossEntropy({ classWeights: wrong({ 0: 1, 1: 2 }) }),
      "crossEntropy: classWeights is an object (Object); needs a list of numbers.",
    ],
    [
      "binaryCrossEntropy: positiveWeight",
      () => binaryCrossEntropy({ positiveWeight: -2 }),
      "binaryCrossEntropy: positiveWeight is -2; needs a number of at least 0.",
    ],
    ["focal: gamma", () => focal({ gamma: -0.5 }), "focal: gamma is -0.5; needs a number of at least 0."],
    [
      "binaryFocal: alpha",
      () => binaryFocal({ alpha: 1.5 }),
      "binaryFocal: alpha is 1.5; needs a number from 0 to 1.",
    ],
    [
      "poisson: logInput",
      () => poisson({ logInput: wrong("yes") }),
      'poisson: logInput is "yes"; needs true or false.',
    ],
    [
      "gaussianNegativeLogLikelihood: epsilon",
      () => gaussianNegativeLogLikelihood({ epsilon: 0 }),
      "epsilon is 0; needs a positive number.",
    ],
    [
      "sumOfSquares: a reduction, which it is by its name",
      () => sumOfSquares({ reduction: wrong("mean") }),
      'sumOfSquares: there is no option "reduction". There are none: leave it out.',
    ],
    [
      "contrastive: margin",
      () => contrastive({ margin: 0 }),
      "contrastive: margin is 0; needs a positive number.",
    ],
    [
      "triplet: distance",
      () => triplet({ distance: wrong("euclidian") }),
      'triplet: there is no distance "euclidian". Did you mean "euclidean"?',
    ],
    ["ctc: blank", () => ctc({ blank: -1 }), "ctc: blank is -1; needs an integer of at least 0."],
    [
      "any reduction",
      () => huber({ reduction: wrong("batchmean") }),
      'huber: there is no reduction "batchmean". Known: mean, sum.',
    ],
  ])("are refused: %s", (_, make, message) => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(message);
  });
});

/** A network whose output has rows of that shape. */
function ending(row: readonly number[], activation: "linear" | "softmax" | "sigmoid" = "linear") {
  const size = row.reduce((product, axis) => product * axis, 1);
  const shaped = customLayer({ kind: "shaped", build: ([h]) => reshape(h!, [-1, ...row]) });
  return row.length === 1
    ? sequential(input(3), dense(size, { activation, name: "last" }))
    : sequential(input(3), dense(size), shaped);
}

describe("outputs that do not fit", () => {
  it.each<[string, readonly number[], CompileOptions["loss"], string]>([
    [
      "class weights of another number",
      [3],
      crossEntropy({ classWeights: [1, 2] }),
      "crossEntropy: classWeights has 2 numbers for an output of [rows, 3]; needs one for each place of its last axis.",
    ],
    [
      "an alpha of another number",
      [3],
      focal({ alpha: [1, 2, 3, 4] }),
      "focal: alpha has 4 numbers for an output of [rows, 3]",
    ],
    [
      "positive weights of another number",
      [3],
      binaryCrossEntropy({ positiveWeight: [1] }),
      "binaryCrossEntropy: positiveWeight has 1 numbers for an output of [rows, 3]",
    ],
    [
      "class weights of a hinge",
      [3],
      categoricalHinge({ classWeights: [1] }),
      "categoricalHinge: classWeights has 1 numbers",
    ],
    [
      "quantiles without a place each",
      [2],
      quantile({ quantile: [0.1, 0.5, 0.9] }),
      "quantile: output is [rows, 2] for 3 quantiles; needs a last axis of 3.",
    ],
    ["one class for focal", [1], "focal", 'For one output that says yes or no, use "binaryFocal".'],
    ["one class for categoricalHinge", [1], "categoricalHinge", 'use "hinge".'],
    ["one class for klDivergence", [1], "klDivergence", "needs at least two classes in its last axis"],
    [
      "a mean without a variance",
      [3],
      "gaussianNegativeLogLikelihood",
      "output is [rows, 3]; needs a last axis of two, the mean and the variance.",
    ],
    [
      "two faces for triplet",
      [2, 4],
      "triplet",
      "triplet: output is [rows, 2, 4]; needs [rows, 3, features]: anchor, positive and negative.",
    ],
    [
      "a sequence without classes",
      [4],
      "ctc",
      "ctc: output is [rows, 4]; needs [rows, time, classes] with a blank of class 0.",
    ],
    [
      "a blank that is no class",
      [4, 3],
      ctc({ blank: 3 }),
      "ctc: output is [rows, 4, 3]; needs [rows, time, classes] with a blank of class 3.",
    ],
  ])("are refused at compile: %s", async (_, row, loss, message) => {
    const error = await rejectionOf(compile(ending(row), { loss: loss as "focal" }));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain(message);
  });

  it.each<["softmax" | "sigmoid", CompileOptions["loss"], string]>([
    ["sigmoid", "focal", 'focal: the output is a sigmoid of layer "last"; needs softmax'],
    ["softmax", "binaryFocal", 'binaryFocal: the output is a softmax of layer "last"; needs sigmoid'],
    ["sigmoid", "klDivergence", 'klDivergence: the output is a sigmoid of layer "last"; needs softmax'],
    [
      "sigmoid",
      crossEntropy({ labelSmoothing: 0.1 }),
      'crossEntropy: the output is a sigmoid of layer "last"; needs softmax',
    ],
    [
      "softmax",
      binaryCrossEntropy({ positiveWeight: 2 }),
      'binaryCrossEntropy: the output is a softmax of layer "last"; needs sigmoid',
    ],
  ])("are refused: %s with %s", async (activation, loss, message) => {
    const error = await rejectionOf(compile(ending([3], activation), { loss: loss as "focal" }));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain(message);
  });
});

const x = rowsOf(2, 3);

describe("targets that do not fit", () => {
  it.each<[string, readonly number[], CompileOptions["loss"], Tensor, string]>([
    [
      "a count below 0",
      [2],
      "poisson",
      [
        [1, 0],
        [2, -1],
      ],
      "fit: y: row 1, column 1 is -1; needs a count of at least 0.",
    ],
    [
      "half a side",
      [2],
      "hinge",
      [
        [1, -1],
        [0.5, 0],
      ],
      "fit: y: row 1, column 0 is 0.5; needs 1, or −1 or 0 for no.",
    ],
    [
      "two sides",
      [2],
      "squaredHinge",
      [
        [1, 2],
        [0, 0],
      ],
      "row 0, column 1 is 2; needs 1, or −1 or 0 for no.",
    ],
    ["half a pair", [1], "contrastive", [1, 0.5], "row 1, column 0 is 0.5; needs 1 for a similar pair, or 0"],
    [
      "a label of no class",
      [3],
      "focal",
      [0, 3],
      "row 1, column 0 is 3; needs an integer class from 0 to 2.",
    ],
    [
      "a label of no class for a hinge",
      [3],
      "categoricalHinge",
      [0, -1],
      "needs an integer class from 0 to 2.",
    ],
    [
      "shares of more than 1",
      [3],
      "klDivergence",
      [
        [0.5, 0.5, 0.5],
        [1, 0, 0],
      ],
      "fit: y: row 0 sums to 1.5",
    ],
    [
      "labels for a distribution",
      [3],
      "klDivergence",
      [0, 1],
      "its rows have 1 number; klDivergence on an output of [rows, 3] needs 3.",
    ],
    [
      "a chance of 2",
      [2],
      "binaryFocal",
      [
        [0, 1],
        [2, 0],
      ],
      "row 1, column 0 is 2; needs a target from 0 to 1.",
    ],
    [
      "a label of no class for ctc",
      [4, 3],
      "ctc",
      [
        [1, 2],
        [3, -1],
      ],
      "row 1, column 0 is 3; needs an integer class from 0 to 2 other than the blank 0, or −1",
    ],
    [
      "a blank for a label",
      [4, 3],
      "ctc",
      [
        [1, 2],
        [1, 0],
      ],
      "row 1, column 1 is 0; needs an integer class",
    ],
    [
      "half a label",
      [4, 3],
      "ctc",
      [
        [1, 2],
        [1.5, -1],
      ],
      "row 1, column 0 is 1.5; needs an integer class",
    ],
    [
      "a label behind the end",
      [4, 3],
      "ctc",
      [
        [1, -1, 2],
        [1, 2, -1],
      ],
      "fit: y: row 0 has a label behind a −1; needs all labels before it.",
    ],
    [
      "more labels than times",
      [2, 3],
      "ctc",
      [
        [1, -1, -1],
        [1, 2, 1],
      ],
      "fit: y: row 1 has 3 labels, 0 of them like the one before, for 2 times; needs 3.",
    ],
    [
      "more repeats than times",
      [3, 3],
      "ctc",
      [
        [1, 1, 1],
        [2, -1, -1],
      ],
      "fit: y: row 0 has 3 labels, 2 of them like the one before, for 3 times; needs 5. Give a longer output, or zeroInfinity: true.",
    ],
  ])("are refused, and no weight moves: %s", async (_, row, loss, y, message) => {
    const model = await compile(ending(row), { loss: loss as "focal" });
    const before = weightBits(model);
    const error = await rejectionOf(model.fit({ x, y }));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain(message);
    expect(weightBits(model)).toEqual(before);
  });

  it("are refused where a loss has none", async () => {
    const model = await compile(ending([3, 2]), { loss: "triplet" });
    await expect(model.fit({ x, y: [1, 2] })).rejects.toThrow(
      "fit: y: there are targets, but no output has a loss that needs them; leave them out.",
    );
  });
});

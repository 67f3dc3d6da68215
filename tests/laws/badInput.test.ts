/** Issue 2, "Bad input": data that cannot be trained on is refused by name, and changes nothing. */
import { describe, expect, it } from "vitest";
import {
  type CompileOptions,
  compile,
  DataError,
  dense,
  type Examples,
  input,
  OptionError,
  sequential,
  sgd,
} from "../../src/index.js";
import { rejectionOf, rowsOf, weightBits } from "../given/models.js";

const regression = () => sequential(input(3), dense(4, "tanh"), dense(2));
const classifier = () => sequential(input(3), dense(4, "tanh"), dense(3, "softmax"));
const goodRegression = { x: rowsOf(8, 3), y: rowsOf(8, 2, 2) };
const goodLabels = { x: rowsOf(8, 3), y: [0, 1, 2, 0, 1, 2, 0, 1] };

interface Case {
  readonly title: string;
  /** What a user could pass by mistake: types may lie. */
  readonly data: () => unknown;
  readonly options?: object;
  readonly error: abstract new (...args: never[]) => Error;
  /** Who, got, needs, mend. */
  readonly says: readonly (string | RegExp)[];
}

/** Row 5, column 1 of good data replaced. */
function withValue(name: "x" | "y", value: unknown): () => unknown {
  return () => {
    const data = { x: rowsOf(8, 3), y: rowsOf(8, 2, 2) } as Record<string, unknown[][]>;
    (data[name]?.[5] as unknown[])[1] = value;
    return data;
  };
}

const inputs: Case[] = [
  {
    title: "nested rows with too few features",
    data: () => ({ ...goodRegression, x: rowsOf(8, 2) }),
    error: DataError,
    says: ["fit: x", "row 0 has 2 numbers", "needs rows of 3 numbers", "[rows, 3]"],
  },
  {
    title: "a typed array that is no whole number of rows",
    data: () => ({ ...goodRegression, x: new Float32Array(23) }),
    error: DataError,
    says: ["fit: x", "has 23 numbers", "needs rows of 3 numbers", "one after the other"],
  },
  {
    title: "ragged rows",
    data: () => ({ ...goodRegression, x: goodRegression.x.map((row, i) => (i === 6 ? row.slice(1) : row)) }),
    error: DataError,
    says: ["fit: x", "row 6 has 2 numbers", "needs rows of 3 numbers"],
  },
  {
    title: "ragged targets",
    data: () => ({ ...goodRegression, y: goodRegression.y.map((row, i) => (i === 4 ? [...row, 1] : row)) }),
    error: DataError,
    says: ["fit: y", "row 4 has 3 numbers", "needs rows of 2 numbers"],
  },
  ...(["x", "y"] as const).flatMap((name) =>
    [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e39].map((value) => ({
      title: `${value} in ${name}`,
      data: withValue(name, value),
      error: DataError,
      says: [
        `fit: ${name}`,
        `row 5, column 1 is ${value}`,
        "needs finite numbers",
        value === 1e39 ? "Scale its column" : "Leave the row out",
      ],
    })),
  ),
  {
    title: "NaN in a typed array",
    data: () => ({ ...goodRegression, x: new Float64Array(24).fill(Number.NaN, 17, 18) }),
    error: DataError,
    says: ["fit: x", "row 5, column 2 is NaN", "needs finite numbers", "Leave the row out"],
  },
  ...(
    [
      ["a string", "7", 'is "7"', "columns by oneHotEncoder of wasmgrad/data"],
      ["null", null, "is null", "fill in a value"],
      ["undefined", undefined, "is undefined", "fill in a value"],
      ["a BigInt", 7n, "is 7n, a BigInt", "Give Number"],
      ["a boolean", true, "is true", "Give 1 for true"],
      ["a Date", new Date(0), "is an object (Date)", "Give its getTime"],
      ["an object", {}, "is an object", "fill in a value"],
    ] as const
  ).map(([title, value, says, mend]) => ({
    title: `${title} among the numbers`,
    data: withValue("x", value),
    error: DataError,
    says: ["fit: x", `row 5, column 1 ${says}`, "needs a number", mend],
  })),
  {
    title: "a hole in a sparse array",
    data: () => {
      const x: number[][] = rowsOf(8, 3);
      delete x[2];
      return { ...goodRegression, x };
    },
    error: DataError,
    says: ["fit: x", "row 2, column 0 is undefined", "needs a number"],
  },
  {
    title: "a BigInt64Array",
    data: () => ({ ...goodRegression, x: new BigInt64Array(24) }),
    error: DataError,
    says: ["fit: x", "is a BigInt64Array", "needs another typed array", "Float32Array"],
  },
  {
    title: "a DataView for targets",
    data: () => ({ ...goodRegression, y: new DataView(new ArrayBuffer(64)) }),
    error: DataError,
    says: ["fit: y", "is a DataView", "needs another typed array"],
  },
  {
    title: "unequal numbers of nested rows",
    data: () => ({ ...goodRegression, y: rowsOf(7, 2) }),
    error: DataError,
    says: ["fit:", "x has 8 rows and y has 7", "needs as many of each"],
  },
  {
    title: "unequal numbers of typed rows",
    data: () => ({ ...goodRegression, y: new Float32Array(14) }),
    error: DataError,
    says: ["fit: y", "has 14 numbers", "needs equally many for each of the 8 rows"],
  },
  {
    title: "zero rows",
    data: () => ({ x: [], y: [] }),
    error: DataError,
    says: ["fit: x", "has no rows", "needs at least one"],
  },
  {
    title: "an empty typed array",
    data: () => ({ x: new Float32Array(0), y: new Float32Array(0) }),
    error: DataError,
    says: ["fit: x", "has no rows", "needs at least one"],
  },
  {
    title: "zero rows of targets",
    data: () => ({ ...goodRegression, y: [] }),
    error: DataError,
    says: ["fit: y", "has no rows", "needs 8, as many as x"],
  },
  {
    title: "no targets at all",
    data: () => ({ x: goodRegression.x }),
    error: DataError,
    says: ["fit: y", "is undefined", "needs an array or a typed array"],
  },
  {
    title: "inputs and targets under other names",
    data: () => ({ ...goodRegression, targets: goodRegression.y }),
    error: OptionError,
    says: ["fit:", '"targets"', "x, y"],
  },
  ...([null, undefined, 5, true, {}] as const).map((data) => ({
    title: `${JSON.stringify(data)} for data`,
    data: () => data,
    error: DataError,
    says: ["fit: the data is", "needs { x, y }", "iterable of batches"],
  })),
  {
    title: "rows without names",
    data: () => goodRegression.x,
    error: DataError,
    says: ["fit: the data is an array of 8 whose first entry is no { x, y }", "Give { x, y }"],
  },
  {
    title: "batchSize 0",
    data: () => goodRegression,
    options: { batchSize: 0 },
    error: OptionError,
    says: ["fit: batchSize is 0", "needs an integer of at least 1"],
  },
];

const labels: Case[] = [
  ...([-1, 3, 255] as const).map((label) => ({
    title: `label ${label} of 3 classes`,
    data: () => ({ ...goodLabels, y: [0, 1, 2, 0, 1, 2, label, 1] }),
    error: DataError,
    says: ["fit: y", `row 6, column 0 is ${label}`, "needs an integer class from 0 to 2"],
  })),
  {
    title: "a fractional label",
    data: () => ({ ...goodLabels, y: Float32Array.from([0, 1, 0.5, 0, 1, 2, 0, 1]) }),
    error: DataError,
    says: ["fit: y", "row 2, column 0 is 0.5", "needs an integer class from 0 to 2"],
  },
  {
    title: "a label as text",
    data: () => ({ ...goodLabels, y: ["cat", 1, 2, 0, 1, 2, 0, 1] }),
    error: DataError,
    says: ["fit: y", 'row 0, column 0 is "cat"', "needs a number", "labels by labelEncoder"],
  },
  {
    title: "one-hot rows that are no shares",
    data: () => ({ ...goodLabels, y: goodLabels.y.map(() => [0, 2, -1]) }),
    error: DataError,
    says: ["fit: y", "row 0, column 1 is 2", "needs a probability from 0 to 1"],
  },
  {
    title: "one-hot rows of another number of classes",
    data: () => ({ ...goodLabels, y: goodLabels.y.map(() => [1, 0]) }),
    error: DataError,
    says: ["fit: y", "its rows have 2 numbers", "crossEntropy on an output of [rows, 3] needs 1 or 3"],
  },
];

async function refuses(
  { data, options = {}, error, says }: Case,
  compiled: { network: ReturnType<typeof regression>; settings: CompileOptions; good: Examples },
): Promise<void> {
  const model = await compile(compiled.network, { optimizer: sgd(), ...compiled.settings });
  await model.fit(compiled.good, { epochs: 2 });
  const before = weightBits(model);
  const thrown = await rejectionOf(model.fit(data() as Examples, options));
  expect(thrown).toBeInstanceOf(error);
  for (const part of says) expect((thrown as Error).message).toMatch(part);
  expect(weightBits(model)).toEqual(before);

  // A model that was never given the bad data goes on to the same bits.
  await model.fit(compiled.good);
  const untouched = await compile(compiled.network, { optimizer: sgd(), ...compiled.settings });
  await untouched.fit(compiled.good, { epochs: 2 });
  await untouched.fit(compiled.good);
  expect(weightBits(model)).toEqual(weightBits(untouched));
}

describe("fit refuses, and stays as it was after,", () => {
  it.each(inputs)("$title", (one) =>
    refuses(one, {
      network: regression(),
      settings: { loss: "meanSquaredError" },
      good: goodRegression,
    }),
  );

  it.each(labels)("$title", (one) =>
    refuses(one, { network: classifier(), settings: { loss: "crossEntropy" }, good: goodLabels }),
  );
});

describe("predict and evaluate refuse", () => {
  it("inputs of the wrong width, with the row that is not finite, and without rows", async () => {
    const model = await compile(regression(), { loss: "meanSquaredError" });
    const cases: [unknown, string][] = [
      [[[1, 2]], "predict: x: row 0 has 2 numbers; needs rows of 3 numbers"],
      [[[1, 2, Number.NaN]], "predict: x: row 0, column 2 is NaN; needs finite numbers"],
      [[], "predict: x: has no rows; needs at least one"],
      [null, "predict: x: is null; needs rows of 3 numbers"],
      ["text", 'predict: x: is "text"; needs rows of 3 numbers'],
    ];
    for (const [x, says] of cases) {
      const thrown = await rejectionOf(model.predict(x as number[]));
      expect(thrown).toBeInstanceOf(DataError);
      expect((thrown as Error).message).toContain(says);
    }
    const thrown = await rejectionOf(model.evaluate({ x: goodRegression.x, y: rowsOf(8, 3) }));
    expect(thrown).toBeInstanceOf(DataError);
    expect((thrown as Error).message).toContain("evaluate: y: its rows have 3 numbers");
  });
});

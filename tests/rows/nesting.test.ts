/** Lists without end, and lists that lie about their length, are refused at once. */
import { describe, expect, it } from "vitest";
import { labelEncoder, oneHotEncoder, oversample, standardScaler } from "../../src/data/index.ts";
import { compile, DataError, dense, input, sequential } from "../../src/index.ts";
import { accuracy, rSquared } from "../../src/metrics/index.ts";
import { isNestedAs, nestingOf } from "../../src/rows/nesting.ts";
import { rejectionOf } from "../given/models.ts";

function nested(depth: number): unknown[] {
  let list: unknown[] = [1];
  for (let i = 1; i < depth; i++) list = [list];
  return list;
}

const cyclic: unknown[] = [];
cyclic.push(cyclic, 1);
const second: unknown[] = [[1], []];
(second[1] as unknown[]).push(second);
const sparse: unknown[] = [];
sparse.length = 2 ** 32 - 1;
const started: unknown[] = [[1]];
started[2 ** 32 - 2] = [1];
const long: unknown[] = [1];
long.length = 1e8;

const HOSTILE: [string, unknown[]][] = [
  ["5,000 lists in one another", nested(5000)],
  ["a list that holds itself", cyclic],
  ["a second row that holds all rows", second],
  ["an array that says it has 4,294,967,295 rows", sparse],
  ["one of them that begins and ends well", started],
  ["an array of a hundred million holes", long],
];

const model = await compile(sequential(input(1), dense(1)), { loss: "meanSquaredError" });

const TAKERS: Record<string, (rows: never) => unknown> = {
  predict: (rows) => model.predict(rows),
  "fit x": (rows) => model.fit({ x: rows, y: [1] }),
  "fit y": (rows) => model.fit({ x: [[1]], y: rows }),
  "fit sampleWeight": (rows) => model.fit({ x: [[1]], y: [1], sampleWeight: rows }),
  "evaluate x": (rows) => model.evaluate({ x: rows, y: [1] }),
  setWeights: (rows) => model.setWeights({ "dense/kernel": rows }),
  standardScaler: (rows) => standardScaler().fit(rows),
  oneHotEncoder: (rows) => oneHotEncoder().fit(rows),
  labelEncoder: (rows) => labelEncoder().fit(rows),
  oversample: (rows) => oversample(rows),
  accuracy: (rows) => accuracy(rows, [1]),
  rSquared: (rows) => rSquared([1, 2], rows),
};

describe.each(HOSTILE)("%s", (_, rows) => {
  it.each(Object.keys(TAKERS))("is refused by %s", async (name) => {
    const thrown = await rejectionOf((async () => TAKERS[name]?.(rows as never))());
    expect((thrown as Error).name).toMatch(/^(Data|Shape)Error$/);
    expect((thrown as Error).message.length).toBeLessThan(400);
  });
});

describe("nestingOf", () => {
  it("tells the lengths of the lists in a list", () => {
    expect(nestingOf("x", [1, 2])).toEqual([]);
    expect(nestingOf("x", [[[1, 2, 3]], [[4, 5, 6]]])).toEqual([1, 3]);
    expect(nestingOf("x", [new Float32Array(4)])).toEqual([4]);
    expect(() => nestingOf("x", nested(34))).toThrow(DataError);
    expect(nestingOf("x", nested(33))).toHaveLength(32);
  });
});

describe("isNestedAs", () => {
  it.each<[readonly number[], readonly number[], boolean]>([
    [[28, 28, 1], [28, 28], true],
    [[28, 28, 1], [784], true],
    [[2, 3, 4], [2, 12], true],
    [[2, 3, 4], [2, 3, 4], true],
    [[4], [4, 1], true],
    [[], [], true],
    [[1], [], true],
    [[2, 3], [3, 2], false],
    [[2, 3, 4], [6, 4], false],
    [[3], [], false],
    [[], [2], false],
    [[2], [2, 2], false],
  ])("of %j: %j is %s", (shape, nesting, is) => expect(isNestedAs(shape, nesting)).toBe(is));
});

describe("setWeights", () => {
  it("calls a transposed kernel transposed, not ragged", async () => {
    const wide = await compile(sequential(input(2), dense(3)), { loss: "meanSquaredError" });
    const kernel = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    expect(() => wide.setWeights({ "dense/kernel": kernel })).toThrow(
      "setWeights: dense/kernel is [3, 2]; needs [2, 3]. Transpose it.",
    );
    expect(() => wide.setWeights({ "dense/kernel": [1, 2, 3, 4, 5] })).toThrow(
      "setWeights: dense/kernel has 5 numbers; needs [2, 3].",
    );
    expect(() =>
      wide.setWeights({
        "dense/kernel": [
          [1, 2, 3],
          [4, 5],
        ],
      }),
    ).toThrow("it has a list of 2 where a list of 3 belongs");
  });
});

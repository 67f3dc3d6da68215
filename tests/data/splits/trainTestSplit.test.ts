import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trainTestSplit } from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const split = (rows: number, options?: object) => trainTestSplit({ x: upTo(rows) }, options);

describe("trainTestSplit", () => {
  it("puts every row on one side, ⌈share · n⌉ of them to the test", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 80 }),
        fc.double({ min: 0.01, max: 0.99 }),
        fc.nat(),
        (rows, testSize, seed) => {
          fc.pre(Math.ceil(testSize * rows) < rows);
          const { train, test } = split(rows, { testSize, seed });
          expect(test.x).toHaveLength(Math.ceil(testSize * rows));
          expect([...train.x, ...test.x].toSorted((a, b) => a - b)).toEqual(upTo(rows));
        },
      ),
    );
    expect(split(10).test.x).toHaveLength(3);
    expect(split(10, { testSize: 4 }).test.x).toHaveLength(4);
  });

  it("keeps the fields of a row together, in whatever form they are", () => {
    const data = {
      x: { left: Float32Array.from(upTo(20)), right: upTo(10).map((i) => [i, -i]) },
      y: Uint8Array.from(upTo(10)),
      sampleWeight: upTo(10).map((i) => i / 10),
    };
    const { train, test } = trainTestSplit(data, { seed: 3 });
    for (const part of [train, test]) {
      const rows = [...part.y];
      expect([...part.x.left]).toEqual(rows.flatMap((row) => [2 * row, 2 * row + 1]));
      expect(part.x.right).toEqual(rows.map((row) => [row, -row]));
      expect(part.sampleWeight).toEqual(rows.map((row) => row / 10));
    }
    expect(train.y).toBeInstanceOf(Uint8Array);
  });

  it("takes the last rows for the test without shuffling, as scikit-learn's documentation shows", () => {
    expect(split(5, { testSize: 0.33, shuffle: false })).toEqual({
      train: { x: [0, 1, 2] },
      test: { x: [3, 4] },
    });
  });

  it("depends on the seed alone", () => {
    expect(split(50, { seed: 2 })).toEqual(split(50, { seed: 2 }));
    expect(split(50, { seed: 2 })).not.toEqual(split(50, { seed: 3 }));
    expect(split(50).train.x).not.toEqual(split(50).train.x.toSorted((a, b) => a - b));
  });

  it("keeps the shares of the classes to less than a row", () => {
    const labels = fc.array(fc.constantFrom(0, 1, 2), { minLength: 12, maxLength: 60 });
    fc.assert(
      fc.property(labels, fc.nat(), (y, seed) => {
        const counts = [0, 1, 2].map((label) => y.filter((one) => one === label).length);
        fc.pre(counts.every((count) => count !== 1));
        const { train, test } = trainTestSplit(
          { x: upTo(y.length), y },
          { testSize: 0.3, seed, stratify: true },
        );
        expect(test.y).toHaveLength(Math.ceil(0.3 * y.length));
        expect(train.y).toHaveLength(y.length - test.y.length);
        expect([...train.x, ...test.x].toSorted((a, b) => a - b)).toEqual(upTo(y.length));
        counts.forEach((count, label) => {
          const found = test.y.filter((one) => one === label).length;
          expect(Math.abs(found - (count * test.y.length) / y.length)).toBeLessThan(1);
        });
      }),
    );
    const names = upTo(20).map((i) => (i < 10 ? "a" : "b"));
    expect(split(20, { stratify: names, testSize: 4 }).test.x.filter((row) => row < 10)).toHaveLength(2);
  });

  it("refuses what cannot be split so", () => {
    const refuse = (rows: number, options: object) => refusal(() => split(rows, options));
    expect(refuse(10, { testSize: 10 })).toBe(
      "OptionError: trainTestSplit: testSize is 10, which is all of the 10 rows; needs less.",
    );
    expect(refuse(2, { testSize: 0.9 })).toContain("which is all of the 2 rows");
    for (const testSize of [0, -1, 1.5, Number.NaN, "a"]) {
      expect(refuse(10, { testSize })).toContain("needs a share between 0 and 1, or a whole number of rows");
    }
    expect(refuse(10, { shuffle: 1 })).toContain("shuffle is 1");
    expect(refuse(10, { seed: -1 })).toContain("seed is -1");
    expect(refuse(10, { test_size: 1 })).toContain('Did you mean "testSize"?');
    expect(refuse(10, { stratify: true })).toContain("stratify is true, and the data has no labels in y");
    expect(refuse(10, { stratify: upTo(10), shuffle: false })).toContain(
      "stratify is given and shuffle is false",
    );
    expect(refuse(3, { stratify: [0, 0] })).toContain("stratify has 2 labels for 3 rows");
    expect(refuse(3, { stratify: [0, 0, 1] })).toContain(
      "class 1 has one row; needs 2 or more to be on both sides",
    );
    expect(refuse(6, { stratify: [0, 0, 1, 1, 2, 2], testSize: 2 })).toContain(
      "needs at least 3 on each side",
    );
    expect(refuse(6, { stratify: [0, 0, 1, 1, 2, 2], testSize: 4 })).toContain(
      "needs at least 3 on each side",
    );
    expect(refusal(() => trainTestSplit({ x: new Float32Array(4), y: new Uint8Array(2) }))).toContain(
      "{ rows }",
    );
    expect(refusal(() => trainTestSplit({ x: [1, 2, 3], y: [1] }))).toContain("y has 1 rows and x has 3");
  });
});

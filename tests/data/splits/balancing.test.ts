import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classWeights, oversample, sampleWeights, takeRows, undersample } from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

/** Labels of which each class 0 … has at least one. */
const labelings = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }).chain((counts) =>
  fc.shuffledSubarray(
    counts.flatMap((n, label) => new Array<number>(n).fill(label)),
    {
      minLength: counts.reduce((a, b) => a + b, 0),
    },
  ),
);

const countsOf = (labels: readonly number[]) => {
  const counts = new Array<number>(Math.max(...labels) + 1).fill(0);
  for (const label of labels) counts[label]!++;
  return counts;
};

describe("classWeights", () => {
  it("is n / (classes · count), as in scikit-learn's documentation", () => {
    expect(classWeights([1, 1, 1, 1, 0, 0])).toEqual([1.5, 0.75]);
    expect(classWeights(Uint8Array.of(0, 1, 2, 2), { classes: 3 })).toEqual([4 / 3, 4 / 3, 2 / 3]);
  });

  it("makes the weight of every class the same, and 1 the mean of a row", () => {
    fc.assert(
      fc.property(labelings, (labels) => {
        const weights = classWeights(labels);
        const counts = countsOf(labels);
        const sums = weights.map((weight, label) => weight * counts[label]!);
        for (const sum of sums) expect(sum).toBeCloseTo(labels.length / counts.length, 9);
        const rows = sampleWeights(labels);
        expect([...rows]).toEqual(labels.map((label) => Math.fround(weights[label]!)));
      }),
    );
  });

  it("refuses labels that are no classes, and classes without rows", () => {
    const weigh = (labels: unknown, options?: object) =>
      refusal(() => classWeights(labels as never, options));
    expect(weigh([0, 2])).toContain("no row is of class 1; needs at least one of each of the 3 classes");
    expect(weigh([0, 1], { classes: 3 })).toContain("no row is of class 2");
    expect(weigh([0, 1], { classes: 1 })).toContain("row 1 is 1; needs a whole number from 0 to 0");
    expect(weigh([0, 0.5])).toContain("row 1 is 0.5; needs a whole number from 0 up");
    expect(weigh([0, -1])).toContain("row 1 is -1");
    expect(weigh(["a", "b"])).toContain(
      'row 0 is "a"; needs a whole number from 0 up. Encode names with labelEncoder',
    );
    expect(weigh([0, Number.NaN])).toContain("row 1 is NaN; needs a label");
    expect(
      weigh([
        [1, 0],
        [0, 1],
      ]),
    ).toContain("Give class labels, not one-hot rows");
    expect(weigh([])).toContain("there are no labels");
    expect(weigh(3)).toContain("got 3; needs a list with the label of each row");
    expect(weigh([0, 1], { class: 2 })).toContain('Did you mean "classes"?');
    expect(weigh([0, 1], { classes: 0 })).toContain("classes is 0");
  });
});

describe("sampleWeights", () => {
  it("is the weight of each row's class, as in scikit-learn's documentation", () => {
    expect([...sampleWeights([1, 1, 1, 1, 0, 0])]).toEqual([0.75, 0.75, 0.75, 0.75, 1.5, 1.5]);
    expect([...sampleWeights(["b", "a", "b", "b"])]).toEqual([2 / 3, 2, 2 / 3, 2 / 3].map(Math.fround));
  });
});

describe.each([
  ["oversample", oversample, Math.max],
  ["undersample", undersample, Math.min],
] as const)("%s", (_, sample, extreme) => {
  it("takes as many rows of each class as the extreme one has", () => {
    fc.assert(
      fc.property(labelings, fc.nat(), (labels, seed) => {
        const counts = countsOf(labels);
        const taken = [...sample(labels, { seed })];
        const needed = extreme(...counts);
        expect(countsOf(taken.map((row) => labels[row]!))).toEqual(counts.map(() => needed));
      }),
    );
  });

  it("depends on the seed alone", () => {
    const labels = Array.from({ length: 100 }, (_, i) => (i % 7 === 0 ? 1 : 0));
    expect(sample(labels, { seed: 3 })).toEqual(sample(labels, { seed: 3 }));
    expect(sample(labels, { seed: 3 })).not.toEqual(sample(labels, { seed: 4 }));
    expect(sample(labels)).toEqual(sample(labels, { seed: 0 }));
    // Where all rows are taken, their order is what is left to it.
    const even = Array.from({ length: 100 }, (_, i) => i % 2);
    expect(sample(even, { seed: 3 })).not.toEqual(sample(even, { seed: 4 }));
    expect(sample(even).toSorted()).toEqual(Uint32Array.from(even, (_, i) => i));
  });

  it("refuses a seed that is none", () => {
    expect(refusal(() => sample([0, 1], { seed: -1 }))).toContain(
      "seed is -1; needs an integer of at least 0",
    );
    expect(refusal(() => sample([0, 1], { sed: 1 } as never))).toContain('Did you mean "seed"?');
  });
});

describe("oversample", () => {
  it("keeps every row", () => {
    fc.assert(
      fc.property(labelings, (labels) => {
        expect(new Set(oversample(labels)).size).toBe(labels.length);
      }),
    );
  });
});

describe("undersample", () => {
  it("takes no row twice", () => {
    fc.assert(
      fc.property(labelings, (labels) => {
        const taken = undersample(labels);
        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });
});

describe("takeRows", () => {
  it("takes rows of nested and flat data alike", () => {
    const data = {
      x: { image: Uint8Array.of(1, 2, 3, 4, 5, 6), age: [[7], [8], [9]] },
      y: ["a", "b", "c"],
      sampleWeight: Float64Array.of(0.1, 0.2, 0.3),
    };
    expect(takeRows(data, [2, 0, 2])).toEqual({
      x: { image: Uint8Array.of(5, 6, 1, 2, 5, 6), age: [[9], [7], [9]] },
      y: ["c", "a", "c"],
      sampleWeight: Float64Array.of(0.3, 0.1, 0.3),
    });
    expect(takeRows({ x: new Float32Array(6), y: undefined }, [0], { rows: 3 })).toEqual({
      x: new Float32Array(2),
    });
    expect(takeRows([5, 6, 7], Uint32Array.of(1))).toEqual([6]);
  });

  it("gives plain bytes of a Buffer", () => {
    const taken = takeRows({ x: Buffer.from([1, 2, 3, 4]) }, [1], { rows: 2 }).x;
    expect(taken.constructor).toBe(Uint8Array);
    expect([...taken]).toEqual([3, 4]);
  });

  it("refuses what are no rows", () => {
    const take = (data: unknown, indices: number[], options?: object) =>
      refusal(() => takeRows(data as object, indices, options));
    expect(take({ x: [[1], [2]], y: [1, 2, 3] }, [0])).toBe(
      "DataError: takeRows: y has 3 rows and x has 2; needs as many rows of each.",
    );
    expect(take({ x: new Float32Array(4), y: new Uint8Array(2) }, [0])).toBe(
      "DataError: takeRows: x and y are flat; needs the number of rows too: { rows }.",
    );
    expect(take({ x: new Float32Array(5) }, [0], { rows: 2 })).toContain("x has 5 numbers and rows is 2");
    expect(take({ x: new Float32Array(0) }, [0], { rows: 2 })).toContain("x has 0 numbers and rows is 2");
    expect(take({ x: [[1], [2]] }, [0], { rows: 3 })).toContain("x has 2 rows and rows is 3");
    expect(take({ x: [[1], [2]] }, [0, 2])).toContain(
      "index 1 is 2; needs a row, a whole number from 0 to 1",
    );
    expect(take({ x: [[1], [2]] }, [0.5])).toContain("index 0 is 0.5");
    expect(take({ x: 3 }, [0])).toContain("x is 3; needs an array or a typed array of rows");
    expect(take({ x: { left: null } }, [0])).toContain("x.left is null");
    expect(take({ x: [] }, [0])).toContain("x has no rows; needs at least one");
    expect(take({}, [0])).toContain("the data has no field");
    expect(take(null, [0])).toContain("the data is null; needs { x, y }");
    expect(take({ x: [1] }, [0], { row: 1 })).toContain('Did you mean "rows"?');
    expect(take({ x: new Float32Array(2) }, [0], { rows: 0 })).toContain("rows is 0");
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Categories,
  type Category,
  labelEncoder,
  oneHotEncoder,
  ordinalEncoder,
} from "../../../src/data/index.ts";
import { classificationReport } from "../../../src/metrics/index.ts";
import { refusal } from "../refusal.ts";

const category: fc.Arbitrary<Category> = fc.oneof(
  fc.string(),
  fc.boolean(),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const tables = fc
  .integer({ min: 1, max: 4 })
  .chain((columns) =>
    fc.array(fc.array(category, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 30 }),
  );

/** Of the documentation of scikit-learn's OneHotEncoder and OrdinalEncoder. */
const documented = [
  ["Male", 1],
  ["Female", 3],
  ["Female", 2],
];

describe.each([
  ["oneHotEncoder", oneHotEncoder],
  ["ordinalEncoder", ordinalEncoder],
] as const)("%s", (kind, make) => {
  it("gives by inverse what was transformed", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const encoder = make();
        expect(encoder.inverse(encoder.fitTransform(rows))).toEqual(rows);
      }),
    );
  });

  it("takes a column as it is, nested or typed", () => {
    const expected = make().fitTransform([[3], [1], [3]]);
    expect(make().fitTransform([3, 1, 3])).toEqual(expected);
    expect(make().fitTransform(Uint8Array.of(3, 1, 3), { columns: 1 })).toEqual(expected);
  });

  it("refuses what is missing, and categories that it was not fitted on, with row and column", () => {
    const fitting = (data: unknown) => refusal(() => make().fit(data as Categories));
    expect(fitting(["a", undefined])).toBe(
      `DataError: ${kind}: fit: row 1, column 0 is undefined; needs a string, a finite number, true or false. ` +
        "Leave the row out or fill in a value.",
    );
    expect(fitting([["a", null]])).toContain("row 0, column 1 is null");
    expect(fitting([["a", Number.NaN]])).toContain("row 0, column 1 is NaN");
    expect(fitting([["a", {}]])).toContain("row 0, column 1 is an object (Object)");
    expect(fitting([["a"], ["b", "c"]])).toContain("row 1 has 2 categories; needs 1, as row 0 has");
    const unknown = refusal(() => make().fit(["red", "green", "blue"]).transform(["red", "teal"]));
    expect(unknown).toContain(
      `DataError: ${kind}: transform: row 1, column 0 is "teal", which is no category that it was fitted on: ` +
        '"blue", "green", "red". Fit on all that there are, or give unknown: ',
    );
    const many = Array.from({ length: 20 }, (_, i) => i);
    expect(refusal(() => make().fit(many).transform([20]))).toContain("5, 6, 7, and 12 more");
    expect(refusal(() => make().transform(["a"]))).toContain("it has learned nothing yet");
    // Text and number are different categories.
    expect(refusal(() => make().fit(["1"]).transform([1]))).toContain("column 0 is 1, which is no category");
  });

  it("takes categories in a given order, and refuses lists that are none", () => {
    const sizes = make({ categories: [["small", "medium", "large"]] });
    expect(sizes.inverse(sizes.fitTransform(["large", "small"]))).toEqual([["large"], ["small"]]);
    expect(refusal(() => make({ categories: [["a"]] }).fit([["a", "b"]]))).toContain(
      "the data has 2 columns, and there are categories for 1",
    );
    for (const categories of [["a", "b"], [[]], [["a", "a"]], [[null]], [], "a"]) {
      expect(refusal(() => make({ categories } as never))).toContain(
        "needs a list of different categories for each column",
      );
    }
  });
});

describe("oneHotEncoder", () => {
  it("gives the numbers of scikit-learn's documentation", () => {
    const encoder = oneHotEncoder({ unknown: "ignore" }).fit(documented);
    expect(encoder.toJSON().fitted).toEqual({
      categories: [
        ["Female", "Male"],
        [1, 2, 3],
      ],
    });
    const encoded = encoder.transform([
      ["Female", 1],
      ["Male", 4],
    ]);
    expect([...encoded]).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    const rows = [
      [0, 1, 1, 0, 0],
      [0, 0, 0, 1, 0],
    ];
    expect(encoder.inverse(rows)).toEqual([
      ["Male", 1],
      [null, 2],
    ]);
    expect(encoder.featureNames(["gender", "group"])).toEqual([
      "gender_Female",
      "gender_Male",
      "group_1",
      "group_2",
      "group_3",
    ]);
    expect([encoder.inputs, encoder.columns]).toEqual([2, 5]);
  });

  it("takes the largest of probabilities for the category", () => {
    const encoder = oneHotEncoder().fit(["a", "b", "c"]);
    expect(encoder.inverse(Float32Array.of(0.2, 0.5, 0.3, 0.4, 0.2, 0.4))).toEqual([["b"], ["a"]]);
  });

  it("rows have as many ones as the data has columns", () => {
    fc.assert(
      fc.property(tables, (rows) => {
        const encoder = oneHotEncoder();
        const encoded = encoder.fitTransform(rows);
        expect(encoded.reduce((a, b) => a + b, 0)).toBe(rows.flat().length);
        expect(new Set(encoded).size).toBeLessThanOrEqual(2);
      }),
    );
  });

  it("refuses options outside their domain", () => {
    expect(refusal(() => oneHotEncoder({ unknown: "ignored" as never }))).toBe(
      'OptionError: oneHotEncoder: there is no unknown "ignored". Did you mean "ignore"?',
    );
    expect(refusal(() => oneHotEncoder({ unkown: "ignore" } as never))).toContain('Did you mean "unknown"?');
  });
});

describe("ordinalEncoder", () => {
  it("gives the numbers of scikit-learn's documentation", () => {
    const encoder = ordinalEncoder().fit(documented);
    expect([
      ...encoder.transform([
        ["Female", 3],
        ["Male", 1],
      ]),
    ]).toEqual([0, 2, 1, 0]);
    expect(
      encoder.inverse([
        [1, 0],
        [0, 1],
      ]),
    ).toEqual([
      ["Male", 1],
      ["Female", 2],
    ]);
  });

  it("numbers booleans before numbers before text, each in their order", () => {
    const encoder = ordinalEncoder().fit(["b", 10, true, "a", 9, false, "B"]);
    expect(encoder.toJSON().fitted).toEqual({ categories: [[false, true, 9, 10, "B", "a", "b"]] });
  });

  it("gives unknown categories their number, and null for it by inverse", () => {
    const encoder = ordinalEncoder({ unknown: -1 }).fit(["a", "b"]);
    expect([...encoder.transform(["b", "c"])]).toEqual([1, -1]);
    expect(encoder.inverse([[-1], [0]])).toEqual([[null], ["a"]]);
  });

  it("refuses a number for unknown ones that a category has, and options outside their domain", () => {
    expect(refusal(() => ordinalEncoder({ unknown: 1 }).fit(["a", "b"]))).toContain(
      'OptionError: ordinalEncoder: fit: unknown is 1, which stands for "b"; needs a number that no category has',
    );
    expect(ordinalEncoder({ unknown: 2 }).fit(["a", "b"]).columns).toBe(1);
    expect(refusal(() => ordinalEncoder({ unknown: 0.5 }))).toContain(
      'unknown is 0.5; needs "error" or a whole number',
    );
    expect(refusal(() => ordinalEncoder({ unknown: "ignore" as never }))).toContain('unknown is "ignore"');
    const code = refusal(() =>
      ordinalEncoder()
        .fit(["a", "b"])
        .inverse([[0], [1.5]]),
    );
    expect(code).toContain("row 1, column 0 is 1.5; needs a whole number from 0 to 1");
    expect(
      refusal(() =>
        ordinalEncoder()
          .fit(["a", "b"])
          .inverse([[2]]),
      ),
    ).toContain("is 2; needs a whole number");
  });
});

describe("labelEncoder", () => {
  it("names the classes of a report, whatever they are called", () => {
    for (const names of [
      ["cat", "dog"],
      [1, 2],
      [false, true],
    ]) {
      const encoder = labelEncoder().fit(names);
      const numbers = encoder.transform(names);
      const { classes } = classificationReport(numbers, numbers, { classes: encoder.classes });
      expect(classes.map(({ name }) => name)).toEqual(names.map(String));
    }
  });

  it("gives the numbers of scikit-learn's documentation", () => {
    const numbers = labelEncoder().fit([1, 2, 2, 6]);
    expect(numbers.classes).toEqual([1, 2, 6]);
    expect([...numbers.transform([1, 1, 2, 6])]).toEqual([0, 0, 1, 2]);
    expect(numbers.inverse([0, 0, 1, 2])).toEqual([1, 1, 2, 6]);
    const places = labelEncoder().fit(["paris", "paris", "tokyo", "amsterdam"]);
    expect(places.classes).toEqual(["amsterdam", "paris", "tokyo"]);
    expect([...places.transform(["tokyo", "tokyo", "paris"])]).toEqual([2, 2, 1]);
    expect(places.inverse(Int32Array.of(2, 2, 1))).toEqual(["tokyo", "tokyo", "paris"]);
  });

  it("gives by inverse what was transformed", () => {
    fc.assert(
      fc.property(fc.array(category, { minLength: 1 }), (labels) => {
        const encoder = labelEncoder();
        expect(encoder.inverse(encoder.fitTransform(labels))).toEqual(labels);
      }),
    );
  });

  it("names the most likely class of each row, the first of equals", () => {
    const encoder = labelEncoder().fit(["cat", "dog", "eel"]);
    expect(encoder.mostLikely(Float32Array.of(0.1, 0.2, 0.7, 0.4, 0.4, 0.2))).toEqual(["eel", "cat"]);
    expect(encoder.mostLikely([[-3, -1, -2]])).toEqual(["dog"]);
    expect(refusal(() => encoder.mostLikely(new Float32Array(4)))).toContain(
      "has 4 numbers; needs whole rows of 3",
    );
  });

  it("does not take four sigmoids for two rows of two classes", () => {
    const encoder = labelEncoder().fit(["no", "yes"]);
    const sigmoids = Float32Array.of(0.1, 0.9, 0.8, 0.2);
    expect(refusal(() => encoder.mostLikely(sigmoids))).toBe(
      "DataError: labelEncoder: mostLikely: the data is flat; needs the numbers of a row too: { columns: 1 } of a sigmoid, " +
        "{ columns: 2 } of a softmax.",
    );
    expect(encoder.mostLikely(sigmoids, { columns: 1 })).toEqual(["no", "yes", "yes", "no"]);
    expect(encoder.mostLikely(sigmoids, { columns: 2 })).toEqual(["yes", "no"]);
    expect(encoder.mostLikely([[0.5], [0.6]])).toEqual(["no", "yes"]);
    expect(encoder.mostLikely([[0.7, 0.3]])).toEqual(["no"]);
    expect(refusal(() => encoder.mostLikely([[0.5], [3]]))).toContain("row 1 is 3; needs a probability");
    expect(refusal(() => encoder.mostLikely(sigmoids, { columns: 4 }))).toContain(
      "columns is 4; needs 2, the number of classes, or 1",
    );
  });

  it("refuses what is no label, no class or no number of one", () => {
    const encoder = labelEncoder().fit(["a", "b"]);
    expect(refusal(() => encoder.transform(["a", "c"]))).toBe(
      'DataError: labelEncoder: transform: row 1, column 0 is "c", which is no category that it was fitted on: "a", "b". ' +
        "Fit on all classes that there are.",
    );
    expect(refusal(() => encoder.inverse([0, 2]))).toContain("row 1 is 2; needs a whole number from 0 to 1");
    expect(refusal(() => encoder.inverse(["length" as never]))).toContain('row 0 is "length"');
    expect(refusal(() => encoder.inverse([0.5]))).toContain("For probabilities there is mostLikely");
    expect(refusal(() => labelEncoder().fit([["a"], ["b"]] as never))).toContain(
      "row 0 is an array of 1; needs the name of one class for each row",
    );
    expect(refusal(() => labelEncoder().fit([]))).toContain("has no rows");
    expect(refusal(() => labelEncoder().fit(["a", undefined as never]))).toContain(
      "row 1, column 0 is undefined",
    );
    expect(refusal(() => labelEncoder().transform(["a"]))).toContain("it has learned nothing yet");
    expect(refusal(() => labelEncoder().classes)).toContain("it has learned nothing yet");
  });
});

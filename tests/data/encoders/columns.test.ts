import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  columns,
  hashingEncoder,
  labelEncoder,
  minMaxScaler,
  oneHotEncoder,
  ordinalEncoder,
  standardScaler,
} from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

const people = [
  { age: 20, color: "red", height: 1.5, name: "Ann" },
  { age: 40, color: "blue", height: 2, name: "Bob" },
  { age: 30, color: "red", height: 1.75, name: "Cyd" },
];

describe("columns", () => {
  it("puts what each encoder makes of its column side by side, in the order of the names", () => {
    const encoder = columns({ color: oneHotEncoder(), height: minMaxScaler(), age: "passThrough" });
    expect([...encoder.fitTransform(people)]).toEqual([0, 1, 0, 20, 1, 0, 1, 40, 0, 1, 0.5, 30]);
    expect(encoder.featureNames()).toEqual(["color_blue", "color_red", "height", "age"]);
    expect([encoder.columns, encoder.inputs, encoder.kind]).toEqual([4, 3, "columns"]);
  });

  it("gives each column what its encoder gives by itself", () => {
    const record = fc.record({ a: fc.integer(), b: fc.string(), c: fc.boolean() });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => {
        const parts = { a: standardScaler(), b: ordinalEncoder(), c: oneHotEncoder() };
        const encoded = columns(parts).fitTransform(records);
        const alone = [
          parts.a.fitTransform(records.map(({ a }) => a)),
          parts.b.fitTransform(records.map(({ b }) => b)),
          parts.c.fitTransform(records.map(({ c }) => c)),
        ];
        const rows = records.map((_, row) =>
          alone.flatMap((part) => {
            const width = part.length / records.length;
            return [...part.slice(row * width, (row + 1) * width)];
          }),
        );
        expect([...encoded]).toEqual(rows.flat());
      }),
    );
  });

  it("gives by inverse the columns that have one", () => {
    const encoder = columns({
      color: oneHotEncoder(),
      age: standardScaler(),
      name: hashingEncoder({ size: 8 }),
      height: "passThrough",
    });
    const back = encoder.inverse(encoder.fitTransform(people));
    expect(back).toEqual(people.map(({ color, age, height }) => ({ color, age, height })));
    expect(encoder.invertible).toBe(true);
  });

  it("takes columns of lists", () => {
    const records = [{ place: [0, 10] }, { place: [2, 30] }];
    const encoder = columns({ place: minMaxScaler() });
    expect([...encoder.fitTransform(records)]).toEqual([0, 0, 1, 1]);
    expect(
      encoder.inverse([
        [0, 0],
        [1, 1],
      ]),
    ).toEqual(records);
    expect(encoder.featureNames()).toEqual(["place_0", "place_1"]);
  });

  it("leaves the encoders that it was given as they were, so that one may serve several columns", () => {
    const scaler = minMaxScaler();
    const encoder = columns({ age: scaler, height: scaler }).fit(people);
    expect([...encoder.transform([{ age: 20, height: 2 }])]).toEqual([0, 1]);
    expect(refusal(() => scaler.columns)).toContain("it has learned nothing yet");
  });

  it("is fitted as a whole or not at all", () => {
    const encoder = columns({ age: minMaxScaler(), color: oneHotEncoder() }).fit(people);
    const before = encoder.transform(people);
    expect(() =>
      encoder.fit([
        { age: 1, color: "green" },
        { age: 2, color: undefined },
      ]),
    ).toThrow();
    expect(encoder.transform(people)).toEqual(before);
  });

  it("refuses what is missing or unfit, with column and row", () => {
    const encoder = columns({ age: standardScaler(), color: oneHotEncoder() });
    expect(refusal(() => encoder.transform(people))).toBe(
      "DataError: columns: transform: it has learned nothing yet; call fit first, with the training records.",
    );
    expect(refusal(() => encoder.featureNames())).toContain("it has learned nothing yet");
    const fitting = (records: unknown) => refusal(() => encoder.fit(records as never));
    expect(fitting([{ age: 1, color: "red" }, { age: 2 }])).toBe(
      'DataError: columns: fit: row 1 has no "color": it is undefined. Leave the row out, or fill in a value by an imputer.',
    );
    expect(fitting([{ age: Number.NaN, color: "red" }])).toContain(
      'columns: "age": standardScaler: fit: row 0, column 0 is NaN',
    );
    expect(fitting([{ age: null, color: "red" }])).toContain('row 0 has no "age": it is null');
    expect(fitting([])).toContain("has no rows; needs at least one record");
    expect(fitting({})).toContain("the data is an object (Object); needs an array of records");
    expect(fitting([[1, "red"]])).toContain("row 0 is an array of 2; needs a record, as { age: … }");
    encoder.fit(people);
    expect(refusal(() => encoder.transform([{ age: 1, color: "teal" }]))).toContain(
      'columns: "color": oneHotEncoder: transform: row 0, column 0 is "teal", which is no category',
    );
    expect(refusal(() => encoder.inverse([[1, 2]]))).toContain(
      "columns: inverse: row 0 has 2 numbers; needs 3",
    );
  });

  it("refuses what is no encoder", () => {
    expect(refusal(() => columns({}))).toContain("columns: there are none; needs an encoder by name");
    expect(refusal(() => columns({ age: standardScaler as never }))).toBe(
      'OptionError: columns: "age" is a function; needs an encoder, or "passThrough" for numbers. Call it: standardScaler().',
    );
    expect(refusal(() => columns({ age: "passthrough" as never }))).toContain('"age" is "passthrough"');
    expect(refusal(() => columns({ age: labelEncoder() as never }))).toContain(
      "for a column there is ordinalEncoder",
    );
    expect(refusal(() => columns([] as never))).toContain("got an array of 0; needs encoders by name");
  });
});

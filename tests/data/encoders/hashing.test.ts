import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { murmurHash } from "../../../src/data/encoders/murmurHash.ts";
import { type HashedData, hashingEncoder } from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("murmurHash", () => {
  it.each<[string, number, number]>([
    // scikit-learn's own tests, of Appleby's reference program.
    ["foo", 0, -156908512],
    ["foo", 42, -1322301282],
    // SMHasher's verification vectors, as published for MurmurHash3_x86_32.
    ["", 0, 0],
    ["", 1, 0x514e28b7],
    ["", 0xffffffff, 0x81f16f39],
    ["\0\0\0\0", 0, 0x2362f9de],
    ["aaaa", 0x9747b28c, 0x5a97808a],
    ["aaa", 0x9747b28c, 0x283e0130],
    ["aa", 0x9747b28c, 0x5d211726],
    ["a", 0x9747b28c, 0x7fa09ea6],
    ["Hello, world!", 0x9747b28c, 0x24884cba],
    ["ππππππππ", 0x9747b28c, 0xd58063c1],
    ["The quick brown fox jumps over the lazy dog", 0x9747b28c, 0x2fa826cd],
  ])("of %j by seed %i", (text, seed, hash) => {
    expect(murmurHash(bytes(text), seed)).toBe(hash >>> 0);
  });
});

describe("hashingEncoder", () => {
  it("gives the signed counts of scikit-learn's FeatureHasher", () => {
    // Both examples are of its documentation; {"cat": 2} is the token twice.
    const ten = hashingEncoder({ size: 10, signed: true });
    const animals = [
      ["dog", "cat", "cat", "elephant", "elephant", "elephant", "elephant"],
      ["dog", "dog", "run", "run", "run", "run", "run"],
    ];
    expect([...ten.fitTransform(animals)]).toEqual(
      [
        [0, 0, -4, -1, 0, 0, 0, 0, 0, 2],
        [0, 0, 0, -2, -5, 0, 0, 0, 0, 0],
      ].flat(),
    );
    const eight = hashingEncoder({ size: 8, signed: true });
    const encoded = eight.fitTransform([
      ["dog", "cat", "snake"],
      ["snake", "dog"],
      ["cat", "bird"],
    ]);
    expect([...encoded]).toEqual(
      [
        [0, 0, 0, -1, 0, -1, 0, 1],
        [0, 0, 0, -1, 0, -1, 0, 0],
        [0, -1, 0, 0, 0, 0, 0, 1],
      ].flat(),
    );
  });

  it("counts as many words as a text has, in the buckets of its words", () => {
    const texts = ["The cat, the DOG.", "", "Straße 12_a – čeština 漢字"];
    const encoder = hashingEncoder({ size: 64, seed: 3 });
    const encoded = encoder.fitTransform(texts);
    const counts = texts.map((_, row) => encoded.slice(row * 64, (row + 1) * 64).reduce((a, b) => a + b, 0));
    expect(counts).toEqual([4, 0, 4]);
    expect(encoder.transform([["the", "cat", "the", "dog"]])).toEqual(encoded.slice(0, 64));
    expect(encoder.featureNames(["text"]).slice(0, 2)).toEqual(["text_0", "text_1"]);
  });

  it("gives each category the number of its bucket, that of its count", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (words, size) => {
          const buckets = hashingEncoder({ size, output: "buckets", seed: 7 }).fit(words).transform(words);
          const counts = hashingEncoder({ size, seed: 7 }).fit([["a"]]);
          words.forEach((word, row) => {
            expect(counts.transform([[word]])[buckets[row]!]).toBe(1);
          });
        },
      ),
    );
    const columns = hashingEncoder({ size: 16, output: "buckets" }).fit([
      ["a", 1],
      ["b", true],
    ]);
    expect([columns.inputs, columns.columns]).toEqual([2, 2]);
  });

  it("has no inverse, and says so", () => {
    const encoder = hashingEncoder({ size: 4 }).fit(["a b"]);
    expect(encoder.invertible).toBe(false);
    expect(refusal(() => encoder.inverse([[1, 0, 0, 1]]))).toBe(
      "DataError: hashingEncoder: inverse: there is none: several words share a bucket. " +
        "Keep the data that was encoded, or use ordinalEncoder.",
    );
  });

  it("refuses options outside their domain and rows that are no texts", () => {
    const make = (options: unknown) => refusal(() => hashingEncoder(options as never));
    expect(make({})).toContain("size is undefined; needs an integer of at least 1");
    expect(make({ size: 0 })).toContain("size is 0");
    expect(make({ size: 2 ** 25 })).toContain("needs at most 16777216");
    expect(make({ size: 4, seed: -1 })).toContain("seed is -1");
    expect(make({ size: 4, seed: 2 ** 32 })).toContain("needs at most 4294967295");
    expect(make({ size: 4, output: "bucket" })).toContain('Did you mean "buckets"?');
    expect(make({ size: 4, signed: 1 })).toContain("signed is 1; needs true or false");
    expect(make({ size: 4, signed: true, output: "buckets" })).toContain('needs output: "counts"');
    const rows = (data: unknown) => refusal(() => hashingEncoder({ size: 4 }).fit(data as HashedData));
    expect(rows("a b")).toContain('the data is "a b"; needs an array of texts');
    expect(rows([])).toContain("has no rows");
    expect(rows(["a", undefined])).toContain("row 1 is undefined; needs a text, or a list of tokens");
    expect(rows(["a", ["b", 3]])).toContain("row 1 is a list whose entry 1 is 3; needs a text");
    expect(rows([1])).toContain("row 0 is 1");
    expect(refusal(() => hashingEncoder({ size: 4 }).transform(["a"]))).toContain(
      "it has learned nothing yet",
    );
  });
});

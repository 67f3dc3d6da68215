import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  columns,
  countEncoder,
  type Encoder,
  imputer,
  loadEncoder,
  type SparseRows,
  standardScaler,
  type Texts,
  type TfIdfEncoderOptions,
  tfIdfEncoder,
} from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

interface Written {
  readonly name: string;
  readonly names: string[];
  readonly matrix: number[][];
  readonly unseen: number[][];
}

const file = join(import.meta.dirname, "../../peers/sklearn/encoders.json");
const { texts, written } = JSON.parse(readFileSync(file, "utf8")) as { texts: string[]; written: Written[] };

/** The settings of tests/peers/sklearn/encoders.py. */
const settings: Record<string, () => Encoder<Texts, never, SparseRows>> = {
  counts: () => countEncoder(),
  "counts of pairs": () => countEncoder({ ngrams: [1, 2], minRows: 2 }),
  "counts of characters": () => countEncoder({ by: "characters", ngrams: [2, 3], minRows: 4 }),
  binary: () => countEncoder({ binary: true, maxShare: 0.4 }),
  tfIdf: () => tfIdfEncoder(),
  "tfIdf of pairs": () => tfIdfEncoder({ ngrams: [1, 2], sublinear: true }),
  "tfIdf l1": () => tfIdfEncoder({ norm: "l1", smooth: false }),
  "tfIdf of case": () => tfIdfEncoder({ norm: "none", lowercase: false }),
};

const near = (rows: SparseRows, expected: number[][]) => {
  const dense = rows.toDense();
  expect(dense.length).toBe(expected.flat().length);
  expected.flat().forEach((value, i) => {
    expect(dense[i]).toBe(Math.fround(dense[i]!));
    expect(Math.abs(dense[i]! - value)).toBeLessThanOrEqual(1.2e-7 * Math.abs(value));
  });
};

describe("countEncoder and tfIdfEncoder", () => {
  it.each(written.map((one) => [one.name, one] as const))("give what scikit-learn does: %s", (name, one) => {
    const encoder = settings[name]!();
    near(encoder.fitTransform(texts), one.matrix);
    expect(encoder.featureNames()).toEqual(one.names);
    expect(encoder.columns).toBe(one.names.length);
    near(encoder.transform(["win a free cup final, say", "nothing known"]), one.unseen);
  });

  it("keep the terms that are there most often, and those that are given", () => {
    const rows = ["a a a b b c", "b c d", "d"];
    expect(countEncoder({ maxTerms: 2 }).fit(rows).featureNames()).toEqual(["a", "b"]);
    const given = countEncoder({ vocabulary: ["c", "a", "z"] });
    expect([...given.fitTransform(rows).toDense()]).toEqual([1, 3, 0, 1, 0, 0, 0, 0, 0]);
    expect(given.featureNames(["text"])).toEqual(["text_c", "text_a", "text_z"]);
  });

  it("take lists of tokens as they are, and texts of any language", () => {
    expect(
      countEncoder()
        .fit([["New York", "a"]])
        .featureNames(),
    ).toEqual(["New York", "a"]);
    expect(countEncoder().fit(["Grüße, 世界! 𝒳²"]).featureNames()).toEqual(["grüße", "世界", "𝒳²"]);
    const emoji = countEncoder({ by: "characters", ngrams: [1, 1] }).fit(["a😀b"]);
    expect(emoji.featureNames()).toEqual(["a", "b", "😀"]);
  });

  it("take memory by what is there", () => {
    const many = Array.from({ length: 500 }, (_, i) => `word${i} word${i + 1} again`);
    const rows = countEncoder().fitTransform(many);
    expect([rows.rows, rows.columns, rows.nonZeros]).toEqual([500, 502, 1500]);
    expect(rows.bytes).toBe(8 * 1500 + 4 * 501);
    expect(rows.indices.byteLength + rows.values.byteLength + rows.starts.byteLength).toBe(rows.bytes);
  });

  it("are dense where they are told, beside other columns", () => {
    const people = columns({ age: standardScaler(), text: tfIdfEncoder({ sparse: false }) });
    const records = texts.map((text, age) => ({ age, text }));
    const dense = people.fitTransform(records);
    const alone = tfIdfEncoder().fitTransform(texts);
    expect(dense.length).toBe(texts.length * (1 + alone.columns));
    expect([...dense.subarray(1, 1 + alone.columns)]).toEqual([
      ...alone.toDense().subarray(0, alone.columns),
    ]);
    expect(loadEncoder(JSON.stringify(people), "columns").transform(records)).toEqual(dense);
  });

  it("refuse options outside their domain, and texts without a term", () => {
    const odd = (options: object) => refusal(() => tfIdfEncoder(options as TfIdfEncoderOptions));
    expect(odd({ ngrams: [2, 1] })).toBe(
      "OptionError: tfIdfEncoder: ngrams is [2, 1]; needs two whole numbers from 1 to 16, the smaller first: [1, 2].",
    );
    expect(odd({ maxShare: 0 })).toContain("maxShare is 0; needs a share above 0, at most 1");
    expect(odd({ vocabulary: ["a", "a"] })).toContain(
      "vocabulary is an array of 2; needs a list of different texts",
    );
    expect(odd({ norm: "max" })).toContain("norm");
    expect(refusal(() => countEncoder().fit(["", "!"]))).toContain(
      "countEncoder: fit: the 2 rows have 0 terms, each in at most 0 of them, and none is left by minRows 1 and " +
        "maxShare 1; needs one at least.",
    );
    expect(refusal(() => tfIdfEncoder({ smooth: false, vocabulary: ["a", "z"] }).fit(["a"]))).toContain(
      'the term "z" of the vocabulary is in no row, and smooth is false',
    );
    expect(refusal(() => countEncoder().fit(["a", 3] as never))).toContain("row 1 is 3; needs a text");
    expect(refusal(() => countEncoder().transform(["a"]))).toContain("it has learned nothing yet");
    expect(refusal(() => columns({ text: countEncoder() as never }))).toContain(
      'columns: "text" is a countEncoder of sparse rows; needs dense ones beside others',
    );
    expect(refusal(() => imputer({ encoder: countEncoder() as never }))).toContain(
      "needs an encoder of columns",
    );
  });
});

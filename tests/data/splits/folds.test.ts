import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Fold,
  groupKFold,
  kFold,
  leaveOneOut,
  repeatedKFold,
  type Splitter,
  stratifiedKFold,
  timeSeriesSplit,
} from "../../../src/data/index.ts";
import { refusal } from "../refusal.ts";

const plain = (folds: Iterable<Fold>) =>
  [...folds].map(({ train, test }) => ({ train: [...train], test: [...test] }));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);
const countsOf = (values: readonly number[], n: number) =>
  upTo(n).map((v) => values.filter((one) => one === v).length);

/** Each row is tested on once and trained on otherwise. */
function expectPartition(folds: readonly { train: number[]; test: number[] }[], rows: number) {
  expect(folds.flatMap(({ test }) => test).toSorted((a, b) => a - b)).toEqual(upTo(rows));
  for (const { train, test } of folds) {
    expect([...train, ...test].toSorted((a, b) => a - b)).toEqual(upTo(rows));
    expect(test).toEqual(test.toSorted((a, b) => a - b));
    expect(train).toEqual(train.toSorted((a, b) => a - b));
  }
}

const foldCounts = fc.integer({ min: 2, max: 9 });

describe("kFold", () => {
  it("gives the folds of scikit-learn's documentation", () => {
    expect(plain(kFold({ folds: 2 }).split(4))).toEqual([
      { train: [2, 3], test: [0, 1] },
      { train: [0, 1], test: [2, 3] },
    ]);
  });

  it("tests each row once, in the first n % k folds one row more", () => {
    fc.assert(
      fc.property(foldCounts, fc.nat(60), fc.boolean(), fc.nat(), (folds, more, shuffle, seed) => {
        const rows = folds + more;
        const split = plain(kFold({ folds, shuffle, seed }).split(rows));
        expectPartition(split, rows);
        const sizes = upTo(folds).map((i) => Math.floor(rows / folds) + (i < rows % folds ? 1 : 0));
        expect(split.map(({ test }) => test.length)).toEqual(sizes);
        if (!shuffle) expect(split.flatMap(({ test }) => test)).toEqual(upTo(rows));
      }),
    );
  });

  it("shuffles by seed alone", () => {
    const split = (seed: number) => plain(kFold({ folds: 3, shuffle: true, seed }).split({ rows: 30 }));
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
    expect(split(1)).not.toEqual(plain(kFold({ folds: 3 }).split(30)));
  });
});

describe("stratifiedKFold", () => {
  it("gives the folds of scikit-learn's documentation", () => {
    expect(plain(stratifiedKFold({ folds: 2 }).split({ labels: [0, 0, 1, 1] }))).toEqual([
      { train: [1, 3], test: [0, 2] },
      { train: [0, 2], test: [1, 3] },
    ]);
    const labels = [...new Array(45).fill(0), ...new Array(5).fill(1)];
    const counts = plain(stratifiedKFold({ folds: 3 }).split({ labels })).map(({ train, test }) =>
      [train, test].map((rows) =>
        countsOf(
          rows.map((row) => labels[row]),
          2,
        ),
      ),
    );
    expect(counts).toEqual([
      [
        [30, 3],
        [15, 2],
      ],
      [
        [30, 3],
        [15, 2],
      ],
      [
        [30, 4],
        [15, 1],
      ],
    ]);
  });

  it("tests each row once, with as many of each class and in all as even shares have, but for one", () => {
    const labels = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 10, maxLength: 60 });
    fc.assert(
      fc.property(
        labels,
        fc.integer({ min: 2, max: 3 }),
        fc.boolean(),
        fc.nat(),
        (list, folds, shuffle, seed) => {
          const split = plain(stratifiedKFold({ folds, shuffle, seed }).split({ labels: list }));
          expectPartition(split, list.length);
          for (const name of ["a", "b", "c"]) {
            const share = list.filter((one) => one === name).length / folds;
            for (const { test } of split) {
              const count = test.filter((row) => list[row] === name).length;
              expect(Math.abs(count - share)).toBeLessThan(1);
            }
          }
          for (const { test } of split) expect(Math.abs(test.length - list.length / folds)).toBeLessThan(1);
        },
      ),
    );
  });

  it("shuffles within each class", () => {
    const labels = upTo(40).map((i) => i % 2);
    const split = (seed: number) =>
      plain(stratifiedKFold({ folds: 4, shuffle: true, seed }).split({ labels }));
    expect(split(1)).toEqual(split(1));
    expect(split(1)).not.toEqual(split(2));
  });
});

describe("groupKFold", () => {
  it("gives the folds of scikit-learn's documentation", () => {
    expect(plain(groupKFold({ folds: 2 }).split({ groups: [0, 0, 2, 2, 3, 3] }))).toEqual([
      { train: [2, 3], test: [0, 1, 4, 5] },
      { train: [0, 1, 4, 5], test: [2, 3] },
    ]);
    const groups = [1, 1, 1, 2, 2, 2, 3, 3, 3, 3];
    expect(plain(groupKFold({ folds: 3 }).split({ groups })).map(({ test }) => test)).toEqual([
      [6, 7, 8, 9],
      [3, 4, 5],
      [0, 1, 2],
    ]);
  });

  it("tests each row once and keeps groups together", () => {
    const groupings = fc.array(fc.constantFrom(..."abcdefgh"), { minLength: 8, maxLength: 60 });
    fc.assert(
      fc.property(groupings, (groups) => {
        fc.pre(new Set(groups).size >= 3);
        const split = plain(groupKFold({ folds: 3 }).split({ groups }));
        expectPartition(split, groups.length);
        for (const { train, test } of split) {
          const trained = new Set(train.map((row) => groups[row]));
          expect(test.filter((row) => trained.has(groups[row]))).toEqual([]);
          expect(test.length).toBeGreaterThan(0);
        }
      }),
    );
  });
});

describe("repeatedKFold", () => {
  it("tests each row once in each repeat, in another order each time", () => {
    const split = plain(repeatedKFold({ folds: 3, repeats: 4, seed: 5 }).split(20));
    expect(split).toHaveLength(12);
    const repeats = upTo(4).map((repeat) => split.slice(repeat * 3, repeat * 3 + 3));
    for (const repeat of repeats) expectPartition(repeat, 20);
    expect(new Set(repeats.map((repeat) => JSON.stringify(repeat))).size).toBe(4);
  });

  it("keeps the shares of classes when it is stratified", () => {
    const labels = upTo(30).map((i) => (i < 20 ? 0 : 1));
    const split = plain(repeatedKFold({ folds: 5, repeats: 3, stratified: true }).split({ labels }));
    expect(split).toHaveLength(15);
    for (const { test } of split)
      expect(
        countsOf(
          test.map((row) => labels[row]!),
          2,
        ),
      ).toEqual([4, 2]);
    expect(new Set(split.map(({ test }) => test.join())).size).toBe(15);
  });
});

describe("leaveOneOut", () => {
  it("tests each row by itself", () => {
    const split = plain(leaveOneOut().split(4));
    expectPartition(split, 4);
    expect(split.map(({ test }) => test)).toEqual([[0], [1], [2], [3]]);
  });
});

describe("timeSeriesSplit", () => {
  it("gives the folds of scikit-learn's documentation", () => {
    expect(plain(timeSeriesSplit().split(6))).toEqual(
      upTo(5).map((i) => ({ train: upTo(i + 1), test: [i + 1] })),
    );
    expect(plain(timeSeriesSplit({ folds: 3, testSize: 2 }).split(12))).toEqual([
      { train: upTo(6), test: [6, 7] },
      { train: upTo(8), test: [8, 9] },
      { train: upTo(10), test: [10, 11] },
    ]);
    expect(plain(timeSeriesSplit({ folds: 3, testSize: 2, gap: 2 }).split(12))).toEqual([
      { train: upTo(4), test: [6, 7] },
      { train: upTo(6), test: [8, 9] },
      { train: upTo(8), test: [10, 11] },
    ]);
    expect(plain(timeSeriesSplit({ folds: 2, maxTrainSize: 2 }).split(6))).toEqual([
      { train: [0, 1], test: [2, 3] },
      { train: [2, 3], test: [4, 5] },
    ]);
  });

  it("never trains on what comes within the gap of the test, or after it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(5), fc.nat(50), (folds, gap, more) => {
        const rows = (folds + 1) * (gap + 1) + more;
        for (const { train, test } of plain(timeSeriesSplit({ folds, gap }).split(rows))) {
          expect(train.length).toBeGreaterThan(0);
          expect(Math.max(...train) + gap).toBeLessThan(Math.min(...test));
        }
      }),
    );
  });

  it("refuses more folds than there is room for", () => {
    expect(refusal(() => timeSeriesSplit({ folds: 5 }).split(5))).toBe(
      "OptionError: timeSeriesSplit: 5 folds with tests of 1 rows and a gap of 0 need at least 6 rows, and there are 5.",
    );
    expect(refusal(() => timeSeriesSplit({ folds: 2, testSize: 3, gap: 4 }).split(10))).toContain(
      "at least 11 rows",
    );
    expect(plain(timeSeriesSplit({ folds: 2, testSize: 3, gap: 4 }).split(11))).toHaveLength(2);
    expect(refusal(() => timeSeriesSplit({ gap: -1 }))).toContain("gap is -1");
    expect(refusal(() => timeSeriesSplit({ testSize: 0 }))).toContain("testSize is 0");
    expect(refusal(() => timeSeriesSplit({ maxTrainSize: 0 }))).toContain("maxTrainSize is 0");
    expect(refusal(() => timeSeriesSplit({ folds: 1 }))).toContain(
      "folds is 1; needs an integer of at least 2",
    );
  });
});

describe("every splitter", () => {
  it.each<[string, (options: never) => Splitter]>([
    ["kFold", kFold],
    ["stratifiedKFold", stratifiedKFold],
    ["groupKFold", groupKFold],
    ["repeatedKFold", repeatedKFold],
  ])("%s refuses options outside their domain", (name, make) => {
    const refuse = (options: unknown) => refusal(() => make(options as never));
    expect(refuse({ folds: 1 })).toBe(`OptionError: ${name}: folds is 1; needs an integer of at least 2.`);
    expect(refuse({ fold: 3 })).toContain('Did you mean "folds"?');
  });

  it("refuses what it cannot split", () => {
    expect(refusal(() => kFold().split(4))).toBe(
      "OptionError: kFold: folds is 5, and there are 4 rows; needs at most that.",
    );
    expect(refusal(() => repeatedKFold().split(4))).toContain("folds is 5, and there are 4 rows");
    expect(refusal(() => kFold().split(0))).toContain("rows is 0; needs an integer of at least 1");
    expect(refusal(() => kFold().split({}))).toContain(
      "needs the number of rows, or { labels } or { groups }",
    );
    expect(refusal(() => kFold().split("10" as never))).toContain('got "10"; needs the number of rows');
    expect(refusal(() => kFold().split({ rows: 10, labels: [1] }))).toContain(
      "there are 1 labels for 10 rows",
    );
    expect(refusal(() => leaveOneOut().split(1))).toContain("there is 1 row; needs at least 2");
    expect(refusal(() => kFold({ shuffle: 1 as never }))).toContain("shuffle is 1");
    expect(refusal(() => kFold({ seed: 0.5 }))).toContain("seed is 0.5");
    expect(refusal(() => repeatedKFold({ repeats: 0 }))).toContain("repeats is 0");
    expect(refusal(() => repeatedKFold({ stratified: 1 as never }))).toContain("stratified is 1");
    expect(refusal(() => stratifiedKFold().split(10))).toContain(
      "there are no labels; needs one for each row",
    );
    expect(refusal(() => stratifiedKFold({ folds: 3 }).split({ labels: [0, 0, 1, 1] }))).toContain(
      "folds is 3, and no class has more than 2 rows",
    );
    expect(refusal(() => stratifiedKFold({ folds: 2 }).split({ labels: [0, Number.NaN] }))).toContain(
      "stratifiedKFold: labels: row 1 is NaN; needs a label",
    );
    expect(refusal(() => groupKFold().split({ rows: 10 }))).toContain("there are no groups");
    expect(refusal(() => groupKFold({ folds: 3 }).split({ groups: [1, 1, 2] }))).toContain(
      "folds is 3, and there are 2 groups",
    );
  });
});

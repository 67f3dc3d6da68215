import { describe, expect, it } from "vitest";
import {
  crossValidate,
  type Fold,
  groupKFold,
  kFold,
  oversample,
  type Splitter,
  standardScaler,
  stratifiedKFold,
  takeRows,
  timeSeriesSplit,
} from "../../../src/data/index.ts";
import { compile, dense, earlyStopping, input, sequential } from "../../../src/index.ts";
import { rowsOf } from "../../given/models.ts";
import { rejection } from "../refusal.ts";

interface Given {
  readonly x: readonly number[];
  readonly y?: readonly number[];
}

interface Seen {
  train: readonly number[];
  validation: readonly number[];
  test: readonly number[];
  options: object;
  disposed: boolean;
}

const ROWS = 30;
/** Each row's number is its only feature, so that whoever sees a row can be told. */
const data = {
  x: Array.from({ length: ROWS }, (_, i) => i),
  y: Array.from({ length: ROWS }, (_, i) => (i % 3 === 0 ? 1 : 0)),
};
const groups = data.x.map((i) => `group ${i % 7}`);

/** Models that train on nothing and note the rows that they are given. */
function recorder() {
  const seen: Seen[] = [];
  const build = () => {
    const one: Seen = { train: [], validation: [], test: [], options: {}, disposed: false };
    seen.push(one);
    return {
      async fit(given: Given, options: { validation?: Given; epochs?: number; signal?: AbortSignal } = {}) {
        one.train = given.x;
        one.validation = options.validation?.x ?? [];
        one.options = options;
        return [];
      },
      async evaluate(given: Given, _options?: object) {
        one.test = given.x;
        return { loss: given.x.reduce((a, b) => a + b, 0), accuracy: given.x.length };
      },
      dispose() {
        one.disposed = true;
      },
    };
  };
  return { seen, build };
}

const sorted = (rows: readonly number[]) => rows.toSorted((a, b) => a - b);

const splitters: Record<string, Splitter> = {
  kFold: kFold({ folds: 4, shuffle: true, seed: 2 }),
  stratifiedKFold: stratifiedKFold({ folds: 3 }),
  groupKFold: groupKFold({ folds: 3 }),
  timeSeriesSplit: timeSeriesSplit({ folds: 4, gap: 1 }),
};

describe("crossValidate", () => {
  it.each(Object.entries(splitters))(
    "with %s gives fit, validation and prepare training rows only",
    async (_, folds) => {
      const { seen, build } = recorder();
      const prepared: number[][] = [];
      await crossValidate(build, data, {
        folds,
        groups,
        validation: 0.25,
        prepare: (train) => {
          prepared.push(train.x);
          return (examples) => examples;
        },
      });
      const expected = [...folds.split({ labels: data.y, groups })];
      expect(seen).toHaveLength(expected.length);
      expected.forEach((fold, i) => {
        const one = seen[i]!;
        const train = [...fold.train];
        expect(sorted(one.test)).toEqual([...fold.test]);
        const gap = typeof folds.keeps === "object" ? folds.keeps.gap : 0;
        expect(one.train.length + one.validation.length).toBe(train.length - gap);
        expect([...one.train, ...one.validation].filter((row) => !train.includes(row))).toEqual([]);
        expect(one.train.filter((row) => one.validation.includes(row))).toEqual([]);
        expect(one.validation.length).toBeGreaterThan(0);
        expect(prepared[i]).toEqual(one.train);
        expect(one.disposed).toBe(true);
      });
    },
  );

  it("holds out validation rows as the splitter splits: shares of classes, whole groups, the latest", async () => {
    const run = async (folds: Splitter) => {
      const { seen, build } = recorder();
      await crossValidate(build, data, { folds, groups, validation: 0.3 });
      return seen;
    };
    for (const { validation } of await run(splitters.stratifiedKFold!)) {
      // 20 training rows, 7 or 6 of which are of class 1; 6 are held out.
      expect(validation.filter((row) => row % 3 === 0)).toHaveLength(2);
    }
    for (const { train, validation } of await run(splitters.groupKFold!)) {
      const trained = new Set(train.map((row) => groups[row]));
      expect(validation.filter((row) => trained.has(groups[row]!))).toEqual([]);
    }
    for (const { train, validation } of await run(splitters.timeSeriesSplit!)) {
      expect(Math.min(...validation)).toBe(Math.max(...train) + 2);
    }
  });

  it("lets nothing of the test reach the weights or the epoch that early stopping takes", async () => {
    // A test row of another value must leave all that is trained as it was.
    const run = async (poison: number) => {
      const x = rowsOf(ROWS, 3);
      const y = rowsOf(ROWS, 1, 4);
      const [fold] = kFold({ folds: 3 }).split(ROWS) as Iterable<Fold> as [Fold];
      const test = [...fold.test];
      for (const row of test) {
        x[row] = [poison, -poison, poison];
        y[row] = [poison];
      }
      const log: unknown[] = [];
      await crossValidate(
        async () => {
          const model = await compile(sequential(input(3), dense(4, "tanh"), dense(1)), {
            loss: "meanSquaredError",
          });
          const { evaluate } = model;
          model.evaluate = async (...given) => {
            log.push(Object.values(model.weights()).map(({ data }) => [...data]));
            return evaluate.apply(model, given);
          };
          return model;
        },
        { x, y },
        {
          folds: [fold],
          validation: 0.25,
          fit: ({ fold }) => ({
            epochs: 40,
            batchSize: 4,
            callbacks: [earlyStopping({ patience: 2 + fold })],
            onEpoch: (report) => void log.push(report),
          }),
          prepare: (train) => {
            const scaler = standardScaler().fit(train.x);
            log.push(scaler.toJSON());
            return (examples) => ({ ...examples, x: scaler.transform(examples.x) });
          },
        },
      );
      return log;
    };
    // How fast it went is another matter.
    const plain = (log: unknown[]) =>
      JSON.parse(JSON.stringify(log, (key, value) => (key === "samplesPerSecond" ? undefined : value)));
    const clean = plain(await run(0.5));
    expect(clean.length).toBeGreaterThan(5);
    expect(plain(await run(1e3))).toEqual(clean);
  });

  it("gives each fold's scores, their mean and sample deviation, and a table", async () => {
    const { build } = recorder();
    const result = await crossValidate(build, data, { folds: kFold({ folds: 3 }) });
    // Sums of 0–9, 10–19 and 20–29; deviation 100 of 45, 145, 245 about 145.
    expect(result.folds.map(({ scores }) => scores.loss)).toEqual([45, 145, 245]);
    expect(result.mean).toEqual({ loss: 145, accuracy: 10 });
    expect(result.deviation).toEqual({ loss: 100, accuracy: 0 });
    expect(result.folds[2]).toMatchObject({ fold: 3, trainRows: 20, validationRows: 0, testRows: 10 });
    expect(`\n${result}`).toBe(`
fold           loss       accuracy
────  ─────────────  ─────────────
   1          45.00          10.00
   2          145.0          10.00
   3          245.0          10.00
────  ─────────────  ─────────────
mean  145.0 ± 100.0  10.00 ± 0.000`);
    const mean: number = result.mean.accuracy;
    expect(mean).toBe(10);
  });

  it("flattens the scores of several outputs", async () => {
    const build = () => ({
      fit: async (_data: Given) => [],
      evaluate: async (given: Given) => ({ loss: 1, outputs: { digit: { loss: 2, accuracy: given.x[0]! } } }),
    });
    const result = await crossValidate(build, data, { folds: kFold({ folds: 2 }) });
    expect(result.mean).toEqual({ loss: 1, "outputs.digit.loss": 2, "outputs.digit.accuracy": 7.5 });
  });

  it("is the same each time by its seed, with a fresh model for each fold", async () => {
    const run = (seed: number) =>
      crossValidate(
        ({ seed: own, fold }) => {
          expect(fold).toBeGreaterThan(0);
          return compile(sequential(input(1), dense(1)), { loss: "meanSquaredError", seed: own });
        },
        data,
        { folds: 3, seed, fit: { epochs: 2, batchSize: 4 }, validation: 5 },
      );
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    expect(first.folds).toEqual(again.folds);
    expect(first.folds).not.toEqual(other.folds);
    expect(first.folds.map(({ validationRows }) => validationRows)).toEqual([5, 5, 5]);
  });

  it("gives onFold each result, and fit its options, made anew for each fold by a function", async () => {
    const { seen, build } = recorder();
    const told: number[] = [];
    await crossValidate(build, data, {
      folds: 3,
      fit: ({ fold }) => ({ epochs: fold }),
      onFold: async ({ fold }) => void told.push(fold),
    });
    expect(told).toEqual([1, 2, 3]);
    expect(seen.map(({ options }) => options)).toEqual([{ epochs: 1 }, { epochs: 2 }, { epochs: 3 }]);
  });

  it("tells prepare's function the part, so that only training rows are oversampled", async () => {
    const { seen, build } = recorder();
    const parts: string[] = [];
    await crossValidate(build, data, {
      folds: stratifiedKFold({ folds: 3 }),
      validation: 0.3,
      prepare: () => (examples, part) => {
        parts.push(part);
        return part === "train" ? takeRows(examples, oversample(examples.y)) : examples;
      },
    });
    expect(parts).toEqual([1, 2, 3].flatMap(() => ["train", "validation", "test"]));
    for (const { train, validation, test } of seen) {
      expect(train.filter((row) => row % 3 === 0)).toHaveLength(train.length / 2);
      expect([validation.length, test.length]).toEqual([6, 10]);
    }
  });

  it("stops at its signal, and disposes of the model when something fails", async () => {
    const controller = new AbortController();
    const { seen, build } = recorder();
    const stopped = crossValidate(build, data, {
      folds: 3,
      signal: controller.signal,
      onFold: () => controller.abort(new Error("enough")),
    });
    expect(await rejection(stopped)).toBe("Error: enough");
    expect(seen).toHaveLength(1);
    expect(seen[0]!.options).toEqual({ signal: controller.signal });
    let disposed = 0;
    const failing = () => ({
      fit: () => Promise.reject(new RangeError("diverged")),
      evaluate: async () => ({ loss: 0 }),
      dispose: () => void disposed++,
    });
    expect(await rejection(crossValidate(failing, data))).toBe("RangeError: diverged");
    expect(disposed).toBe(1);
  });

  it.each([
    ["nothing", () => undefined, "undefined"],
    ["a network that was not compiled", () => sequential(input(1), dense(1)), "a function"],
    ["a model without evaluate", () => ({ fit: async () => [] }), "an object (Object)"],
  ])("says what build must answer instead of %s", async (_, build, got) => {
    expect(await rejection(crossValidate(build as never, data))).toBe(
      `OptionError: crossValidate: fold 1: what build answers is ${got}; needs a model: () => compile(network, { … }).`,
    );
  });

  it("refuses the model of a fold before, which it has disposed of", async () => {
    const model = await compile(sequential(input(1), dense(1)), { loss: "meanSquaredError" });
    expect(await rejection(crossValidate(() => model, { x: data.x.map((i) => [i]), y: data.y }))).toBe(
      "OptionError: crossValidate: fold 2: what build answers is the model of a fold before, which is disposed of; " +
        "needs a new one for each: () => compile(network, { … }).",
    );
  });

  it("takes flat typed arrays with their rows", async () => {
    const flat = { x: Float32Array.from(data.x.flatMap((i) => [i, i])), y: Float32Array.from(data.y) };
    const build = () => compile(sequential(input(2), dense(1)), { loss: "meanSquaredError" });
    const { folds } = await crossValidate(build, flat, { rows: ROWS, folds: 2 });
    expect(folds.map(({ testRows }) => testRows)).toEqual([15, 15]);
  });

  it("refuses what does not fit, before the first model is made where that can be", async () => {
    const { seen, build } = recorder();
    const refuse = (options: unknown, given: object = data) =>
      rejection(crossValidate(build, given as typeof data, options as object));
    expect(await refuse({ fit: { validation: data } })).toBe(
      "OptionError: crossValidate: fit has validation; give a share of the training rows to crossValidate itself: { validation }.",
    );
    expect(await refuse({ fit: { signal: undefined } })).toContain(
      "fit has signal; give the signal to crossValidate",
    );
    expect(await refuse({ fit: 3 })).toContain("fit is 3; needs the options of fit");
    expect(await refuse({ validation: 1.5 })).toContain("validation is 1.5; needs a share between 0 and 1");
    expect(await refuse({ validation: 0 })).toContain("validation is 0");
    expect(await refuse({ validation: 30 })).toContain("which is all of the 30 rows");
    expect(await refuse({ folds: 1 })).toContain("kFold: folds is 1");
    expect(await refuse({ folds: 31 })).toContain("folds is 31, and there are 30 rows");
    expect(await refuse({ folds: "5" })).toContain(
      'folds is "5"; needs a number, a splitter such as kFold()',
    );
    expect(await refuse({ folds: [] })).toContain("there are no folds");
    expect(await refuse({ folds: [{ train: [0, 1], test: [1] }] })).toContain(
      "fold 1: row 1 is among the rows to train on and those to test on",
    );
    expect(await refuse({ folds: [{ train: [0], test: [] }] })).toContain("fold 1: has no test rows");
    expect(await refuse({ folds: [{ train: [0], test: [30] }] })).toContain("fold 1: test: index 0 is 30");
    expect(await refuse({ folds: groupKFold() })).toContain("groupKFold: there are no groups");
    expect(await refuse({ folds: stratifiedKFold() }, { x: data.x })).toContain("there are no labels");
    expect(await refuse({ seed: -1 })).toContain("seed is -1");
    expect(await refuse({ prepare: 3 })).toContain("prepare is 3; needs a function");
    expect(await refuse({ onFold: 3 })).toContain("onFold is 3; needs a function");
    expect(await refuse({ signal: {} })).toContain(
      "signal is an object (Object); needs that of an AbortController",
    );
    expect(await refuse({ fold: 3 })).toContain('Did you mean "folds"?');
    expect(await refuse({}, { x: [1, 2], y: [1] })).toContain("y has 1 rows and x has 2");
    expect(await rejection(crossValidate(3 as never, data))).toContain(
      "the first argument is 3; needs a function",
    );
    expect(await refuse({ prepare: () => 3 })).toContain(
      "fold 1: what prepare answers is 3; needs a function",
    );
    expect(await refuse({ fit: () => ({ validation: data }) })).toContain("fold 1: fit has validation");
    expect(seen).toEqual([]);
  });
});

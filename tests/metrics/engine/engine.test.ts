/** Metrics that `compile` knows: those of wasmgrad/metrics on what predict gives, whatever the batches. */
import { describe, expect, it } from "vitest";
import {
  compile,
  dense,
  input,
  type MetricName,
  type MetricOption,
  network,
  precision,
  sequential,
  topKAccuracy,
} from "../../../src/index.ts";
import * as scores from "../../../src/metrics/index.ts";
import {
  binary,
  binaryScores,
  CLASSES,
  compare,
  FEATURES,
  kinds,
  labels,
  modelOf,
  near,
  numbers,
  ofClasses,
  ROWS,
  ranksOf,
  rowsOf,
  softmax,
  still,
  targets,
  wave,
  x,
  yes,
} from "./kinds.js";

describe.each(Object.entries(kinds))("metrics of %s", (_, kind) => {
  /** Rows of y, as a batch has them. */
  const part = (first: number, end: number) => {
    const columns = kind.y.length / ROWS;
    return {
      x: x.subarray(first * FEATURES, end * FEATURES),
      y: kind.y.slice(first * columns, end * columns) as never,
    };
  };
  function* uneven() {
    for (let first = 0, size = 1; first < ROWS; first += size, size += 2) {
      yield part(first, Math.min(first + size, ROWS));
    }
  }

  it.each([1, 4, 7, 53, 100])("are those of the predictions in evaluate, %d rows at a time", async (rows) => {
    const model = await modelOf(kind, rows);
    const expected = kind.expected(await model.predict(x));
    const report = await model.evaluate({ x, y: kind.y });
    expect(Object.keys(report)).toEqual(["loss", ...Object.keys(expected)]);
    compare(report, expected);
  });

  it("are the same of a stream of uneven batches", async () => {
    const model = await modelOf(kind, 6);
    const expected = kind.expected(await model.predict(x));
    compare(await model.evaluate(uneven), expected);
    const [report] = await model.fit(uneven, { validation: uneven });
    compare(report ?? {}, expected);
    compare(report?.validation ?? {}, expected);
  });

  it.each([
    { batchSize: 10, accumulate: 1 },
    { batchSize: 10, accumulate: 3 },
    { batchSize: 53, accumulate: 4 },
    { batchSize: 1, accumulate: 1 },
  ])("are the same in the reports of fit, $batchSize rows a step in $accumulate parts", async (options) => {
    const model = await modelOf(kind, 8);
    const expected = kind.expected(await model.predict(x));
    const reports = await model.fit({ x, y: kind.y }, { ...options, epochs: 2 });
    expect(reports).toHaveLength(2);
    for (const report of reports) compare(report, expected);
  });
});

describe("the names of metrics", () => {
  // A name that wasmgrad/metrics lacks does not compile.
  const named: Readonly<Record<MetricName, unknown>> = scores;

  it("are those of wasmgrad/metrics, and mean the same", async () => {
    const message = await compile(sequential(input(1), dense(1)), {
      loss: "meanSquaredError",
      metrics: ["" as MetricName],
    }).catch(String);
    const known = (message as string).match(/Known: (.*)\./)?.[1]?.split(", ") ?? [];
    expect(known).toContain("rSquared");
    for (const name of known) expect(named[name as MetricName]).toBeTypeOf("function");
  });
});

describe("metrics of weighted rows", () => {
  it.each(Object.entries(kinds))(
    "count rows alike, as sample weights are for the loss: %s",
    async (_, kind) => {
      const model = await modelOf({ ...kind, metrics: [...kind.metrics, ...ranksOf(kind)] }, 8);
      const sampleWeight = Float32Array.from({ length: ROWS }, (_, i) => i % 3);
      const { loss, ...plain } = await model.evaluate({ x, y: kind.y });
      const { loss: weighted, ...same } = await model.evaluate({ x, y: kind.y, sampleWeight });
      expect(same).toEqual(plain);
      expect(weighted).not.toBe(loss);
    },
  );
});

describe("metrics that share their sums", () => {
  const slots = async (metrics: readonly MetricOption[]) => {
    const model = await compile(sequential(input(FEATURES), dense(1, "sigmoid")), {
      loss: "binaryCrossEntropy",
      metrics,
    });
    return model.disassemble("evaluate").match(/^.*report.*$/gim)?.length;
  };

  it("cost no more than those of one", async () => {
    expect(await slots(["precision"])).toBe(1 + 3);
    expect(await slots(["precision", "recall", "f1", "specificity", "matthews", "cohenKappa"])).toBe(1 + 3);
    // Another threshold has other predictions, and the same labels.
    expect(await slots(["precision", precision({ threshold: 0.3, name: "other" })])).toBe(1 + 3 + 2);
  });
});

describe("topKAccuracy", () => {
  it("counts the first of equal outputs first, so that k = 1 is accuracy", async () => {
    const model = await compile(sequential(input(FEATURES), dense(CLASSES)), {
      loss: "crossEntropy",
      metrics: ["accuracy", ...[1, 2, 3].map((k) => topKAccuracy({ k, name: `top ${k}` }))],
    });
    model.setWeights({ "dense/kernel": { shape: [FEATURES, CLASSES], data: new Float32Array(20) } });
    const report = await model.evaluate({ x, y: labels });
    const share = (most: number) => labels.filter((label) => label < most).length / ROWS;
    expect([report.accuracy, report["top 1"], report["top 2"], report["top 3"]]).toEqual(
      [1, 1, 2, 3].map((most) => share(most)),
    );
  });
});

describe("rSquared", () => {
  it("loses nothing of targets far from 0", async () => {
    const years = Float32Array.from({ length: ROWS }, (_, i) => 2000 + 20 * wave(i, 31));
    const model = await compile(sequential(input(FEATURES), dense(1)), {
      loss: "meanSquaredError",
      metrics: ["rSquared"],
      optimizer: still,
    });
    model.setWeights({ "dense/bias": { shape: [1], data: [2001] } });
    const expected = scores.rSquared(await model.predict(x), years);
    expect(Math.abs(expected)).toBeLessThan(1);
    near((await model.evaluate({ x, y: years })).rSquared, expected, 1e-5);
    const [report] = await model.fit({ x, y: years }, { batchSize: 9 });
    near(report?.rSquared, expected, 1e-5);
  });
});

describe("rSquared of constant targets", () => {
  // What f32 rounds off was taken for their variation: −1.7e12 of a target of 0.1.
  it.each([0.1, 1 / 3, 2023, 1234.567, -7.3e5, 1e-6])(
    "of %d is 0, and 1 when they are met",
    async (constant) => {
      for (const met of [false, true]) {
        const model = await compile(sequential(input(FEATURES), dense(1, { kernelInitializer: "zeros" })), {
          loss: "meanSquaredError",
          metrics: ["rSquared"],
          optimizer: still,
          batchSize: 7,
        });
        const bias = met ? constant : constant + Math.abs(constant) / 8;
        model.setWeights({ "dense/bias": { shape: [1], data: [bias] } });
        const y = new Float32Array(ROWS).fill(constant);
        const expected = scores.rSquared(await model.predict(x), y);
        expect(expected).toBe(met ? 1 : 0);
        expect((await model.evaluate({ x, y })).rSquared).toBe(expected);
        const [report] = await model.fit({ x, y }, { batchSize: 9, health: false });
        expect(report?.rSquared).toBe(expected);
      }
    },
  );
});

describe("metrics that rank rows", () => {
  const every = (predicted: ArrayLike<number>[] | Float32Array, y: Uint8Array) => ({
    rocAuc: scores.rocAuc(predicted as never, y),
    prAuc: scores.prAuc(predicted as never, y),
  });
  const four = labels.map((label) => label % 4);

  it.each([
    ["sigmoid", 1, "binaryCrossEntropy", yes, (p: Float32Array) => every(p, yes)],
    ["linear", 1, "binaryCrossEntropy", yes, (p: Float32Array) => every(p, yes)],
    ["softmax", 4, "crossEntropy", four, (p: Float32Array) => every(rowsOf(p, 4), four)],
    ["linear", 4, "crossEntropy", four, (p: Float32Array) => every(rowsOf(p, 4).map(softmax), four)],
    ["linear", 2, "crossEntropy", yes, (p: Float32Array) => every(rowsOf(p, 2).map(softmax), yes)],
  ] as const)(
    "are in evaluate and validation: %s, %d outputs",
    async (activation, units, loss, y, expected) => {
      const model = await compile(sequential(input(FEATURES), dense(units, activation)), {
        loss,
        metrics: ["accuracy", "rocAuc", "prAuc"],
        optimizer: still,
        batchSize: 8,
      });
      const wanted = expected(await model.predict(x));
      compare(await model.evaluate({ x, y }), wanted);
      function* batches() {
        for (let i = 0; i < ROWS; i += 5) {
          yield { x: x.subarray(i * FEATURES, (i + 5) * FEATURES), y: y.subarray(i, i + 5) };
        }
      }
      compare(await model.evaluate(batches), wanted);
      const [report] = await model.fit({ x, y }, { validation: { x, y } });
      compare(report?.validation ?? {}, wanted);
      expect(Object.keys(report ?? {})).not.toContain("rocAuc");
      expect(Object.keys(report?.validation ?? {})).toEqual(["loss", "accuracy", "rocAuc", "prAuc"]);
    },
  );

  it("take one-hot rows as their labels", async () => {
    const model = await compile(sequential(input(FEATURES), dense(4, "softmax")), {
      loss: "crossEntropy",
      metrics: ["rocAuc"],
    });
    const rows = Array.from(four, (label) => [0, 1, 2, 3].map((k) => Number(k === label)));
    const { rocAuc } = await model.evaluate({ x, y: four });
    expect((await model.evaluate({ x, y: rows })).rocAuc).toBe(rocAuc);
  });

  it("are NaN where a class has no row, and training goes on", async () => {
    const model = await compile(sequential(input(FEATURES), dense(1, "sigmoid")), {
      loss: "binaryCrossEntropy",
      metrics: ["rocAuc"],
    });
    const one = { x, y: new Uint8Array(ROWS).fill(1) };
    expect((await model.evaluate(one)).rocAuc).toBeNaN();
    expect(await model.fit({ x, y: yes }, { epochs: 2, validation: one })).toHaveLength(2);
  });
});

describe("metrics of named outputs", () => {
  it("are those of each output, by its name", async () => {
    const from = input(FEATURES);
    const both = network({
      inputs: { from },
      outputs: {
        kind: dense(CLASSES, "softmax")(from),
        sure: dense(1, "sigmoid")(from),
        size: dense(3)(from),
      },
    });
    const model = await compile(both, {
      loss: { kind: "crossEntropy", sure: "binaryCrossEntropy", size: "meanSquaredError" },
      metrics: { kind: ofClasses, sure: ["rocAuc", ...binary], size: numbers },
      optimizer: still,
      batchSize: 7,
    });
    const data = { x: { from: x }, y: { kind: labels, sure: yes, size: targets } };
    const predicted = await model.predict({ from: x });
    const check = ({ outputs }: { readonly outputs: Record<"kind" | "sure" | "size", object> }) => {
      compare(outputs.kind, kinds["classes of a softmax"]?.expected(predicted.kind) ?? {});
      compare(outputs.sure, binaryScores(predicted.sure));
      compare(outputs.size, kinds["three numbers"]?.expected(predicted.size) ?? {});
    };
    const report = await model.evaluate(data);
    check(report);
    near(report.outputs.sure.rocAuc, scores.rocAuc(predicted.sure, yes));
    const [trained] = await model.fit(data, { batchSize: 11, validation: data });
    if (trained === undefined) throw new Error("there is no report");
    check(trained);
    check(trained.validation);
    expect(trained.outputs.sure.rocAuc).toBeUndefined();
    near(trained.validation.outputs.sure.rocAuc, scores.rocAuc(predicted.sure, yes));
  });
});

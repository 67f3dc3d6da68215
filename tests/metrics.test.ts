/** Metrics that `compile` knows: those of wasmgrad/metrics on what predict gives, whatever the batches. */
import { describe, expect, it } from "vitest";
import {
  binaryAccuracy,
  cohenKappa,
  compile,
  dense,
  f1,
  fBeta,
  input,
  type LossName,
  type MetricName,
  type MetricOption,
  matthews,
  network,
  OptionError,
  precision,
  recall,
  sequential,
  sgd,
  specificity,
  topKAccuracy,
} from "../src/index.ts";
import * as scores from "../src/scores/index.ts";

const ROWS = 53;
const FEATURES = 4;
const CLASSES = 5;
const wave = (i: number, by: number) => ((i * by) % 97) / 97 - 0.5;
const x = Float32Array.from({ length: ROWS * FEATURES }, (_, i) => 3 * wave(i, 29));
/** Class 3 is rare; class 4 never occurs. */
const labels = Uint8Array.from({ length: ROWS }, (_, i) => (i % 17 === 0 ? 3 : (i * 7) % 3));
const yes = Uint8Array.from({ length: ROWS }, (_, i) => ((i * 5) % 7 < 3 ? 1 : 0));
const oneHot = Array.from(labels, (label) => Array.from({ length: CLASSES }, (_, k) => Number(k === label)));
const targets = Float32Array.from({ length: ROWS * 3 }, (_, i) => 2 * wave(i, 13) + 0.7);

const near = (got: number | undefined, expected: number, tolerance = 2e-6) => {
  if (Number.isNaN(expected)) expect(got).toBeNaN();
  else
    expect(Math.abs((got as number) - expected)).toBeLessThanOrEqual(
      tolerance * Math.max(1, Math.abs(expected)),
    );
};

/** So small that no weight of f32 changes: a report of training is then one of its weights. */
const still = sgd({ learningRate: 1e-30 });

const rowsOf = (data: Float32Array, columns: number) =>
  Array.from({ length: data.length / columns }, (_, i) => data.subarray(i * columns, (i + 1) * columns));

interface Kind {
  readonly units: number;
  readonly activation: "softmax" | "sigmoid" | "linear";
  readonly loss: LossName;
  readonly metrics: readonly MetricOption[];
  readonly y: Uint8Array | Float32Array | number[][];
  /** What they should be, by name, of outputs row by row. */
  expected(predicted: Float32Array): Record<string, number>;
}

const ofClasses: MetricOption[] = [
  "accuracy",
  topKAccuracy({ k: 1, name: "first" }),
  topKAccuracy({ k: 2 }),
  "precision",
  recall({ average: "weighted" }),
  specificity({ average: "micro" }),
  "f1",
  fBeta({ beta: 2, name: "f2" }),
  "matthews",
  "cohenKappa",
  "logLoss",
  "perplexity",
];
const macro = { average: "macro" } as const;

/** Probabilities of logits, in f64. */
const softmax = (row: Float32Array) => {
  const powers = Array.from(row, (logit) => Math.exp(logit));
  const sum = powers.reduce((one, other) => one + other, 0);
  return powers.map((power) => power / sum);
};
const sigmoid = (logit: number) => 1 / (1 + Math.exp(-logit));

const classScores = (rows: number[][]) => ({
  accuracy: scores.accuracy(rows, labels),
  first: scores.accuracy(rows, labels),
  topKAccuracy: scores.topKAccuracy(rows, labels, { k: 2 }),
  precision: scores.precision(rows, labels, macro),
  recall: scores.recall(rows, labels, { average: "weighted" }),
  specificity: specificityOf(rows),
  f1: scores.f1(rows, labels, macro),
  f2: scores.fBeta(rows, labels, { ...macro, beta: 2 }),
  matthews: scores.matthews(rows, labels),
  cohenKappa: scores.cohenKappa(rows, labels),
  logLoss: scores.logLoss(rows, labels),
  perplexity: scores.perplexity(rows, labels),
});
const specificityOf = (rows: number[][]) => scores.specificity(rows, labels, { average: "micro" });

const binary: MetricOption[] = [
  "accuracy",
  binaryAccuracy({ threshold: 0.4, name: "lenient" }),
  "precision",
  "recall",
  "specificity",
  f1({ threshold: 0.4 }),
  fBeta({ beta: 0.5 }),
  matthews(),
  cohenKappa({ threshold: 0.6, name: "strict" }),
  "logLoss",
  "perplexity",
];

const binaryScores = (p: ArrayLike<number>) => {
  const list = Array.from(p);
  const at = (threshold: number) => ({ threshold });
  return {
    accuracy: scores.binaryAccuracy(list, yes),
    lenient: scores.binaryAccuracy(list, yes, at(0.4)),
    precision: scores.precision(list, yes, at(0.5)),
    recall: scores.recall(list, yes, at(0.5)),
    specificity: scores.specificity(list, yes, at(0.5)),
    f1: scores.f1(list, yes, at(0.4)),
    fBeta: scores.fBeta(list, yes, { ...at(0.5), beta: 0.5 }),
    matthews: scores.matthews(list, yes, at(0.5)),
    strict: scores.cohenKappa(list, yes, at(0.6)),
    logLoss: scores.logLoss(list, yes),
    perplexity: scores.perplexity(list, yes),
  };
};

const numbers = [
  "meanSquaredError",
  "rootMeanSquaredError",
  "meanAbsoluteError",
  "meanAbsolutePercentageError",
  "rSquared",
] as const;

const errors: Record<(typeof numbers)[number], typeof scores.meanSquaredError> = { ...scores };

const kinds: Record<string, Kind> = {
  "classes of a softmax": {
    units: CLASSES,
    activation: "softmax",
    loss: "crossEntropy",
    metrics: ofClasses,
    y: labels,
    expected: (p) => classScores(rowsOf(p, CLASSES).map((row) => [...row])),
  },
  "classes of logits, one-hot": {
    units: CLASSES,
    activation: "linear",
    loss: "crossEntropy",
    metrics: ofClasses,
    y: oneHot,
    expected: (p) => classScores(rowsOf(p, CLASSES).map(softmax)),
  },
  "yes of a sigmoid": {
    units: 1,
    activation: "sigmoid",
    loss: "binaryCrossEntropy",
    metrics: binary,
    y: yes,
    expected: binaryScores,
  },
  "yes of a logit": {
    units: 1,
    activation: "linear",
    loss: "binaryCrossEntropy",
    metrics: binary,
    y: yes,
    expected: (p) => binaryScores(Array.from(p, sigmoid)),
  },
  "three numbers": {
    units: 3,
    activation: "linear",
    loss: "meanSquaredError",
    metrics: numbers,
    y: targets,
    expected: (p) =>
      Object.fromEntries(numbers.map((name) => [name, errors[name](rowsOf(p, 3), rowsOf(targets, 3))])),
  },
};

const modelOf = ({ units, activation, loss, metrics }: Kind, batchSize: number) =>
  compile(sequential(input(FEATURES), dense(units, activation)), {
    loss,
    metrics,
    optimizer: still,
    seed: 5,
    batchSize,
  });

const ranksOf = ({ units }: Kind): MetricOption[] => (units === 1 ? ["rocAuc"] : []);

function compare(got: object, expected: Record<string, number>): void {
  for (const [name, value] of Object.entries(expected)) near((got as Record<string, number>)[name], value);
}

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

describe("a metric that does not fit", () => {
  const compiled = (kind: Partial<Kind>, metric: unknown) =>
    modelOf({ ...(kinds["classes of a softmax"] as Kind), ...kind, metrics: [metric as MetricOption] }, 8);
  const regression = { units: 3, activation: "linear", loss: "meanSquaredError" } as const;
  const sigmoids = { units: 3, activation: "sigmoid", loss: "binaryCrossEntropy" } as const;

  it.each([
    [
      "k beyond the classes",
      {},
      topKAccuracy({ k: 6 }),
      "has k = 6, and there are 5 classes; needs k of at most 5",
    ],
    ["the default k of three classes", { units: 3 }, "topKAccuracy", "has k = 5, and there are 3 classes"],
    [
      "k of a regression",
      regression,
      "topKAccuracy",
      '"topKAccuracy" does not fit the loss meanSquaredError',
    ],
    [
      "precision of a regression",
      regression,
      "precision",
      "needs crossEntropy, binaryCrossEntropy or another",
    ],
    ["Matthews of a regression", regression, "matthews", '"matthews" does not fit the loss meanSquaredError'],
    ["log loss of a regression", regression, "logLoss", '"logLoss" does not fit the loss meanSquaredError'],
    ["ranks of a regression", regression, "rocAuc", '"rocAuc" does not fit the loss meanSquaredError'],
    ["ranks of three answers a row", sigmoids, "rocAuc", "the output is [rows, 3]; needs one number a row"],
    [
      "a binary average of five classes",
      {},
      precision({ average: "binary" }),
      'needs "macro", "micro" or "weighted"',
    ],
    [
      "a macro average of yes",
      sigmoids,
      f1({ average: "macro" }),
      'the loss binaryCrossEntropy needs "binary", or none',
    ],
    ["too many classes", { units: 30 }, "f1", "of 30 classes takes 90 sums; needs fewer than 64"],
    ["numbers of labels", {}, "rSquared", '"rSquared" compares [rows, 5] with [rows]'],
    ["too many numbers", { ...regression, units: 20 }, "rSquared", "of 20 numbers a row takes 100 sums"],
    ["a misspelt name", {}, "percision", 'there is no metric "percision". Did you mean "precision"?'],
    ["what was not called", {}, topKAccuracy, "Call it, with or without options"],
    ["no metric", {}, 3, "there is no metric 3"],
  ] as const)("is refused at compile: %s", async (_, kind, metric, message) => {
    await expect(compiled(kind, metric)).rejects.toThrow(message);
  });

  it("takes more sums than there are, together with the others", async () => {
    const metrics = ["f1", ...["a", "b", "c", "d", "e"].map((name, i) => topKAccuracy({ k: i + 1, name }))];
    const fifteen = {
      ...(kinds["classes of a softmax"] as Kind),
      units: 20,
      metrics: metrics as MetricOption[],
    };
    await expect(modelOf(fifteen, 8)).rejects.toThrow("losses and metrics take 66 sums; needs at most 64");
  });

  it("may be the binary one of two classes", async () => {
    const model = await compile(sequential(input(FEATURES), dense(2, "softmax")), {
      loss: "crossEntropy",
      metrics: [precision({ average: "binary" }), precision({ name: "both" })],
    });
    const rows = rowsOf(await model.predict(x), 2);
    const report = await model.evaluate({ x, y: yes });
    near(report.precision, scores.precision(rows, yes));
    near(report.both, scores.precision(rows, yes, macro));
  });
});

describe("options of a metric", () => {
  it.each([
    ["a k of 0", () => topKAccuracy({ k: 0 }), "k is 0; needs an integer of at least 1"],
    ["a beta of 0", () => fBeta({ beta: 0 }), "beta is 0; needs a positive number"],
    ["a threshold of 1", () => precision({ threshold: 1 }), "threshold is 1; needs a number between 0 and 1"],
    ["a misspelt option", () => recall({ treshold: 0.5 } as never), 'Did you mean "threshold"?'],
    ["a misspelt average", () => f1({ average: "marco" as never }), 'Did you mean "macro"?'],
    ["no name", () => matthews({ name: "" }), 'name is ""; needs another name'],
    [
      "the name of the loss",
      () => cohenKappa({ name: "loss" }),
      'name is "loss", which reports have already',
    ],
  ])("are refused: %s", (_, call, message) => {
    expect(call).toThrow(OptionError);
    expect(call).toThrow(message);
  });

  it("are refused for two metrics of one name", async () => {
    const options = { loss: "crossEntropy", metrics: ["topKAccuracy", topKAccuracy({ k: 2 })] } as const;
    await expect(compile(sequential(input(4), dense(9)), options)).rejects.toThrow(
      'metric "topKAccuracy" is named twice; needs it once.',
    );
  });
});

/** Networks of several inputs and outputs: data by name, weighted losses, scores by output. */
import { describe, expect, it } from "vitest";
import {
  BusyError,
  compile,
  concatenate,
  DataError,
  dense,
  type FitOptions,
  flatten,
  input,
  network,
  OptionError,
  sgd,
} from "../../src/index.js";
import type { Node } from "../../src/layers/layer.ts";
import type { NamedExamples } from "../../src/model/named.ts";
import { bitsOf, numbers, rejectionOf, rowsOf, turnOfTheLoop } from "../given/models.js";
import { checkGradients, plain, scoresInF64 } from "../graph/inF64.js";

type Examples = NamedExamples<
  { readonly area: Node; readonly place: Node },
  { readonly price: Node; readonly kind: Node; readonly embedding: Node }
>;

const ROWS = 37;

/** Two inputs; a price, a kind of three, and an embedding that is only predicted. */
function twoByThree() {
  const area = input(3);
  const place = input([2, 2]);
  const joint = concatenate()(dense(4, "tanh")(area), dense(2, { name: "where" })(flatten()(place)));
  const hidden = dense(5, { activation: "tanh", name: "hidden" })(joint);
  return network({
    inputs: { area, place },
    outputs: {
      price: dense(2, { name: "price" })(hidden),
      kind: dense(3, { activation: "softmax", name: "kind" })(hidden),
      embedding: hidden,
    },
  });
}

const labels = Array.from({ length: ROWS }, (_, i) => (i * 7 + (i >> 2)) % 3);
const oneHot = labels.map((label) => [0, 1, 2].map((k) => (k === label ? 1 : 0)));
const area = rowsOf(ROWS, 3);
const place = rowsOf(ROWS, 4, 3);
const price = rowsOf(ROWS, 2, 5);
const x = { area, place };
const y = { price, kind: labels };
const data: Examples = { x, y } as Examples;

const options = {
  loss: { price: "meanSquaredError", kind: "crossEntropy" },
  lossWeights: { price: 0.25, kind: 3 },
  metrics: { price: ["meanAbsoluteError", "meanSquaredError"], kind: ["accuracy"] },
  optimizer: sgd({ learningRate: 0.05, momentum: 0.9 }),
  seed: 3,
} as const;

const ready = (more = {}) => compile(twoByThree(), { ...options, ...more });

async function trained(examples: Examples, fit: FitOptions<never, never> = {}) {
  const model = await ready();
  const history = await model.fit(examples, { batchSize: 8, epochs: 2, ...fit } as never);
  return { bits: bitsOf(model.weights()), history };
}

describe("a network of several inputs and outputs", () => {
  it("reports what its graph of ops gives in f64: the losses, their weighted sum, the metrics", async () => {
    const model = await ready({ batchSize: 5 });
    const expected = scoresInF64(twoByThree(), options, data, plain(model.weights()));
    const report = await model.evaluate(data);
    expect(Object.keys(report).sort()).toEqual(["loss", "outputs"]);
    expect(Object.keys(report.outputs).sort()).toEqual(["kind", "price"]);
    const { price: ofPrice, kind: ofKind } = report.outputs as Record<string, Record<string, number>>;
    expect(report.loss).toBeCloseTo(expected.loss as number, 5);
    expect(Object.keys(ofPrice ?? {}).sort()).toEqual(["loss", "meanAbsoluteError", "meanSquaredError"]);
    expect(Object.keys(ofKind ?? {}).sort()).toEqual(["accuracy", "loss"]);
    for (const [path, value] of Object.entries(expected)) {
      const [, output, score] = path.split("/");
      if (output === undefined || score === undefined) continue;
      expect((report.outputs as never)[output][score], path).toBeCloseTo(value, 5);
    }
    // Σ weights · losses, as compile's options say.
    expect(report.loss).toBeCloseTo(0.25 * (ofPrice?.loss as number) + 3 * (ofKind?.loss as number), 5);
    expect(ofPrice?.meanSquaredError).toBeCloseTo(ofPrice?.loss as number, 6);
  });

  it("agrees with losses worked out from its own predictions in f64", async () => {
    const model = await ready();
    const p = await model.predict(x);
    expect(Object.keys(p)).toEqual(["price", "kind", "embedding"]);
    expect([p.price.length, p.kind.length, p.embedding.length]).toEqual([ROWS * 2, ROWS * 3, ROWS * 5]);
    const squared = price.flat().reduce((sum, t, i) => sum + (t - (p.price[i] as number)) ** 2, 0);
    const logs = labels.reduce((sum, label, i) => sum - Math.log(p.kind[i * 3 + label] as number), 0);
    const right = labels.filter((label, i) => {
      const row = [...p.kind.slice(i * 3, i * 3 + 3)];
      return row.indexOf(Math.max(...row)) === label;
    }).length;
    const { loss, outputs } = await model.evaluate(data);
    expect(outputs.price.loss).toBeCloseTo(squared / (2 * ROWS), 5);
    expect(outputs.kind.loss).toBeCloseTo(logs / ROWS, 5);
    expect(outputs.kind.accuracy).toBeCloseTo(right / ROWS, 12);
    expect(loss).toBeCloseTo((0.25 * squared) / (2 * ROWS) + (3 * logs) / ROWS, 5);
  });

  it("has the gradient of the weighted sum", async () => {
    expect(await checkGradients(twoByThree(), options, data)).toBe(
      3 * 4 + 4 + (4 * 2 + 2) + (6 * 5 + 5) + (5 * 2 + 2) + (5 * 3 + 3),
    );
  });

  it("gives its embedding too, which has no loss, as its layer makes it", async () => {
    const model = await ready();
    const { embedding } = await model.predict(x);
    const { hidden } = await model.activations(x, ["hidden"]);
    expect(embedding).toEqual(hidden);
  });

  it("takes the same numbers in any form, order and in slabs to the same bits", async () => {
    const { bits, history } = await trained(data);
    const flat = (rows: number[][]) => Float32Array.from(rows.flat());
    const nested = place.map((row) => [row.slice(0, 2), row.slice(2)]);
    const forms: [Examples, FitOptions][] = [
      [
        {
          x: { area: flat(area), place: flat(place) },
          y: { price: flat(price), kind: Uint8Array.from(labels) },
        },
        {},
      ],
      [{ x: { place: nested, area }, y: { kind: labels, price } } as Examples, {}],
      [data, { dataMemory: 8 * 4 * 10 }],
      [data, { onStep: () => turnOfTheLoop() }],
    ];
    for (const [form, fit] of forms) {
      const other = await trained(form, fit as never);
      expect(other.bits).toEqual(bits);
      expect(other.history.map(({ loss, outputs }) => ({ loss, outputs }))).toEqual(
        history.map(({ loss, outputs }) => ({ loss, outputs })),
      );
    }
  });

  it("shuffles the rows of all inputs and targets alike", async () => {
    // The targets are functions of the rows, so a row that met another's target would not train to nothing.
    const model = await compile(
      network(
        (() => {
          const left = input(1);
          const right = input(1);
          const out = dense(1, { useBias: false })(concatenate()(left, right));
          return { inputs: { left, right }, outputs: { sum: out } };
        })(),
      ),
      { loss: { sum: "meanSquaredError" }, optimizer: sgd({ learningRate: 0.3 }), seed: 1 },
    );
    const left = rowsOf(64, 1, 8);
    const right = rowsOf(64, 1, 9);
    const sum = left.map(([a], i) => [2 * (a as number) - 3 * (right[i]?.[0] as number)]);
    const history = await model.fit({ x: { left, right }, y: { sum } }, { epochs: 60, batchSize: 4 });
    expect(history.at(-1)?.loss).toBeLessThan(1e-8);
    const kernel = model.weights()["dense/kernel"]?.data ?? [];
    expect(kernel[0]).toBeCloseTo(2, 3);
    expect(kernel[1]).toBeCloseTo(-3, 3);
  });

  it("trains on streams of batches, and validates on them, as on arrays in order", async () => {
    const batches = () =>
      Array.from({ length: 5 }, (_, i) => {
        const cut = <T>(rows: readonly T[]) => rows.slice(i * 8, i * 8 + 8);
        return {
          x: { area: cut(area), place: cut(place) },
          y: { price: cut(price), kind: cut(labels) },
        } as Examples;
      });
    const ordered = await trained(data, { shuffle: false });
    const streamed = await trained(batches as never, {});
    expect(streamed.bits).toEqual(ordered.bits);
    expect(streamed.history.map(({ outputs }) => outputs)).toEqual(
      ordered.history.map(({ outputs }) => outputs),
    );

    const model = await ready();
    const [report] = await model.fit(data, { validation: batches });
    expect(await model.evaluate(batches)).toEqual(report?.validation);
    // Other chunks, so other roundings of their sums.
    const whole = await model.evaluate(data);
    expect(report?.validation.loss).toBeCloseTo(whole.loss, 6);
    expect(report?.validation.outputs.kind.accuracy).toBe(whole.outputs.kind.accuracy);
  });

  it("takes labels or one-hot rows for each output, with equal losses", async () => {
    const model = await ready();
    const asLabels = await model.evaluate(data);
    const asRows = await model.evaluate({ x, y: { price, kind: oneHot } });
    expect(asRows.loss).toBeCloseTo(asLabels.loss, 6);
    expect(asRows.outputs.kind.accuracy).toBe(asLabels.outputs.kind.accuracy);
    expect(asRows.outputs.price).toEqual(asLabels.outputs.price);
    const [first] = await model.fit({ x, y: { price, kind: oneHot } }, { shuffle: false });
    const [other] = await (await ready()).fit(data, { shuffle: false });
    expect(first?.loss).toBeCloseTo(other?.loss as number, 6);
  });

  it("says that targets of another form must wait while fit runs", async () => {
    const model = await ready();
    const errors: unknown[] = [];
    await model.fit(data, {
      onStep: async ({ step }) => {
        if (step > 0) return;
        errors.push(await rejectionOf(model.evaluate({ x, y: { price, kind: oneHot } })));
        errors.push(await rejectionOf(model.fit(data)));
        errors.push(await rejectionOf(model.activations(x, ["hidden"])));
        errors.push(await rejectionOf((async () => model.freeze("hidden"))()));
        expect(await model.evaluate(data)).toHaveProperty("outputs.kind.accuracy");
        expect((await model.predict(x)).kind).toHaveLength(ROWS * 3);
      },
    });
    expect(errors).toHaveLength(4);
    for (const error of errors) expect(error).toBeInstanceOf(BusyError);
    const validation = { x, y: { price, kind: oneHot } };
    expect(await rejectionOf(model.fit(data, { validation }))).toBeInstanceOf(BusyError);
  });

  it("may have one loss and share its node between names", async () => {
    const start = input(2);
    const shared = dense(2)(start);
    const model = await compile(network({ inputs: start, outputs: { a: shared, b: shared, raw: start } }), {
      loss: { a: "meanSquaredError", b: "meanSquaredError" },
      optimizer: sgd({ learningRate: 0.1 }),
    });
    const rows = rowsOf(4, 2);
    const { a, b, raw } = await model.predict(rows);
    expect(a).toEqual(b);
    expect(raw).toEqual(Float32Array.from(rows.flat()));
    const { loss, outputs } = await model.evaluate({ x: rows, y: { a: rows, b: rows } });
    expect(outputs.a.loss).toBe(outputs.b.loss);
    expect(loss).toBeCloseTo(2 * outputs.a.loss, 6);
  });

  it("takes one loss for all its outputs", async () => {
    const start = input(2);
    const net = network({ inputs: start, outputs: { a: dense(1)(start), b: dense(2)(start) } });
    const model = await compile(net, { loss: "meanSquaredError" });
    const y = { a: rowsOf(4, 1), b: rowsOf(4, 2) };
    const { loss, outputs } = await model.evaluate({ x: rowsOf(4, 2), y });
    expect(loss).toBeCloseTo(outputs.a.loss + outputs.b.loss, 6);
  });

  it("may have outputs named as the properties of all objects", async () => {
    const start = input(2);
    const net = network({
      inputs: start,
      outputs: { constructor: dense(1)(start), toString: dense(1)(start), ["__proto__"]: dense(1)(start) },
    });
    const options = {
      loss: { constructor: "meanSquaredError", ["__proto__"]: "meanSquaredError" },
      metrics: { ["__proto__"]: ["meanAbsoluteError"] },
    };
    const model = await compile(net, options as never);
    const rows = rowsOf(4, 2);
    const y = { constructor: rowsOf(4, 1), ["__proto__"]: rowsOf(4, 1) };
    const report = await model.evaluate({ x: rows, y } as never);
    const { outputs } = report as unknown as { outputs: object };
    expect(Object.keys(outputs)).toEqual(["constructor", "__proto__"]);
    const [, odd] = Object.values(outputs);
    expect(Object.keys(odd)).toEqual(["loss", "meanAbsoluteError"]);
    expect(Object.keys(Object)).toEqual([]);
    expect(Object.hasOwn(await model.predict(rows), "toString")).toBe(true);
  });
});

describe("a weight of a loss", () => {
  it("of 0 leaves the output's own layers as they are, and its loss in the report", async () => {
    const model = await ready({ lossWeights: { price: 0 } });
    const before = bitsOf(model.weights());
    const [report] = await model.fit(data);
    const after = bitsOf(model.weights());
    expect(after["price/kernel"]).toEqual(before["price/kernel"]);
    expect(after["kind/kernel"]).not.toEqual(before["kind/kernel"]);
    expect(report?.outputs.price.loss).toBeGreaterThan(0);
    expect(report?.loss).toBe(report?.outputs.kind.loss);
  });

  it.each([
    [{ price: -1 }, "compile: lossWeights.price is -1; needs a number of at least 0"],
    [{ price: Number.NaN }, "compile: lossWeights.price is NaN"],
    [{ prize: 1 }, 'compile: lossWeights: there is no output "prize". Did you mean "price"?'],
    [{ embedding: 1 }, "compile: lossWeights.embedding is for an output without a loss; needs one for it."],
    [2, "compile: lossWeights is 2; needs an object by the names of the outputs: price, kind, embedding."],
  ])("is refused as %o", async (lossWeights, says) => {
    const error = await rejectionOf(ready({ lossWeights }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(says);
  });
});

describe("options by name", () => {
  it.each<[string, object, string]>([
    [
      "metrics that are no list",
      { metrics: { kind: "accuracy" } },
      'compile: metrics.kind is "accuracy"; needs an array',
    ],
    [
      "metrics without a loss",
      { metrics: { embedding: ["meanAbsoluteError"] } },
      "there are metrics.embedding but no loss",
    ],
    [
      "metrics for all",
      { metrics: ["accuracy"] },
      "compile: metrics is an array of 1; needs an object by the names",
    ],
    [
      "a loss for no output",
      { loss: { prize: "meanSquaredError" } },
      'loss: there is no output "prize". Did you mean "price"?',
    ],
    ["no loss", { loss: { price: null } }, "compile: there is no loss null."],
  ])("are refused: %s", async (_, options, says) => {
    const error = await rejectionOf(ready({ lossWeights: {}, ...options }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(says);
  });

  it("may be called as the fields of a node", async () => {
    const [layer, inputs] = [input(2), input(3)];
    const net = network({
      inputs: { layer, inputs },
      outputs: { layer: dense(1)(layer), shape: dense(1)(inputs) },
    });
    expect(net.single).toEqual({ input: false, output: false });
    const model = await compile(net, { loss: { layer: "meanSquaredError" }, lossWeights: { layer: 2 } });
    const data = { x: { layer: rowsOf(4, 2), inputs: rowsOf(4, 3) }, y: { layer: rowsOf(4, 1) } };
    const { loss, outputs } = await model.evaluate(data);
    expect(loss).toBeCloseTo(2 * outputs.layer.loss, 6);
  });

  it("may be called as the fields of a loss", async () => {
    const start = input(2);
    const model = await compile(network({ inputs: start, outputs: { build: dense(1)(start) } }), {
      loss: { build: "meanSquaredError" },
    });
    const data = { x: rowsOf(4, 2), y: { build: rowsOf(4, 1) } };
    expect((await model.evaluate(data)).outputs.build.loss).toBeGreaterThan(0);
  });
});

describe("data by name", () => {
  it.each<[string, unknown, string]>([
    [
      "no names",
      { x: area, y },
      "fit: x: is an array of 37; needs an object with rows for each input: area, place.",
    ],
    ["a name missing", { x: { area }, y }, 'fit: x: has no rows for "place"; needs an object'],
    ["a target missing", { x, y: { price } }, 'fit: y: has no rows for "kind"; needs an object'],
    [
      "no targets",
      { x },
      "fit: y: is undefined; needs an object with rows for each output that has a loss: price, kind.",
    ],
    [
      "unequal rows",
      { x: { area, place: place.slice(1) }, y },
      "fit: x.area has 37 rows and x.place has 36; needs as many",
    ],
    [
      "unequal targets",
      { x, y: { price, kind: labels.slice(2) } },
      "fit: x has 37 rows and y.kind has 35; needs as",
    ],
    [
      "a class that is none",
      { x, y: { price, kind: labels.with(4, 3) } },
      "fit: y.kind: row 4, column 0 is 3; needs an",
    ],
    ["columns", { x: { area: rowsOf(ROWS, 4), place }, y }, "fit: x.area"],
  ])("is refused with %s", async (_, given, says) => {
    const model = await ready();
    const error = await rejectionOf(model.fit(given as Examples));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain(says);
  });

  it("names what a misspelled one may mean", async () => {
    const model = await ready();
    const error = await rejectionOf(model.fit({ x: { ...x, plaice: place }, y } as Examples));
    expect((error as Error).message).toContain('"plaice". Did you mean "place"?');
    const other = await rejectionOf(model.fit({ x, y: { ...y, embedding: numbers(3) } } as Examples));
    expect((other as Error).message).toContain('"embedding"');
  });
});

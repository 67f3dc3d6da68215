/** What layers inside a network make of rows. */
import { describe, expect, it } from "vitest";
import {
  BusyError,
  compile,
  customLayer,
  DataError,
  dense,
  dropout,
  flatten,
  input,
  network,
  OptionError,
  rescale,
  sequential,
  sgd,
} from "../../src/index.js";
import { bitsOf, rejectionOf, rowsOf } from "../given/models.js";

const x = rowsOf(50, 3);
const y = rowsOf(50, 2, 2);

const chain = () =>
  sequential(
    input(3),
    dense(4, { activation: "tanh", name: "first" }),
    dropout(0.5),
    dense(5, { activation: "relu", name: "second" }),
    dense(2, { name: "last" }),
  );
const ready = (options = {}) =>
  compile(chain(), { loss: "meanSquaredError", optimizer: sgd({ learningRate: 0.1 }), seed: 3, ...options });

describe("activations", () => {
  it("are what kernels and biases make, worked in f64", async () => {
    // Rows in chunks of 8, the last of 2.
    const model = await ready({ batchSize: 8 });
    await model.fit({ x, y }, { epochs: 2, batchSize: 8 });
    const weights = model.weights();
    const of = (name: string) => [...(weights[name]?.data ?? [])];
    const layer = (rows: number[][], name: string, units: number, f: (z: number) => number) =>
      rows.map((row) =>
        Array.from({ length: units }, (_, j) =>
          f(
            row.reduce(
              (sum, value, i) => sum + value * (of(`${name}/kernel`)[i * units + j] as number),
              of(`${name}/bias`)[j] as number,
            ),
          ),
        ),
      );
    const first = layer(x, "first", 4, Math.tanh);
    const second = layer(first, "second", 5, (z) => Math.max(z, 0));
    const last = layer(second, "last", 2, (z) => z);
    const found = await model.activations(x, ["second", "last", "first", "dropout", "input"]);
    expect(Object.keys(found)).toEqual(["second", "last", "first", "dropout", "input"]);
    const expected = { first, second, last, dropout: first, input: x };
    for (const [name, rows] of Object.entries(expected)) {
      const values = found[name as "first"];
      expect(values).toHaveLength(rows.flat().length);
      rows.flat().forEach((value, i) => expect(values[i], `${name} ${i}`).toBeCloseTo(value, 5));
    }
    expect(found.last).toEqual(await model.predict(x));
  });

  it("change nothing of predictions, training or reports, whenever they are asked for", async () => {
    const train = async (asks: boolean) => {
      const model = await ready();
      const outputs: unknown[] = [await model.evaluate({ x, y })];
      if (asks) await model.activations(x, ["first"]);
      await model.fit({ x, y }, { batchSize: 8 });
      if (asks) await model.activations(x, ["second", "first"]);
      outputs.push(await model.predict(x), await model.evaluate({ x, y }));
      await model.fit({ x, y }, { batchSize: 8, accumulate: 2 });
      return { outputs, bits: bitsOf(model.weights()) };
    };
    expect(await train(true)).toEqual(await train(false));
  });

  it("may be asked for twice, and by any number of names", async () => {
    const model = await ready();
    const once = await model.activations(x, ["first"]);
    const { memory } = model;
    expect(await model.activations(x, ["first"])).toEqual(once);
    expect(model.memory).toEqual(memory);
    expect((await model.activations(x, ["first", "second", "first"])).first).toEqual(once.first);
  });

  it("survive larger batches, freezing, and unusual batch sizes", async () => {
    const model = await ready({ batchSize: 4 });
    const before = await model.activations(x, ["first", "second"]);
    model.freeze("*");
    expect(await model.activations(x, ["first", "second"])).toEqual(before);
    model.unfreeze("last");
    await model.fit({ x, y }, { batchSize: 50 });
    expect(await model.activations(x, ["first", "second"])).toEqual(before);
  });

  it("run while fit does, for layers that were asked for before", async () => {
    const model = await ready();
    await model.activations(x, ["first"]);
    const seen: Float32Array[] = [];
    const errors: unknown[] = [];
    await model.fit(
      { x, y },
      {
        onStep: async () => {
          seen.push((await model.activations(x, ["first"])).first);
          errors.push(await rejectionOf(model.activations(x, ["second"])));
        },
      },
    );
    expect(seen).toHaveLength(2);
    expect(seen[0]).not.toEqual(seen[1]);
    for (const error of errors) expect(error).toBeInstanceOf(BusyError);
  });

  it("are those of the first use of a layer, of views, and of scaled inputs", async () => {
    const start = input([2, 2]);
    const scaled = rescale(0.5)(start);
    const flat = flatten()(scaled);
    const double = customLayer({ kind: "double", build: ([h]) => h! });
    const net = network({ inputs: start, outputs: dense(1)(double(double(flat))) });
    const model = await compile(net);
    const rows = rowsOf(3, 4);
    const halves = Float32Array.from(rows.flat(), (value) => value * 0.5);
    const found = await model.activations(rows, ["rescale", "flatten", "double", "input"]);
    expect(found.rescale).toEqual(halves);
    expect(found.flatten).toEqual(halves);
    expect(found.double).toEqual(halves);
    expect(found.input).toEqual(Float32Array.from(rows.flat()));
  });

  it("need no loss, and take inputs by name", async () => {
    const [left, right] = [input(1), input(2)];
    const outputs = { a: dense(2, { name: "l" })(left), b: dense(3, { name: "r" })(right) };
    const model = await compile(network({ inputs: { left, right }, outputs }));
    const rows = { left: rowsOf(5, 1), right: rowsOf(5, 2) };
    const { l, r } = await model.activations(rows, ["l", "r"]);
    const { a, b } = await model.predict(rows);
    expect([l, r]).toEqual([a, b]);
  });

  it.each<[string, unknown, string]>([
    ["an unknown name", ["secnd"], 'activations: there is no layer "secnd". Did you mean "second"?'],
    ["a parameter", ["first/kernel"], 'activations: there is no layer "first/kernel".'],
    ["no names", [], "activations: the layers are an array of 0; needs an array of names"],
    ["a name alone", "first", 'activations: the layers are "first"; needs an array of names'],
    ["a number", [1], "activations: there is no layer 1."],
  ])("are refused for %s", async (_, names, says) => {
    const model = await ready();
    const { memory } = model;
    const error = await rejectionOf(model.activations(x, names as string[]));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(says);
    expect(model.memory).toEqual(memory);
  });

  it("are refused for rows that are none", async () => {
    const model = await ready();
    const error = await rejectionOf(model.activations([[1, 2]], ["first"]));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain("activations: x");
  });
});

/** Layers of one's own: they are what the built-in ones are, and say what is wrong with them. */
import { describe, expect, it } from "vitest";
import {
  adam,
  add as addLayer,
  type BuildContext,
  type CustomLayerOptions,
  compile,
  customLayer,
  dense,
  GradientError,
  input,
  network,
  OptionError,
  ShapeError,
  sequential,
  type Value,
} from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import { errorOf } from "../given/errorOf.js";
import { bitsOf, rejectionOf, rowsOf } from "../given/models.js";
import { checkGradients, plain } from "../graph/inF64.js";

const x = rowsOf(21, 5);
const y = rowsOf(21, 3, 2);
const site = String.raw`\(at .*customLayers\.test\.ts:\d+:\d+\)`;

/** A dense layer as a user would write it. */
const ownDense = (units: number, more: Partial<CustomLayerOptions<"kernel" | "bias">> = {}) =>
  customLayer({
    kind: "dense",
    parameters: ([, features]) => ({
      kernel: { shape: [features as number, units] },
      bias: { shape: [units] },
    }),
    build: ([h], { kernel, bias }) => ops.tanh(ops.add(ops.matmul(h!, kernel), bias)),
    ...more,
  });

describe("a custom layer", () => {
  it("that computes what dense computes trains to the same bits", async () => {
    const train = async (own: boolean) => {
      const layer = (units: number) => (own ? ownDense(units) : dense(units, "tanh"));
      const net = sequential(input(5), layer(7), layer(7), layer(3));
      const model = await compile(net, { loss: "meanSquaredError", optimizer: adam(), seed: 8, clipNorm: 1 });
      const history = await model.fit({ x, y }, { epochs: 4, batchSize: 6 });
      return {
        bits: bitsOf(model.weights()),
        loss: history.map(({ loss }) => loss),
        text: model.disassemble(),
      };
    };
    expect(await train(true)).toEqual(await train(false));
  });

  it("is named in summary, weights and activations", async () => {
    const net = sequential(input(5), ownDense(4, { kind: "mine" }), ownDense(3, { name: "last" }));
    const model = await compile(net);
    expect(Object.keys(model.weights())).toEqual(["mine/kernel", "mine/bias", "last/kernel", "last/bias"]);
    expect(model.summary()).toMatch(
      /mine +\[rows, 4\] +input +24 +20\nlast \(dense\) +\[rows, 3\] +mine +15 +12/,
    );
    expect((await model.activations(x, ["mine"])).mine).toHaveLength(21 * 4);
  });

  it("may have several inputs, no parameters, and a shape that it declares", async () => {
    const dot = customLayer({
      kind: "dot",
      shape: ([rows]) => [rows as number, 1],
      build: ([a, b]) => ops.sum(ops.multiply(a!, b!), { axis: 1, keepDims: true }),
    });
    const left = input(3);
    const right = input(3);
    const model = await compile(network({ inputs: { left, right }, outputs: dot(left, right) }));
    const product = await model.predict({ left: [[1, 2, 3]], right: [[4, 5, -6]] });
    expect([...product]).toEqual([4 + 10 - 18]);
  });

  it("may make what has no rows, for another to take", async () => {
    const mean = customLayer({ kind: "mean", build: ([h]) => ops.mean(h!) });
    const center = customLayer({
      kind: "center",
      build: ([h, m]) => {
        expect(m?.shape).toEqual([]);
        return ops.subtract(h!, m!);
      },
    });
    const start = input(2);
    const model = await compile(network({ inputs: start, outputs: center(start, mean(start)) }));
    const rows = [
      [1, 2],
      [3, 6],
    ];
    expect([...(await model.predict(rows))]).toEqual([-2, -1, 0, 3]);
  });

  it("says how far an index along the rows may go", async () => {
    const start = input(2);
    const picked = customLayer({ kind: "pick", build: ([h]) => ops.gather(h!, ops.constant([0, 5])) });
    const plus = customLayer({ kind: "plus", build: ([h, p]) => ops.add(h!, ops.mean(p!)) });
    const model = await compile(network({ inputs: start, outputs: plus(start, picked(start)) }));
    expect(await model.predict(rowsOf(6, 2))).toHaveLength(12);
    expect((await rejectionOf(model.predict(rowsOf(5, 2)))) as Error).toMatchObject({
      name: "DataError",
      message: expect.stringMatching(/^pick: an index is no whole number from 0 to rows − 1\./),
    });
  });

  it("starts its parameters as it says", async () => {
    const layer = customLayer({
      kind: "starts",
      parameters: ([, n]) => ({
        fixed: { shape: [n as number], initializer: -0.75 },
        zeros: { shape: [n as number] },
        glorot: { shape: [n as number, 100] },
        he: { shape: [n as number, 100], initializer: "heUniform" },
        scalar: { shape: [], initializer: 2 },
      }),
      build: ([h], { fixed, zeros, glorot, he, scalar }) =>
        ops.multiply(scalar, ops.matmul(ops.add(ops.multiply(h!, fixed), zeros), ops.add(glorot, he))),
    });
    const weights = plain((await compile(sequential(input(50), layer), { seed: 1 })).weights());
    const of = (name: string) => weights[`starts/${name}`] as number[];
    expect(new Set(of("fixed"))).toEqual(new Set([-0.75]));
    expect(new Set(of("zeros"))).toEqual(new Set([0]));
    expect(of("scalar")).toEqual([2]);
    // Glorot & Bengio 2010: √(6 / (50 + 100)); He et al. 2015: √(6 / 50).
    for (const [name, bound] of [
      ["glorot", Math.sqrt(6 / 150)],
      ["he", Math.sqrt(6 / 50)],
    ] as const) {
      const largest = Math.max(...of(name).map(Math.abs));
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeGreaterThan(0.99 * bound);
    }
  });

  it("learns whether it trains", async () => {
    const seen: boolean[] = [];
    const layer = customLayer({
      kind: "watching",
      build: ([h], _, { training }: BuildContext) => {
        seen.push(training);
        return training ? ops.multiply(h!, 2) : h!;
      },
    });
    const start = input(5);
    const model = await compile(network({ inputs: start, outputs: dense(3, { name: "d" })(layer(start)) }), {
      loss: "meanSquaredError",
      seed: 2,
    });
    expect(new Set(seen)).toEqual(new Set([true, false]));
    const doubled = x.map((row) => row.map((value) => 2 * value));
    const { loss } = await model.evaluate({ x: doubled, y });
    const [report] = await model.fit({ x, y }, { batchSize: 21 });
    expect(report?.loss).toBe(loss);
  });

  it("has gradients as differences in f64 say, with shared use", async () => {
    const start = input(5);
    const shared = ownDense(5);
    const net = network({ inputs: start, outputs: dense(3)(addLayer()(shared(shared(start)), start)) });
    expect(await checkGradients(net, { loss: "meanSquaredError", seed: 3 }, { x, y })).toBe(30 + 18);
  });
});

describe("a custom layer is refused", () => {
  const made = (options: object) =>
    customLayer({ kind: "odd", build: ([h]: readonly Value[]) => h!, ...options } as never);
  it.each<[string, object, string]>([
    ["a misspelled option", { biuld: 1 }, 'customLayer: there is no option "biuld". Did you mean "build"?'],
    ["no kind", { kind: undefined }, "customLayer: kind is undefined; needs a string."],
    ["no build", { build: undefined }, "odd: build is undefined; needs a function."],
    [
      "parameters that are none",
      { parameters: {} },
      "odd: parameters is an object (Object); needs a function.",
    ],
    ["a shape that is none", { shape: [3] }, "odd: shape is an array of 1; needs a function."],
    ["a name that is none", { name: 4 }, "odd: name is 4; needs a string."],
    ["an empty name", { name: "" }, 'odd: name is ""; needs at least one letter.'],
    ["trainable that is none", { trainable: "no" }, 'odd: trainable is "no"; needs true or false.'],
  ])("for %s", (_, options, says) => {
    const error = errorOf(() => made(options));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toBe(says);
  });

  it.each<[string, unknown, string]>([
    ["no shape", { w: {} }, 'odd "mine": parameter "w": shape is undefined; needs an array of sizes.'],
    ["a number", { w: 3 }, 'odd "mine": parameter "w" is 3; needs { shape } and options.'],
    [
      "rows in its shape",
      { w: { shape: [-1, 2] } },
      'parameter "w": an axis of its shape is -1; needs an integer of at least 1.',
    ],
    ["half a row", { w: { shape: [2.5] } }, 'parameter "w": an axis of its shape is 2.5; needs an integer'],
    [
      "a misspelled option",
      { w: { shape: [2], initialiser: 0 } },
      'parameter "w": there is no option "initialiser". Did you mean "initializer"?',
    ],
    ["no initializer", { w: { shape: [2], initializer: "zeroes" } }, 'Did you mean "zeros"?'],
    [
      "an infinite start",
      { w: { shape: [2], initializer: 1e39 } },
      'parameter "w": initializer is 1e+39; needs a finite number or a name.',
    ],
    [
      "a flag that is none",
      { w: { shape: [2], decay: 0 } },
      'parameter "w": decay is 0; needs true or false.',
    ],
    ["no name", { "": { shape: [2] } }, 'parameter "": needs a name of at least one letter'],
    [
      "a path for a name",
      { "a/b": { shape: [2] } },
      'parameter "a/b": needs a name of at least one letter and without "/"',
    ],
  ])("for a parameter with %s", (_, parameters, says) => {
    const error = errorOf(() => made({ name: "mine", parameters: () => parameters })(input(3)));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(says);
  });

  it.each<[string, object, string]>([
    ["returns nothing", { build: () => undefined }, 'odd "mine": build returns undefined; needs a value.'],
    [
      "calculates with operators",
      { build: ([h]: Value[]) => (h as never) + 1 },
      "needs a value. Write it with functions of wasmgrad/ops: add(x, 1).",
    ],
    [
      "returns a list",
      { build: ([h]: Value[]) => [h] },
      'odd "mine": build returns an array of 1; needs a value.',
    ],
    [
      "is asynchronous",
      { build: async ([h]: Value[]) => h },
      'odd "mine": build returns an object (Promise); needs a value.',
    ],
    [
      "makes another shape than it says",
      { shape: ([rows]: number[]) => [rows, 4] },
      'odd "mine": build returns [rows, 3]; needs [rows, 4], as its shape says.',
    ],
    [
      "says that it makes no shape",
      { shape: () => 3 },
      'odd "mine": shape returns 3; needs an array of sizes.',
    ],
    [
      "adds what does not broadcast",
      {
        parameters: () => ({ w: { shape: [4] } }),
        build: ([h]: Value[], { w }: { w: Value }) => ops.add(h!, w),
      },
      'odd "mine": add: [rows, 3] and [4] do not broadcast: axis 1 is 3 and 4; needs equal sizes, or 1.',
    ],
    [
      "multiplies what does not fit",
      {
        parameters: () => ({ w: { shape: [4, 2] } }),
        build: ([h]: Value[], { w }: { w: Value }) => ops.matmul(h!, w),
      },
      'odd "mine": matmul',
    ],
  ])("when it %s", (_, options, says) => {
    const error = errorOf(() => made({ name: "mine", ...options })(input(3)));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain(says);
  });

  it("when it is called on nothing, or has no rows at its network's end", () => {
    expect(errorOf(() => made({})()).message).toBe("odd: called with 0 arguments; needs nodes, one by one.");
    const start = input(3);
    const whole = made({ build: ([h]: Value[]) => ops.mean(h!) })(start);
    const error = errorOf(() => network({ inputs: start, outputs: whole }));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain('output "output" is []; needs the rows as its first axis.');
  });

  it("when it makes another shape from one build to the next", () => {
    const shrinking = made({
      name: "mine",
      build: ([h]: Value[], _: object, { training }: BuildContext) =>
        training ? h! : ops.sum(h!, { axis: 1, keepDims: true }),
    });
    return expect((async () => compile(sequential(input(3), shrinking)))()).rejects.toThrow(
      "mine: its build makes [rows, 1] where it made [rows, 3] before; needs one shape, in training and without.",
    );
  });

  it("when it keeps a value from one build to the next, with the line that uses it", async () => {
    let kept: Value | undefined;
    const keeps = made({
      name: "mine",
      build: ([h]: Value[]) => {
        kept ??= h;
        return ops.add(h!, kept!);
      },
    });
    const error = await rejectionOf((async () => compile(sequential(input(3), keeps)))());
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toMatch(
      new RegExp(`^mine: add ${site} uses a value of another graph; needs`),
    );
    const returns = made({ name: "mine", build: () => kept });
    const other = await rejectionOf((async () => compile(sequential(input(3), returns)))());
    expect((other as Error).message).toContain("its build returns a value of another graph");
  });

  it("when an error of its own comes from it, as it is", () => {
    class Own extends Error {}
    const build = () => {
      throw new Own("mine");
    };
    expect(errorOf(() => made({ build })(input(3)))).toBeInstanceOf(Own);
  });

  it("when the loss goes through an op without a gradient, naming layer, op and line", async () => {
    const layer = customLayer({
      kind: "choose",
      name: "picker",
      build: ([h]) => ops.expandDims(ops.argMax(h!), { axis: 1 }),
    });
    const net = sequential(input(5), dense(4), layer);
    const error = await rejectionOf(compile(net, { loss: "meanSquaredError" }));
    expect(error).toBeInstanceOf(GradientError);
    expect((error as Error).message).toMatch(
      new RegExp(`picker: argMax has no gradient ${site}, and the loss goes through it`),
    );
    const model = await compile(net);
    expect(await model.predict(x)).toHaveLength(21);
  });
});

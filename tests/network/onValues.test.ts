/** Layers and networks that are called on values: in functions that are compiled, and in the build of custom layers. */
import { describe, expect, it } from "vitest";
import { compileFunction, gradientCheck } from "../../src/autodiff/index.js";
import {
  batchNorm,
  compile,
  concatenate,
  conv2d,
  customLayer,
  dense,
  dropout,
  flatten,
  input,
  l2,
  network,
  type OptionError,
  sequential,
  sgd,
  type Value,
} from "../../src/index.js";
import { add, mean, multiply, square, subtract, sum } from "../../src/ops/index.js";
import { bitsOf, numbers, rejectionOf, rowsOf } from "../given/models.js";

const x = rowsOf(5, 3);
const y = rowsOf(5, 2, 7);

const net = () => sequential(input(3), dense(4, "tanh"), dense(2));

describe("a network in a function that is compiled", () => {
  it("predicts as its model does, with its weights", async () => {
    const network = net();
    const model = await compile(network, { seed: 3 });
    const predict = await compileFunction((rows: Value) => network(rows), {
      inputs: [5, 3],
      weights: model.weights(),
    });
    expect(predict(x)).toEqual(await model.predict(x));
    expect(Object.keys(predict.weights())).toEqual(Object.keys(model.weights()));
  });

  it("has the gradients by its weights that the model has of the same loss, and gives them to it", async () => {
    const network = net();
    const options = { loss: "meanSquaredError", optimizer: sgd({ learningRate: 0.5 }), seed: 3 } as const;
    const model = await compile(network, options);
    const loss = await compileFunction(
      ({ rows, targets }: { rows: Value; targets: Value }) => mean(square(subtract(network(rows), targets))),
      { inputs: { rows: [5, 3], targets: [5, 2] }, weights: model.weights(), weightGradients: true },
    );
    const { value, weightGradients } = loss({ rows: x, targets: y });
    const gradients = await model.gradients({ x, y });
    for (const [name, { shape, data }] of Object.entries(gradients)) {
      const found = weightGradients[name];
      expect(found?.shape).toEqual(shape);
      data.forEach((one, i) => expect(found?.data[i]).toBeCloseTo(one, 6));
    }
    expect(value[0]).toBeCloseTo((await model.evaluate({ x, y })).loss, 6);
    const other = await compile(network, options);
    await model.applyGradients(weightGradients);
    await other.trainOnBatch({ x, y });
    for (const [name, { data }] of Object.entries(other.weights())) {
      data.forEach((one, i) => expect(model.weights()[name]?.data[i]).toBeCloseTo(one, 6));
    }
  });

  it("has proved gradients by its input, through layers of every kind that it is called on", async () => {
    const images = sequential(
      input([4, 4, 2]),
      conv2d(3, 3, { activation: "gelu", padding: "same" }),
      batchNorm(),
      flatten(),
      dropout(0.25),
      dense(3, "silu"),
    );
    const check = await gradientCheck((rows: Value) => images(rows), numbers(6 * 32), {
      inputs: [6, 4, 4, 2],
    });
    expect(check.passed, String(check)).toBe(true);
  });

  it("does as in inference where it is told so", async () => {
    const dropping = sequential(input(3), dropout(0.5), batchNorm());
    const model = await compile(dropping, { seed: 1 });
    const infer = await compileFunction((rows: Value) => dropping(rows), {
      inputs: [5, 3],
      training: false,
      weights: model.weights(),
    });
    expect(infer(x)).toEqual(await model.predict(x));
    const train = await compileFunction((rows: Value) => dropping(rows), { inputs: [5, 3] });
    expect(train(x)).not.toEqual(infer(x));
  });

  it("is told apart from another by its name, and shares its weights where it is called twice", async () => {
    const make = (name: string) => {
      const from = input(3);
      return network({ inputs: from, outputs: dense(3)(from), name });
    };
    const [generator, critic] = [make("generator"), make("critic")];
    const twice = await compileFunction((z: Value) => sum(critic(generator(generator(z)))), {
      inputs: [1, 3],
    });
    expect(Object.keys(twice.weights())).toEqual([
      "generator/dense/kernel",
      "generator/dense/bias",
      "critic/dense/kernel",
      "critic/dense/bias",
    ]);
  });

  it("may have several inputs and outputs by name", async () => {
    const left = input(2);
    const right = input(3);
    const joint = concatenate()(left, right);
    const both = network({
      inputs: { left, right },
      outputs: { a: dense(1, { name: "a" })(joint), b: dense(2, { name: "b" })(joint) },
    });
    const model = await compile(both, { seed: 2 });
    const run = await compileFunction(
      (given: { l: Value; r: Value }) => both({ left: given.l, right: given.r }),
      { inputs: { l: [5, 2], r: [5, 3] }, weights: model.weights() },
    );
    const rows = { left: rowsOf(5, 2), right: rowsOf(5, 3) };
    expect(run({ l: rows.left, r: rows.right })).toEqual(await model.predict(rows));
  });

  it("takes layers alone, whose weights start as they say and repeat by the seed", async () => {
    const layer = dense(4, "relu");
    const make = (seed: number) =>
      compileFunction((rows: Value) => layer(layer(rows)), { inputs: [2, 4], seed });
    const [one, same, other] = await Promise.all([make(1), make(1), make(2)]);
    expect(bitsOf(one.weights())).toEqual(bitsOf(same.weights()));
    expect(bitsOf(one.weights())).not.toEqual(bitsOf(other.weights()));
    expect(Object.keys(one.weights())).toEqual(["dense/kernel", "dense/bias"]);
  });

  it("refuses weights that do not fit before it changes any", async () => {
    const layer = dense(2, { name: "out" });
    const f = await compileFunction((rows: Value) => layer(rows), { inputs: [1, 3] });
    const before = f.weights();
    expect(() => f.setWeights({ "out/bias": [1, 2], "out/kernal": [1] })).toThrow(
      'there is no parameter "out/kernal". Did you mean "out/kernel"?',
    );
    expect(() => f.setWeights({ "out/bias": [1, 2, 3] })).toThrow("out/bias has 3 numbers; needs [2]");
    expect(f.weights()).toEqual(before);
    const none = (await rejectionOf(
      compileFunction((rows: Value) => sum(rows), { inputs: [1, 3], weightGradients: true }),
    )) as OptionError;
    expect(none.message).toContain("calls no layer that has parameters");
  });
});

describe("layers in the build of a custom layer", () => {
  /** y = x + dense(relu(dense(x))), of layers that it calls. */
  const block = (width: number, name?: string) => {
    const first = dense(width, "relu");
    const second = dense(3, { kernelRegularizer: l2(0.01) });
    return customLayer({
      kind: "block",
      ...(name && { name }),
      parameters: () => ({ scale: { shape: [], initializer: 1 } }),
      build: ([x], { scale }) => add(x, multiply(scale, second(first(x)))),
    });
  };

  it("have parameters by their names, trained as any", async () => {
    const model = await compile(sequential(input(3), block(4), block(5, "own"), dense(2)), {
      loss: "meanSquaredError",
      seed: 1,
    });
    expect(Object.keys(model.weights())).toEqual([
      ...["scale", "dense/kernel", "dense/bias", "dense_2/kernel", "dense_2/bias"].map(
        (one) => `block/${one}`,
      ),
      ...["scale", "dense/kernel", "dense/bias", "dense_2/kernel", "dense_2/bias"].map((one) => `own/${one}`),
      "dense/kernel",
      "dense/bias",
    ]);
    const before = model.weights();
    const [report] = await model.fit({ x, y }, { epochs: 1 });
    expect(report?.losses).toHaveProperty("block");
    for (const [name, { data }] of Object.entries(model.weights())) {
      expect(data, name).not.toEqual(before[name]?.data);
    }
  });

  it("have the gradients that differences in f64 give", async () => {
    const check = await gradientCheck(
      sequential(input(3), block(4), dense(2)),
      { x, y },
      { loss: "meanSquaredError" },
    );
    expect(check.passed, String(check)).toBe(true);
  });

  it("may be a whole network with batch normalization, whose averages move", async () => {
    const inner = sequential(input(3), dense(3), batchNorm(), dense(3, "gelu"));
    const wrapped = customLayer({ kind: "wrapped", build: ([x]) => add(x, inner(x)) });
    const model = await compile(sequential(input(3), wrapped, dense(2)), {
      loss: "meanSquaredError",
      seed: 1,
    });
    const names = Object.keys(model.weights()).filter((name) => name.startsWith("wrapped/batchNorm/"));
    expect(names.length).toBe(4);
    const before = model.weights();
    await model.fit({ x, y });
    for (const name of names) expect(model.weights()[name]?.data).not.toEqual(before[name]?.data);
  });

  it("is the network that it would be of layers called on nodes, to the bit", async () => {
    const inner = [dense(4, "tanh"), dropout(0.3), dense(3)] as const;
    const wrapped = customLayer({ kind: "wrapped", build: ([x]) => inner[2](inner[0](x)) });
    const options = { loss: "meanSquaredError", seed: 1 } as const;
    const one = await compile(sequential(input(3), wrapped), options);
    const plain = await compile(sequential(input(3), dense(4, "tanh"), dense(3)), options);
    const rename = (name: string) => name.replace(/^wrapped\//, "");
    expect(Object.keys(one.weights()).map(rename)).toEqual(Object.keys(plain.weights()));
    const targets = rowsOf(5, 3, 9);
    await one.fit({ x, y: targets }, { epochs: 3 });
    await plain.fit({ x, y: targets }, { epochs: 3 });
    expect(Object.values(bitsOf(one.weights()))).toEqual(Object.values(bitsOf(plain.weights())));
  });

  it("must be the same in training and without", async () => {
    const [a, b] = [dense(3), dense(4)];
    const odd = customLayer({
      kind: "odd",
      build: ([x], _, { training }) => sum(training ? a(x) : b(x), { axis: -1, keepDims: true }),
    });
    const error = await rejectionOf(compile(sequential(input(3), odd), { loss: "meanSquaredError" }));
    expect((error as Error).message).toContain("its build calls dense where it called another layer before");
  });
});

describe("a layer that is called on a value anywhere else", () => {
  it("says that it needs a node", () => {
    let kept: Value | undefined;
    customLayer({
      kind: "leak",
      build: ([x]) => {
        kept = x;
        return x;
      },
    })(input(2));
    expect(() => dense(2)(kept as Value)).toThrow("dense: argument 1 is an object (Object); needs a node");
  });
});

describe("an op on plain numbers", () => {
  it("says in one line what to do", () => {
    expect(() => square([1, 2] as never)).toThrow(
      "square: got an array of 2; needs a value, as a layer's build or a traced function is given, or a number. " +
        "Fixed numbers become one by constant(…); compileFunction of wasmgrad/autodiff computes with numbers.",
    );
  });
});

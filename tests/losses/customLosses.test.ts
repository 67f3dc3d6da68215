/** Losses of one's own, alone and beside others: worth, gradient, forms of targets, and what is refused. */
import { describe, expect, it } from "vitest";
import {
  compile,
  customLoss,
  DataError,
  dense,
  GradientError,
  input,
  type LossFunction,
  meanSquaredError,
  network,
  OptionError,
  ShapeError,
  sequential,
  sgd,
  sumOfSquares,
} from "../../src/index.js";
import * as ops from "../../src/ops/index.js";
import { errorOf } from "../given/errorOf.js";
import { bitsOf, rejectionOf, rowsOf } from "../given/models.js";
import { checkGradients } from "../graph/inF64.js";

const x = rowsOf(23, 4);
const y = rowsOf(23, 3, 2);
const flat = y.flat();
const chain = () => sequential(input(4), dense(5, "tanh"), dense(3));
const site = String.raw`\(at .*customLosses\.test\.ts:\d+:\d+\)`;

const elements: LossFunction = (p, t) => ops.square(ops.subtract(p, t));
const perRow: LossFunction = (p, t) => ops.mean(elements(p, t), { axis: 1 });
const scalar: LossFunction = (p, t) => ops.mean(elements(p, t));

describe("a custom loss", () => {
  it.each<[string, LossFunction]>([
    ["elements", elements],
    ["rows", perRow],
    ["a scalar", scalar],
    ["a scalar of rank 2", (p, t) => ops.mean(elements(p, t), { keepDims: true })],
  ])("of %s is what meanSquaredError is", async (_, loss) => {
    const run = async (given: LossFunction | ReturnType<typeof meanSquaredError>) => {
      const model = await compile(chain(), { loss: given, optimizer: sgd({ learningRate: 0.1 }), seed: 4 });
      const history = await model.fit({ x, y }, { epochs: 2, batchSize: 8 });
      return { history, weights: model.weights(), score: await model.evaluate({ x, y }) };
    };
    const [own, built] = [await run(loss), await run(meanSquaredError())];
    own.history.forEach(({ loss }, i) => expect(loss).toBeCloseTo(built.history[i]?.loss as number, 6));
    for (const [name, { data }] of Object.entries(built.weights)) {
      data.forEach((value, i) => expect(own.weights[name]?.data[i]).toBeCloseTo(value, 5));
    }
    expect(own.score.loss).toBeCloseTo(built.score.loss, 6);
  });

  it("sums when it is told to", async () => {
    const model = await compile(chain(), {
      loss: customLoss(elements, { reduction: "sum" }),
      seed: 4,
      batchSize: 5,
    });
    const predicted = await model.predict(x);
    const expected = flat.reduce((sum, t, i) => sum + (t - (predicted[i] as number)) ** 2, 0);
    expect((await model.evaluate({ x, y })).loss).toBeCloseTo(expected, 3);
  });

  it("is worth the mean over rows, however they are cut into chunks", async () => {
    const losses = await Promise.all(
      [1, 7, 23, 64].map(async (batchSize) => {
        const model = await compile(chain(), { loss: perRow, seed: 4, batchSize });
        return (await model.evaluate({ x, y })).loss;
      }),
    );
    for (const loss of losses) expect(loss).toBeCloseTo(losses[0] as number, 6);
  });

  it.each<[string, LossFunction]>([
    [
      "Huber's",
      (p, t) => {
        const e = ops.abs(ops.subtract(p, t));
        return ops.where(
          ops.less(e, 0.3),
          ops.multiply(ops.square(e), 0.5),
          ops.subtract(ops.multiply(e, 0.3), 0.045),
        );
      },
    ],
    [
      "a cosine",
      (p, t) => {
        const norm = (v: typeof p) => ops.sqrt(ops.sum(ops.square(v), { axis: 1 }));
        return ops.negate(
          ops.divide(ops.sum(ops.multiply(p, t), { axis: 1 }), ops.multiply(norm(p), norm(t))),
        );
      },
    ],
    [
      "log cosh",
      (p, t) => {
        const e = ops.subtract(p, t);
        return ops.log(ops.divide(ops.add(ops.exp(e), ops.exp(ops.negate(e))), 2));
      },
    ],
    ["one over the whole batch", (p, t) => ops.sqrt(ops.mean(elements(p, t)))],
  ])("with the gradient of its ops: %s", async (_, loss) => {
    expect(await checkGradients(chain(), { loss, seed: 2 }, { x, y })).toBe(20 + 5 + 15 + 3);
  });

  it("takes targets of another shape than the output", async () => {
    // A mean and the logarithm of a variance for each row: the normal likelihood of one number.
    const likelihood = customLoss(
      (p, t) => {
        const [mean, logVariance] = ops.split(p, 2, { axis: 1 });
        const e = ops.subtract(t, mean!);
        return ops.multiply(ops.add(logVariance!, ops.divide(ops.square(e), ops.exp(logVariance!))), 0.5);
      },
      { name: "likelihood", targetShape: () => [1] },
    );
    const net = sequential(input(4), dense(2));
    const target = y.map((row) => [row[0] as number]);
    expect(await checkGradients(net, { loss: likelihood, seed: 1 }, { x, y: target })).toBe(10);
    const model = await compile(net, { loss: likelihood, seed: 1 });
    const p = await model.predict(x);
    const expected = target.reduce((sum, [t], i) => {
      const [mean, s] = [p[2 * i] as number, p[2 * i + 1] as number];
      return sum + 0.5 * (s + ((t as number) - mean) ** 2 / Math.exp(s));
    }, 0);
    expect((await model.evaluate({ x, y: target })).loss).toBeCloseTo(expected / 23, 5);
    const error = await rejectionOf(model.fit({ x, y }));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain(
      "its rows have 3 numbers; likelihood on an output of [rows, 2] needs 1.",
    );
  });

  it("stands beside built-in ones on other outputs", async () => {
    const start = input(4);
    const net = network({ inputs: start, outputs: { a: dense(3)(start), b: dense(3)(start) } });
    const options = { loss: { a: "meanSquaredError", b: perRow }, lossWeights: { b: 0.5 }, seed: 2 } as const;
    const model = await compile(net, options);
    const { loss, outputs } = await model.evaluate({ x, y: { a: y, b: y } });
    expect(loss).toBeCloseTo(outputs.a.loss + 0.5 * outputs.b.loss, 6);
    const sums = { a: "meanSquaredError", b: customLoss(perRow, { reduction: "sum" }) } as const;
    const error = await rejectionOf(compile(net, { loss: sums }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(
      'the loss of output "a" is a mean over rows and that of "b" a sum',
    );
  });

  it("trains to the same bits in any order of compiling", async () => {
    const bits = async () => {
      const model = await compile(chain(), { loss: perRow, seed: 1 });
      await model.fit({ x, y });
      return bitsOf(model.weights());
    };
    expect(await bits()).toEqual(await bits());
  });
});

describe("a custom loss is refused", () => {
  it.each<[string, () => unknown, string]>([
    [
      "that is no function",
      () => customLoss({} as never),
      "customLoss: the loss is an object (Object); needs a function.",
    ],
    [
      "with a misspelled option",
      () => customLoss(perRow, { reduce: "sum" } as never),
      'customLoss: there is no option "reduce". Known: name, targetShape, reduction.',
    ],
    [
      "with another reduction",
      () => customLoss(perRow, { reduction: "max" as never }),
      'customLoss: reduction is "max"; needs "mean" or "sum".',
    ],
    [
      "with a shape for a function",
      () => customLoss(perRow, { targetShape: [1] as never }),
      "customLoss: targetShape is an array of 1; needs a function.",
    ],
  ])("%s", (_, make, says) => {
    const error = errorOf(make);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toBe(says);
  });

  it.each<[string, LossFunction, string]>([
    ["returns nothing", (() => undefined) as never, "returns undefined; needs a value."],
    [
      "returns a number",
      (() => 1) as never,
      "returns 1; needs a value. Write it with functions of wasmgrad/ops",
    ],
    ["is asynchronous", (async (p: never) => p) as never, "returns an object (Promise); needs a value."],
    [
      "returns a vector without rows",
      (p) => ops.sum(p, { axis: 0 }),
      "returns [3]; needs a scalar, or one number for each row.",
    ],
    [
      "compares what does not broadcast",
      (p, t) => ops.subtract(p, ops.concat([t, t], { axis: 1 })),
      "subtract: [rows, 3] and [rows, 6] do not broadcast: axis 1 is 3 and 6",
    ],
  ])("that %s", async (_, loss, says) => {
    const error = await rejectionOf(compile(chain(), { loss: customLoss(loss, { name: "mine" }) }));
    expect(error).toSatisfy((e) => e instanceof ShapeError || e instanceof OptionError);
    expect((error as Error).message).toContain("loss mine: ");
    expect((error as Error).message).toContain(says);
  });

  it.each([meanSquaredError, sumOfSquares])("that is a built-in one, not called", async (loss) => {
    const error = await rejectionOf(compile(chain(), { loss: loss as never }));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(
      "there is no loss a function. Call it, with or without options.",
    );
  });

  it.each<[unknown, string]>([
    [[-1, 3], "[rows, 3]"],
    [[2.5], "[2.5]"],
    [3, "3"],
    [undefined, "undefined"],
  ])("whose targets are %o", async (shape, got) => {
    const loss = customLoss(perRow, { name: "mine", targetShape: () => shape as never });
    const error = await rejectionOf(compile(chain(), { loss }));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toBe(
      `loss mine: targetShape gives ${got}; needs an array of sizes without the rows.`,
    );
  });

  it("that goes through an op without a gradient, with its line", async () => {
    const loss: LossFunction = (p, t) => ops.subtract(ops.argMax(p), ops.argMax(t));
    const error = await rejectionOf(compile(chain(), { loss }));
    expect(error).toBeInstanceOf(GradientError);
    expect((error as Error).message).toMatch(
      new RegExp(`^loss: argMax has no gradient ${site}, and the loss`),
    );
  });

  it("that only compares, which no gradient passes", async () => {
    const error = await rejectionOf(compile(chain(), { loss: (p, t) => ops.equal(p, t) }));
    expect(error).toBeInstanceOf(GradientError);
    expect((error as Error).message).toContain("no trained parameter changes the loss of the output");
  });

  it("that does not look at its prediction", async () => {
    const error = await rejectionOf(compile(chain(), { loss: (_, t) => ops.square(t) }));
    expect(error).toBeInstanceOf(GradientError);
    expect((error as Error).message).toContain("no trained parameter changes the loss of the output");
  });
});

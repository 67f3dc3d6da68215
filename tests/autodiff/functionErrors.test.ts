/** What compileFunction and the calls of its functions refuse, and how they say so. */
import { describe, expect, it } from "vitest";
import { compileFunction } from "../../src/autodiff/compileFunction.ts";
import {
  DataError,
  GradientError,
  OptionError,
  OutOfMemoryError,
  ShapeError,
} from "../../src/check/errors.ts";
import { ROWS } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { argMax, customGradient, gather, matmul, multiply, sum } from "../../src/ops/index.ts";
import { randomNormal } from "../../src/ops/random.ts";

type Wrong = (build: unknown, options: unknown) => Promise<unknown>;
const compileWrong = compileFunction as unknown as Wrong;
const site = /\(at .*functionErrors\.test\.ts:\d+:\d+\)/;

/** The error that a promise is refused with. */
const errorOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error("there is none"),
    (error: Error) => error,
  );

describe("compileFunction refuses", () => {
  const same = (x: Value) => x;
  const twoOutputs = ({ a }: { a: Value }) => ({ loss: sum(a), y: a });

  it.each<[string, unknown, unknown, new (...args: never[]) => Error, string]>([
    [
      "what is no function",
      3,
      { inputs: [2] },
      OptionError,
      "compileFunction: got 3; needs a function of values.",
    ],
    ["no options", same, undefined, OptionError, "compileFunction: options are undefined; needs an object."],
    [
      "a wrong option",
      same,
      { inputs: [2], grads: true },
      OptionError,
      'no option "grads". Known: inputs, gradients',
    ],
    [
      "no inputs",
      same,
      {},
      OptionError,
      'compileFunction "same": inputs is undefined; needs the shape of its input',
    ],
    [
      "a number for a shape",
      same,
      { inputs: { a: 3 } },
      OptionError,
      'the shape of "a" is 3; needs an array of sizes.',
    ],
    [
      "a negative size",
      same,
      { inputs: [2, -1] },
      OptionError,
      'an axis of "input" is -1; needs an integer of at least 0',
    ],
    [
      "no value",
      () => undefined,
      { inputs: [2] },
      ShapeError,
      "the function returns undefined; needs a value, or an object",
    ],
    ["a number as result", () => 3, { inputs: [2] }, ShapeError, "the function returns 3; needs a value"],
    [
      "a list of values",
      (x: Value) => [x],
      { inputs: [2] },
      ShapeError,
      "returns an array of 1; needs a value",
    ],
    ["no values by name", () => ({}), { inputs: [2] }, ShapeError, "the function returns {}; needs a value"],
    [
      "a number by name",
      () => ({ y: 1 }),
      { inputs: [2] },
      ShapeError,
      'the function returns 1 as "y"; needs a value',
    ],
    [
      "an async function",
      async (x: Value) => x,
      { inputs: [2] },
      ShapeError,
      "an object (Promise); needs a value, or an object of values by name. It must not be async.",
    ],
    [
      "a wrong seed",
      same,
      { inputs: [2], seed: -1 },
      OptionError,
      "seed is -1; needs an integer of at least 0",
    ],
    ["a wrong precision", same, { inputs: [2], precision: "high" }, OptionError, 'no precision "high"'],
    [
      "an output that is no scalar",
      same,
      { inputs: [2], gradients: true },
      ShapeError,
      'compileFunction "same": the output is [2]; needs a scalar to differentiate. Sum it with sum(), or compile with { seeds: true }',
    ],
    [
      "several outputs",
      twoOutputs,
      { inputs: { a: [2] }, gradients: ["a"] },
      OptionError,
      'there are several outputs, loss, y; needs to know which to differentiate: { of: "loss" }',
    ],
    [
      "an output that there is not",
      twoOutputs,
      { inputs: { a: [2] }, gradients: ["a"], of: "los" },
      OptionError,
      'there is no output "los". Did you mean "loss"?',
    ],
    [
      "a named output that is no scalar",
      twoOutputs,
      { inputs: { a: [2] }, gradients: ["a"], of: "y" },
      ShapeError,
      'the output "y" is [2]; needs a scalar',
    ],
    [
      "an input that there is not",
      twoOutputs,
      { inputs: { a: [2] }, gradients: ["b"], of: "loss" },
      OptionError,
      'there is no input "b"',
    ],
    [
      "names of the one input",
      same,
      { inputs: [], gradients: ["x"] },
      OptionError,
      "gradients is an array of 1; needs true.",
    ],
    [
      "gradients that are no names",
      twoOutputs,
      { inputs: { a: [2] }, gradients: "a", of: "loss" },
      OptionError,
      'gradients is "a"; needs true, or an array of names of inputs.',
    ],
    [
      "a name for the one output",
      same,
      { inputs: [], gradients: true, of: "y" },
      OptionError,
      'of is "y"; the one output has no name. Leave it out.',
    ],
    [
      "seeds without gradients",
      same,
      { inputs: [2], seeds: true },
      OptionError,
      "there is seeds but no gradients",
    ],
    [
      "an output without gradients",
      twoOutputs,
      { inputs: { a: [2] }, of: "y" },
      OptionError,
      "there is of but no gradients",
    ],
    [
      "seeds that are no switch",
      same,
      { inputs: [2], gradients: true, seeds: [1, 1] },
      OptionError,
      "seeds is an array of 2; needs true or false.",
    ],
  ])("%s", async (_, build, options, type, message) => {
    const error = await errorOf(compileWrong(build, options));
    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
  });

  it("the gradient of an op that has none, and says where it was called", async () => {
    const build = function winner({ a }: { a: Value }) {
      return sum(argMax(a));
    };
    const error = await errorOf(compileFunction(build, { inputs: { a: [2, 3] }, gradients: ["a"] }));
    expect(error).toBeInstanceOf(GradientError);
    expect(error.message).toMatch(/^winner: argMax has no gradient/);
    expect(error.message).toMatch(site);
  });

  it("a rule for the gradient of the wrong shape, and says where it was called", async () => {
    const wrong = customGradient(
      (x) => x,
      (_, __, dy) => [sum(dy)],
    );
    const error = await errorOf(compileFunction((x) => sum(wrong(x)), { inputs: [3], gradients: true }));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(/is \[\]; needs \[3\]/);
    expect(error.message).toMatch(site);
  });

  it("values of another function", async () => {
    let kept: Value | undefined;
    await compileFunction(
      (x) => {
        kept = x;
        return x;
      },
      { inputs: [2] },
    );
    const error = await errorOf(compileFunction((x) => multiply(x, kept as Value), { inputs: [2] }));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain(
      'uses a value that it was not given, of "input"; needs one of its inputs',
    );
  });

  it("rows, which a function does not have", async () => {
    const error = await errorOf(compileFunction(() => randomNormal([ROWS, 2]), { inputs: {} }));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(/\[rows, 2\]; a function has no rows: needs a size/);
  });

  it("shapes that do not fit, as the ops say it", async () => {
    const error = await errorOf(
      compileFunction(({ a, b }) => matmul(a, b), { inputs: { a: [2, 3], b: [2, 3] } }),
    );
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(/^matmul/);
  });

  it("a plan beyond its limit", async () => {
    const error = await errorOf(compileFunction(same, { inputs: [100_000], memoryLimit: 400_000 }));
    expect(error).toBeInstanceOf(OutOfMemoryError);
    expect(error.message).toMatch(
      /^compileFunction "same": needs \d+ bytes; the limit is 400000\. Use smaller shapes/,
    );
  });
});

describe("a call refuses", () => {
  type WrongCall = (...given: unknown[]) => unknown;

  it.each<[string, unknown, new (...args: never[]) => Error, string]>([
    [
      "too few numbers",
      { a: [1, 2], b: 1 },
      ShapeError,
      'f: input "a" has 2 numbers; needs the 4 numbers of [2, 2].',
    ],
    [
      "too many numbers",
      { a: new Float32Array(5), b: 1 },
      ShapeError,
      'f: input "a" has 5 numbers; needs the 4',
    ],
    [
      "ragged parts",
      { a: [[1, 2], [3]], b: 1 },
      ShapeError,
      'f: input "a" has 1 number in a part of axis 0; needs the 4',
    ],
    [
      "too many parts",
      { a: [[1], [2], [3], [4]], b: 1 },
      ShapeError,
      'f: input "a" has 4 parts; needs the 4',
    ],
    [
      "parts that are too deep",
      {
        a: [
          [[1], 2],
          [3, 4],
        ],
        b: 1,
      },
      ShapeError,
      'f: input "a" has 2 parts in a part of axis 0',
    ],
    ["a number for a matrix", { a: 1, b: 1 }, ShapeError, 'f: input "a" has a number where [2, 2] belong'],
    ["a mix of numbers and parts", { a: [[1, 2], 3], b: 1 }, ShapeError, "has a number where [2] belong"],
    ["text", { a: ["1", 2, 3, 4], b: 1 }, DataError, 'f: input "a": element 0 is "1"; needs a number.'],
    ["holes", { a: new Array(4), b: 1 }, DataError, 'f: input "a": element 0 is undefined; needs a number.'],
    [
      "big integers",
      { a: new BigInt64Array(4), b: 1 },
      DataError,
      'f: input "a" is an object (BigInt64Array)',
    ],
    ["text for a tensor", { a: "1234", b: 1 }, DataError, 'f: input "a" is "1234"; needs the 4 numbers'],
    [
      "two numbers for a scalar",
      { a: [1, 2, 3, 4], b: [1, 2] },
      ShapeError,
      'f: input "b" has 2 numbers; needs a number.',
    ],
    ["a missing input", { a: [1, 2, 3, 4] }, DataError, 'f: input "b" is missing; needs a, b.'],
    [
      "an input that there is not",
      { a: [1, 2, 3, 4], b: 1, c: 1 },
      DataError,
      'f: input "c" there is not; there are: a, b.',
    ],
    [
      "numbers without names",
      [1, 2, 3, 4],
      DataError,
      "f: inputs are an array of 4; needs an object of numbers by name: a, b.",
    ],
    ["nothing", undefined, DataError, "f: inputs are undefined; needs an object"],
  ])("%s", async (_, given, type, message) => {
    const build = function f({ a, b }: { a: Value; b: Value }) {
      return multiply(a, b);
    };
    const call = (await compileFunction(build, { inputs: { a: [2, 2], b: [] } })) as unknown as WrongCall;
    expect(() => call(given)).toThrow(type);
    expect(() => call(given)).toThrow(message);
    expect(call({ a: [1, 2, 3, 4], b: 2 })).toEqual(Float32Array.of(2, 4, 6, 8));
  });

  it("seeds that are missing, or of another shape", async () => {
    const call = (await compileFunction((x) => ({ y: x }), {
      inputs: [2],
      gradients: true,
      seeds: true,
    })) as unknown as WrongCall;
    expect(() => call([1, 2])).toThrow("called with 1 arguments; needs the inputs and the seeds.");
    expect(() => call([1, 2], [1, 2])).toThrow("seeds are an array of 2; needs an object");
    expect(() => call([1, 2], { y: [1] })).toThrow('seed "y" has 1 number; needs the 2 numbers of [2].');
    expect(() => call([1, 2], { z: [1] })).toThrow('seed "z" there is not; there are: y.');
  });

  it.each([3, -1, 0.5, Number.NaN])("the index %d, and says what it comes to, and goes on", async (wrong) => {
    const build = function lookup({ table, index }: { table: Value; index: Value }) {
      return sum(gather(table, index));
    };
    const call = await compileFunction(build, {
      inputs: { table: [3, 2], index: [2] },
      gradients: ["table"],
    });
    const table = [1, 2, 3, 4, 5, 6];
    const attempt = () => call({ table, index: [0, wrong] });
    expect(attempt).toThrow(DataError);
    expect(attempt).toThrow(/^lookup: an index is no whole number from 0 to 2\./);
    expect(attempt).toThrow(/It comes to take \(at .*functionErrors\.test\.ts:\d+:\d+\)\.$/);
    expect([...call({ table, index: [0, 2] }).value]).toEqual([14]);
  });
});

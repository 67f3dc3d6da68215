/** gradientCheck proves right gradients, finds wrong ones and their place, and is not misled by kinks. */
import { describe, expect, it } from "vitest";
import { gradientCheck } from "../../src/autodiff/gradientCheck.ts";
import { defineOp } from "../../src/graph/op.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import type { Value } from "../../src/graph/value.ts";
import {
  add,
  argMax,
  broadcastTo,
  clip,
  constant,
  customGradient,
  gather,
  log,
  matmul,
  max,
  mean,
  multiply,
  relu,
  softmax,
  square,
  subtract,
  sum,
  tanh,
} from "../../src/ops/index.ts";
import { dropout, randomNormal } from "../../src/ops/random.ts";
import { numbers } from "../given/models.ts";

/** The square of x, with a gradient that is too large by so much. */
const wrongSquare = (factor: number) =>
  defineOp<[Value]>({
    ...ops.square,
    name: "square",
    vjp: ([x], _, dy) => [ops.multiply(ops.affine(dy, { scale: 2 * factor, offset: 0 }), x)],
  });

describe("gradientCheck of a function", () => {
  it("passes right gradients and says how near they are", async () => {
    const check = await gradientCheck(
      ({ a, b }) => sum(tanh(matmul(a, b))),
      {
        a: numbers(12),
        b: numbers(8, 2),
      },
      { inputs: { a: [3, 4], b: [4, 2] } },
    );
    expect(check.passed).toBe(true);
    expect(
      check.parameters.map(({ name, shape, elements, checked, kinks }) => [
        name,
        shape,
        elements,
        checked,
        kinks,
      ]),
    ).toEqual([
      ["a", [3, 4], 12, 12, 0],
      ["b", [4, 2], 8, 8, 0],
    ]);
    expect(check.worst!.error).toBeLessThan(1e-6);
  });

  it("needs no scalar: it weighs the elements of all outputs", async () => {
    const build = (x: Value) => ({ y: softmax(x), z: square(x) });
    const check = await gradientCheck(build, numbers(6), { inputs: [2, 3] });
    expect(check.passed).toBe(true);
    const one = await gradientCheck((x) => softmax(x), numbers(6), { inputs: [2, 3] });
    expect(one.passed).toBe(true);
  });

  it.each([2, 1.01, 1.001, -1, 0])(
    "finds a rule of an op that is wrong by a factor of %d",
    async (factor) => {
      const wrong = wrongSquare(factor);
      const check = await gradientCheck(
        ({ a, b }) => ({ y: add(wrong(a), square(b)) }),
        {
          a: [0.5, -2, 1],
          b: [1, 2, 3],
        },
        { inputs: { a: [3], b: [3] } },
      );
      expect(check.passed).toBe(false);
      expect(check.parameters.map(({ passed }) => passed)).toEqual([false, true]);
      expect(check.worst!.parameter).toBe("a");
    },
  );

  it("finds the one element whose gradient is wrong", async () => {
    const wrong = customGradient(
      (x) => square(x),
      ([x], _, dy) => [multiply(dy, multiply(x, constant([2, 2, 2, 2, 2.5, 2], [2, 3])))],
    );
    const check = await gradientCheck((x) => sum(wrong(x)), [1, 2, 3, 4, 5, 6], { inputs: [2, 3] });
    expect(check.passed).toBe(false);
    expect(check.worst).toMatchObject({ parameter: "input", index: [1, 1], engine: 12.5 });
    expect(check.worst!.expected).toBeCloseTo(10, 8);
    expect(check.worst!.error).toBeCloseTo(2.5 / 12.5, 4);
  });

  it("finds a rule that gives no gradient where there is one", async () => {
    const forgetful = customGradient(
      (a, b) => multiply(a, b),
      ([, b], _, dy) => [multiply(dy, b), null],
    );
    const check = await gradientCheck(
      ({ a, b }) => sum(forgetful(a, b)),
      { a: [1, 2], b: [3, 4] },
      {
        inputs: { a: [2], b: [2] },
      },
    );
    expect(check.parameters.map(({ passed }) => passed)).toEqual([true, false]);
  });

  it("finds a gradient that is not finite", async () => {
    const broken = customGradient(
      (x) => square(x),
      (_, __, dy) => [log(subtract(0, square(dy)))],
    );
    const check = await gradientCheck((x) => sum(broken(x)), [1, 2], { inputs: [2] });
    expect(check.passed).toBe(false);
    expect(check.worst!.error).toBe(Number.POSITIVE_INFINITY);
  });

  it("finds a wrong gradient of a function that does not depend on its input", async () => {
    const odd = customGradient(
      (x) => multiply(x, 0),
      (_, __, dy) => [dy],
    );
    expect((await gradientCheck((x) => sum(odd(x)), [1, 2], { inputs: [2] })).passed).toBe(false);
  });

  it("passes a gradient that is nothing but rounding", async () => {
    // Probabilities sum to 1 wherever they come from.
    const check = await gradientCheck((x) => sum(softmax(x)), numbers(12), { inputs: [3, 4] });
    expect(check.passed).toBe(true);
  });

  it("judges small gradients by their own size", async () => {
    const scaled = (wrong: boolean) => (x: Value) =>
      multiply(sum(wrong ? wrongSquare(1.01)(x) : square(x)), 1e-6);
    expect((await gradientCheck(scaled(false), [1, 2], { inputs: [2] })).passed).toBe(true);
    expect((await gradientCheck(scaled(true), [1, 2], { inputs: [2] })).passed).toBe(false);
  });

  it("checks the inputs that it is asked to: indices have no gradient", async () => {
    const check = await gradientCheck(
      ({ table, index }) => sum(square(gather(table, index))),
      {
        table: numbers(6),
        index: [2, 0, 2],
      },
      { inputs: { table: [3, 2], index: [3] }, gradients: ["table"] },
    );
    expect(check.passed).toBe(true);
    expect(check.parameters.map(({ name }) => name)).toEqual(["table"]);
  });

  it("draws the numbers that the engine draws", async () => {
    const build = (x: Value) => sum(dropout(multiply(square(x), randomNormal([40])), 0.5));
    const check = await gradientCheck(build, numbers(40), { inputs: [40], seed: 7 });
    expect(check.passed).toBe(true);
  });

  it("takes some of many elements, always the same", async () => {
    const build = (x: Value) => sum(square(x));
    const check = () => gradientCheck(build, numbers(1000), { inputs: [10, 100], samples: 20 });
    const [first, second] = [await check(), await check()];
    expect(first.parameters[0]).toMatchObject({ elements: 1000, checked: 20, passed: true });
    expect(first.worst).toEqual(second.worst);
  });

  it("passes what is empty", async () => {
    expect((await gradientCheck((x) => sum(x), [], { inputs: [0, 2] })).passed).toBe(true);
  });

  it("checks the relaxed build too", async () => {
    const check = await gradientCheck((x) => sum(tanh(x)), numbers(8), { inputs: [8], precision: "fast" });
    expect(check.passed).toBe(true);
  });

  it("holds a rule that is meant to differ against what it stands for", async () => {
    const clipped = customGradient(
      (x) => square(x),
      (_, __, dy) => [clip(dy, -0.1, 0.1)],
    );
    expect((await gradientCheck((x) => sum(clipped(x)), [1], { inputs: [1] })).passed).toBe(false);
  });
});

describe("a kink", () => {
  it("is passed over and counted: relu at 0", async () => {
    const check = await gradientCheck((x) => sum(relu(x)), [0, 1, -1, 0, 2], { inputs: [5] });
    expect(check).toMatchObject({ passed: true, parameters: [{ checked: 3, kinks: 2 }] });
  });

  it("is passed over beside the point too, within the reach of the difference", async () => {
    const check = await gradientCheck((x) => sum(relu(x)), [3e-6, -2e-6, 1e-7, 1, -1], { inputs: [5] });
    expect(check).toMatchObject({ passed: true, parameters: [{ checked: 2, kinks: 3 }] });
  });

  it("is passed over at a tie of a maximum", async () => {
    const check = await gradientCheck((x) => sum(max(x, { axis: -1 })), [1, 3, 2, 5, 5, 5], {
      inputs: [2, 3],
    });
    expect(check.passed).toBe(true);
    expect(check.parameters[0]!.kinks).toBe(3);
  });

  it("is no excuse for a gradient that lies on neither side of it", async () => {
    const wrong = customGradient(
      (x) => relu(x),
      (_, __, dy) => [multiply(dy, 3)],
    );
    const check = await gradientCheck((x) => sum(wrong(x)), [0, 0], { inputs: [2] });
    expect(check.passed).toBe(false);
  });

  it("is not seen where a function only bends strongly", async () => {
    const wrong = wrongSquare(1.1);
    const bent = (op: (x: Value) => Value) => (x: Value) => sum(op(multiply(x, 1000)));
    expect(await gradientCheck(bent(square), [1e-3, -2e-3], { inputs: [2] })).toMatchObject({
      passed: true,
      parameters: [{ kinks: 0 }],
    });
    expect((await gradientCheck(bent(wrong), [1e-3, -2e-3], { inputs: [2] })).passed).toBe(false);
  });

  it("everywhere leaves nothing compared, which is no proof", async () => {
    const check = await gradientCheck((x) => sum(relu(x)), [0, 0], { inputs: [2] });
    expect(check).toMatchObject({ passed: false, worst: undefined, parameters: [{ checked: 0, kinks: 2 }] });
  });

  it("is passed over where a function ends", async () => {
    const check = await gradientCheck((x) => sum(multiply(log(add(x, 1e-6)), x)), [0, 2], { inputs: [2] });
    expect(check).toMatchObject({ passed: true, parameters: [{ checked: 1, kinks: 1 }] });
  });
});

describe("the report", () => {
  it("is a table with a line for each parameter", async () => {
    const wrong = wrongSquare(1.5);
    const check = await gradientCheck(
      ({ weight, b }) => sum(add(wrong(weight), b)),
      {
        weight: [1, 2, 3, 4],
        b: 1,
      },
      { inputs: { weight: [2, 2], b: [] } },
    );
    // 2x · 1.5 instead of 2x, beside the largest, 12.
    expect(String(check).split("\n")).toEqual([
      "gradient check failed, tolerance 0.0001",
      "parameter  shape   checked  kinks  error     worst at  engine    expected",
      "weight     [2, 2]  4 of 4   0      3.3e-1 !  [1, 1]    12.00000  8.000000",
      expect.stringMatching(/^b {10}\[\] {6}1 of 1 {3}0 {6}\d\.\de[-+]\d+ +\[\] {8}4\.000000 {2}4\.000000$/),
    ]);
    expect((await gradientCheck((x) => square(x), 2, { inputs: [] })).toString()).toMatch(
      /^gradient check passed, tolerance 0\.0001\n/,
    );
  });
});

describe("gradientCheck refuses", () => {
  type Wrong = (subject: unknown, data: unknown, options?: unknown) => Promise<unknown>;
  const checkWrong = gradientCheck as unknown as Wrong;
  const total = (x: Value) => sum(x);

  it.each<[string, () => Promise<unknown>, string]>([
    [
      "what is none of the three",
      () => checkWrong(3, []),
      "gradientCheck: got 3; needs a network, a model, or a function of values.",
    ],
    [
      "a function without shapes",
      () => checkWrong(total, [1]),
      'gradientCheck "total": inputs is undefined; needs the shape',
    ],
    [
      "options of a network with a function",
      () => checkWrong(total, [1], { inputs: [1], loss: "crossEntropy" }),
      'gradientCheck: there is no option "loss"',
    ],
    [
      "a tolerance of nothing",
      () => checkWrong(total, [1], { inputs: [1], tolerance: 0 }),
      "tolerance is 0; needs a positive number.",
    ],
    [
      "no samples",
      () => checkWrong(total, [1], { inputs: [1], samples: 0 }),
      "samples is 0; needs an integer of at least 1.",
    ],
    [
      "a step that is no number",
      () => checkWrong(total, [1], { inputs: [1], step: Number.NaN }),
      "step is NaN; needs a positive number.",
    ],
    [
      "numbers of another shape",
      () => checkWrong(total, [1, 2], { inputs: [1] }),
      "gradientCheck: input has 2 numbers; needs the 1 numbers of [1].",
    ],
    [
      "the gradient of an op that has none",
      () => checkWrong((x: Value) => mean(argMax(x)), [1, 2], { inputs: [2] }),
      "argMax has no gradient",
    ],
    [
      "a loss that is not finite",
      () => checkWrong((x: Value) => log(x), -1, { inputs: [] }),
      "gradientCheck: the loss is NaN in f64; needs data at which it is finite.",
    ],
  ])("%s", async (_, attempt, message) => {
    await expect(attempt()).rejects.toThrow(message);
  });

  it("an index out of range, in the reference too", async () => {
    const build = ({ table, index }: { table: Value; index: Value }) => sum(gather(table, index));
    const data = { table: [1, 2], index: [2] };
    const options = { inputs: { table: [2], index: [1] }, gradients: ["table"] } as const;
    await expect(gradientCheck(build, data, options)).rejects.toThrow(
      /an index is no whole number from 0 to 1/,
    );
  });
});

it("a broadcast is checked where it is summed", async () => {
  const check = await gradientCheck((x) => square(broadcastTo(x, [4, 3])), numbers(3), { inputs: [3] });
  expect(check.passed).toBe(true);
});

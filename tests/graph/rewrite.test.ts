/** Each rewrite gives the same bits, applies where it should, and leaves alone what it would change. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Activation, Form } from "../../assembly/isa/matmul.ts";
import { foldRescale, fuseActivation, fuseBias, rewrites } from "../../src/graph/primitives/fuse.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { commonSubexpressions, type Rewrite, rewrite } from "../../src/graph/rewrite.ts";
import { schedule } from "../../src/graph/schedule.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { anything, integers, uniform } from "../cases/domains.ts";
import { countOf, randomGraph } from "../cases/graphs.ts";
import { Inputs } from "../cases/prepare.ts";
import { GraphProgram, sameBits } from "../cases/run.ts";
import { howMany } from "../given/depth.ts";

const seed = Number(process.env.WASMGRAD_SEED ?? 2);

/** Rewrites and checks that the engine gives the same bits for both; returns the new roots. */
function rewritten(inputs: Inputs, roots: readonly Value[], rules: readonly Rewrite[]): Value[] {
  const after = rewrite(roots, rules);
  const [before, now] = [roots, after].map((all) =>
    new GraphProgram(all, { maxRows: inputs.feed.rows }).run(inputs.feed),
  );
  now!.forEach((result, i) => {
    if (!sameBits(result, before![i]!)) throw new Error(`root ${i}: ${result} instead of ${before![i]}`);
  });
  return after;
}

const opsOf = (roots: readonly Value[]) => schedule(roots).map(({ op }) => op.name);

/** x [rows, k], a kernel [k, n], and a bias. */
function denseInputs({ k = 7, n = 5, rows = 3, bias = [n] as Shape, trial = 1 } = {}) {
  const inputs = new Inputs({ rows, seed: trial });
  const add = (shape: Shape) => inputs.add({ shape }, uniform(-1, 1)).value;
  return { inputs, x: add([ROWS, k]), kernel: add([k, n]), bias: add(bias) };
}

const product = (x: Value, kernel: Value) => ops.matmul(x, kernel, { form: Form.AB });

describe("fuseBias", () => {
  // k beyond MATMUL_KC, and sizes beyond the small product's, reach every path of matmul's epilogue.
  const sizes = [1, 2, 3, 4, 5, 8, 10, 13, 16, 33, 70];

  it("makes one linear of a product and its bias, to the bit, at any size", () => {
    const someSize = fc.constantFrom(...sizes);
    fc.assert(
      fc.property(someSize, fc.constantFrom(...sizes, 300), someSize, fc.integer(), (rows, k, n, trial) => {
        const { inputs, x, kernel, bias } = denseInputs({ k, n, rows, trial });
        const after = rewritten(inputs, [ops.add(product(x, kernel), bias)], [fuseBias]);
        expect(opsOf(after)).toEqual(["source", "parameter", "parameter", "linear"]);
      }),
      { numRuns: howMany(150, 750), seed },
    );
  });

  it("leaves a product alone that has another user", () => {
    const { inputs, x, kernel, bias } = denseInputs();
    const y = product(x, kernel);
    expect(countOf(rewritten(inputs, [ops.add(y, bias), ops.exp(y)], [fuseBias]), ops.linear)).toBe(0);
  });

  it("leaves a product alone that is a result itself", () => {
    const { inputs, x, kernel, bias } = denseInputs();
    const y = product(x, kernel);
    expect(countOf(rewritten(inputs, [ops.add(y, bias), y], [fuseBias]), ops.linear)).toBe(0);
  });

  it.each([[[1, 5]], [[3, 5]], [[1]], [[]], [[5, 1, 5]]])(
    "leaves a sum with %j alone, which is no bias",
    (bias) => {
      const { inputs, x, kernel, bias: addend } = denseInputs({ bias });
      const leading = bias.length > 2 ? ops.sum(x, { axes: [0] }) : undefined;
      const y = leading
        ? product(ops.reshape(leading, { shape: [1, 7] }), kernel)
        : product(tall(x, bias), kernel);
      expect(countOf(rewritten(inputs, [ops.add(y, addend)], [fuseBias]), ops.linear)).toBe(0);
    },
  );

  it("leaves the product of a transposed operand alone", () => {
    const { inputs, x, bias } = denseInputs();
    const transposed = inputs.add({ shape: [5, 7] }, uniform(-1, 1)).value;
    const sum = ops.add(ops.matmul(x, transposed, { form: Form.ABt }), bias);
    expect(countOf(rewritten(inputs, [sum], [fuseBias]), ops.linear)).toBe(0);
  });
});

/** x with the rows that a bias of two axes has, where it has more than one. */
const tall = (x: Value, bias: Shape): Value =>
  bias.length === 2 && bias[0] !== 1
    ? ops.broadcastTo(ops.mean(x, { axes: [0] }), broadcastRows(bias[0]!, x))
    : x;
const broadcastRows = (rows: number, x: Value) => ({
  shape: [rows, ...x.shape.slice(1)],
  divisor: { factor: 1, perRow: false },
});

describe("fuseActivation", () => {
  const activations = [
    ["relu", ops.relu, Activation.Relu],
    ["sigmoid", ops.sigmoid, Activation.Sigmoid],
    ["tanh", ops.tanh, Activation.Tanh],
  ] as const;

  it.each(activations)(
    "takes %s into the linear before it, to the bit, at any size",
    (_, activation, fused) => {
      const someSize = fc.constantFrom(1, 2, 3, 5, 8, 10, 17, 40);
      fc.assert(
        fc.property(someSize, someSize, someSize, fc.integer(), (rows, k, n, trial) => {
          const { inputs, x, kernel, bias } = denseInputs({ k, n, rows, trial });
          const y = activation(ops.linear(x, kernel, bias, { activation: Activation.None }));
          const [after] = rewritten(inputs, [y], [fuseActivation]);
          expect(after!.op).toBe(ops.linear);
          expect(after!.attributes).toEqual({ activation: fused });
        }),
        { numRuns: howMany(60, 300), seed },
      );
    },
  );

  it("gives relu the same zero", () => {
    const { inputs, x, kernel } = denseInputs();
    const zeros = inputs.add({ shape: [5] }, (values) => values.fill(-0)).value;
    const nothing = ops.affine(x, { scale: -0, offset: -0 });
    rewritten(
      inputs,
      [ops.relu(ops.linear(nothing, kernel, zeros, { activation: Activation.None }))],
      [fuseActivation],
    );
  });

  it("leaves a linear alone that has another user", () => {
    const { inputs, x, kernel, bias } = denseInputs();
    const y = ops.linear(x, kernel, bias, { activation: Activation.None });
    expect(countOf(rewritten(inputs, [ops.relu(y), ops.exp(y)], [fuseActivation]), ops.relu)).toBe(1);
  });

  it("leaves a linear alone that has an activation already", () => {
    const { inputs, x, kernel, bias } = denseInputs();
    const y = ops.linear(x, kernel, bias, { activation: Activation.Tanh });
    expect(countOf(rewritten(inputs, [ops.relu(y)], [fuseActivation]), ops.relu)).toBe(1);
  });

  it("leaves functions alone that no epilogue has", () => {
    const { inputs, x, kernel, bias } = denseInputs();
    const y = ops.exp(ops.linear(x, kernel, bias, { activation: Activation.None }));
    expect(countOf(rewritten(inputs, [y], [fuseActivation]), ops.exp)).toBe(1);
  });
});

describe("foldRescale", () => {
  const rescaled = (bytes: boolean, scale: number, offset: number, trial = 1) => {
    const inputs = new Inputs({ rows: 3, seed: trial });
    const stored = { bytes, scale: 1, offset: 0 };
    const x = inputs.add({ shape: [ROWS, 19], stored }, bytes ? integers(256) : anything).value;
    return { inputs, x, y: ops.affine(x, { scale, offset }) };
  };

  it.each([true, false])("rescales while it gathers, to the bit (bytes: %s)", (bytes) => {
    const scales = fc.constantFrom(1 / 255, 0.1, -2, 0, 1);
    fc.assert(
      fc.property(scales, fc.constantFrom(0, -0.5, 0.1), fc.integer(), (scale, offset, trial) => {
        const { inputs, y } = rescaled(bytes, scale, offset, trial);
        const [after] = rewritten(inputs, [y], [foldRescale]);
        expect(after!.op).toBe(scale === 1 && offset === 0 ? ops.affine : ops.source);
      }),
      { numRuns: howMany(60, 300), seed },
    );
  });

  it("leaves a source alone that has another user", () => {
    const { inputs, x, y } = rescaled(false, 0.5, 0);
    expect(countOf(rewritten(inputs, [y, ops.relu(x)], [foldRescale]), ops.affine)).toBe(1);
  });

  it("folds one of two rescalings only: the second rounds once more", () => {
    const { inputs, y } = rescaled(true, 1 / 255, 0);
    expect(
      countOf(rewritten(inputs, [ops.affine(y, { scale: 2, offset: -1 })], [foldRescale]), ops.affine),
    ).toBe(1);
  });
});

describe("commonSubexpressions", () => {
  const merge = (build: (x: Value) => readonly Value[]) => {
    const inputs = new Inputs({ rows: 3, seed: 1 });
    const { value } = inputs.add({ shape: [ROWS, 6] }, uniform(-1, 1));
    return rewritten(inputs, build(value), [commonSubexpressions()]);
  };

  it("computes once what is written twice, and what follows from it too", () => {
    const twice = (x: Value) => ops.exp(ops.affine(x, { scale: 2, offset: 1 }));
    const after = merge((x) => [ops.add(twice(x), twice(x))]);
    expect(opsOf(after)).toEqual(["source", "affine", "exp", "add"]);
  });

  it("tells attributes apart, to the last bit", () => {
    const numbers = [
      0,
      -0,
      1,
      Number.MIN_VALUE,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ];
    const after = merge((x) => numbers.map((offset) => ops.affine(x, { scale: 1, offset })));
    expect(new Set(after).size).toBe(numbers.length);
  });

  it("tells operands apart by their order", () => {
    expect(
      countOf(
        merge((x) => [ops.subtract(x, ops.exp(x)), ops.subtract(ops.exp(x), x)]),
        ops.subtract,
      ),
    ).toBe(2);
  });

  it("tells ops of one name apart, and functions among their attributes", () => {
    const custom = (attributes: unknown): Value => {
      const input = inputs.add({ shape: [ROWS, 3] }, uniform(-1, 1)).value;
      return { ...ops.exp(input), inputs: [x], attributes };
    };
    const inputs = new Inputs({ rows: 3, seed: 1 });
    const x = inputs.add({ shape: [ROWS, 3] }, uniform(-1, 1)).value;
    const count = (roots: readonly Value[]) => new Set(rewrite(roots, [commonSubexpressions()])).size;
    const rule = () => 1;
    expect(count([custom({ rule }), custom({ rule })])).toBe(1);
    expect(count([custom({ rule }), custom({ rule: () => 2 })])).toBe(2);
    const other = { ...ops.exp, name: "exp" } as unknown as Value["op"];
    expect(count([custom({ rule }), { ...custom({ rule }), op: other }])).toBe(2);
  });

  it("keeps masks of different nodes apart, and draws one mask of one node", () => {
    const mask = (x: Value, node: number) => ops.dropout(x, { rate: 0.5, node });
    expect(
      countOf(
        merge((x) => [ops.add(mask(x, 1), mask(x, 2))]),
        ops.dropout,
      ),
    ).toBe(2);
    expect(
      countOf(
        merge((x) => [ops.add(mask(x, 1), mask(x, 1))]),
        ops.dropout,
      ),
    ).toBe(1);
  });

  it("keeps reports, each of which adds to its sum", () => {
    const total = (x: Value) => ops.sum(x, { axes: [0, 1] });
    expect(
      countOf(
        merge((x) => [0, 0].map((slot) => ops.report(total(x), { slot, weighted: true, divisor: 1 }))),
        ops.report,
      ),
    ).toBe(2);
  });
});

describe("rewrite", () => {
  it("leaves out what the roots do not need", () => {
    const { inputs, x, kernel, bias } = denseInputs();
    const y = ops.relu(ops.add(product(x, kernel), bias));
    // The sum is needed by nothing but the fused relu, so it is no longer there.
    expect(opsOf(rewritten(inputs, [y], rewrites()))).toEqual(["source", "parameter", "parameter", "linear"]);
  });

  it("keeps the roots' order and number", () => {
    const { inputs, x, kernel, bias } = denseInputs();
    const sum = ops.add(product(x, kernel), bias);
    const after = rewritten(inputs, [ops.relu(sum), x, sum, x], rewrites());
    expect(after.map(({ op }) => op.name)).toEqual(["relu", "source", "linear", "source"]);
  });

  it("gives the same bits for any graph and its gradients", () => {
    let applied = 0;
    fc.assert(
      fc.property(randomGraph, ({ roots, feed, maxRows }) => {
        const after = rewrite(roots, rewrites());
        if (schedule(after).length < schedule(roots).length) applied++;
        const run = (all: readonly Value[]) => new GraphProgram(all, { maxRows }).run(feed);
        const [before, now] = [run(roots), run(after)];
        expect(now.map((result, i) => sameBits(result, before[i]!))).toEqual(now.map(() => true));
      }),
      { numRuns: howMany(300, 1500), seed },
    );
    expect(applied).toBeGreaterThan(100);
  });
});

/** Reverse mode on whole graphs: sums over users, kinks as PyTorch has them, and what has no gradient. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backward } from "../../src/graph/backward.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { evaluate } from "../../src/graph/reference/evaluate.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { type Domain, uniform } from "../cases/domains.ts";
import { chainRule, difference } from "../cases/gradients.ts";
import { randomLoss } from "../cases/graphs.ts";
import { Inputs } from "../cases/prepare.ts";
import { GraphProgram } from "../cases/run.ts";
import { howMany } from "../given/depth.ts";

const seed = Number(process.env.WASMGRAD_SEED ?? 2);

const exactly =
  (...numbers: number[]): Domain =>
  (values) =>
    values.set(numbers);

/** The engine's gradient of Σ weights · y by each input, the weights being 1, 2, 3 …: each element shows its own. */
function gradientsAt(
  points: readonly (readonly number[])[],
  build: (...inputs: Value[]) => Value,
): number[][] {
  const inputs = new Inputs({ rows: 1, seed: 1 });
  const values = points.map((point) => inputs.add({ shape: [point.length] }, exactly(...point)).value);
  const y = build(...values);
  const counting: Domain = (all) => all.forEach((_, i) => (all[i] = i + 1));
  const product = ops.multiply(y, inputs.add({ shape: y.shape }, counting).value);
  const loss = ops.sum(product, { axes: product.shape.map((_, axis) => axis) });
  const roots = backward(loss, values, chainRule).map((gradient) => gradient ?? loss);
  return new GraphProgram(roots, { maxRows: 1 }).run(inputs.feed).map((gradient) => [...gradient]);
}

describe("backward", () => {
  it("gives the gradient that finite differences find, on any graph, in f64 and by the engine", () => {
    let checked = 0;
    fc.assert(
      fc.property(randomLoss, ({ loss, parameters, feed, maxRows }) => {
        const found = backward(loss, parameters, chainRule);
        const wanted = parameters.flatMap((parameter, i) =>
          found[i] ? [{ parameter, gradient: found[i] }] : [],
        );
        const roots = wanted.map(({ gradient }) => gradient);
        const reference = evaluate(roots, feed);
        const engine = new GraphProgram(roots, { maxRows }).run(feed);
        wanted.forEach(({ parameter }, i) => {
          const numbers = feed.parameters!.get(parameter.attributes as never)!;
          const scale = Math.max(1e-3, ...reference[i]!.data.map(Math.abs));
          for (const element of [0, numbers.length - 1]) {
            const slope = difference(loss, feed, numbers, element);
            expect(Math.abs(reference[i]!.data[element]! - slope)).toBeLessThan(1e-6 * scale);
            expect(Math.abs(engine[i]![element]! - slope)).toBeLessThan(1e-4 * scale);
            checked++;
          }
        });
      }),
      { numRuns: howMany(200, 1000), seed },
    );
    expect(checked).toBeGreaterThan(300);
  });

  it("sums over all users of a value", () => {
    // d/dx (x·x + 3x + x) = 2x + 4
    const build = (x: Value) =>
      ops.add(ops.add(ops.multiply(x, x), ops.affine(x, { scale: 3, offset: 0 })), x);
    expect(gradientsAt([[5, -1, 0.5]], build as (...inputs: Value[]) => Value)).toEqual([[14, 2 * 2, 3 * 5]]);
  });

  it("gives null for what the loss does not depend on, and for labels", () => {
    const inputs = new Inputs({ rows: 2, seed: 1 });
    const add = (shape: Shape) => inputs.add({ shape }, uniform(0, 1)).value;
    const [logits, label, stranger] = [add([ROWS, 3]), add([ROWS]), add([3])];
    const loss = ops.sum(ops.crossEntropy(logits, label), { axes: [0] });
    const found = backward(loss, [logits, label, stranger], chainRule);
    expect(found.map((gradient) => gradient?.shape ?? null)).toEqual([[ROWS, 3], null, null]);
  });

  it("refuses to go through what has no gradient, and names the op", () => {
    const x = new Inputs({ rows: 2, seed: 1 }).add({ shape: [3] }, uniform(0, 1)).value;
    const loss = ops.sum(ops.greaterThan(x, { threshold: 0 }), { axes: [0] });
    expect(() => backward(loss, [x], chainRule)).toThrow("greaterThan has no gradient");
  });

  it.each<[string, (x: Value) => Value]>([
    ["before", (x) => ops.oneHot(ops.stopGradient(ops.argMax(x)), { depth: 3 })],
    ["behind", (x) => ops.stopGradient(ops.oneHot(ops.argMax(x), { depth: 3 }))],
  ])("goes by what has no gradient with a stop %s it", (_, chosen) => {
    expect(gradientsAt([[2, 7, 5]], (x) => ops.multiply(x!, chosen(x!)))).toEqual([[0, 2, 0]]);
  });

  it("takes a chain of ten thousand ops", () => {
    const x = new Inputs({ rows: 2, seed: 1 }).add({ shape: [3] }, uniform(0, 1)).value;
    let y = x;
    for (let i = 0; i < 10_000; i++) y = ops.negate(y);
    expect(backward(ops.sum(y, { axes: [0] }), [x], chainRule)[0]?.shape).toEqual([3]);
  });
});

/** As PyTorch 2: torch.relu, abs, minimum, maximum, amax. */
describe("the gradient at a kink", () => {
  it("of relu and of abs is 0 at 0", () => {
    expect(gradientsAt([[-2, 0, -0, 3]], (x) => ops.relu(x!))).toEqual([[0, 0, 0, 4]]);
    expect(gradientsAt([[-2, 0, -0, 3]], (x) => ops.abs(x!))[0]!.map((g) => g + 0)).toEqual([-1, 0, 0, 4]);
  });

  it.each([
    ["minimum", ops.minimum, [1, 1, 0], [0, 1, 3]],
    ["maximum", ops.maximum, [0, 1, 3], [1, 1, 0]],
  ] as const)("of %s goes half to each where both are equal", (_, op, left, right) => {
    const found = gradientsAt(
      [
        [1, 5, 3],
        [2, 5, 1],
      ],
      (a, b) => op(a!, b!),
    );
    expect(found.map((gradient) => gradient.map((g) => g + 0))).toEqual([[...left], [...right]]);
  });

  it("of a maximum is shared evenly by equal maxima", () => {
    expect(gradientsAt([[7, 1, 7, 7, -7]], (x) => ops.max(x!, { axes: [0] }))).toEqual([
      [1 / 3, 0, 1 / 3, 1 / 3, 0].map(Math.fround),
    ]);
  });
});

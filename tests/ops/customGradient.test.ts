/** customGradient: the user's rule takes the place of the chain rule, and what is wrong with it is said. */
import { describe, expect, it } from "vitest";
import { Form } from "../../assembly/isa/matmul.ts";
import { GradientError, OptionError, ShapeError } from "../../src/check/errors.ts";
import { backward } from "../../src/graph/backward.ts";
import { rewrites } from "../../src/graph/primitives/fuse.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { rewrite } from "../../src/graph/rewrite.ts";
import { schedule } from "../../src/graph/schedule.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { compile, customLayer, dense, input, sequential } from "../../src/index.ts";
import { customGradient } from "../../src/ops/customGradient.ts";
import { uniform } from "../cases/domains.ts";
import { chainRule } from "../cases/gradients.ts";
import { Inputs } from "../cases/prepare.ts";
import { GraphProgram } from "../cases/run.ts";

const total = (x: Value) => ops.sum(x, { axes: x.shape.map((_, axis) => axis) });

/** Gradients of Σ build(x, …), by the engine. */
function gradientsOf(build: (...inputs: Value[]) => Value, ...shapes: Shape[]) {
  const inputs = new Inputs({ rows: 3, seed: 1 });
  const added = shapes.map((shape) => inputs.add({ shape }, uniform(-2, 2)));
  const values = added.map(({ value }) => value);
  const found = backward(total(build(...values)), values, chainRule);
  const roots = found.filter((value) => value !== null);
  const numbers = new GraphProgram(roots, { maxRows: 4 }).run(inputs.feed);
  return { found, numbers, given: added.map(({ values: of }) => of) };
}

describe("customGradient", () => {
  it("gives the user's gradient, not that of the ops", () => {
    const tripled = customGradient(
      (x) => ops.square(x),
      (_, __, dy) => [ops.affine(dy, { scale: 3, offset: 0 })],
    );
    expect([...gradientsOf(tripled, [4]).numbers[0]!]).toEqual([3, 3, 3, 3]);
  });

  it("differentiates what has no gradient: a step whose gradient passes straight through", () => {
    const step = customGradient(
      (x) => ops.greaterThan(x, { threshold: 0 }),
      (_, __, dy) => [dy],
    );
    expect([...gradientsOf(step, [ROWS, 2]).numbers[0]!]).toEqual([1, 1, 1, 1, 1, 1]);
    const without = (x: Value) => ops.greaterThan(x, { threshold: 0 });
    expect(() => gradientsOf(without, [ROWS, 2])).toThrow(GradientError);
  });

  it("is called with inputs, result and the gradient of the result", () => {
    const product = customGradient(
      (a, b) => ops.multiply(a, b),
      ([, b], y, dy) => [ops.multiply(ops.multiply(y, b), dy), null],
    );
    const { found, numbers, given } = gradientsOf((a, b) => ops.negate(product(a, b)), [5], [5]);
    const [a, b] = given as [Float32Array, Float32Array];
    expect(found[1]).toBe(null);
    expect([...numbers[0]!]).toEqual(Array.from(a, (x, i) => -Math.fround(Math.fround(x * b[i]!) * b[i]!)));
  });

  it("gives no gradient to a value that forward uses without taking it", () => {
    const inputs = new Inputs({ rows: 1, seed: 1 });
    const [x, w] = [1, 2].map(() => inputs.add({ shape: [3] }, uniform(-1, 1)).value) as [Value, Value];
    const times = customGradient(
      (a) => ops.multiply(a, w),
      (_, __, dy) => [ops.multiply(dy, w)],
    );
    expect(backward(total(times(x)), [w], chainRule)).toEqual([null]);
  });

  it("takes numbers for scalars", () => {
    const sum = customGradient(
      (a, b) => ops.add(a, b),
      (_, __, dy) => [dy, total(dy)],
    );
    expect([...gradientsOf((x) => sum(x, 2), [2]).numbers[0]!]).toEqual([1, 1]);
  });

  it("draws the same numbers in every build", () => {
    const build = () => {
      const noisy = customGradient(
        (x) => ops.negate(x),
        (_, __, dy) => [ops.dropout(dy, { rate: 0.5, node: 7 })],
      );
      return gradientsOf(noisy, [40]).numbers[0]!;
    };
    expect(build()).toEqual(build());
  });
});

describe("a rule, once the gradients are there", () => {
  const same = customGradient(
    (x) => x,
    (_, __, dy) => [ops.affine(dy, { scale: 2, offset: 0 })],
  );

  it("is dropped, so that what lies around it is fused: to the same bits", () => {
    const inputs = new Inputs({ rows: 3, seed: 2 });
    const add = (shape: Shape) => inputs.add({ shape }, uniform(-1, 1)).value;
    const [x, kernel, bias] = [add([ROWS, 4]), add([4, 5]), add([5])] as const;
    const sums = ops.stopGradient(ops.add(same(ops.matmul(x, kernel, { form: Form.AB })), bias));
    const roots = [ops.relu(same(sums)), same(x)];
    const after = rewrite(roots, rewrites());
    expect(schedule(after).map(({ op }) => op.name)).toEqual(["source", "parameter", "parameter", "linear"]);
    const [before, now] = [roots, after].map((all) => new GraphProgram(all, { maxRows: 3 }).run(inputs.feed));
    expect(now).toEqual(before);
  });

  it("has left its gradients in the graph", () => {
    const inputs = new Inputs({ rows: 1, seed: 2 });
    const { value } = inputs.add({ shape: [3] }, uniform(-1, 1));
    const [gradient] = backward(total(same(value)), [value], chainRule);
    const [found] = new GraphProgram(rewrite([gradient!], rewrites()), { maxRows: 1 }).run(inputs.feed);
    expect([...found!]).toEqual([2, 2, 2]);
  });
});

describe("a wrong rule", () => {
  const x: Shape = [2, 3];
  const differentiate = (rule: (dy: Value, inputs: readonly Value[]) => unknown) => () => {
    const named = customGradient(
      function clipped(a: Value, b: Value) {
        return ops.add(a, b);
      },
      (inputs, _, dy) => rule(dy, inputs) as [Value, Value],
    );
    gradientsOf(named, x, [3]);
  };
  const site = String.raw` \(at .*customGradient\.test\.ts:\d+:\d+\)`;

  it.each<[string, (dy: Value, inputs: readonly Value[]) => unknown, string]>([
    [
      "of another shape",
      (dy) => [dy, dy],
      String.raw`by input 1 is \[2, 3\]; needs \[3\], the shape of that input`,
    ],
    [
      "for fewer inputs",
      (dy) => [dy],
      "is an array of 1; needs an array with one value, or null, for each of its 2",
    ],
    ["for more inputs", (dy) => [dy, null, null], "is an array of 3; needs an array"],
    ["alone", (dy) => dy, "is a value; needs an array"],
    ["of nothing", () => undefined, "is undefined; needs an array"],
    ["of numbers", () => [1, 2], "by input 0 is 1; needs a value, or null for none"],
    ["of undefined", (dy) => [dy, undefined], "by input 1 is undefined; needs a value, or null"],
    ["with holes", (dy) => Object.assign(new Array(2), { 0: dy }), "by input 1 is undefined; needs a value"],
  ])("that gives gradients %s is refused where it was called", (_, rule, message) => {
    expect(differentiate(rule)).toThrow(ShapeError);
    expect(differentiate(rule)).toThrow(new RegExp(`^the gradient of clipped${site} ${message}`));
  });

  it("in a layer is refused when its network is compiled, by the name of the layer", async () => {
    const broken = customGradient(
      (value) => ops.square(value),
      (_, __, dy) => [total(dy)],
    );
    const layer = customLayer({ kind: "broken", build: ([value]) => broken(value!) });
    const chain = sequential(input(3), dense(2), layer);
    await expect(compile(chain, { loss: "meanSquaredError" })).rejects.toThrow(
      new RegExp(String.raw`^broken: the gradient of .*${site} by its input is \[\]; needs \[rows, 2\]`),
    );
    const frozen = sequential(input(3), layer);
    await expect(compile(frozen)).resolves.toBeDefined();
  });

  it("is refused when it is no function", () => {
    expect(() => customGradient((a) => a, undefined as never)).toThrow(OptionError);
    expect(() => customGradient(3 as never, undefined as never)).toThrow(
      "customGradient: forward is 3; needs a function.",
    );
  });

  it("is refused when forward returns no value", () => {
    const none = customGradient((() => undefined) as never as (x: Value) => Value, (_, __, dy) => [dy]);
    expect(() => none(1)).toThrow("its forward function returns undefined; needs a value.");
    expect(() => none("a" as never)).toThrow(ShapeError);
  });
});

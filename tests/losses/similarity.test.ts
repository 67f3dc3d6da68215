/** The cosine and the distance of vectors as functions of values: where they end, and what they refuse. */
import { describe, expect, it } from "vitest";
import { compileFunction } from "../../src/autodiff/index.ts";
import { placeholder } from "../../src/graph/primitives/step/source.ts";
import { OptionError, ShapeError } from "../../src/index.ts";
import { cosineSimilarity, pairwiseDistance } from "../../src/ops/index.ts";

describe("cosineSimilarity", () => {
  it("is 1, 0 and −1 for the same, a right and the opposite direction, whatever the lengths", async () => {
    const cosine = await compileFunction(({ a, b }) => cosineSimilarity(a, b), {
      inputs: { a: [3, 2], b: [3, 2] },
    });
    const found = cosine({ a: [1e-3, 2e-3, 3e9, 4e9, -5, 12], b: [1e6, 2e6, -4, 3, 5e-9, -12e-9] });
    [1, 0, -1].forEach((expected, i) => expect(Math.abs(found[i]! - expected)).toBeLessThan(2e-7));
  });

  it("of a vector of zeros is 0, with a finite gradient that points to the other vector", async () => {
    const cosine = await compileFunction(({ a, b }) => cosineSimilarity(a, b, { epsilon: 0.5 }), {
      inputs: { a: [2], b: [2] },
      gradients: true,
    });
    const { value, gradients } = cosine({ a: [0, 0], b: [3, 4] });
    expect([...value]).toEqual([0]);
    // b / (|b| · epsilon)
    [1.2, 1.6].forEach((expected, i) => expect(gradients.a[i]).toBeCloseTo(expected, 6));
    expect([...gradients.b]).toEqual([0, 0]);
  });
});

describe("pairwiseDistance", () => {
  it("of equal vectors of n numbers is √n · epsilon, with a finite gradient", async () => {
    const distance = await compileFunction(({ a, b }) => pairwiseDistance(a, b), {
      inputs: { a: [4], b: [4] },
      gradients: true,
    });
    const { value, gradients } = distance({ a: [1, -1, 0.5, 2], b: [1, -1, 0.5, 2] });
    expect(value[0]).toBeCloseTo(2e-6, 12);
    for (const slope of gradients.a) expect(slope).toBeCloseTo(0.5, 6);
  });

  it("is the sum of sizes for p = 1, and nears the largest for a large p", async () => {
    const distances = await compileFunction(
      ({ a, b }) => ({
        one: pairwiseDistance(a, b, { p: 1, epsilon: 0 }),
        many: pairwiseDistance(a, b, { p: 40, epsilon: 0 }),
      }),
      { inputs: { a: [3], b: [3] } },
    );
    const { one, many } = distances({ a: [1, 2, 3], b: [0.5, -1, 3.5] });
    expect(one[0]).toBe(4);
    expect(many[0]).toBeCloseTo(3, 5);
  });
});

const x = placeholder([-1, 3], 0);

describe("what they refuse", () => {
  it.each<[() => unknown, typeof ShapeError | typeof OptionError, string]>([
    [() => cosineSimilarity(x, placeholder([-1, 2], 1)), ShapeError, "cosineSimilarity"],
    [() => cosineSimilarity(1, 2), ShapeError, "cosineSimilarity: got two scalars; needs at least one axis"],
    [() => cosineSimilarity(x, x, { axis: 2 }), ShapeError, "axis is 2; needs an integer from -2 to 1"],
    [
      () => cosineSimilarity(x, x, { epsilon: 0 }),
      OptionError,
      "cosineSimilarity: epsilon is 0; needs a number of at least 1e-18.",
    ],
    [() => pairwiseDistance(x, x, { p: 0.5 }), OptionError, "p is 0.5; needs a number of at least 1."],
    [
      () => pairwiseDistance(x, x, { epsilon: -1 }),
      OptionError,
      "epsilon is -1; needs a number of at least 0.",
    ],
    [
      () => pairwiseDistance(x, x, { eps: 1 } as never),
      OptionError,
      'pairwiseDistance: there is no option "eps". Did you mean "epsilon"?',
    ],
    [() => pairwiseDistance("x" as never, x), ShapeError, 'pairwiseDistance: got "x"; needs a value'],
  ])("%s", (build, type, message) => {
    expect(build).toThrow(type);
    expect(build).toThrow(message);
  });
});

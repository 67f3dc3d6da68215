/** The names of inputs and outputs are known to the compiler: what is wrong here is wrong for tsc, and for the call. */
import { expect, it } from "vitest";
import { compileFunction, gradientCheck } from "../../src/autodiff/index.ts";
import { customGradient, matmul, square, sum } from "../../src/ops/index.ts";

it("a call takes the inputs that there are, and gives the outputs that there are", async () => {
  const f = await compileFunction(({ a, b }) => ({ y: matmul(a, b) }), { inputs: { a: [1, 1], b: [1, 1] } });
  const result = f({ a: [2], b: [3] });
  const y: Float32Array = result.y;
  expect([...y]).toEqual([6]);
  // @ts-expect-error there is no output of that name
  expect(result.z).toBeUndefined();
  // @ts-expect-error an input is missing
  expect(() => f({ a: [1] })).toThrow();
  // @ts-expect-error there is no input of that name
  expect(() => f({ a: [1], b: [2], c: 3 })).toThrow();
  // @ts-expect-error there are no seeds
  expect(() => f({ a: [1], b: [2] }, { y: [1] })).toThrow();
});

it("gradients are by the inputs that were asked for", async () => {
  const build = { inputs: { a: [1], b: [1] }, gradients: ["a"], of: "total" } as const;
  const f = await compileFunction(({ a, b }) => ({ b, total: sum(square(a)) }), build);
  const { value, gradients } = f({ a: [3], b: [1] });
  const numbers: Float32Array[] = [value.total, value.b, gradients.a];
  expect(numbers.map(([one]) => one)).toEqual([9, 1, 6]);
  // @ts-expect-error it was not asked for
  expect(gradients.b).toBeUndefined();
  const stranger = { inputs: { a: [1] }, gradients: ["z"] } as const;
  // @ts-expect-error there is no input of that name
  await expect(compileFunction(({ a }) => sum(a), stranger)).rejects.toThrow();
  const wrong = { inputs: { a: [1] }, gradients: ["a"], of: "z" } as const;
  // @ts-expect-error there is no output of that name
  await expect(compileFunction(({ a }) => ({ total: sum(a) }), wrong)).rejects.toThrow();
});

it("seeds are taken where they were announced", async () => {
  const f = await compileFunction((x) => square(x), { inputs: [1], gradients: true, seeds: true });
  expect([...f([3], [10]).gradients]).toEqual([60]);
  // @ts-expect-error the seeds are missing
  expect(() => f([3])).toThrow();
});

it("shapes need not be known to the compiler", async () => {
  const shape: readonly number[] = [2];
  const f = await compileFunction((x) => square(x), { inputs: shape });
  expect(f([1, 2]).length).toBe(2);
  const named: Record<string, number[]> = { a: [2] };
  const g = await compileFunction(({ a }) => square(a!), { inputs: named, gradients: true, seeds: true });
  expect(g({ a: [1, 2] }, [1, 1]).gradients.a?.length).toBe(2);
});

it("a check takes the inputs of its function, a rule as many inputs as its function", async () => {
  const options = { inputs: { a: [1] } };
  // @ts-expect-error there is no input of that name
  await expect(gradientCheck(({ a }) => sum(a), { b: [1] }, options)).rejects.toThrow();
  const twice = customGradient(
    (x) => square(x),
    ([x], _, dy) => [matmul(x, dy)],
  );
  // @ts-expect-error its input is missing
  expect(() => twice()).toThrow();
});

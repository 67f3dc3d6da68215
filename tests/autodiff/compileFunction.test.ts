/** Plain functions of values as compiled programs: what calls take and give. Expected numbers follow from formulas. */
import { describe, expect, it } from "vitest";
import { compileFunction } from "../../src/autodiff/compileFunction.ts";
import {
  add,
  argMax,
  constant,
  divide,
  dropout,
  exp,
  gather,
  matmul,
  multiply,
  negate,
  sqrt,
  square,
  sum,
  where,
} from "../../src/ops/index.ts";
import { randomNormal, randomUniform } from "../../src/ops/random.ts";

describe("a compiled function", () => {
  it("may return values that are named as the fields of one", async () => {
    const f = await compileFunction((x) => ({ op: negate(x), inputs: square(x) }), {
      inputs: [2],
    });
    const { op, inputs } = f([1, 3]);
    expect([[...op], [...inputs]]).toEqual([
      [-1, -3],
      [1, 9],
    ]);
  });

  it("takes and gives numbers by name", async () => {
    const f = await compileFunction(({ a, b }) => ({ product: matmul(a, b), total: sum(a) }), {
      inputs: { a: [2, 3], b: [3, 2] },
    });
    const a = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const result = f({ a, b: Float32Array.of(1, 0, 0, 1, 1, 1) });
    expect(Object.keys(result)).toEqual(["product", "total"]);
    expect([...result.product]).toEqual([4, 5, 10, 11]);
    expect([...result.total]).toEqual([21]);
  });

  it("takes one value where there is one shape, and gives one where it returns one", async () => {
    const f = await compileFunction((x) => square(x), { inputs: [3] });
    const y: Float32Array = f([1, 2, 3]);
    expect([...y]).toEqual([1, 4, 9]);
  });

  it("takes scalars, as numbers or lists of one", async () => {
    const f = await compileFunction((x) => add(x, 1), { inputs: [] });
    expect([...f(2)]).toEqual([3]);
    expect([...f([3])]).toEqual([4]);
    expect([...f(Float64Array.of(4))]).toEqual([5]);
  });

  it("takes empty shapes", async () => {
    const f = await compileFunction(({ x, w }) => ({ total: sum(x), same: x, all: matmul(x, w) }), {
      inputs: { x: [2, 0], w: [0, 3] },
      gradients: ["x", "w"],
      of: "total",
    });
    for (const x of [[[], []], [], new Float32Array()]) {
      const { value, gradients } = f({ x, w: [] });
      expect([...value.total]).toEqual([0]);
      expect([...value.all]).toEqual([0, 0, 0, 0, 0, 0]);
      expect([value.same.length, gradients.x.length, gradients.w.length]).toEqual([0, 0, 0]);
    }
  });

  it("takes numbers nested as the shape, or flat, of any type", async () => {
    const f = await compileFunction((x) => x, { inputs: [2, 1, 2] });
    const rows = [Float32Array.of(1, 2), new Uint8Array([3, 4])];
    for (const given of [[[[1, 2]], [[3, 4]]], [1, 2, 3, 4], rows, Int16Array.of(1, 2, 3, 4)]) {
      expect([...f(given)]).toEqual([1, 2, 3, 4]);
    }
  });

  it("takes NaN and infinities: it is a calculator", async () => {
    const f = await compileFunction(({ a, b }) => divide(a, b), { inputs: { a: [4], b: [4] } });
    expect([...f({ a: [1, 0, Number.NaN, Number.POSITIVE_INFINITY], b: [0, 0, 1, 2] })]).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NaN,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]);
  });

  it("gives copies: a later call changes no earlier result, and no result changes an input", async () => {
    const f = await compileFunction((x) => ({ x, y: square(x) }), { inputs: [2] });
    const first = f([1, 2]);
    first.x.fill(9);
    const second = f([3, 4]);
    expect([...first.y]).toEqual([1, 4]);
    expect([...second.x]).toEqual([3, 4]);
    expect([...second.y]).toEqual([9, 16]);
  });

  it("computes with constants and without inputs", async () => {
    const table = [
      [1, 2],
      [3, 4],
    ];
    const f = await compileFunction(() => ({ table: constant(table), doubled: add(constant(table), 1) }), {
      inputs: {},
    });
    expect([...f({}).table]).toEqual([1, 2, 3, 4]);
    expect([...f({}).doubled]).toEqual([2, 3, 4, 5]);
  });

  it("settles loops and branches when it is traced", async () => {
    let traces = 0;
    const power = await compileFunction(
      (x) => {
        traces++;
        let y = x;
        for (let i = 0; i < 3; i++) y = multiply(y, x);
        return y;
      },
      { inputs: [2] },
    );
    expect([...power([2, 3])]).toEqual([16, 81]);
    power([1, 1]);
    expect(traces).toBe(1);
  });

  it("gives the same result under two names", async () => {
    const f = await compileFunction(
      (x) => {
        const y = exp(x);
        return { y, again: y };
      },
      { inputs: [1] },
    );
    expect(f([0])).toEqual({ y: Float32Array.of(1), again: Float32Array.of(1) });
  });

  it("shows its program and its memory, and lets go of them", async () => {
    const f = await compileFunction(({ a, b }) => matmul(a, b), { inputs: { a: [4, 8], b: [8, 4] } });
    expect(f.disassemble()).toMatch(/^0 {2}Matmul +y=arena\+0 a=parameters\+0 b=parameters\+128 /);
    expect(f.memory.parameters).toBe(2 * 4 * 8 * 4);
    expect(f.memory.arena).toBe(64);
    f.dispose();
    f.dispose();
    expect(() => f({ a: [], b: [] })).toThrow("was disposed. Compile it again.");
    expect(() => f.memory).toThrow("was disposed");
    expect(() => f.disassemble()).toThrow("was disposed");
  });

  it("computes with the relaxed build too", async () => {
    const f = await compileFunction((x) => square(x), { inputs: [2], precision: "fast" });
    expect([...f([3, 4])]).toEqual([9, 16]);
  });
});

describe("gradients of a compiled function", () => {
  it("come with its value", async () => {
    const norm = await compileFunction((x) => sqrt(sum(square(x))), { inputs: [3], gradients: true });
    const { value, gradients } = norm([1, 2, 2]);
    expect([...value]).toEqual([3]);
    // d‖x‖ / dx = x / ‖x‖
    expect([...gradients]).toEqual([1 / 3, 2 / 3, 2 / 3].map(Math.fround));
  });

  it("are those by the inputs that are named, of the output that is named", async () => {
    const f = await compileFunction(
      ({ a, b, unused }) => ({ y: multiply(a, b), loss: sum(multiply(square(a), b)), unused }),
      { inputs: { a: [2], b: [2], unused: [2, 2] }, gradients: ["unused", "a"], of: "loss" },
    );
    const { value, gradients } = f({ a: [1, 2], b: [3, 4], unused: [0, 0, 0, 0] });
    expect([...value.y]).toEqual([3, 8]);
    expect([...value.loss]).toEqual([19]);
    // d Σ a² b / da = 2 a b; the loss does not depend on the other.
    expect(gradients).toEqual({ unused: new Float32Array(4), a: Float32Array.of(6, 16) });
  });

  it("are by all inputs for true", async () => {
    const f = await compileFunction(({ a, b }) => sum(multiply(a, b)), {
      inputs: { a: [2], b: [] },
      gradients: true,
    });
    expect(f({ a: [1, 2], b: 3 })).toEqual({
      value: Float32Array.of(9),
      gradients: { a: Float32Array.of(3, 3), b: Float32Array.of(3) },
    });
  });

  it("are vector-Jacobian products where each call brings seeds", async () => {
    const f = await compileFunction(({ a, b }) => ({ product: matmul(a, b), a: square(a) }), {
      inputs: { a: [1, 2], b: [2, 3] },
      gradients: ["a"],
      seeds: true,
    });
    const b = [1, 2, 3, 4, 5, 6];
    // (1, 0, 2) · bᵀ
    expect([...f({ a: [1, 1], b }, { product: [1, 0, 2] }).gradients.a]).toEqual([7, 16]);
    // and 2 a ∘ (10, 20)
    const both = f({ a: [1, 2], b }, { product: [[1, 0, 2]], a: [[10, 20]] });
    expect([...both.gradients.a]).toEqual([7 + 20, 16 + 80]);
    expect([...f({ a: [1, 1], b }, {}).gradients.a]).toEqual([0, 0]);
    const one = await compileFunction((x) => square(x), { inputs: [2], gradients: true, seeds: true });
    expect([...one([1, 2], [5, 7]).gradients]).toEqual([10, 28]);
  });

  it("pass indices by: they have none", async () => {
    const lookup = await compileFunction(({ table, index }) => sum(gather(table, index)), {
      inputs: { table: [3, 2], index: [2] },
      gradients: ["table", "index"],
    });
    const { value, gradients } = lookup({ table: [1, 2, 3, 4, 5, 6], index: [2, 2] });
    expect([...value]).toEqual([22]);
    expect([...gradients.table]).toEqual([0, 0, 0, 0, 2, 2]);
    expect([...gradients.index]).toEqual([0, 0]);
  });

  it("are not asked of an op that no wanted input goes through", async () => {
    const f = await compileFunction(({ a, b }) => sum(where(argMax(b), a, 0)), {
      inputs: { a: [2], b: [2, 3] },
      gradients: ["a"],
    });
    expect([...f({ a: [5, 6], b: [1, 0, 0, 0, 0, 1] }).gradients.a]).toEqual([0, 1]);
  });
});

describe("random numbers of a compiled function", () => {
  const compileNoise = (seed: number) =>
    compileFunction(
      (x) => ({ normal: randomNormal([20]), other: randomUniform([20]), dropped: dropout(x, 0.5) }),
      {
        inputs: [40],
        seed,
      },
    );
  const ones = new Float32Array(40).fill(1);

  it("are new in each call and follow from the seed", async () => {
    const f = await compileNoise(1);
    const [first, second] = [f(ones), f(ones)];
    expect(first.normal).not.toEqual(second.normal);
    expect(first.other).not.toEqual(second.other);
    expect(first.dropped).not.toEqual(second.dropped);
    const again = await compileNoise(1);
    expect(again(ones)).toEqual(first);
    expect(again(ones)).toEqual(second);
    expect((await compileNoise(2))(ones)).not.toEqual(first);
  });

  it("are the same in value and gradient", async () => {
    const f = await compileFunction((x) => sum(dropout(x, 0.5)), { inputs: [40], gradients: true });
    for (let call = 0; call < 3; call++) {
      const { value, gradients } = f(ones);
      expect(gradients.reduce((total, one) => total + one, 0)).toBe(value[0]);
    }
  });
});

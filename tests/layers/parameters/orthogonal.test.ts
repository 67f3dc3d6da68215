/** Orthogonal first kernels: what they promise, and that they are the same wherever they are made. */
import { describe, expect, it } from "vitest";
import { compile, customLayer, dense, input, orthogonal, sequential } from "../../../src/index.ts";
import { kernelOf, meanOf } from "../../given/firstValues.ts";

/** a · b of row-major matrices in f64, a being [rows, inner]. */
function product(a: ArrayLike<number>, b: ArrayLike<number>, rows: number, inner: number): number[] {
  const columns = b.length / inner;
  return Array.from({ length: rows * columns }, (_, at) => {
    const [i, j] = [Math.floor(at / columns), at % columns];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += (a[i * inner + k] as number) * (b[k * columns + j] as number);
    return sum;
  });
}

const transposed = (a: ArrayLike<number>, rows: number): number[] => {
  const columns = a.length / rows;
  return Array.from(a, (_, at) => a[(at % rows) * columns + Math.floor(at / rows)] as number);
};

describe("orthogonal", () => {
  /** The largest distance of aᵀ · a, a being [n, count], from so many times the identity. */
  function error(a: ArrayLike<number>, n: number, square: number): number {
    const count = a.length / n;
    const products = product(transposed(a, n), a, count, n);
    return products.reduce(
      (worst, value, at) =>
        Math.max(worst, Math.abs(value - (Math.floor(at / count) === at % count ? square : 0))),
      0,
    );
  }

  it.each([
    [6, 6],
    [64, 64],
    [100, 7],
    [7, 100],
    [1, 5],
    [5, 1],
    [1, 1],
  ])(
    "kernels [%d, %d] have orthonormal columns, or rows if they are fewer, to 1e-6",
    async (rows, columns) => {
      const q = await kernelOf("orthogonal", { rows, columns });
      expect(error(rows < columns ? transposed(q, rows) : q, Math.max(rows, columns), 1)).toBeLessThan(1e-6);
    },
  );

  it("kernels are the Q of normal numbers, whose R has a positive diagonal: Saxe et al. 2014, PyTorch", async () => {
    const [n, count] = [12, 8];
    const size = { rows: n, columns: count };
    const [a, q] = await Promise.all([kernelOf("normal", size), kernelOf("orthogonal", size)]);
    const r = product(transposed(q, n), a, count, n);
    r.forEach((value, at) => {
      const [i, j] = [Math.floor(at / count), at % count];
      if (i === j) expect(value).toBeGreaterThan(0);
      if (i > j) expect(Math.abs(value)).toBeLessThan(2e-6);
    });
    product(q, r, n, count).forEach((value, at) => expect(value).toBeCloseTo(a[at]!, 5));
  });

  it("wide kernels are the transposed Q of the transposed numbers", async () => {
    const size = { rows: 5, columns: 9 };
    const [a, q] = await Promise.all([kernelOf("normal", size), kernelOf("orthogonal", size)]);
    const r = product(q, transposed(a, 5), 5, 9);
    r.forEach((value, at) => {
      if (Math.floor(at / 5) === at % 5) expect(value).toBeGreaterThan(0);
      if (Math.floor(at / 5) > at % 5) expect(Math.abs(value)).toBeLessThan(2e-6);
    });
  });

  it("kernels times a gain of 2 have twice the length", async () => {
    const q = await kernelOf(orthogonal({ gain: 2 }), { rows: 20, columns: 10 });
    expect(error(q, 20, 4)).toBeLessThan(4e-6);
    expect(q).toEqual((await kernelOf("orthogonal", { rows: 20, columns: 10 })).map((weight) => 2 * weight));
  });

  it("kernels of four axes are orthonormal over all but the last", async () => {
    const layer = customLayer({
      kind: "own",
      parameters: () => ({ kernel: { shape: [3, 3, 4, 8], initializer: "orthogonal" } }),
      build: ([x]) => x,
    });
    const model = await compile(sequential(input(2), layer));
    expect(error(model.weights()["own/kernel"]!.data, 36, 1)).toBeLessThan(1e-6);
  });

  it("kernels are everywhere in every direction: their mean is 0 and their variance 1 / n", async () => {
    const seeds = Array.from({ length: 60 }, (_, seed) => seed);
    const kernels = await Promise.all(
      seeds.map((seed) => kernelOf("orthogonal", { rows: 16, columns: 16, seed })),
    );
    for (const at of [0, 5, 100, 255]) {
      const values = kernels.map((kernel) => kernel[at]!);
      // Five standard errors of 60 numbers of variance 1 / 16.
      expect(Math.abs(meanOf(values))).toBeLessThan(5 * Math.sqrt(1 / (16 * 60)));
      expect(meanOf(values, (x) => x * x)).toBeGreaterThan(0.02);
    }
  });

  it("kernels are the same to the bit where a worker computes", async () => {
    const size = { rows: 30, columns: 20 };
    expect(await kernelOf("orthogonal", { ...size, worker: true })).toEqual(
      await kernelOf("orthogonal", size),
    );
  });

  it("kernels in a worker are what predict computes with", async () => {
    const network = sequential(input(4), dense(4, { kernelInitializer: "orthogonal" }));
    const [there, here] = await Promise.all([compile(network, { worker: true }), compile(network)]);
    const rows = [
      [1, 2, 3, 4],
      [0, -1, 0.5, 2],
    ];
    expect(await there.predict(rows)).toEqual(await here.predict(rows));
    there.dispose();
  });
});

import { describe, expect, it } from "vitest";
import { augment, Dataset, mixup } from "../../../src/data/index.ts";

const shape = [4, 6, 2] as const;
const size = 4 * 6 * 2;
const images = (count: number) => Uint8Array.from({ length: count * size }, (_, i) => (i * 37) % 256);
const pixel = (x: ArrayLike<number>, image: number, row: number, column: number, channel: number) =>
  x[image * size + (row * 6 + column) * 2 + channel] as number;

describe("augment", () => {
  it("changes nothing without options", () => {
    const x = images(3);
    expect(augment({ shape })({ x, y: [1, 2, 3] })).toEqual({ x, y: [1, 2, 3] });
    const floats = Float32Array.from(x, (value) => Math.fround(value / 7));
    expect(augment({ shape })({ x: floats }).x).toEqual(floats);
  });

  it("mirrors about half of the images, exactly", () => {
    const x = images(200);
    const out = augment({ shape, horizontalFlip: true })({ x }).x;
    let mirrored = 0;
    for (let image = 0; image < 200; image++) {
      const isMirrored = pixel(out, image, 0, 0, 0) === pixel(x, image, 0, 5, 0);
      if (isMirrored) mirrored++;
      for (let row = 0; row < 4; row++) {
        for (let column = 0; column < 6; column++) {
          const from = isMirrored ? 5 - column : column;
          expect(pixel(out, image, row, column, 1)).toBe(pixel(x, image, row, from, 1));
        }
      }
    }
    expect(mirrored).toBeGreaterThan(70);
    expect(mirrored).toBeLessThan(130);
  });

  it("crops by whole pixels of every offset, with fill outside", () => {
    const x = images(1);
    const seen = new Set<string>();
    for (let index = 0; index < 300; index++) {
      const out = augment({ shape, crop: 1, fill: 99 })({ x }, index).x;
      const offset = [-1, 0, 1]
        .flatMap((dy) => [-1, 0, 1].map((dx) => [dx, dy] as const))
        .find(([dx, dy]) =>
          Array.from({ length: 24 }, (_, i) => [Math.floor(i / 6), i % 6] as const).every(([row, column]) => {
            const [y, left] = [row - dy, column - dx];
            const isInside = y >= 0 && y < 4 && left >= 0 && left < 6;
            return pixel(out, 0, row, column, 0) === (isInside ? pixel(x, 0, y, left, 0) : 99);
          }),
        );
      expect(offset).toBeDefined();
      seen.add(String(offset));
    }
    expect(seen.size).toBe(9);
  });

  it("turns a square by a quarter onto itself", () => {
    const square = Float32Array.from({ length: 25 }, (_, i) => i);
    const turn = augment({ shape: [5, 5, 1], rotation: 180, seed: 3 });
    // The mean of the middle pixel stays, whatever the angle.
    for (let index = 0; index < 20; index++) expect(turn({ x: square }, index).x[12]).toBeCloseTo(12, 5);
  });

  it("changes brightness and contrast about the mean within their bounds", () => {
    const flat = new Float32Array(size).fill(0.5);
    const added = Array.from(
      { length: 200 },
      (_, i) => augment({ shape, brightness: 0.2 })({ x: flat }, i).x[0]! - 0.5,
    );
    expect(Math.max(...added)).toBeLessThanOrEqual(0.2);
    expect(Math.max(...added)).toBeGreaterThan(0.15);
    expect(Math.min(...added)).toBeLessThan(-0.15);
    // What is all mean has no contrast.
    expect(augment({ shape, contrast: 0.9 })({ x: flat }).x[7]).toBeCloseTo(0.5, 6);
  });

  it("cuts out a square of its side at most", () => {
    const x = new Uint8Array(20 * 20).fill(200);
    for (let index = 0; index < 50; index++) {
      const out = augment({ shape: [20, 20, 1], cutOut: 6 })({ x }, index).x;
      const cut = [...out].filter((value) => value === 0).length;
      expect(cut).toBeGreaterThanOrEqual(9);
      expect(cut).toBeLessThanOrEqual(36);
    }
  });

  it("follows from seed, epoch and place alone, and options do not disturb each other", () => {
    const x = images(2);
    const change = augment({ shape, rotation: 30, shift: 0.2, seed: 5 });
    expect(change({ x }, 3, 2)).toEqual(augment({ shape, rotation: 30, shift: 0.2, seed: 5 })({ x }, 3, 2));
    const others = [
      change({ x }, 4, 2),
      change({ x }, 3, 3),
      augment({ shape, rotation: 30, shift: 0.2 })({ x }, 3, 2),
    ];
    for (const other of others) expect(other.x).not.toEqual(change({ x }, 3, 2).x);
    const flipped = (extra: object) => augment({ shape, horizontalFlip: true, ...extra })({ x }, 8).x;
    expect(flipped({ cutOut: 0, crop: 0 })).toEqual(flipped({}));
  });

  it("is another one in each epoch of a dataset, and the same when it is begun again", async () => {
    const data = Dataset.fromArrays({ x: images(6), y: [0, 1, 2, 3, 4, 5] })
      .batch(3)
      .map(augment({ shape, shift: 0.3 }));
    const [first, second] = [await data.toArray(), await data.toArray()];
    expect(second[1]?.x).not.toEqual(first[1]?.x);
    expect(await data.atEpoch(0).toArray()).toEqual(first);
    expect(first.map(({ y }) => [...y])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    // Rows of a batch are known behind it.
    expect((await data.unbatch().toArray()).length).toBe(6);
  });

  it("refuses nested arrays, other sizes and options out of their domain", () => {
    expect(() => augment({ shape })({ x: [[1]] })).toThrow("flat typed array");
    expect(() => augment({ shape })({ x: new Uint8Array(47) })).toThrow("47 numbers");
    expect(() => augment({ shape, rotation: 181 })).toThrow("degrees from 0 to 180");
    expect(() => augment({ shape: [28, 28] as never })).toThrow("[height, width, channels]");
    expect(() => augment({ shape, flip: true } as never)).toThrow("flip");
  });
});

describe("mixup", () => {
  const batch = { x: Float32Array.of(0, 0, 1, 1, 2, 2), y: Uint8Array.of(0, 1, 2) };

  it("mixes rows and targets by the same share", () => {
    for (let index = 0; index < 100; index++) {
      const { x, y } = mixup({ classes: 3, alpha: 0.5 })(batch, index);
      for (let row = 0; row < 3; row++) {
        const shares = [...y.subarray(3 * row, 3 * row + 3)];
        expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
        const expected = shares.reduce((sum, share, label) => sum + share * label, 0);
        expect(x[2 * row]).toBeCloseTo(expected, 5);
        expect(x[2 * row + 1]).toBeCloseTo(expected, 5);
      }
    }
  });

  it.each([0.1, 0.2, 0.5, 1])("draws shares of Beta(%s, α): mean ½, variance 1 / (8 α + 4)", (alpha) => {
    const lambdas: number[] = [];
    // Row 0 and its partner row 1 when they differ; targets one-hot of two rows.
    for (let index = 0; index < 6000; index++) {
      const { y } = mixup({ classes: 2, alpha, seed: 2 })(
        { x: Float32Array.of(0, 1), y: Uint8Array.of(0, 1) },
        index,
      );
      const [share, rest] = y as unknown as [number, number];
      if (rest > 0) lambdas.push(share);
    }
    const mean = lambdas.reduce((a, b) => a + b, 0) / lambdas.length;
    const variance = lambdas.reduce((sum, one) => sum + (one - 0.5) ** 2, 0) / lambdas.length;
    expect(lambdas.length).toBeGreaterThan(2000);
    expect(mean).toBeGreaterThan(0.47);
    expect(mean).toBeLessThan(0.53);
    expect(variance * (8 * alpha + 4)).toBeGreaterThan(0.9);
    expect(variance * (8 * alpha + 4)).toBeLessThan(1.1);
  });

  it("takes the batches of a dataset, with rows of numbers as targets too", async () => {
    const data = Dataset.fromArrays({
      x: [
        [0, 1],
        [2, 3],
        [4, 5],
      ],
      y: [
        [1, 0],
        [0, 1],
        [0.5, 0.5],
      ],
    })
      .batch(3)
      .map(mixup());
    const [mixed] = await data.toArray();
    expect(mixed?.x.length).toBe(6);
    expect(mixed?.y.length).toBe(6);
    expect((await data.unbatch().toArray()).length).toBe(3);
  });

  it("refuses classes beyond, what is no batch, and α beyond 1", () => {
    expect(() => mixup({ classes: 2 })(batch)).toThrow("y of row 2 is 2");
    expect(() => mixup()(batch)).toThrow("needs a batch");
    expect(() => mixup({ alpha: 1.5 })).toThrow("(0, 1]");
    expect(() => mixup({ classes: 3 })({ x: [1] as never, y: batch.y })).toThrow("flat typed array");
  });
});

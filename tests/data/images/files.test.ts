import { describe, expect, it } from "vitest";
import { FormatError, readCifar, readIdx } from "../../../src/data/index.ts";

/** An IDX file by hand: two zeros, type, axes, big-endian sizes, numbers. */
const idx = (type: number, shape: readonly number[], numbers: readonly number[]) =>
  Uint8Array.from([
    0,
    0,
    type,
    shape.length,
    ...shape.flatMap((size) => [0, 0, size >> 8, size & 255]),
    ...numbers,
  ]);

describe("readIdx", () => {
  it("reads bytes with their shape", () => {
    const { shape, data } = readIdx(idx(8, [2, 1, 3], [1, 2, 3, 4, 5, 255]));
    expect(shape).toEqual([2, 1, 3]);
    expect(data).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 255));
  });

  it("reads each type in big-endian order, wherever the bytes lie", () => {
    const within = (file: Uint8Array) => {
      const room = new Uint8Array(file.length + 3);
      room.set(file, 3);
      return room.subarray(3);
    };
    expect(readIdx(within(idx(9, [2], [255, 1]))).data).toEqual(Int8Array.of(-1, 1));
    expect(readIdx(within(idx(11, [2], [1, 0, 255, 254]))).data).toEqual(Int16Array.of(256, -2));
    expect(readIdx(within(idx(12, [1], [255, 255, 255, 253]))).data).toEqual(Int32Array.of(-3));
    expect(readIdx(within(idx(13, [1], [0x3f, 0xc0, 0, 0]))).data).toEqual(Float32Array.of(1.5));
    expect(readIdx(within(idx(14, [1], [0x40, 4, 0, 0, 0, 0, 0, 0]))).data).toEqual(Float64Array.of(2.5));
  });

  it.each([
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0), "compressed by gzip"],
    ["another file", Uint8Array.of(137, 80, 78, 71), "no IDX file"],
    ["nothing", new Uint8Array(0), "no IDX file"],
    ["an unknown type", idx(7, [1], [1]), "no IDX file"],
    ["no axis", idx(8, [], []), "sizes of 0 axes"],
    ["sizes that are cut", Uint8Array.of(0, 0, 8, 3, 0, 0), "sizes of 3 axes"],
    ["too few numbers", idx(8, [4], [1, 2, 3]), "3 bytes of numbers"],
    ["too many numbers", idx(8, [2], [1, 2, 3]), "3 bytes of numbers"],
    [
      "sizes whose product wraps",
      Uint8Array.of(0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255),
      "0 bytes",
    ],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readIdx(bytes)).toThrow(FormatError);
    expect(() => readIdx(bytes)).toThrow(message);
  });
});

describe("readCifar", () => {
  const image = (labels: readonly number[], of: number) =>
    Uint8Array.from([...labels, ...Array.from({ length: 3072 }, (_, i) => (i + of) % 251)]);

  it("turns planes into channels last, image by image", () => {
    const { x, y, shape } = readCifar(Uint8Array.from([...image([3], 0), ...image([9], 7)]));
    expect(shape).toEqual([32, 32, 3]);
    expect([...y]).toEqual([3, 9]);
    for (const [pixel, channel] of [
      [0, 0],
      [5, 1],
      [1023, 2],
    ] as const) {
      expect(x[pixel * 3 + channel]).toBe((channel * 1024 + pixel) % 251);
      expect(x[3072 + pixel * 3 + channel]).toBe((channel * 1024 + pixel + 7) % 251);
    }
  });

  it("takes the coarse or the fine label of CIFAR-100", () => {
    const file = image([4, 77], 0);
    expect([...readCifar(file, { classes: 100 }).y]).toEqual([77]);
    expect([...readCifar(file, { classes: 20 }).y]).toEqual([4]);
  });

  it("refuses what is no whole number of images, and classes beyond", () => {
    expect(() => readCifar(new Uint8Array(3074))).toThrow("3074 bytes; needs 3073");
    expect(() => readCifar(new Uint8Array(0))).toThrow(FormatError);
    expect(() => readCifar(image([10], 0))).toThrow("class 10");
    expect(() => readCifar(image([1], 0), { classes: 7 as 10 })).toThrow("classes are 7");
  });
});

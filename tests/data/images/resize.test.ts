import { describe, expect, it } from "vitest";
import { centerDrawing, fromImageData, resizeImages } from "../../../src/data/index.ts";

describe("resizeImages", () => {
  it("is the identity for the same size", () => {
    const x = Float32Array.from({ length: 2 * 4 * 5 * 3 }, (_, i) => Math.fround(Math.sin(i)));
    expect(resizeImages(x, { from: [4, 5, 3], to: [4, 5, 3] })).toEqual(x);
  });

  it("doubles as PyTorch's interpolate(mode='bilinear', antialias=True) does", () => {
    // torch.nn.functional.interpolate(torch.tensor([[[[0., 4., 8.]]]]), (1, 6), mode="bilinear")
    const doubled = resizeImages(Float32Array.of(0, 4, 8), { from: [1, 3, 1], to: [1, 6, 1] });
    expect([...doubled]).toEqual([0, 1, 3, 5, 7, 8]);
  });

  it("takes the mean of what a smaller image covers", () => {
    // Weights of the triangle of radius 2 about 1 and 3: (0.25, 0.75, 0.75, 0.25) cut at the edge.
    const halved = resizeImages(Float32Array.of(0, 0, 0, 16), { from: [1, 4, 1], to: [1, 2, 1] });
    expect(halved[0]).toBe(0);
    expect(halved[1]).toBeCloseTo((16 * 0.75) / 1.75, 5);
  });

  it("takes the pixel in which the new center lies", () => {
    const nearest = (to: number) => [
      ...resizeImages(Uint8Array.of(1, 2, 3), { from: [1, 3, 1], to: [1, to, 1], method: "nearest" }),
    ];
    expect(nearest(6)).toEqual([1, 1, 2, 2, 3, 3]);
    expect(nearest(1)).toEqual([2]);
    expect(nearest(2)).toEqual([1, 3]);
  });

  it("rounds bytes, keeps channels and images apart", () => {
    const x = Uint8Array.of(0, 100, 1, 100, 10, 200, 11, 200);
    expect([...resizeImages(x, { from: [1, 2, 2], to: [1, 1, 2] })]).toEqual([1, 100, 11, 200]);
  });

  it("refuses other channels, other numbers of pixels, and what is no shape", () => {
    expect(() => resizeImages(new Uint8Array(12), { from: [2, 2, 3], to: [2, 2, 1] })).toThrow("channels");
    expect(() => resizeImages(new Uint8Array(11), { from: [2, 2, 3], to: [2, 2, 3] })).toThrow("11 numbers");
    expect(() => resizeImages(new Uint8Array(4), { from: [2, 2] as never, to: [2, 2, 1] })).toThrow(
      "[height",
    );
    expect(() => resizeImages([1, 2, 3, 4] as never, { from: [2, 2, 1], to: [2, 2, 1] })).toThrow(
      "Uint8Array",
    );
  });
});

describe("centerDrawing", () => {
  const drawn = (height: number, width: number, isDrawn: (x: number, y: number) => boolean) =>
    Uint8Array.from({ length: height * width }, (_, i) =>
      isDrawn(i % width, Math.floor(i / width)) ? 255 : 0,
    );

  it("lays a bar into 20 pixels of height about the middle, wherever it was", () => {
    for (const [left, top] of [
      [3, 5],
      [60, 30],
    ] as const) {
      const drawing = drawn(100, 80, (x, y) => x >= left && x < left + 8 && y >= top && y < top + 40);
      const out = centerDrawing(drawing, { height: 100, width: 80 });
      const lit = [...out].flatMap((value, i) => (value > 0 ? [i] : []));
      expect(lit.length).toBe(20 * 4);
      expect(Math.min(...lit)).toBe(4 * 28 + 12);
      expect(Math.max(...lit)).toBe(23 * 28 + 15);
    }
  });

  it("puts the center of mass into the middle", () => {
    // Heavy above: 7s and 9s hang from the top.
    const drawing = drawn(40, 40, (x, y) => (y < 10 && x < 20) || (x > 15 && x < 20 && y < 40));
    const out = centerDrawing(drawing, { height: 40, width: 40 });
    let [mass, x, y] = [0, 0, 0];
    out.forEach((value, i) => {
      mass += value;
      x += value * ((i % 28) + 0.5);
      y += value * (Math.floor(i / 28) + 0.5);
    });
    expect(Math.abs(x / mass - 14)).toBeLessThanOrEqual(0.5);
    expect(Math.abs(y / mass - 14)).toBeLessThanOrEqual(0.5);
  });

  it("makes nothing of nothing, and a dot of a dot", () => {
    expect(centerDrawing(new Float32Array(100), { height: 10, width: 10 })).toEqual(new Float32Array(784));
    const dot = new Float32Array(100);
    dot[37] = 1;
    expect([...centerDrawing(dot, { height: 10, width: 10 })].filter((value) => value === 1).length).toBe(
      400,
    );
  });

  it("refuses another number of pixels", () => {
    expect(() => centerDrawing(new Uint8Array(99), { height: 10, width: 10 })).toThrow("99 numbers");
    expect(() => centerDrawing(new Uint8Array(200), { height: 10, width: 10 })).toThrow("200 numbers");
  });
});

describe("fromImageData", () => {
  const image = { width: 2, height: 1, data: Uint8ClampedArray.of(255, 0, 0, 255, 10, 20, 30, 128) };

  it("lays what is not opaque on the background", () => {
    const on = fromImageData(image, { background: [255, 255, 255] });
    expect([...on]).toEqual([255, 0, 0, 132, 137, 142]);
    expect([...fromImageData(image, { background: [0, 0, 0], channels: 4 })].slice(4)).toEqual([
      5, 10, 15, 255,
    ]);
  });

  it("gives how light a pixel is, or all four channels", () => {
    expect([...fromImageData(image, { channels: 1, background: [0, 0, 0] })]).toEqual([76, 9]);
    expect([...fromImageData(image, { channels: 4 })]).toEqual([...image.data]);
  });

  it("refuses alpha without a background, naming the pixel and the mend", () => {
    expect(() => fromImageData(image)).toThrow("pixel (1, 0) is not opaque, its alpha is 128");
    expect(() => fromImageData(image)).toThrow("background: [255, 255, 255]");
    expect(() => fromImageData({ ...image, width: 3 })).toThrow("four bytes");
    expect(() => fromImageData(image, { channels: 2 as 3 })).toThrow("channels are 2");
    expect(() => fromImageData(image, { background: [0, 0, 256] })).toThrow("background");
    expect(() => fromImageData(undefined as never)).toThrow("getImageData");
  });
});

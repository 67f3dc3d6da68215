/** The plane by what a model decides: the line lies where the decision changes. */
import { describe, expect, it } from "vitest";
import { contour } from "../../src/plot/drawing/contour.js";
import { drawDecisionBoundary } from "../../src/plot/index.js";
import { rejectionOf } from "../given/models.js";
import { learnedXor, xorData } from "./allPictures.js";
import { all, hasClass, parseSvg, textsOf, tooltipsOf } from "./parseSvg.js";

const RANGE = [
  [-2, 2],
  [-2, 2],
] as const;

/** Ends of the pieces of the boundary, in the plane, by the labels of the ticks. */
function boundaryOf(svg: string): (readonly [number, number])[] {
  const picture = parseSvg(svg);
  const number = (text: string) => Number(text.replace("−", "-"));
  const ticks = (axis: "x" | "y") =>
    all(
      picture,
      (one) => one.name === "text" && hasClass("soft")(one) && hasClass(axis === "x" ? "middle" : "end")(one),
    ).map(
      ({ text, attributes }) => [number(text), Number(attributes[axis]) - (axis === "y" ? 4 : 0)] as const,
    );
  const inverse = (axis: "x" | "y") => {
    const found = ticks(axis);
    const [[a = 0, from = 0] = [], [b = 0, to = 0] = []] = [found[0], found.at(-1)];
    return (pixel: number) => a + ((pixel - from) * (b - a)) / (to - from);
  };
  const [x, y] = [inverse("x"), inverse("y")];
  const [path] = all(
    picture,
    ({ name, attributes }) => name === "path" && attributes.class === "none stroke thick",
  );
  const ends = (path?.attributes.d ?? "").split(/[ML]/).slice(1);
  return ends.map((one) => {
    const [a = 0, b = 0] = one.split(" ").map(Number);
    return [x(a), y(b)] as const;
  });
}

describe("contour", () => {
  it("of x² + y² − 1 is the unit circle, closed", () => {
    const side = 41;
    const place = (i: number) => -2 + (4 * i) / (side - 1);
    const values = Float64Array.from(
      { length: side * side },
      (_, i) => place(i % side) ** 2 + place(Math.floor(i / side)) ** 2 - 1,
    );
    const pieces = contour({ values, columns: side, rows: side });
    const ends = new Map<string, number>();
    for (const [x1, y1, x2, y2] of pieces) {
      for (const [x, y] of [
        [x1, y1],
        [x2, y2],
      ] as const) {
        expect(Math.hypot(place(x), place(y))).toBeCloseTo(1, 2);
        const key = `${x.toFixed(6)} ${y.toFixed(6)}`;
        ends.set(key, (ends.get(key) ?? 0) + 1);
      }
    }
    expect(pieces.length).toBeGreaterThan(60);
    expect([...ends.values()].filter((count) => count % 2 !== 0)).toEqual([]);
  });

  it("goes through squares whose corners differ crosswise without crossing itself", () => {
    const square = (corners: number[]) => contour({ values: corners, columns: 2, rows: 2 });
    expect(square([1, -1, -1, 1])).toHaveLength(2);
    // The mean is positive: the corners of −1 are cut off.
    expect(square([2, -1, -1, 2])).toEqual([
      [2 / 3, 0, 1, 1 / 3],
      [1 / 3, 1, 0, 2 / 3],
    ]);
    expect(square([1, Number.NaN, -1, 1])).toEqual([]);
  });
});

describe("drawDecisionBoundary", () => {
  it("of one output has its line where that is the threshold", async () => {
    const circle = { predict: (x: number[][]) => x.map(([a = 0, b = 0]) => a * a + b * b) };
    for (const threshold of [0.5, 1]) {
      const ends = boundaryOf(
        await drawDecisionBoundary(circle, undefined, { range: RANGE, threshold, resolution: 80 }),
      );
      expect(ends.length).toBeGreaterThan(100);
      for (const [x, y] of ends) expect(x * x + y * y).toBeCloseTo(threshold, 1);
    }
  });

  it("of several outputs has its lines where another one becomes the largest", async () => {
    const thirds = {
      predict: (x: number[][]) => Float32Array.from(x.flatMap(([a = 0, b = 0]) => [a, b, -a - b])),
    };
    const svg = await drawDecisionBoundary(thirds, undefined, {
      range: RANGE,
      classes: ["a", "b", "c"],
      resolution: 40,
    });
    for (const [x, y] of boundaryOf(svg)) {
      const [first = 0, second = 0] = [x, y, -x - y].sort((p, q) => q - p);
      expect(first - second).toBeLessThan(0.1);
    }
    expect(textsOf(parseSvg(svg))).toEqual(expect.arrayContaining(["a", "b", "c"]));
  });

  it("has the rows at their places, each told with its class, and asks a model as it is", async () => {
    const { model } = await learnedXor();
    const svg = await drawDecisionBoundary(model, xorData, {
      classes: ["same", "different"],
      inputs: ["left", "right"],
    });
    const told = tooltipsOf(parseSvg(svg));
    expect(told).toEqual(["(0, 0): same", "(0, 1): different", "(1, 0): different", "(1, 1): same"]);
    expect(textsOf(parseSvg(svg))).toEqual(expect.arrayContaining(["left", "right", "same", "different"]));
    const outputs = [...(await model.predict(xorData.x))].map((one) => one > 0.5);
    expect(outputs).toEqual([false, true, true, false]);
  });

  it("draws some of very many points, and says so", async () => {
    const x = Array.from({ length: 6000 }, (_, i) => [i % 77, i % 79]);
    const svg = await drawDecisionBoundary(
      { predict: (asked) => asked.map(() => 1) },
      { x },
      { resolution: 2 },
    );
    expect(textsOf(parseSvg(svg))).toContain("Every 10th of 6000 points.");
    expect(tooltipsOf(parseSvg(svg))).toHaveLength(600);
  });

  it("refuses models and data of other than two inputs", async () => {
    const { model } = await learnedXor();
    const refused = async (...given: unknown[]) =>
      String(await rejectionOf((drawDecisionBoundary as (...all: unknown[]) => Promise<string>)(...given)));
    expect(await refused(model, { x: [[1, 2, 3]] })).toContain(
      "drawDecisionBoundary: x: row 0 has 3 numbers; needs rows of 2 numbers",
    );
    expect(await refused(model, undefined)).toContain("there is no data, and no range");
    expect(await refused(model, { x: [[1, 2]], y: [0.5] })).toContain("y: row 0 is 0.5; needs classes");
    expect(await refused({ predict: async () => ({ a: [1] }) }, xorData)).toContain(
      "Of several outputs give one",
    );
    expect(await refused(undefined, xorData)).toContain(
      "the model is undefined; needs what compile(…) returns.",
    );
  });
});

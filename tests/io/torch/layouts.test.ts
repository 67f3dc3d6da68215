/** What layers declare of their layouts: that it is there for each, and that it is true. */
import { describe, expect, it } from "vitest";
import { compile, input, type Layer, sequential } from "../../../src/index.ts";
import { toStateDict } from "../../../src/io/index.ts";
import { everything } from "../../../src/io/network/everything.ts";
import { fromTorch, kernelLayout, toTorch } from "../../../src/io/torch/layout.ts";
import { torchNameOf } from "../../../src/io/torch/parameters.ts";
import { numbers } from "../../given/models.ts";
import { callsOf } from "../network/samples.ts";

const layers = callsOf<Layer>("layers", everything.layers).filter(([, make]) => typeof make() === "function");

/** Shapes of inputs, of which a layer takes one. */
const shapes = [[6], [5, 4], [6, 5, 4]];
const taken = (layer: Layer) =>
  shapes.filter((row) => {
    try {
      layer.definition.shape([[-1, ...row]]);
      return true;
    } catch {
      return false;
    }
  });

describe.each(layers)("%s", (_, make) => {
  it("has for each of its parameters a name in PyTorch", () => {
    const layer = make();
    const rows = taken(layer);
    expect(rows).not.toEqual([]);
    for (const row of rows) {
      const names = layer.definition.parameters([[-1, ...row]]).map(({ name }) => name);
      const there = names.map((name) => torchNameOf(layer.definition.layout, name, names));
      expect(there).not.toContain(undefined);
      expect(new Set(there).size).toBe(names.length);
    }
  });

  const order = [3, 0, 5, 1, 4, 2];
  const permuted = (rows: ArrayLike<number>) =>
    Float32Array.from(rows, (_, i) => rows[i - (i % 6) + (order[i % 6] as number)] as number);
  const { layout } = make().definition;

  // What the order of features goes through unseen must not care for it.
  it.runIf(["elementwise", "normalization", "slopes"].includes(layout) && taken(make()).length === 3)(
    `of the layout "${layout}" makes of features in another order the same in that order`,
    async () => {
      const x = Float32Array.from(numbers(48, 5));
      const [one, other] = await Promise.all(
        [0, 1].map(() => compile(sequential(input(6), make()), { seed: 1 })),
      );
      const weights = Object.entries(one!.weights()).map(
        ([name, { data }], i) => [name, numbers(data.length, i + 9).map((w) => w + 1.5)] as const,
      );
      one!.setWeights(Object.fromEntries(weights));
      other!.setWeights(
        Object.fromEntries(weights.map(([name, data]) => [name, data.length === 6 ? permuted(data) : data])),
      );
      const [y, again] = [await one!.predict(x), await other!.predict(permuted(x))];
      permuted(y as Float32Array).forEach((expected, i) => {
        expect((again as Float32Array)[i]).toBeCloseTo(expected, 5);
      });
    },
  );
});

describe("a kernel", () => {
  it("of two axes is transposed", () => {
    const here = Float32Array.of(1, 2, 3, 4, 5, 6);
    const layout = kernelLayout([2, 3]);
    expect(layout.shape).toEqual([3, 2]);
    expect([...toTorch(here, layout)]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...fromTorch(toTorch(here, layout), layout)]).toEqual([...here]);
  });

  it("[height, width, in, out] is [out, in, height, width] there", () => {
    const shape = [2, 3, 4, 5];
    const here = Float32Array.from({ length: 120 }, (_, i) => i);
    const there = toTorch(here, kernelLayout(shape));
    for (let o = 0; o < 5; o++)
      for (let c = 0; c < 4; c++)
        for (let a = 0; a < 2; a++)
          for (let b = 0; b < 3; b++)
            expect(there[((o * 4 + c) * 2 + a) * 3 + b]).toBe(((a * 3 + b) * 4 + c) * 5 + o);
  });

  it("has its rows in the order of the features", () => {
    const layout = kernelLayout([3, 2], [2, 0, 1]);
    expect([...toTorch(Float32Array.of(1, 2, 3, 4, 5, 6), layout)]).toEqual([5, 1, 3, 6, 2, 4]);
  });
});

it("names of a custom layer are its own", async () => {
  const { customLayer } = await import("../../../src/index.ts");
  const { multiply } = await import("../../../src/ops/index.ts");
  const own = customLayer({
    kind: "own",
    parameters: () => ({ by: { shape: [4], initializer: "ones" } }),
    build: ([x], { by }) => multiply(x, by),
  });
  const model = await compile(sequential(input(4), own));
  expect(Object.keys(await toStateDict(model))).toEqual(["own.by"]);
});

/** PReLU, maxout and gated linear units as layers: what they compute, what they train, what they refuse. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileFunction } from "../../../src/autodiff/index.ts";
import {
  adam,
  compile,
  dense,
  flatten,
  geGlu,
  glu,
  input,
  type Layer,
  l2,
  maxNorm,
  maxout,
  OptionError,
  type PreluOptions,
  prelu,
  ShapeError,
  sequential,
  sgd,
  swiGlu,
  type Value,
} from "../../../src/index.ts";
import * as functions from "../../../src/ops/index.ts";
import { errorOf } from "../../given/errorOf.ts";
import { rowsOf } from "../../given/models.ts";

interface Numbers {
  readonly rows: number[][];
  readonly weights: number[][];
  readonly blocks: Record<string, { readonly y: number[] }>;
  readonly prelu: readonly {
    readonly slope: number[];
    readonly y: number[];
    readonly dx: number[];
    readonly dslope: number[];
  }[];
}

const numbers: Numbers = JSON.parse(
  readFileSync(new URL("../../peers/torch/activations.json", import.meta.url), "utf8"),
);

function expectNear(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  expected.forEach((right, i) => expect(found[i]).toBeCloseTo(right, 5));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("prelu", () => {
  it.each(numbers.prelu.map((one) => [one.slope.length, one] as const))(
    "with %d slopes is torch.nn.PReLU, with its gradients",
    async (_, { slope, y, dx, dslope }) => {
      const compiled = await compileFunction(({ x, a }: { x: Value; a: Value }) => functions.prelu(x, a), {
        inputs: { x: [3, 8], a: [slope.length] },
        gradients: true,
        seeds: true,
      });
      const { value, gradients } = compiled({ x: numbers.rows, a: slope }, numbers.weights);
      expectNear(value, y);
      expectNear(gradients.x, dx);
      expectNear(gradients.a, dslope);
      compiled.dispose();
    },
  );

  const slopeOf = async (options: PreluOptions) =>
    (await compile(sequential(input([4, 5, 3]), prelu(options)))).weights()["prelu/slope"];

  it.each<[PreluOptions, number[]]>([
    [{}, [1]],
    [{ slopes: "one" }, [1]],
    [{ slopes: "channel" }, [3]],
    [{ slopes: "element" }, [4, 5, 3]],
    [{ sharedAxes: [1, 2] }, [1, 1, 3]],
    [{ sharedAxes: [3] }, [4, 5, 1]],
    [{ sharedAxes: [] }, [4, 5, 3]],
  ])("%o has slopes of shape %o, which start at a quarter", async (options, shape) => {
    const slope = await slopeOf(options);
    expect(slope?.shape).toEqual(shape);
    expect(new Set(slope?.data)).toEqual(new Set([0.25]));
  });

  it("starts where it is told", async () => {
    expect((await slopeOf({ initializer: 0.5 }))?.data).toEqual(Float32Array.of(0.5));
    expect((await slopeOf({ initializer: "zeros" }))?.data).toEqual(Float32Array.of(0));
  });

  it("applies each slope to its channel", async () => {
    const model = await compile(sequential(input([2, 3]), prelu({ slopes: "channel" })));
    model.setWeights({ "prelu/slope": [0, 0.5, -1] });
    const found = await model.predict([
      [
        [-1, -2, -3],
        [4, 5, 6],
      ],
    ]);
    expect([...found]).toEqual([-0, -1, 3, 4, 5, 6]);
  });

  it("learns the slope that made the data, and no weight decay pulls it to 0", async () => {
    const model = await compile(sequential(input(1), prelu()), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 0.1, weightDecay: 0.5 }),
    });
    const x = Array.from({ length: 64 }, (_, i) => [i / 16 - 2]);
    const y = x.map(([z]) => [z! > 0 ? z! : 0.7 * z!]);
    await model.fit({ x, y }, { epochs: 100, batchSize: 64 });
    expect(model.weights()["prelu/slope"]?.data[0]).toBeCloseTo(0.7, 4);
  });

  it.each<[string, () => unknown, string]>([
    [
      "a misspelled option",
      () => prelu({ slope: 1 } as never),
      'there is no option "slope". Did you mean "slopes"?',
    ],
    ["an unknown number", () => prelu({ slopes: "all" as "one" }), 'there is no number of slopes "all"'],
    ["both ways at once", () => prelu({ slopes: "one", sharedAxes: [1] }), "needs one of them at most"],
    [
      "the axis of the rows",
      () => prelu({ sharedAxes: [0] }),
      "a shared axis is 0; needs an integer of at least 1",
    ],
    [
      "a slope that is no number",
      () => prelu({ initializer: Number.NaN }),
      "value is NaN; needs a finite number",
    ],
    [
      "axes that are no list",
      () => prelu({ sharedAxes: 1 as never }),
      "sharedAxes is 1; needs an array of axes",
    ],
  ])("refuses %s", (_, build, says) => {
    const error = errorOf(build);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(says);
  });

  it("refuses to share an axis that its input has not", () => {
    const error = errorOf(() => sequential(input(3), prelu({ sharedAxes: [2] })));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain("prelu: axis 2 is shared, of an input [rows, 3]");
  });
});

describe("maxout", () => {
  const x = rowsOf(6, 4, 5);

  it("is the largest of its pieces", async () => {
    const model = await compile(sequential(input(4), maxout(3, { pieces: 5 })), { seed: 3 });
    const bias = Array.from({ length: 15 }, (_, i) => Math.sin(i));
    model.setWeights({ "maxout/bias": bias });
    const kernel = model.weights()["maxout/kernel"];
    expect(kernel?.shape).toEqual([4, 15]);
    const pieces = (row: readonly number[]) =>
      bias.map((b, j) => b + sum(row.map((value, i) => value * (kernel?.data[i * 15 + j] as number))));
    const expected = x.flatMap((row) =>
      [0, 5, 10].map((first) => Math.max(...pieces(row).slice(first, first + 5))),
    );
    expectNear(await model.predict(x), expected);
  });

  it("of one piece is a dense layer, and starts as one", async () => {
    const one = await compile(sequential(input(4), maxout(3, { pieces: 1 })), { seed: 3 });
    const other = await compile(sequential(input(4), dense(3)), { seed: 3 });
    expect(await one.predict(x)).toEqual(await other.predict(x));
  });

  it("may be without bias, and work on every time step", async () => {
    const network = sequential(input([2, 4]), maxout(3, { useBias: false }), flatten());
    const model = await compile(network);
    expect(Object.keys(model.weights())).toEqual(["maxout/kernel"]);
    expect(network.outputs[0]?.shape.slice(1)).toEqual([6]);
  });

  it("learns the absolute value, which no linear layer can", async () => {
    const model = await compile(sequential(input(1), maxout(1)), {
      loss: "meanSquaredError",
      optimizer: adam({ learningRate: 0.05 }),
      seed: 1,
    });
    const points = Array.from({ length: 64 }, (_, i) => [i / 16 - 2]);
    const y = points.map(([z]) => [Math.abs(z!)]);
    const reports = await model.fit({ x: points, y }, { epochs: 500, batchSize: 64 });
    expect(reports.at(-1)!.loss).toBeLessThan(1e-4);
  });

  it("takes the constraints and penalties of dense: columns of each piece stay short, as the paper has them", async () => {
    const layer = maxout(2, { pieces: 3, kernelConstraint: maxNorm(0.5), kernelRegularizer: l2(0.1) });
    const model = await compile(sequential(input(4), layer), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 0.5 }),
      seed: 1,
    });
    await model.fit({ x, y: x.map(([a, b]) => [9 * a!, 9 * b!]) }, { epochs: 3, batchSize: 6 });
    const kernel = model.weights()["maxout/kernel"]!.data;
    const lengths = Array.from({ length: 6 }, (_, j) =>
      Math.hypot(...[0, 1, 2, 3].map((i) => kernel[i * 6 + j] as number)),
    );
    expect(Math.max(...lengths)).toBeLessThan(0.50001);
    expect(Math.max(...lengths)).toBeGreaterThan(0.4999);
  });

  it.each<[string, () => unknown, string]>([
    ["no units", () => maxout(0), "maxout: units is 0; needs an integer of at least 1."],
    ["no pieces", () => maxout(1, { pieces: 0 }), "maxout: pieces is 0; needs an integer of at least 1."],
    ["a misspelled option", () => maxout(1, { piece: 2 } as never), 'Did you mean "pieces"?'],
  ])("refuses %s", (_, build, says) => {
    const error = errorOf(build);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(says);
  });

  it("refuses images", () => {
    const error = errorOf(() => sequential(input([4, 4, 3]), maxout(2)));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain("Add flatten() before it.");
  });
});

describe("gated linear units", () => {
  const layers: Record<string, () => Layer> = { glu, swiGlu, geGlu };

  it.each(Object.entries(layers))("%s halves the features as PyTorch does", async (name, layer) => {
    const network = sequential(input(8), layer());
    expect(network.outputs[0]?.shape.slice(1)).toEqual([4]);
    const model = await compile(network);
    expectNear(await model.predict(numbers.rows), numbers.blocks[name]!.y);
  });

  it.each(Object.entries(layers))("%s refuses an odd number of features", (name, layer) => {
    const error = errorOf(() => sequential(input(7), layer()));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain(`${name}: input is [rows, 7]; needs an even number of features`);
  });
});

describe("functions of wasmgrad/ops that take parts of their input", () => {
  const shaped = (...shape: number[]) => functions.broadcastTo(0, shape);

  it.each<[string, () => unknown, typeof ShapeError | typeof OptionError, string]>([
    [
      "glu of an odd axis",
      () => functions.glu(shaped(3, 5)),
      ShapeError,
      "glu: input is [3, 5]; needs an even number",
    ],
    [
      "swiGlu of a scalar",
      () => functions.swiGlu(1),
      ShapeError,
      "swiGlu: input is []; needs an even number",
    ],
    [
      "geGlu of the rows",
      () => functions.geGlu(shaped(-1)),
      ShapeError,
      "geGlu: input is [rows]; needs an even number",
    ],
    [
      "maxout of a remainder",
      () => functions.maxout(shaped(2, 7), { pieces: 3 }),
      ShapeError,
      "maxout: input is [2, 7]",
    ],
    [
      "maxout of no pieces",
      () => functions.maxout(shaped(2), { pieces: 0 }),
      OptionError,
      "maxout: pieces is 0",
    ],
    [
      "prelu whose slope is larger than its input",
      () => functions.prelu(shaped(4), shaped(3, 4)),
      ShapeError,
      "prelu: the slope is [3, 4]; needs a shape that broadcasts to [4], that of the input.",
    ],
    ["prelu whose slope does not fit", () => functions.prelu(shaped(4), shaped(3)), ShapeError, "prelu"],
  ])("refuse %s", (_, build, kind, says) => {
    const error = errorOf(build);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(says);
  });
});

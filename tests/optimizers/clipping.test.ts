/** clipValue, clipParameterNorm and clipNorm, alone and in their order, against f64; gradients that explode are tamed. */
import { describe, expect, it } from "vitest";
import {
  adam,
  type CompileOptions,
  compile,
  DivergedError,
  dense,
  input,
  type Optimizer,
  sequential,
  sgd,
} from "../../src/index.js";
import { rowsOf, weightBits } from "../given/models.js";

type Clips = Pick<CompileOptions, "clipValue" | "clipParameterNorm" | "clipNorm">;

const rows = rowsOf(6, 3).map((row) => row.map((one) => 4 * one));
const targets = rowsOf(6, 2, 2);
const kernel = [0.5, -0.25, 1, 0.75, -1, 0.125];
const bias = [0.25, -0.5];
const RATE = 0.125;

/** Mean over the rows of Σ ½ (x · w + b − y)²: its gradient, kernel before bias. */
function gradientInF64(x: readonly number[][], scale = 1): number[][] {
  const dKernel = kernel.map(() => 0);
  const dBias = bias.map(() => 0);
  x.forEach((row, r) => {
    bias.forEach((offset, unit) => {
      const y = row.reduce((sum, one, i) => sum + one * (kernel[i * 2 + unit] as number), offset);
      const error = (scale * (y - (targets[r]?.[unit] as number))) / x.length;
      row.forEach((one, i) => {
        dKernel[i * 2 + unit] = (dKernel[i * 2 + unit] as number) + error * one;
      });
      dBias[unit] = (dBias[unit] as number) + error;
    });
  });
  return [dKernel, dBias];
}

/** torch.nn.utils.clip_grad_value_, then clip_grad_norm_ of each parameter, then of all; without its 1e−6. */
function clippedInF64(
  gradient: readonly number[][],
  { clipValue = Infinity, clipParameterNorm = Infinity, clipNorm = Infinity }: Clips,
): number[][] {
  const scaled = (limit: number, of: readonly number[], one: readonly number[]) =>
    one.map((g) => g * Math.min(1, limit / Math.hypot(...of)));
  const parts = gradient
    .map((one) => one.map((g) => Math.max(-clipValue, Math.min(clipValue, g))))
    .map((one) => scaled(clipParameterNorm, one, one));
  return parts.map((one) => scaled(clipNorm, parts.flat(), one));
}

async function modelOf(clips: Clips, optimizer: Optimizer = sgd({ learningRate: RATE })) {
  const model = await compile(sequential(input(3), dense(2, { name: "unit" })), {
    loss: "sumOfSquares",
    optimizer,
    ...clips,
  });
  model.setWeights({ "unit/kernel": kernel, "unit/bias": bias });
  return model;
}

const flat = (model: Awaited<ReturnType<typeof modelOf>>) =>
  Object.values(model.weights()).flatMap(({ data }) => [...data]);

describe("what a step of gradient descent leaves", () => {
  const sum = gradientInF64(rows, rows.length);

  it.each<[Clips]>([
    [{}],
    [{ clipValue: 3 }],
    [{ clipValue: 1e-3 }],
    [{ clipValue: 1e3 }],
    [{ clipParameterNorm: 2 }],
    [{ clipParameterNorm: 8 }],
    [{ clipNorm: 5 }],
    [{ clipValue: 3, clipParameterNorm: 2 }],
    [{ clipValue: 3, clipNorm: 4 }],
    [{ clipParameterNorm: 4, clipNorm: 3 }],
    [{ clipParameterNorm: 4, clipNorm: 1e3 }],
    [{ clipValue: 3, clipParameterNorm: 4, clipNorm: 3.5 }],
  ])("with %j is that of the clipped gradient: elements, then parameters, then all of it", async (clips) => {
    const model = await modelOf(clips);
    let gradientNorm = 0;
    await model.fit(
      { x: rows, y: targets },
      { batchSize: 6, shuffle: false, onStep: (step) => (gradientNorm = step.gradientNorm) },
    );
    const clipped = clippedInF64(sum, clips);
    const before = [kernel, bias];
    const expected = clipped.flatMap((one, i) => one.map((g, j) => (before[i]?.[j] as number) - RATE * g));
    flat(model).forEach((w, i) => {
      expect(Math.abs(w - (expected[i] as number))).toBeLessThan(2e-6 * Math.max(1, Math.abs(w)));
    });
    // Reports have the norm of before.
    expect(gradientNorm).toBeCloseTo(Math.hypot(...sum.flat()), 4);
  });

  it("is the same where the gradient is added up of micro-batches", async () => {
    const clips = { clipValue: 3, clipParameterNorm: 4, clipNorm: 3.5 };
    const [whole, inParts] = [await modelOf(clips), await modelOf(clips)];
    await whole.fit({ x: rows, y: targets }, { batchSize: 6, shuffle: false });
    await inParts.fit({ x: rows, y: targets }, { batchSize: 6, accumulate: 3, shuffle: false });
    flat(inParts).forEach((w, i) => {
      expect(Math.abs(w - (flat(whole)[i] as number))).toBeLessThan(1e-6);
    });
  });
});

describe("a gradient of 1e20", () => {
  const huge = { x: [[1e10, -1e10, 1e10]], y: [[0, 0]] };

  it("is refused unless it is clipped, and the weights stay", async () => {
    const model = await modelOf({});
    const bits = weightBits(model);
    await expect(model.fit(huge, { batchSize: 1 })).rejects.toThrow(DivergedError);
    expect(weightBits(model)).toEqual(bits);
  });

  it.each<[Clips]>([[{ clipValue: 0.5 }], [{ clipParameterNorm: 0.5 }], [{ clipNorm: 0.5 }]])(
    "is tamed by %j: the weights move by what is left of it",
    async (clips) => {
      const model = await modelOf(clips);
      let gradientNorm = 0;
      await model.fit(huge, { batchSize: 1, onStep: (step) => (gradientNorm = step.gradientNorm) });
      expect(gradientNorm).toBeGreaterThan(1e20);
      const moved = flat(model).map((w, i) => w - ([...kernel, ...bias][i] as number));
      const most = clips.clipValue === undefined ? Math.hypot(...moved) : Math.max(...moved.map(Math.abs));
      expect(most / RATE).toBeGreaterThan(0.49);
      expect(most / RATE).toBeLessThan(0.75);
    },
  );

  it("is tamed for a deep linear network whose gradient explodes, which then learns", async () => {
    const layers = Array.from({ length: 12 }, (_, i) => dense(8, { name: `layer${i}`, useBias: false }));
    const explode = async (clips: Clips) => {
      const model = await compile(sequential(input(8), ...layers, dense(1, { name: "out" })), {
        loss: "meanSquaredError",
        optimizer: sgd({ learningRate: 0.01 }),
        seed: 4,
        ...clips,
      });
      const scaled = Object.entries(model.weights()).flatMap(([name, { data }]) =>
        name.startsWith("layer") ? [[name, data.map((w) => 3 * w)] as const] : [],
      );
      model.setWeights(Object.fromEntries(scaled));
      const data = { x: rowsOf(16, 8), y: rowsOf(16, 1, 2) };
      const history = await model.fit(data, { epochs: 60, batchSize: 16 });
      return history.map(({ loss }) => loss);
    };
    await expect(explode({})).rejects.toThrow(DivergedError);
    for (const clips of [{ clipNorm: 1 }, { clipParameterNorm: 0.5 }, { clipValue: 0.1 }]) {
      const losses = await explode(clips);
      expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 100);
    }
  });

  it("is refused where it is infinite, whatever clips it", async () => {
    for (const clips of [{ clipValue: 1 }, { clipParameterNorm: 1 }, { clipNorm: 1 }]) {
      const model = await modelOf(clips, adam());
      const bits = weightBits(model);
      const infinite = { x: [[3e38, 3e38, -3e38]], y: [[0, 0]] };
      await expect(model.fit(infinite, { batchSize: 1 })).rejects.toThrow(DivergedError);
      expect(weightBits(model)).toEqual(bits);
    }
  });
});

describe("compile refuses", () => {
  it.each(["clipValue", "clipParameterNorm", "clipNorm"])("%s outside its domain", async (name) => {
    for (const value of [0, -1, Number.NaN, Infinity]) {
      await expect(modelOf({ [name]: value })).rejects.toThrow(
        `compile: ${name} is ${value}; needs a positive number.`,
      );
    }
  });
});

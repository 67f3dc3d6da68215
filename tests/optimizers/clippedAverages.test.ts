/** Steps of SGD with a clipped gradient and averaged weights: PyTorch's numbers. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  compile,
  dense,
  exponentialMovingAverage,
  input,
  sequential,
  sgd,
  type Weights,
} from "../../src/index.js";

interface Run {
  readonly clips: {
    readonly clipValue?: number;
    readonly clipNorm?: number;
    readonly clipParameterNorm?: number;
  };
  readonly points: readonly { readonly weights: number[]; readonly averages: number[] }[];
}

/** Made by tests/peers/torch/averages.py. */
const torch = JSON.parse(readFileSync(new URL("../peers/torch/averages.json", import.meta.url), "utf8")) as {
  readonly x: number[][];
  readonly y: number[][];
  readonly kernel: number[][];
  readonly bias: number[];
  readonly rate: number;
  readonly momentum: number;
  readonly decay: number;
  readonly runs: readonly Run[];
};

/** ‖found − expected‖ / ‖expected‖ */
function errorOf(weights: Weights, expected: readonly number[]): number {
  const found = Object.values(weights).flatMap(({ data }) => [...data]);
  expect(found).toHaveLength(expected.length);
  return Math.hypot(...found.map((w, i) => w - (expected[i] as number))) / Math.hypot(...expected);
}

describe("ten steps", () => {
  // clip_grad_norm_ adds 1e−6 to the norm that it divides by, and this engine nothing: 1e−6 over norms from about 1 on.
  it.each(torch.runs)("with $clips are PyTorch's, and so are their averages", async ({ clips, points }) => {
    const { x, y, kernel, bias, rate: learningRate, momentum, decay } = torch;
    const model = await compile(sequential(input(3), dense(2, { name: "unit" })), {
      loss: "meanSquaredError",
      optimizer: exponentialMovingAverage(sgd({ learningRate, momentum }), { decay }),
      ...clips,
    });
    model.setWeights({ "unit/kernel": kernel, "unit/bias": bias });
    for (const [step, { weights, averages }] of points.entries()) {
      await model.fit({ x, y }, { batchSize: 5, shuffle: false });
      expect(errorOf(model.weights(), weights), `step ${step + 1}`).toBeLessThan(1e-6);
      expect(errorOf(model.averagedWeights(), averages), `step ${step + 1}`).toBeLessThan(1e-6);
    }
  });
});

/** Issue 2: a house-price regression that is better than the mean predictor and than the best linear model. */
import { describe, expect, it } from "vitest";
import { adam, compile, dense, input, sequential } from "../../src/index.js";
import { houses, NOISE } from "./houses.js";

const TRAINING = 800;
const { features, prices } = houses(1000, 7);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const rootMeanSquare = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => value ** 2)));

/** A column brought to mean 0 and deviation 1 by its training rows. */
function standardize(column: readonly number[]) {
  const training = column.slice(0, TRAINING);
  const center = mean(training);
  const deviation = rootMeanSquare(training.map((value) => value - center));
  return { values: column.map((value) => (value - center) / deviation), deviation };
}

const columns = (features[0] as number[]).map(
  (_, j) => standardize(features.map((row) => row[j] as number)).values,
);
const rows = features.map((_, i) => columns.map((column) => column[i] as number));
const price = standardize(prices);

/** Σ a_i b_i */
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, one, i) => sum + one * (b[i] as number), 0);

/** Solves a symmetric positive definite system by Cholesky's decomposition (Golub & Van Loan, algorithm 4.2.1). */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const n = right.length;
  const lower: number[][] = [];
  for (let i = 0; i < n; i++) {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      const rest = (matrix[i]?.[j] as number) - dot(row.slice(0, j), (lower[j] ?? row).slice(0, j));
      row.push(i === j ? Math.sqrt(rest) : rest / (lower[j]?.[j] as number));
    }
    lower.push(row);
  }
  const half: number[] = [];
  for (let i = 0; i < n; i++) {
    const row = lower[i] as number[];
    half.push(((right[i] as number) - dot(half, row.slice(0, i))) / (row[i] as number));
  }
  const solution = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let rest = half[i] as number;
    for (let k = i + 1; k < n; k++) rest -= (lower[k]?.[i] as number) * (solution[k] as number);
    solution[i] = rest / (lower[i]?.[i] as number);
  }
  return solution;
}

/** Least squares with a constant column, by the normal equations XᵀX w = Xᵀy in f64. */
function leastSquares(x: readonly (readonly number[])[], y: readonly number[]) {
  const extended = x.map((row) => [...row, 1]);
  const width = extended[0]?.length ?? 0;
  const column = (j: number) => extended.map((row) => row[j] as number);
  const gram = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) => dot(column(i), column(j))),
  );
  const right = Array.from({ length: width }, (_, i) => dot(column(i), y));
  const weights = solve(gram, right);
  const residuals = extended.map((row, i) => dot(row, weights) - (y[i] as number));
  // At the minimum the residuals are orthogonal to every column.
  for (let j = 0; j < width; j++) expect(Math.abs(dot(residuals, column(j)))).toBeLessThan(1e-8);
  return (row: readonly number[]) => dot([...row, 1], weights);
}

describe("house prices", () => {
  it("are estimated better than by their mean and by the best linear model, on rows not trained on", async () => {
    const training = { x: rows.slice(0, TRAINING), y: price.values.slice(0, TRAINING) };
    const held = { x: rows.slice(TRAINING), y: price.values.slice(TRAINING) };
    const linear = leastSquares(training.x, training.y);
    const errorOf = (predict: (row: readonly number[], i: number) => number) =>
      price.deviation * rootMeanSquare(held.x.map((row, i) => predict(row, i) - (held.y[i] as number)));

    const network = sequential(input(5), dense(32, "relu"), dense(16, "relu"), dense(1));
    const optimizer = adam({ learningRate: 0.005 });
    const model = await compile(network, { loss: "meanSquaredError", optimizer, seed: 1 });
    await model.fit(training, { epochs: 60, batchSize: 32 });
    const outputs = await model.predict(held.x);

    // The mean of the training prices is 0 after standardizing.
    const errors = {
      mean: errorOf(() => 0),
      linear: errorOf(linear),
      network: errorOf((_, i) => outputs[i] as number),
    };
    expect(errors.linear).toBeLessThan(0.9 * errors.mean);
    expect(errors.network).toBeLessThan(0.5 * errors.linear);
    // Nothing can know the noise, whose deviation is its half width / √3.
    expect(errors.network).toBeGreaterThan(NOISE / Math.sqrt(3));
  });

  it("are fitted by one dense layer as least squares fits them", async () => {
    const training = { x: rows.slice(0, TRAINING), y: price.values.slice(0, TRAINING) };
    const linear = leastSquares(training.x, training.y);
    const optimizer = adam({ learningRate: 0.02 });
    const model = await compile(sequential(input(5), dense(1)), {
      loss: "meanSquaredError",
      optimizer,
      seed: 1,
    });
    // So many because area and rooms nearly tell the same, which makes the valley of the error long and flat.
    await model.fit(training, { epochs: 4000, batchSize: TRAINING });
    const outputs = await model.predict(rows);
    outputs.forEach((output, i) => expect(output).toBeCloseTo(linear(rows[i] as number[]), 2));
  });
});

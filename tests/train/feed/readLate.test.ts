/** What is read late, beyond dataMemory or for validation, is checked when it is read. */
import { describe, expect, it } from "vitest";
import {
  compile,
  DataError,
  dense,
  type EpochReport,
  type FitOptions,
  input,
  sequential,
  sgd,
} from "../../../src/index.ts";
import { rejectionOf, weightBits } from "../../given/models.ts";

const ROWS = 40;
const COLUMNS = 3;
const data = () => ({
  x: Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.sin(i)),
  y: Uint8Array.from({ length: ROWS }, (_, i) => i % 2),
});
const compiled = () =>
  compile(sequential(input(COLUMNS), dense(4, "tanh"), dense(2)), {
    loss: "crossEntropy",
    optimizer: sgd({ learningRate: 0.1 }),
    seed: 1,
  });
/** So little that rows pass through memory. */
const passing = { dataMemory: 64, batchSize: 4, epochs: 3 };

type Data = ReturnType<typeof data>;

/** The error of a `fit` after whose first epoch something is written to its data. */
async function changing(change: (given: Data) => void, options: FitOptions = passing, given: Data = data()) {
  const model = await compiled();
  const onEpoch = ({ epoch }: EpochReport) => {
    if (epoch === 1) change(given);
  };
  const error = (await rejectionOf(model.fit(given, { ...options, onEpoch }))) as Error;
  return { error, model };
}

describe("rows that are read again in each epoch", () => {
  it("are refused where a NaN was written to them meanwhile, by the place that it has in the array", async () => {
    const { error, model } = await changing(({ x }) => {
      x[17 * COLUMNS + 2] = Number.NaN;
    });
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toBe(
      "fit: x: row 17, column 2 is NaN; needs finite numbers within the range of f32. " +
        "It was changed while it was in use: give a copy.",
    );
    // The model goes on from its last whole step.
    const weights = Object.values(model.weights()).flatMap(({ data: values }) => [...values]);
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(await model.fit(data())).toHaveLength(1);
  });

  it("are refused where a label became one of no class", async () => {
    const { error } = await changing(({ y }) => {
      y[3] = 9;
    });
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(/^fit: y: row 3, column 0 is 9; needs an integer class from 0 to 1/);
    expect(error.message).toContain("It was changed while it was in use");
  });

  it("are refused where their memory was transferred", async () => {
    const { error } = await changing(({ y }) => void structuredClone(y, { transfer: [y.buffer] }));
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain("fit: y: is empty now");
  });

  it("of validation and of validationSplit are checked too", async () => {
    const held = data();
    const change = () => {
      held.x[5] = Number.POSITIVE_INFINITY;
    };
    const { error } = await changing(change, { epochs: 3, validation: held });
    expect(error.message).toContain("fit: validation: x: row 1, column 2 is Infinity");
    const split = await changing(({ x }) => x.fill(Number.NaN, 39 * COLUMNS), {
      epochs: 3,
      validationSplit: 0.25,
    });
    expect(split.error.message).toContain("fit: x: row 39, column 0 is NaN");
  });

  it("end in the same bits as rows that stay in memory", async () => {
    const [one, other] = [await compiled(), await compiled()];
    await one.fit(data(), passing);
    await other.fit(data(), { ...passing, dataMemory: 2 ** 20 });
    expect(weightBits(one)).toEqual(weightBits(other));
  });
});

describe("rows that stay in memory", () => {
  it("are read once: what is written to them later changes nothing", async () => {
    const [one, other, given] = [await compiled(), await compiled(), data()];
    await one.fit(given, { epochs: 3, onEpoch: () => void given.x.fill(Number.NaN) });
    await other.fit(data(), { epochs: 3 });
    expect(weightBits(one)).toEqual(weightBits(other));
  });

  it("are checked when they are read, if fit had to wait before", async () => {
    const [model, given] = [await compiled(), data()];
    const fitting = model.fit(given);
    given.x.fill(Number.NaN);
    expect(await rejectionOf(fitting)).toBeInstanceOf(DataError);
  });
});

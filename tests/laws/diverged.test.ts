/** A learning rate that diverges: training stops with the weights of the last good step, and says where. */
import { describe, expect, it } from "vitest";
import {
  type CompileOptions,
  compile,
  DivergedError,
  dense,
  type FitOptions,
  input,
  type Model,
  type StepReport,
  sequential,
  sgd,
} from "../../src/index.js";
import { bitsOf, rejectionOf, rowsOf, turnOfTheLoop, weightBits } from "../given/models.js";

const data = { x: rowsOf(32, 3), y: rowsOf(32, 2, 2) };
const order: FitOptions = { batchSize: 8, shuffle: false };

const network = () =>
  sequential(input(3), dense(4, { activation: "relu", name: "hidden" }), dense(2, { name: "out" }));

/** A linear network whose error grows by a factor at each step, until it leaves f32. */
const diverging = (options: CompileOptions = {}): Promise<Model> =>
  compile(network(), { loss: "meanSquaredError", optimizer: sgd({ learningRate: 50 }), seed: 3, ...options });

async function divergenceOf(model: Model, options: FitOptions = {}): Promise<DivergedError> {
  const error = await rejectionOf(model.fit(data, { ...order, epochs: 1000, ...options }));
  expect(error).toBeInstanceOf(DivergedError);
  return error as DivergedError;
}

describe("a learning rate that diverges", () => {
  it("is an error that names step, loss, gradient norm, learning rate, layer and the mend", async () => {
    const error = await divergenceOf(await diverging());
    expect(error.step).toBeGreaterThan(2);
    // Not only what is infinite: what a few steps more would take out of the range of f32.
    const isWithin = error.gradientNorm <= 1e18 && error.gradientNorm * error.learningRate <= 1e30;
    expect(Number.isFinite(error.loss) && isWithin).toBe(false);
    expect(error.learningRate).toBe(50);
    expect(["hidden", "out", "loss", "the update"]).toContain(error.layer);
    expect(error.message).toContain(`fit: diverged at step ${error.step}`);
    expect(error.message).toContain(
      `loss ${error.loss}, gradient norm ${error.gradientNorm}, learning rate 50`,
    );
    expect(error.message).toContain(`layer "${error.layer}"`);
    expect(error.message).toMatch(
      /The model holds the weights from before this step\. Lower the learning rate/,
    );
  });

  it("does not name the metrics as the layer, though their sums over rows overflow before the loss does", async () => {
    // Predictions of 1e19: a mean of squares of 1e38 that f32 holds, and a sum over 8 rows that it does not.
    const rows = { x: Array.from({ length: 8 }, () => [1]), y: Array.from({ length: 8 }, () => [0]) };
    for (const metrics of [[], ["rSquared"]] as const) {
      const line = sequential(input(1), dense(1, { useBias: false, name: "line" }));
      const model = await compile(line, { loss: "meanSquaredError", optimizer: "sgd", metrics });
      model.setWeights({ "line/kernel": [1e19] });
      const error = (await rejectionOf(model.fit(rows))) as DivergedError;
      expect(error.loss / 1e38).toBeCloseTo(1, 5);
      expect(error.layer).toBe("the update");
    }
  });

  it("leaves the weights of a run that was stopped one step earlier, all of them finite", async () => {
    const model = await diverging();
    const { step } = await divergenceOf(model);
    const stopped = await diverging();
    const controller = new AbortController();
    // The same rows as batches, so that a run of exactly so many steps can be asked for.
    const batches = function* () {
      for (let i = 0; i < step; i++) {
        const first = (i % 4) * 8;
        yield { x: data.x.slice(first, first + 8), y: data.y.slice(first, first + 8) };
      }
    };
    await stopped.fit(batches, { signal: controller.signal });
    expect(weightBits(model)).toEqual(weightBits(stopped));
    for (const { data: values } of Object.values(model.weights())) {
      expect(values.every(Number.isFinite)).toBe(true);
    }
  });

  it("leaves a model that predicts, and trains on with other weights", async () => {
    const model = await diverging();
    const start = model.weights();
    await divergenceOf(model);
    expect(await model.predict(data.x)).toHaveLength(64);
    model.setWeights(start);
    expect(weightBits(model)).toEqual(bitsOf(start));
    const [report] = await model.fit({ x: data.x, y: data.y }, { batchSize: 32 });
    expect(report?.steps).toBe(1);
    expect(weightBits(model)).not.toEqual(bitsOf(start));
  });

  it("can be lowered by a function of the step, and training goes on", async () => {
    let rate = 50;
    const model = await diverging({ optimizer: sgd({ learningRate: () => rate }) });
    const start = model.weights();
    const { step } = await divergenceOf(model);
    rate = 0.01;
    model.setWeights(start);
    const steps: StepReport[] = [];
    await model.fit(data, { ...order, onStep: (report) => steps.push(report) });
    expect(steps.map((report) => report.step)).toEqual([step, step + 1, step + 2, step + 3]);
    expect(steps.every(({ loss, learningRate }) => loss < 10 && learningRate === 0.01)).toBe(true);
  });

  it("is reported after each step that came before it, in order", async () => {
    const steps: number[] = [];
    const error = await divergenceOf(await diverging(), { onStep: ({ step }) => steps.push(step) });
    expect(steps).toEqual(Array.from({ length: error.step }, (_, i) => i));
  });

  it("is the same error when predictions run between the steps", async () => {
    const expected = await divergenceOf(await diverging());
    const model = await diverging();
    const error = await divergenceOf(model, {
      onStep: async () => {
        await model.predict(data.x);
        await turnOfTheLoop();
      },
    });
    expect({ ...error }).toEqual({ ...expected });
  });

  it("does not diverge when the gradient is clipped to a small norm", async () => {
    const model = await diverging({ clipNorm: 0.001, optimizer: sgd({ learningRate: 0.5 }) });
    const history = await model.fit(
      { x: data.x, y: rowsOf(32, 2).map((row) => row.map((v) => v * 1e14)) },
      order,
    );
    expect(history).toHaveLength(1);
  });
});

describe("a step whose result is not finite", () => {
  it("names the layer whose output overflows", async () => {
    const model = await diverging();
    const out = model.weights()["out/kernel"];
    model.setWeights({ "out/kernel": new Float32Array(out?.data.length ?? 0).fill(3e38) });
    model.setWeights({ "hidden/bias": [9, 9, 9, 9] });
    const before = weightBits(model);
    const error = await divergenceOf(model);
    expect(error.step).toBe(0);
    expect(error.layer).toBe("out");
    expect(weightBits(model)).toEqual(before);
  });

  it("names the loss when only that overflows", async () => {
    const model = await diverging();
    model.setWeights({ "out/bias": [3e30, 3e30] });
    const error = await divergenceOf(model);
    expect([error.step, error.layer]).toEqual([0, "loss"]);
    expect(error.loss).toBe(Number.POSITIVE_INFINITY);
  });

  it("names the update when the gradient is finite and the change is not", async () => {
    const model = await diverging({ optimizer: sgd({ learningRate: 3e38 }) });
    model.setWeights({ "out/bias": [100, 100] });
    const error = await divergenceOf(model);
    expect([error.step, error.layer]).toEqual([0, "the update"]);
    expect(Number.isFinite(error.gradientNorm) && Number.isFinite(error.loss)).toBe(true);
  });
});

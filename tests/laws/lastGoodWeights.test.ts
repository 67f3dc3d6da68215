/** What a model holds after its training came to an end that nobody wished for. */
import { describe, expect, it } from "vitest";
import { DivergedError } from "../../src/check/errors.ts";
import {
  adam,
  type CompileOptions,
  compile,
  dense,
  input,
  type Model,
  type Optimizer,
  sequential,
  sgd,
} from "../../src/index.ts";

const x = Float32Array.from({ length: 32 * 3 }, (_, i) => ((i * 29) % 17) / 17);
const y = Uint8Array.from({ length: 32 }, (_, i) => (i * 7) % 2);

const classifier = (optimizer: Optimizer, options: CompileOptions = {}) =>
  compile(sequential(input(3), dense(4, "tanh"), dense(1, "sigmoid")), {
    loss: "binaryCrossEntropy",
    optimizer,
    seed: 2,
    ...options,
  });

const values = (model: Model) => Object.values(model.weights()).flatMap(({ data }) => [...data]);

describe("weights after a DivergedError", () => {
  it.each([
    ["a decay that multiplies them by −999 each step", sgd({ learningRate: 1000, weightDecay: 1 })],
    ["such a decay with momentum", sgd({ learningRate: 200, weightDecay: 1, momentum: 0.9, nesterov: true })],
    ["a decoupled decay", adam({ learningRate: 1e4, weightDecay: 1, decoupled: true })],
    ["a step as large as f32", adam({ learningRate: 3e38 })],
  ])("are finite and can be set again after %s", async (_, optimizer) => {
    const model = await classifier(optimizer);
    await expect(model.fit({ x, y }, { epochs: 50, batchSize: 32 })).rejects.toThrow(DivergedError);
    expect(values(model).every(Number.isFinite)).toBe(true);
    expect(() => model.setWeights(model.weights())).not.toThrow();
  });

  it("are those of the steps before it, not one more", async () => {
    const optimizer = sgd({ learningRate: 1000, weightDecay: 1 });
    const model = await classifier(optimizer);
    const options = { batchSize: 32, shuffle: false };
    const error: unknown = await model.fit({ x, y }, { ...options, epochs: 50 }).catch((reason) => reason);
    const { step } = error as DivergedError;
    expect(step).toBeGreaterThan(1);
    const twin = await classifier(optimizer);
    await twin.fit({ x, y }, { ...options, epochs: step });
    expect(values(twin)).toEqual(values(model));
  });
});

describe("a learning-rate function that fails at a step", () => {
  it.each([1, 5, 100])("leaves the weights of exactly the %d steps before it", async (last) => {
    const until = (step: number) => (step < last ? 0.05 : Number.NaN);
    const model = await classifier(sgd({ learningRate: until }));
    const refused = model.fit({ x, y }, { epochs: 60, batchSize: 8, shuffle: false });
    await expect(refused).rejects.toThrow(`fit: learningRate(${last}) is NaN`);
    const twin = await classifier(sgd({ learningRate: 0.05 }));
    const controller = new AbortController();
    const stop = ({ step }: { step: number }) => {
      if (step === last - 1) controller.abort();
    };
    const stopped = twin.fit(
      { x, y },
      { epochs: 60, batchSize: 8, shuffle: false, onStep: stop, signal: controller.signal },
    );
    await expect(stopped).rejects.toThrow("aborted");
    expect(values(model)).toEqual(values(twin));
  });
});

describe("onStep", () => {
  it("finds the weights of its step, and no later ones", async () => {
    const model = await classifier(sgd({ learningRate: 0.5 }));
    const seen: number[][] = [];
    await model.fit({ x, y }, { epochs: 3, batchSize: 8, onStep: () => seen.push(values(model)) });
    expect(seen).toHaveLength(12);
    expect(new Set(seen.map(String)).size).toBe(12);
    expect(seen.at(-1)).toEqual(values(model));
  });
});

/** Validation with averaged weights, and a training that ends with them. */
import { afterEach, describe, expect, it } from "vitest";
import {
  adam,
  type Callback,
  CallbackError,
  type CompileOptions,
  earlyStopping,
  exponentialMovingAverage,
  type Model,
  OptionError,
  swapAverages,
} from "../../src/index.ts";
import { bitsOf, rejectionOf, weightBits } from "../given/models.ts";
import { batchSize, data, model, validation } from "./training.ts";

const opened: Model[] = [];
const averaging = async (options: CompileOptions<never> = {}) => {
  const optimizer = exponentialMovingAverage(adam({ learningRate: 0.05 }), { decay: 0.8 });
  const made = await model({ optimizer, ...options });
  opened.push(made);
  return made;
};

afterEach(() => {
  for (const one of opened.splice(0)) one.dispose();
});

describe("swapAverages", () => {
  it.each([false, true])(
    "validates with the averages of each epoch, and trains as without it (worker: %s)",
    async (worker) => {
      const [plain, swapped] = [await averaging(), await averaging({ worker })];
      const expected: number[] = [];
      const seen: unknown[] = [];
      await plain.fit(data, {
        batchSize,
        epochs: 3,
        onEpoch: async () => {
          const other = await averaging();
          other.setWeights(plain.averagedWeights());
          expected.push((await other.evaluate(validation)).loss);
          seen.push(weightBits(plain));
        },
      });
      const found: number[] = [];
      const own: unknown[] = [];
      await swapped.fit(data, {
        batchSize,
        epochs: 3,
        validation,
        callbacks: [swapAverages()],
        onEpoch: (report) => {
          found.push(report.validation.loss);
          own.push(weightBits(swapped));
        },
      });
      expect(found).toEqual(expected);
      expect(new Set(found).size).toBe(3);
      expect(own).toEqual(seen);
      // It ends with the averages in place.
      expect(weightBits(swapped)).toEqual(bitsOf(plain.averagedWeights()));
      expect(weightBits(swapped)).not.toEqual(weightBits(plain));
    },
  );

  it("ends with the averages where a callback stops it, with the weights where it pauses", async () => {
    const [stopped, paused, whole] = [await averaging(), await averaging(), await averaging()];
    await stopped.fit(data, { batchSize, epochs: 3, callbacks: [swapAverages()], onEpoch: () => "stop" });
    expect(weightBits(stopped)).toEqual(bitsOf(stopped.averagedWeights()));
    const callbacks = [swapAverages()];
    await paused.fit(data, { batchSize, epochs: 2, maxSteps: 3, callbacks });
    expect(weightBits(paused)).not.toEqual(bitsOf(paused.averagedWeights()));
    await paused.fit(data, { batchSize, epochs: 2, resume: true, callbacks });
    await whole.fit(data, { batchSize, epochs: 2 });
    expect(weightBits(paused)).toEqual(bitsOf(whole.averagedWeights()));
  });

  it("gives the weights back where a validation fails", async () => {
    const [failing, plain] = [await averaging(), await averaging()];
    let calls = 0;
    const broken = () => {
      calls++;
      if (calls > 1) throw new Error("no more rows");
      return [validation];
    };
    await expect(
      failing.fit(data, { batchSize, epochs: 3, validation: broken, callbacks: [swapAverages()] }),
    ).rejects.toThrow("no more rows");
    await plain.fit(data, { batchSize, epochs: calls });
    expect(weightBits(failing)).toEqual(weightBits(plain));
  });

  it("is refused before the first step where the optimizer keeps no average", async () => {
    const plain = await model();
    const bits = weightBits(plain);
    const error = await rejectionOf(plain.fit(data, { batchSize, callbacks: [swapAverages()] }));
    expect(error).toBeInstanceOf(CallbackError);
    expect((error as Error).message).toContain('"swapAverages"');
    expect((error as Error).cause).toBeInstanceOf(OptionError);
    expect(((error as Error).cause as Error).message).toContain(
      "averagedWeights: adam keeps no average; needs",
    );
    expect(weightBits(plain)).toEqual(bits);
    expect(plain.state.step).toBe(0);
  });
});

describe("the hooks around validation", () => {
  it("run before and after it, and not without one", async () => {
    const order: string[] = [];
    const callbacks = [
      {
        onValidationBegin: ({ epoch }: { readonly epoch: number }) => order.push(`begin ${epoch}`),
        onValidationEnd: ({ epoch }: { readonly epoch: number }) => order.push(`end ${epoch}`),
        onEpochEnd: ({ epoch }: { readonly epoch: number }) => order.push(`epoch ${epoch}`),
      },
    ];
    const stream = () => {
      order.push("rows");
      return [validation];
    };
    const trained = await model();
    await trained.fit(data, { batchSize, epochs: 2, validation: stream, callbacks });
    expect(order).toEqual(["begin 1", "rows", "end 1", "epoch 1", "begin 2", "rows", "end 2", "epoch 2"]);
    order.length = 0;
    await trained.fit(data, { batchSize, callbacks });
    expect(order).toEqual(["epoch 1"]);
  });

  it.each([0, 1])(
    "ends with the weights that the best epoch was scored with, at place %i beside earlyStopping",
    async (place) => {
      const trained = await averaging();
      const stopping = earlyStopping({ patience: 2 });
      const callbacks: Callback[] = place === 0 ? [swapAverages(), stopping] : [stopping, swapAverages()];
      const reports = await trained.fit(data, { batchSize, epochs: 40, validation, callbacks });
      const best = reports[(stopping.bestEpoch as number) - 1]?.validation?.loss;
      expect(stopping.stoppedEpoch).toBeDefined();
      expect((await trained.evaluate(validation)).loss).toBe(best);
    },
  );
});

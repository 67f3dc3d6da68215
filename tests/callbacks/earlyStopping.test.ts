/** earlyStopping: when it stops (Keras' EarlyStopping), and whose weights it leaves. */
import { describe, expect, it } from "vitest";
import {
  CallbackError,
  compile,
  customMetric,
  dense,
  type EarlyStoppingOptions,
  earlyStopping,
  input,
  OptionError,
  sequential,
  stepBudget,
  type Weights,
} from "../../src/index.ts";
import { bitsOf, rejectionOf, rowsOf, weightBits } from "../given/models.ts";
import { batchSize, data, model, validation, watched } from "./training.ts";

/** Trains for as many epochs as there are values, unless it is stopped. */
async function train(values: readonly number[], options: EarlyStoppingOptions) {
  const trained = await model();
  const weights: Weights[] = [];
  const stopping = earlyStopping({ monitor: "watched", mode: "min", ...options });
  const keep = { onEpochEnd: () => void weights.push(trained.weights()) };
  const reports = await trained.fit(data, {
    batchSize,
    epochs: values.length,
    callbacks: [watched(values), keep, stopping],
  });
  return { trained, weights, stopping, epochs: reports.length };
}

describe("earlyStopping stops", () => {
  const values = [5, 4, 4.5, 3, 3, 3.5, 3.2, 3.1, 2];
  // By Keras' rule: when as many epochs in a row as patience, at least one, were no better than the best.
  it.each<[string, EarlyStoppingOptions, number, number]>([
    ["after the first epoch that is no better", {}, 3, 2],
    ["just so with a patience of 1", { patience: 1 }, 3, 2],
    ["after two in a row", { patience: 2 }, 6, 4],
    ["after four in a row", { patience: 4 }, 8, 4],
    ["never when patience lasts", { patience: 5 }, 9, 9],
    ["after a gain that is too small", { patience: 1, minDelta: 1 }, 2, 1],
    ["after a gain that is just not too small", { patience: 1, minDelta: 0.75 }, 3, 2],
    ["later when the first epochs do not count", { startFromEpoch: 3 }, 5, 4],
    ["later when so few do not count that a best is among them", { startFromEpoch: 2 }, 5, 4],
    ["by what rises", { mode: "max", patience: 2 }, 3, 1],
    ["where a baseline is not reached", { patience: 3, baseline: 1 }, 3, 2],
    ["later where a baseline is reached", { patience: 3, baseline: 4.5 }, 7, 4],
  ])("%s", async (_, options, epochs, best) => {
    const found = await train(values, options);
    expect([found.epochs, found.stopping.bestEpoch]).toEqual([epochs, best]);
    expect(found.stopping.best).toBe(values[best - 1]);
    expect(found.stopping.stoppedEpoch).toBe(epochs === values.length ? undefined : epochs);
  });

  it("where what it watches is no longer a number", async () => {
    const { epochs, stopping } = await train([3, 2, Number.NaN, Number.NaN, Number.NaN], { patience: 2 });
    expect([epochs, stopping.bestEpoch]).toEqual([4, 2]);
  });

  it.each([
    ["higher", 3],
    ["lower", 2],
  ] as const)(
    "by what a metric of one's own says of itself, whatever its name: %s is better",
    async (direction, epochs) => {
      const values = [1, 2, 2, 2];
      const size = customMetric((prediction) => prediction, { name: "size", direction });
      const network = sequential(input(2), dense(1));
      const trained = await compile(network, { loss: "meanSquaredError", metrics: [size] });
      const overwritten = {
        onEpochEnd: (report: object) => void Object.assign(report, { size: values.shift() }),
      };
      const callbacks = [overwritten, earlyStopping({ monitor: "size" })];
      const rows = { x: [[0, 1]], y: [1] };
      expect(await trained.fit(rows, { epochs: 4, callbacks })).toHaveLength(epochs);
    },
  );

  it("by the loss of validation, unless told otherwise", async () => {
    const trained = await model();
    const stopping = earlyStopping({ patience: 2 });
    const reports = await trained.fit(data, { batchSize, epochs: 200, validation, callbacks: [stopping] });
    const losses = reports.map((report) => report.validation.loss);
    expect(losses.length).toBeLessThan(200);
    expect(stopping.best).toBe(Math.min(...losses));
    expect(losses.indexOf(stopping.best as number)).toBe(losses.length - 3);
    const { loss } = await trained.evaluate(validation);
    expect(loss).toBe(stopping.best);
  });
});

describe("the weights after earlyStopping", () => {
  const values = [3, 1, 2, 2, 2];

  it("are those of the best epoch, to the bit, stopped or not", async () => {
    for (const patience of [2, 10]) {
      const { trained, weights } = await train(values, { patience });
      expect(weightBits(trained)).toEqual(bitsOf(weights[1] as Weights));
      expect(weightBits(trained)).not.toEqual(bitsOf(weights.at(-1) as Weights));
    }
  });

  it("are the last where restoring is not wanted", async () => {
    const { trained, weights } = await train(values, { patience: 2, restoreBestWeights: false });
    expect(weightBits(trained)).toEqual(bitsOf(weights.at(-1) as Weights));
  });

  it("are the best too when something else stops training", async () => {
    const trained = await model();
    let best: Weights | undefined;
    const keep = {
      onEpochEnd({ epoch }: { readonly epoch: number }) {
        if (epoch === 2) best = trained.weights();
      },
    };
    const callbacks = [
      watched(values),
      keep,
      earlyStopping({ monitor: "watched", mode: "min", patience: 9 }),
      stepBudget({ steps: 18 }),
    ];
    await trained.fit(data, { batchSize, epochs: 5, callbacks });
    expect(weightBits(trained)).toEqual(bitsOf(best as unknown as Weights));
  });

  it("are the last when training pauses or fails: it goes on from there", async () => {
    const options = { batchSize, epochs: 5 };
    const stopping = () => [watched(values), earlyStopping({ monitor: "watched", mode: "min", patience: 9 })];
    const [whole, paused, failed] = [await model(), await model(), await model()];
    await whole.fit(data, options);
    await paused.fit(data, { ...options, maxSteps: 18, callbacks: stopping() });
    await paused.fit(data, { ...options, resume: true });
    expect(weightBits(paused)).toEqual(weightBits(whole));
    const fail = ({ step }: { step: number }) => {
      if (step === 17) throw new Error("broken");
    };
    await rejectionOf(failed.fit(data, { ...options, onStep: fail, callbacks: stopping() }));
    await failed.fit(data, { ...options, resume: true });
    expect(weightBits(failed)).toEqual(weightBits(whole));
  });

  it("go on being trained by the next fit, for which the callback starts anew", async () => {
    const trained = await model();
    const stopping = earlyStopping({ monitor: "watched", mode: "min", patience: 1 });
    await trained.fit(data, { batchSize, epochs: 9, callbacks: [watched([1, 2]), stopping] });
    expect([stopping.best, stopping.stoppedEpoch]).toEqual([1, 2]);
    const before = weightBits(trained);
    const again = await trained.fit(data, {
      batchSize,
      epochs: 3,
      callbacks: [watched([9, 8, 7]), stopping],
    });
    expect(again).toHaveLength(3);
    expect([stopping.best, stopping.bestEpoch, stopping.stoppedEpoch]).toEqual([7, 3, undefined]);
    expect(weightBits(trained)).not.toEqual(before);
  });
});

describe("earlyStopping refuses", () => {
  const wrong = (value: unknown) => value as never;
  it.each<[string, EarlyStoppingOptions, string]>([
    [
      "a negative patience",
      { patience: -1 },
      "earlyStopping: patience is -1; needs an integer of at least 0",
    ],
    ["half an epoch", { patience: 1.5 }, "patience is 1.5; needs an integer of at least 0"],
    ["a negative minDelta", { minDelta: -0.1 }, "minDelta is -0.1; needs a number of at least 0"],
    ["an unknown mode", { mode: wrong("minimum") }, 'there is no mode "minimum"'],
    ["a monitor that is no text", { monitor: wrong(3) }, "monitor is 3; needs a string"],
    ["a baseline that is no number", { baseline: Number.NaN }, "baseline is NaN; needs a finite number"],
    ["a negative start", { startFromEpoch: -2 }, "startFromEpoch is -2; needs an integer of at least 0"],
    [
      "a flag that is none",
      { restoreBestWeights: wrong("yes") },
      'restoreBestWeights is "yes"; needs true or false',
    ],
    [
      "a misspelled option",
      wrong({ patiance: 3 }),
      'there is no option "patiance". Did you mean "patience"?',
    ],
  ])("%s", (_, options, message) => {
    expect(() => earlyStopping(options)).toThrow(OptionError);
    expect(() => earlyStopping(options)).toThrow(message);
  });

  it("a name that does not say what is better, before the first step", async () => {
    const refused = await model();
    const callbacks = [watched([1]), earlyStopping({ monitor: "size" })];
    const error = await rejectionOf(refused.fit(data, { callbacks }));
    expect((error as CallbackError).cause).toBeInstanceOf(OptionError);
    expect((error as CallbackError).message).toContain(
      'mode is "auto", and "size" does not say whether less or more of it is better; needs "min" or "max"',
    );
    expect(refused.state.step).toBe(0);
  });

  it("a validation that there is not, before the first step", async () => {
    const refused = await model();
    const error = await rejectionOf(refused.fit(data, { callbacks: [earlyStopping()] }));
    expect(error).toBeInstanceOf(CallbackError);
    expect((error as CallbackError).cause).toBeInstanceOf(OptionError);
    expect((error as CallbackError).message).toContain(
      'monitor is "validation.loss", and there is no validation. Give fit',
    );
    expect(refused.state.step).toBe(0);
  });

  it("a score that validation does not have, before the first step, with the nearest that it has", async () => {
    const refused = await model({ loss: "crossEntropy", metrics: ["accuracy"] as never });
    const callbacks = [earlyStopping({ monitor: "validation.acuracy", mode: "max" })];
    const labels = { x: data.x, y: data.x.map((_, i) => i % 2) };
    const error = await rejectionOf(refused.fit(labels, { validation: labels, callbacks }));
    expect((error as Error).message).toContain(
      'earlyStopping: there is no monitor "validation.acuracy". Did you mean "validation.accuracy"?',
    );
    expect(refused.state.step).toBe(0);
  });

  it.each([
    ["by its name in Keras", "val_loss", "validation.loss"],
    ["that only the validation has, without saying so", "rocAuc", "validation.rocAuc"],
  ])("a score %s, before the first step", async (_, monitor, meant) => {
    const network = sequential(input(3), dense(1, "sigmoid"));
    const refused = await compile(network, { loss: "binaryCrossEntropy", metrics: ["rocAuc"] });
    const yes = { x: rowsOf(20, 3), y: rowsOf(20, 1).map((_, i) => i % 2) };
    const options = { validation: yes, callbacks: [earlyStopping({ monitor })] };
    const error = await rejectionOf(refused.fit(yes, options));
    expect((error as Error).message).toContain(
      `earlyStopping: there is no monitor "${monitor}". Did you mean "${meant}"?`,
    );
    expect(refused.state.step).toBe(0);
  });

  it("a monitor that the reports will not have, before the first step, with the nearest that they have", async () => {
    const refusal = async (monitor: string) => {
      const stopping = earlyStopping({ monitor, mode: "min" });
      const refused = await model();
      const error = await rejectionOf(refused.fit(data, { batchSize, epochs: 5, callbacks: [stopping] }));
      expect(refused.state.step).toBe(0);
      return (error as Error).message;
    };
    expect(await refusal("los")).toContain('there is no monitor "los". Did you mean "loss"?');
    expect(await refusal("somethingElse")).toContain("Known: loss, learningRate");
    expect(await refusal("toString")).toContain('there is no monitor "toString"');
  });

  it("a monitor of another library, a metric that is not asked for, or one without its output, with the mend", async () => {
    const refusal = async (monitor: string) => {
      const refused = await model({ metrics: ["meanAbsoluteError"] } as never);
      const options = { callbacks: [earlyStopping({ monitor, mode: "min" })], validation };
      return ((await rejectionOf(refused.fit(data, { batchSize, ...options }))) as Error).message;
    };
    expect(await refusal("val_loss")).toContain('Did you mean "validation.loss"?');
    expect(await refusal("val_mae")).toContain('Did you mean "validation.meanAbsoluteError"?');
    expect(await refusal("mae")).toContain('Did you mean "meanAbsoluteError"?');
    expect(await refusal("validation.accuracy")).toContain('there is no monitor "validation.accuracy"');
    expect(await refusal("accuracy")).toContain('there is no monitor "accuracy"');
  });

  it("val_loss without validation, at once, with the mend", async () => {
    const refused = await model();
    const error = await rejectionOf(
      refused.fit(data, { callbacks: [earlyStopping({ monitor: "val_loss" })] }),
    );
    expect((error as Error).message).toContain("there is no validation. Give fit({ x, y }, { validation");
    expect(refused.state.step).toBe(0);
  });

  it("no number that another callback may put into the reports", async () => {
    const stopping = earlyStopping({ monitor: "watched", mode: "min" });
    const reports = await (await model()).fit(data, { epochs: 3, callbacks: [watched([3, 2, 1]), stopping] });
    expect([reports.length, stopping.best]).toEqual([3, 1]);
  });

  it("no metric that rises or falls by its name", () => {
    for (const monitor of [
      "accuracy",
      "validation.rocAuc",
      "validation.f1",
      "outputs.age.rSquared",
      "loss",
    ]) {
      expect(() => earlyStopping({ monitor })).not.toThrow();
    }
  });
});

/** What becomes of the errors of callbacks, and what is no callback. */
import { describe, expect, it } from "vitest";
import {
  BusyError,
  type Callback,
  CallbackError,
  earlyStopping,
  OptionError,
  type Training,
} from "../../src/index.ts";
import { rejectionOf, weightBits } from "../given/models.ts";
import { batchSize, data, model, recorder } from "./training.ts";

const HOOKS = ["onTrainBegin", "onEpochBegin", "onStepEnd", "onSlice", "onEpochEnd", "onTrainEnd"] as const;

describe("a callback that throws", () => {
  it.each(HOOKS)("in %s stops training, and its error is the cause", async (hook) => {
    for (const isLate of [false, true]) {
      const cause = new RangeError("broken");
      const fail = () => {
        if (isLate) return Promise.reject(cause);
        throw cause;
      };
      const failed = await model();
      const fit = failed.fit(data, { batchSize, epochs: 2, callbacks: [{ name: "mine", [hook]: fail }] });
      const error = (await rejectionOf(fit)) as CallbackError;
      expect(error).toBeInstanceOf(CallbackError);
      expect(error.message).toBe(`fit: callback "mine" failed in ${hook}: broken`);
      expect([error.cause, error.hook, error.callback]).toEqual([cause, hook, '"mine"']);
      // Nothing is left behind: the model trains again.
      await expect(failed.fit(data, { batchSize })).resolves.toHaveLength(1);
    }
  });

  it("without a name is called by its place, and what is no Error is shown", async () => {
    const fail = () => {
      throw "words";
    };
    const fit = (await model()).fit(data, { callbacks: [{ onSlice: () => 0 }, { onTrainBegin: fail }] });
    await expect(fit).rejects.toThrow("fit: callback 2 failed in onTrainBegin: words");
  });

  it("leaves the weights of the last whole step", async () => {
    const failed = await model();
    const fail = ({ step }: { step: number }) => {
      if (step === 5) throw new Error("broken");
    };
    await rejectionOf(failed.fit(data, { batchSize, epochs: 3, callbacks: [{ onStepEnd: fail }] }));
    const twin = await model();
    await twin.fit(data, { batchSize, epochs: 3, maxSteps: 6 });
    expect(weightBits(failed)).toEqual(weightBits(twin));
    await failed.fit(data, { batchSize, epochs: 3, resume: true });
    await twin.fit(data, { batchSize, epochs: 3, resume: true });
    expect(weightBits(failed)).toEqual(weightBits(twin));
  });

  it("lets every callback that began hear of the end, and is the error that counts", async () => {
    const seen: string[] = [];
    const end = (name: string): Callback => ({
      onTrainBegin: () => void seen.push(`${name} begins`),
      onTrainEnd() {
        seen.push(`${name} ends`);
        throw new Error(`${name} at the end`);
      },
    });
    const broken: Callback = {
      ...end("b"),
      onTrainBegin() {
        throw new Error("b at the start");
      },
    };
    const fit = (await model()).fit(data, { callbacks: [end("a"), broken, end("c")] });
    await expect(fit).rejects.toThrow("callback 2 failed in onTrainBegin: b at the start");
    expect(seen).toEqual(["a begins", "a ends", "b ends"]);
  });

  it("at the end is the error of a training that went well, when all were told", async () => {
    const seen: string[] = [];
    const fail = () => {
      throw new Error("at the end");
    };
    const fit = (await model()).fit(data, { callbacks: [{ onTrainEnd: fail }, recorder("b", seen)] });
    await expect(fit).rejects.toThrow("callback 1 failed in onTrainEnd: at the end");
    expect(seen.at(-1)).toBe("b ends: finished");
  });
});

describe("fit refuses", () => {
  const wrong = (value: unknown) => value as never;
  const twice: Callback = { onSlice: () => 0 };
  it.each<[string, unknown, string]>([
    [
      "one callback without its list",
      { onEpochEnd: () => 0 },
      "fit: callbacks are an object (Object); needs an array",
    ],
    [
      "a callback that was not called",
      [() => ({})],
      "fit: callback 1 is a function; needs an object with hooks. Call it",
    ],
    ["null", [null], "fit: callback 1 is null; needs an object with hooks"],
    [
      "a misspelled hook",
      [{ onEpochEnds: () => 0 }],
      'fit: callback 1: there is no hook "onEpochEnds". Did you mean "onEpochEnd"?',
    ],
    ...(
      [
        ["onBatchEnd", "onStepEnd"],
        ["on_train_batch_end", "onStepEnd"],
        ["onTrainBatchEnd", "onStepEnd"],
        ["on_epoch_end", "onEpochEnd"],
        ["onTrainEpochEnd", "onEpochEnd"],
        ["onTrainStart", "onTrainBegin"],
        ["onValidationStart", "onValidationBegin"],
        ["onYield", "onSlice"],
      ] as const
    ).map(
      ([there, here]) =>
        [
          `a hook of another library, ${there}`,
          [{ [there]: () => undefined }],
          `fit: callback 1: there is no hook "${there}". Did you mean "${here}"?`,
        ] as [string, unknown, string],
    ),
    [
      "a hook in other letters",
      [{ name: "mine", onepochend: () => 0 }],
      'fit: callback "mine": there is no hook "onepochend". Did you mean "onEpochEnd"?',
    ],
    ["a hook that is no function", [{ onStepEnd: 5 }], "fit: callback 1: onStepEnd is 5; needs a function"],
    [
      "a callback without hooks",
      [{ name: "idle" }],
      'fit: callback "idle" has no hook; needs some of onTrainBegin',
    ],
    [
      "one object in two places",
      [twice, { onSlice: () => 0 }, twice],
      "fit: callback 3 is callback 1; needs another object. Make each by a call of its own",
    ],
    ["a name that is no text", [{ name: 7, onSlice: () => 0 }], "fit: callback 1: name is 7; needs a string"],
  ])("%s", async (_, callbacks, message) => {
    const refused = await model();
    const before = weightBits(refused);
    const error = (await rejectionOf(refused.fit(data, { callbacks: wrong(callbacks) }))) as Error;
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(message);
    expect(weightBits(refused)).toEqual(before);
  });

  it("one object for two trainings at once, which would mix the best weights of both", async () => {
    const [first, second] = [await model(), await model({ seed: 8 })];
    const stopping = earlyStopping({ monitor: "loss", patience: 5 });
    const options = { batchSize, epochs: 3, callbacks: [stopping] };
    const running = first.fit(data, options);
    const before = weightBits(second);
    const error = await rejectionOf(second.fit(data, options));
    expect(error).toBeInstanceOf(BusyError);
    expect((error as Error).message).toContain('fit: callback "earlyStopping" serves another training');
    expect(weightBits(second)).toEqual(before);
    await expect(running).resolves.toHaveLength(3);
    // It is free again, after a training that failed too.
    const fail = { onEpochEnd: () => Promise.reject(new Error("broken")) };
    await rejectionOf(first.fit(data, { ...options, callbacks: [stopping, fail] }));
    await expect(second.fit(data, options)).resolves.toHaveLength(3);
  });

  it.each<[string, (training: Training) => void, string]>([
    ["a factor of 0", (training) => training.scaleLearningRate(0), "factor is 0; needs a positive number"],
    ["a factor that is no number", (training) => training.scaleLearningRate(Number.NaN), "factor is NaN"],
    ["half a step", (training) => training.stopAfter(1.5), "steps is 1.5; needs an integer of at least 0"],
    ["a reason that is no text", (training) => training.stop(wrong(5)), "reason is 5; needs a string"],
    [
      "weights that there are not",
      (training) => training.setWeights({ kernel: [1] }),
      'no parameter "kernel"',
    ],
  ])("in a hook %s", async (_, onTrainBegin, message) => {
    const error = await rejectionOf((await model()).fit(data, { callbacks: [{ onTrainBegin }] }));
    expect((error as CallbackError).cause).toBeInstanceOf(OptionError);
    expect((error as CallbackError).message).toContain(message);
  });
});

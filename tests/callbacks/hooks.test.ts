/** Hooks of callbacks: their order, what they see, what they may do, and what becomes of their errors. */
import { describe, expect, it } from "vitest";
import {
  type Batches,
  BusyError,
  type Callback,
  CallbackError,
  compile,
  DivergedError,
  dense,
  input,
  OptionError,
  sequential,
  sgd,
  type Training,
} from "../../src/index.ts";
import { bitsOf, rejectionOf, turnOfTheLoop, weightBits } from "../models.ts";
import { batchSize, data, model, STEPS_PER_EPOCH, validation } from "./training.ts";

/** Writes down which hook is called, in words. */
const recorder = (name: string, seen: string[]): Callback => ({
  name,
  onTrainBegin: () => void seen.push(`${name} begins`),
  onEpochBegin: (epoch) => void seen.push(`${name} epoch ${epoch}`),
  onStepEnd: ({ step }) => void seen.push(`${name} step ${step}`),
  onEpochEnd: ({ epoch }) => void seen.push(`${name} report ${epoch}`),
  onTrainEnd: ({ outcome }) => void seen.push(`${name} ends: ${outcome}`),
});

describe("hooks", () => {
  it("are called in the order of the list, before onStep and onEpoch", async () => {
    const seen: string[] = [];
    await (await model()).fit(data, {
      epochs: 2,
      batchSize: 10,
      callbacks: [recorder("a", seen), recorder("b", seen)],
      onStep: ({ step }) => seen.push(`onStep ${step}`),
      onEpoch: ({ epoch }) => seen.push(`onEpoch ${epoch}`),
    });
    const step = (n: number) => [`a step ${n}`, `b step ${n}`, `onStep ${n}`];
    const epoch = (n: number) => [
      `a epoch ${n}`,
      `b epoch ${n}`,
      ...step(2 * n - 2),
      ...step(2 * n - 1),
      `a report ${n}`,
      `b report ${n}`,
      `onEpoch ${n}`,
    ];
    expect(seen).toEqual([
      "a begins",
      "b begins",
      ...epoch(1),
      ...epoch(2),
      "a ends: finished",
      "b ends: finished",
    ]);
  });

  it("are awaited, one after the other", async () => {
    const seen: string[] = [];
    const slow = (name: string): Callback => {
      const wait = (hook: string) => async () => {
        await turnOfTheLoop();
        seen.push(`${name} ${hook}`);
      };
      return {
        onTrainBegin: wait("begin"),
        onEpochBegin: wait("epoch"),
        onStepEnd: wait("step"),
        onEpochEnd: wait("report"),
        onTrainEnd: wait("end"),
      };
    };
    await (await model()).fit(data, { batchSize: 20, callbacks: [slow("a"), slow("b")] });
    const hooks = ["begin", "epoch", "step", "report", "end"];
    expect(seen).toEqual(hooks.flatMap((hook) => [`a ${hook}`, `b ${hook}`]));
  });

  it("of a class are found, with their own this", async () => {
    class Counting {
      steps = 0;
      onStepEnd() {
        this.steps++;
      }
    }
    class Derived extends Counting {}
    const counting = new Derived();
    await (await model()).fit(data, { batchSize, epochs: 2, callbacks: [counting] });
    expect(counting.steps).toBe(2 * STEPS_PER_EPOCH);
  });

  it("may stand beside what only begins like a hook", async () => {
    let steps = 0;
    const own = { once: () => 0, online: true, only: 3, onStepEnd: () => void steps++ };
    await (await model()).fit(data, { batchSize, callbacks: [own] });
    expect(steps).toBe(STEPS_PER_EPOCH);
  });

  it("change no bit of what is trained", async () => {
    const [plain, watchedModel] = [await model(), await model()];
    await plain.fit(data, { batchSize, epochs: 4 });
    const look: Callback = { onStepEnd: () => 1, onEpochBegin: () => 2, onSlice: () => 3 };
    await watchedModel.fit(data, { batchSize, epochs: 4, callbacks: [look] });
    expect(weightBits(watchedModel)).toEqual(weightBits(plain));
  });

  it("see where training stands", async () => {
    const seen: unknown[] = [];
    const look = (hook: string, { epoch, stepsOfEpoch, step, outcome }: Training) =>
      seen.push([hook, epoch, stepsOfEpoch, step, outcome]);
    await (await model()).fit(data, {
      batchSize: 10,
      epochs: 2,
      validation,
      callbacks: [
        {
          onTrainBegin(training) {
            look("begin", training);
            expect([training.epochs, training.stepsPerEpoch, training.hasValidation]).toEqual([2, 2, true]);
            expect(training.learningRate).toBe(0.01);
          },
          onEpochBegin: (_, training) => look("epoch", training),
          onStepEnd: (_, training) => look("step", training),
          onEpochEnd(report, training) {
            look("report", training);
            expect(report.validation?.loss).toBeGreaterThan(0);
          },
          onTrainEnd: (training) => look("end", training),
        },
      ],
    });
    expect(seen).toEqual([
      ["begin", 1, 0, 0, "running"],
      ["epoch", 1, 0, 0, "running"],
      ["step", 1, 1, 1, "running"],
      ["step", 1, 2, 2, "running"],
      ["report", 1, 0, 2, "running"],
      ["epoch", 2, 0, 2, "running"],
      ["step", 2, 1, 3, "running"],
      ["step", 2, 2, 4, "running"],
      ["report", 2, 0, 4, "running"],
      ["end", 2, 0, 4, "finished"],
    ]);
  });

  it("find the weights and the snapshot of their step", async () => {
    const observed = await model();
    const snapshots: Uint8Array[] = [];
    const bits: unknown[] = [];
    await observed.fit(data, {
      batchSize,
      callbacks: [
        {
          onStepEnd(_, training) {
            snapshots.push(training.snapshot());
            bits.push(bitsOf(training.weights()));
          },
        },
      ],
    });
    expect(bits.at(-1)).toEqual(weightBits(observed));
    const restored = await model();
    restored.restore(snapshots[1] as Uint8Array);
    expect(weightBits(restored)).toEqual(bits[1]);
    await restored.fit(data, { batchSize, resume: true });
    expect(weightBits(restored)).toEqual(weightBits(observed));
  });

  it("of slices are called at least once for each wait of the host", async () => {
    let slices = 0;
    await (await model()).fit(data, { batchSize, epochs: 3, callbacks: [{ onSlice: () => void slices++ }] });
    expect(slices).toBeGreaterThan(0);
    expect(slices).toBeLessThanOrEqual(3 * STEPS_PER_EPOCH);
  });
});

describe("a callback may", () => {
  it("set weights between two steps, from which training goes on", async () => {
    const other = (await model({ seed: 9 })).weights();
    const [changed, begun] = [await model(), await model()];
    await changed.fit(data, {
      batchSize,
      shuffle: false,
      callbacks: [{ onTrainBegin: (training) => training.setWeights(other) }],
    });
    begun.setWeights(other);
    await begun.fit(data, { batchSize, shuffle: false });
    expect(weightBits(changed)).toEqual(weightBits(begun));
    let found: unknown;
    await changed.fit(data, {
      batchSize,
      callbacks: [
        {
          async onStepEnd(_, training) {
            await turnOfTheLoop();
            training.setWeights(other);
            found = bitsOf(changed.weights());
          },
        },
      ],
    });
    expect(found).toEqual(bitsOf(other));
  });

  it("set no weights when nothing waits for it", async () => {
    const busy = await model();
    let kept: Training | undefined;
    const errors: unknown[] = [];
    const attempt = (run: () => void) => {
      try {
        run();
      } catch (error) {
        errors.push(error);
      }
    };
    const running = busy.fit(data, {
      batchSize,
      epochs: 5,
      callbacks: [
        {
          onTrainBegin: (training) => {
            kept = training;
          },
          onSlice: (training) => attempt(() => training.setWeights({})),
        },
      ],
    });
    await turnOfTheLoop();
    attempt(() => kept?.scaleLearningRate(0.5));
    await running;
    attempt(() => kept?.setWeights({}));
    expect(errors.length).toBeGreaterThan(2);
    for (const error of errors) expect(error).toBeInstanceOf(BusyError);
    expect(busy.state.rateFactor).toBe(1);
  });

  it("stop training in the midst of an epoch, and resume goes on to the same bits", async () => {
    const [whole, stopped] = [await model(), await model()];
    await whole.fit(data, { batchSize, epochs: 3 });
    let end: Training | undefined;
    const reports = await stopped.fit(data, {
      batchSize,
      epochs: 3,
      callbacks: [
        {
          onStepEnd({ step }, training) {
            if (step === 5) training.stop("enough");
          },
          onTrainEnd: (training) => {
            end = training;
          },
        },
      ],
    });
    expect(reports).toHaveLength(1);
    expect([end?.outcome, end?.reason, end?.step, end?.epoch]).toEqual(["stopped", "enough", 6, 2]);
    await stopped.fit(data, { batchSize, epochs: 3, resume: true });
    expect(weightBits(stopped)).toEqual(weightBits(whole));
  });

  it("stop at an epoch's last step, and the epoch is reported", async () => {
    const seen: string[] = [];
    const reports = await (await model()).fit(data, {
      batchSize,
      epochs: 3,
      callbacks: [
        {
          onStepEnd({ step }, training) {
            if (step === STEPS_PER_EPOCH - 1) training.stop();
          },
        },
        recorder("b", seen),
      ],
    });
    expect(reports).toHaveLength(1);
    expect(seen.slice(-3)).toEqual([`b step ${STEPS_PER_EPOCH - 1}`, "b report 1", "b ends: stopped"]);
  });

  it.each(["onTrainBegin", "onEpochBegin"] as const)("stop in %s, before any step", async (hook) => {
    const stopped = await model();
    const before = weightBits(stopped);
    const stop = (...args: unknown[]) => (args.at(-1) as Training).stop();
    await expect(stopped.fit(data, { callbacks: [{ [hook]: stop }] })).resolves.toEqual([]);
    expect(weightBits(stopped)).toEqual(before);
    expect(stopped.state.step).toBe(0);
  });

  it("stop before an epoch, whose batches are then not asked for", async () => {
    let asked = 0;
    const stream = function* () {
      asked++;
      yield data;
    } as () => Batches;
    const stop: Callback = {
      onEpochBegin(epoch, training) {
        if (epoch === 3) training.stop();
      },
    };
    await expect((await model()).fit(stream, { epochs: 9, callbacks: [stop] })).resolves.toHaveLength(2);
    expect(asked).toBe(2);
  });

  it("lower the learning rate, which the reports tell", async () => {
    const reports = await (await model()).fit(data, {
      batchSize,
      epochs: 3,
      callbacks: [{ onEpochEnd: (_, training) => training.scaleLearningRate(0.5) }],
    });
    expect(reports.map(({ learningRate }) => learningRate)).toEqual([0.01, 0.005, 0.0025]);
  });

  it("stop after so many steps", async () => {
    const limited = await model();
    const reports = await limited.fit(data, {
      batchSize,
      epochs: 3,
      callbacks: [{ onTrainBegin: (training) => training.stopAfter(6) }],
    });
    expect([reports.length, limited.state.step]).toEqual([1, 6]);
  });
});

describe("how a training ended is told", () => {
  const outcomeOf = async (options: object) => {
    let outcome: string | undefined;
    let error: unknown;
    const look: Callback = {
      onTrainEnd(training) {
        outcome = training.outcome;
        error = training.error;
      },
    };
    const ended = await model();
    const failure = await ended.fit(data, { batchSize, epochs: 2, callbacks: [look], ...options }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBe(failure);
    return outcome;
  };

  it.each<[string, object]>([
    ["finished", {}],
    ["stopped", { onEpoch: () => "stop" }],
    ["paused", { maxSteps: 3 }],
    [
      "failed",
      {
        onStep: () => {
          throw new Error("broken");
        },
      },
    ],
  ])("as %s", async (expected, options) => {
    expect(await outcomeOf(options)).toBe(expected);
  });

  it("as failed by an abort and a divergence", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    expect(await outcomeOf({ signal, onStep: () => controller.abort() })).toBe("failed");
    const wild = await compile(sequential(input(3), dense(2)), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 1e30 }),
    });
    let error: unknown;
    const look: Callback = {
      onTrainEnd: (training) => {
        error = training.error;
      },
    };
    await expect(wild.fit(data, { epochs: 20, callbacks: [look] })).rejects.toThrow(DivergedError);
    expect(error).toBeInstanceOf(DivergedError);
  });
});

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
    ["a name that is no text", [{ name: 7, onSlice: () => 0 }], "fit: callback 1: name is 7; needs a string"],
  ])("%s", async (_, callbacks, message) => {
    const refused = await model();
    const before = weightBits(refused);
    const error = (await rejectionOf(refused.fit(data, { callbacks: wrong(callbacks) }))) as Error;
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(message);
    expect(weightBits(refused)).toEqual(before);
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

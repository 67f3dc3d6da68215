/** What callbacks may do to the training, and what they are told of its end. */
import { describe, expect, it } from "vitest";
import {
  type Batches,
  BusyError,
  type Callback,
  compile,
  DivergedError,
  dense,
  input,
  sequential,
  sgd,
  type Training,
} from "../../src/index.ts";
import { bitsOf, turnOfTheLoop, weightBits } from "../given/models.ts";
import { batchSize, data, model, recorder, STEPS_PER_EPOCH } from "./training.ts";

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

/** fit can be interrupted between whole steps, and lets others have their turn. */
import { describe, expect, it } from "vitest";
import {
  compile,
  dense,
  earlyStopping,
  type FitOptions,
  input,
  type StepReport,
  sequential,
  sgd,
} from "../../src/index.js";
import { rejectionOf, rowsOf, turnOfTheLoop, weightBits } from "../given/models.js";

const data = { x: rowsOf(64, 3), y: rowsOf(64, 2, 2) };
const ready = () =>
  compile(sequential(input(3), dense(5, "tanh"), dense(2)), {
    loss: "meanSquaredError",
    optimizer: sgd({ learningRate: 0.1, momentum: 0.9 }),
    seed: 5,
  });
const options: FitOptions = { batchSize: 4, shuffle: false };

/** The bits after exactly so many steps, as batches that end there. */
async function bitsAfter(steps: number) {
  const model = await ready();
  const batches = function* () {
    for (let i = 0; i < steps; i++) {
      const first = (i * 4) % 64;
      yield { x: data.x.slice(first, first + 4), y: data.y.slice(first, first + 4) };
    }
  };
  if (steps > 0) await model.fit(batches);
  return weightBits(model);
}

describe("an abort", () => {
  it("before fit leaves everything as it was and rejects with its reason", async () => {
    const model = await ready();
    const before = weightBits(model);
    const error = await rejectionOf(model.fit(data, { ...options, signal: AbortSignal.abort() }));
    expect(error).toBeInstanceOf(DOMException);
    expect((error as DOMException).name).toBe("AbortError");
    const reason = new Error("closing time");
    expect(await rejectionOf(model.fit(data, { ...options, signal: AbortSignal.abort(reason) }))).toBe(
      reason,
    );
    expect(weightBits(model)).toEqual(before);
    expect(weightBits(model)).toEqual(await bitsAfter(0));
  });

  it("during fit leaves the weights of exactly the steps that were reported", async () => {
    const model = await ready();
    const controller = new AbortController();
    const steps: StepReport[] = [];
    const onStep = (report: StepReport) => {
      steps.push(report);
      if (steps.length === 50) controller.abort();
    };
    const running = model.fit(data, { ...options, epochs: 1000, onStep, signal: controller.signal });
    expect((await rejectionOf(running)) as Error).toHaveProperty("name", "AbortError");
    expect(steps.length).toBeGreaterThanOrEqual(50);
    expect(steps.length).toBeLessThan(16_000);
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, i) => i));
    expect(weightBits(model)).toEqual(await bitsAfter(steps.length));
  });

  it("from a timer is heard, and leaves whole steps", async () => {
    const model = await ready();
    const controller = new AbortController();
    setTimeout(() => controller.abort("time is up"), 5);
    const running = model.fit(data, { ...options, epochs: 100_000, signal: controller.signal });
    expect(await rejectionOf(running)).toBe("time is up");
    let next = -1;
    await model.fit(data, { ...options, onStep: ({ step }) => (next = next < 0 ? step : next) });
    expect(next).toBeGreaterThan(0);
    // What it has learned is what so many steps and one more epoch of 16 teach, whatever the clock said.
    const whole = await ready();
    const batches = function* () {
      for (let i = 0; i < next; i++) {
        const first = (i * 4) % 64;
        yield { x: data.x.slice(first, first + 4), y: data.y.slice(first, first + 4) };
      }
    };
    await whole.fit(batches);
    await whole.fit(data, options);
    expect(weightBits(model)).toEqual(weightBits(whole));
  });

  it("in onEpoch stops before the next epoch, and during validation too", async () => {
    const model = await ready();
    const controller = new AbortController();
    let epochs = 0;
    const onEpoch = () => {
      epochs++;
      controller.abort();
    };
    await rejectionOf(model.fit(data, { ...options, epochs: 3, onEpoch, signal: controller.signal }));
    expect(epochs).toBe(1);
    expect(weightBits(model)).toEqual(await bitsAfter(16));

    const second = new AbortController();
    const validation = function* () {
      second.abort();
      yield data;
    };
    const other = await ready();
    const signal = second.signal;
    await rejectionOf(other.fit(data, { ...options, epochs: 3, validation, signal }));
    expect(weightBits(other)).toEqual(await bitsAfter(16));
  });

  it("stops predict and evaluate as well", async () => {
    const model = await ready();
    const signal = AbortSignal.abort();
    expect(await rejectionOf(model.predict(data.x, { signal }))).toBe(signal.reason);
    expect(await rejectionOf(model.evaluate(data, { signal }))).toBe(signal.reason);
  });

  it("that never comes leaves no listener behind", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners--;
      remove(...args);
    };
    const batches = [data, data, data];
    await (await ready()).fit(batches, { signal });
    expect(listeners).toBe(0);
  });
});

describe("the event loop", () => {
  it("runs timers and immediates while fit does", async () => {
    const model = await ready();
    let isFitting = true;
    const seen: boolean[] = [];
    const controller = new AbortController();
    setTimeout(() => seen.push(isFitting), 0);
    setImmediate(() => {
      seen.push(isFitting);
      setTimeout(() => controller.abort(), 1);
    });
    await rejectionOf(model.fit(data, { ...options, epochs: 100_000, signal: controller.signal }));
    isFitting = false;
    await turnOfTheLoop();
    expect(seen).toEqual([true, true]);
  });
});

describe("a callback that throws", () => {
  it("before the first step leaves a training that was stopped before as it was: it can be resumed", async () => {
    const [whole, stopped] = [await ready(), await ready()];
    const fit = { ...options, epochs: 2 };
    await whole.fit(data, fit);
    await stopped.fit(data, { ...fit, maxSteps: 5 });
    // There is no validation that it could look at.
    await rejectionOf(stopped.fit(data, { ...fit, callbacks: [earlyStopping()] }));
    await stopped.fit(data, { ...fit, resume: true });
    expect(weightBits(stopped)).toEqual(weightBits(whole));
  });

  it.each(["onStep", "onEpoch"] as const)("in %s ends fit with its error after whole steps", async (name) => {
    const stop = new Error("stop");
    for (const callback of [
      () => {
        throw stop;
      },
      () => Promise.reject(stop),
    ]) {
      const model = await ready();
      let steps = 0;
      const counted = { onStep: () => void steps++ };
      const both = name === "onEpoch" ? { ...counted, onEpoch: callback } : { onStep: callback };
      expect(await rejectionOf(model.fit(data, { ...options, epochs: 3, ...both }))).toBe(stop);
      // The first slice is one step: a step's time is not known before.
      expect(weightBits(model)).toEqual(await bitsAfter(name === "onEpoch" ? 16 : 1));
      expect(steps).toBe(name === "onEpoch" ? 16 : 0);
      expect(await model.fit(data, options)).toHaveLength(1);
    }
  });

  it("as a learning rate ends fit before the step that it was asked for", async () => {
    const stop = new Error("no rate");
    const learningRate = (step: number) => {
      if (step === 0) return 0.1;
      throw stop;
    };
    const chain = sequential(input(3), dense(2));
    const model = await compile(chain, {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate }),
      seed: 1,
    });
    expect(await rejectionOf(model.fit(data, options))).toBe(stop);
    const once = await compile(chain, {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate }),
      seed: 1,
    });
    await once.fit({ x: data.x.slice(0, 4), y: data.y.slice(0, 4) }, options);
    expect(weightBits(model)).toEqual(weightBits(once));
  });

  it("or a rate that is none, is refused by its step", async () => {
    for (const rate of [Number.NaN, -1, "0.1" as never]) {
      const optimizer = sgd({ learningRate: () => rate });
      const model = await compile(sequential(input(3), dense(2)), { loss: "meanSquaredError", optimizer });
      const before = weightBits(model);
      const error = await rejectionOf(model.fit(data, options));
      expect((error as Error).name).toBe("OptionError");
      expect((error as Error).message).toContain("fit: learningRate(0) is ");
      expect((error as Error).message).toContain("needs a number of at least 0");
      expect(weightBits(model)).toEqual(before);
    }
  });
});

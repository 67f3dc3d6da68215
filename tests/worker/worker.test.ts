/** A model whose engine runs in a worker is the same model, to the bit, and its worker may die. */
import { Worker as Thread } from "node:worker_threads";
import { afterEach, describe, expect, it, vi } from "vitest";
import source from "../../build/worker.ts";
import {
  adam,
  type CompileOptions,
  compile,
  DisposedError,
  DivergedError,
  dense,
  dropout,
  input,
  type Model,
  OptionError,
  OutOfMemoryError,
  sequential,
  sgd,
  WorkerError,
} from "../../src/index.ts";
import type { RequestMessage } from "../../src/worker/protocol.ts";
import { PROTOCOL } from "../../src/worker/protocol.ts";
import { rejectionOf, rowsOf, turnOfTheLoop, weightBits } from "../given/models.ts";

const network = () => sequential(input(6), dense(16, "relu"), dropout(0.25), dense(3));
const data = { x: rowsOf(64, 6), y: rowsOf(64, 3, 2) };
const settings = { loss: "meanSquaredError", optimizer: adam({ learningRate: 0.01 }), seed: 5 } as const;

const models: Model[] = [];
afterEach(() => {
  for (const model of models.splice(0)) model.dispose();
});
async function both(options: Partial<CompileOptions> = {}): Promise<[here: Model, there: Model]> {
  const here = await compile(network(), { ...settings, ...options } as CompileOptions);
  const there = await compile(network(), { ...settings, ...options, worker: true } as CompileOptions);
  models.push(here, there);
  return [here, there];
}

describe("a model in a worker", () => {
  it.each([
    ["with reports", { onEpoch: () => undefined, validation: data }],
    ["that nobody watches", {}],
    ["step by step", { onStep: () => undefined }],
    ["in micro-batches", { accumulate: 2 }],
    ["of data that passes through memory", { dataMemory: 900 }],
  ])("trains %s to the same bits and scores", async (_, options) => {
    const [here, there] = await both();
    expect(weightBits(there)).toEqual(weightBits(here));
    const [one, other] = [here, there].map((model) =>
      model.fit(data, { epochs: 4, batchSize: 8, ...options }),
    );
    const scores = (reports: Awaited<ReturnType<Model["fit"]>>) =>
      reports.map(({ loss, validation, epoch, steps }) => ({ loss, validation, epoch, steps }));
    expect(scores(await other!)).toEqual(scores(await one!));
    expect(weightBits(there)).toEqual(weightBits(here));
    expect(await there.evaluate(data)).toEqual(await here.evaluate(data));
    expect(await there.predict(data.x)).toEqual(await here.predict(data.x));
    expect(there.snapshot()).toEqual(here.snapshot());
    expect(there.memory).toEqual(here.memory);
  });

  it("trains on a stream, freezes, observes and takes weights as any other", async () => {
    const [here, there] = await both();
    for (const model of [here, there]) {
      model.freeze("dense");
      await model.fit(() => [data, { x: data.x.slice(9), y: data.y.slice(9) }], { epochs: 2 });
      model.unfreeze("dense");
      model.setWeights({ "dense_2/bias": [1, 2, 3] });
      await model.fit(data);
    }
    expect(weightBits(there)).toEqual(weightBits(here));
    expect(await there.activations(data.x, ["dense"])).toEqual(await here.activations(data.x, ["dense"]));
  });

  it("shows each callback the weights of its step", async () => {
    const [here, there] = await both();
    const seen = async (model: Model) => {
      const all: unknown[] = [];
      await model.fit(data, { batchSize: 16, onStep: () => void all.push(weightBits(model)) });
      return all;
    };
    expect(await seen(there)).toEqual(await seen(here));
  });

  it("goes on elsewhere from its snapshot", async () => {
    const [here, there] = await both();
    await there.fit(data, { epochs: 3, batchSize: 8, maxSteps: 13 });
    here.restore(there.snapshot());
    const whole = await compile(network(), settings);
    await whole.fit(data, { epochs: 3, batchSize: 8 });
    await here.fit(data, { epochs: 3, batchSize: 8, resume: true });
    expect(weightBits(here)).toEqual(weightBits(whole));
  });

  it("takes a snapshot that is whole whenever it is taken: weights and progress of the last report", async () => {
    const [here, there] = await both();
    const controller = new AbortController();
    const fit = { epochs: 1_000_000, batchSize: 8 };
    const fitting = rejectionOf(there.fit(data, { ...fit, signal: controller.signal }));
    const before = weightBits(there);
    // With epochs far shorter than a report, too.
    while (JSON.stringify(weightBits(there)) === JSON.stringify(before)) await turnOfTheLoop();
    await turnOfTheLoop();
    const snapshot = there.snapshot();
    controller.abort();
    await fitting;
    here.restore(snapshot);
    const whole = await compile(network(), settings);
    await whole.fit(data, { ...fit, maxSteps: here.state.step });
    expect(weightBits(here)).toEqual(weightBits(whole));
  });

  it("leaves the bytes of a Buffer with their owner", async () => {
    const [here, there] = await both();
    const x = Buffer.from(new ArrayBuffer(64 * 6)).fill(3);
    expect(await there.predict(x)).toEqual(await here.predict(x));
    expect(x).toHaveLength(64 * 6);
  });

  it("predicts while it trains, and hears an abort", async () => {
    const [, there] = await both();
    const controller = new AbortController();
    const fitting = there.fit(data, { epochs: 1_000_000, batchSize: 8, signal: controller.signal });
    const prediction = await there.predict(data.x);
    expect(prediction).toHaveLength(64 * 3);
    expect(prediction.every(Number.isFinite)).toBe(true);
    controller.abort();
    expect(((await rejectionOf(fitting)) as Error).name).toBe("AbortError");
    const before = weightBits(there);
    await turnOfTheLoop();
    expect(weightBits(there)).toEqual(before);
  });

  it("leaves this thread free while a long step runs", async () => {
    const wide = sequential(input(256), dense(2048, "relu"), dense(2048, "relu"), dense(1));
    const model = await compile(wide, {
      loss: "meanSquaredError",
      optimizer: sgd(),
      batchSize: 256,
      worker: true,
    });
    models.push(model as Model);
    const rows = { x: new Float32Array(256 * 256).fill(0.01), y: new Float32Array(256) };
    let turns = 0;
    let isOver = false;
    const fitting = model.fit(rows, { batchSize: 256, epochs: 4 }).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await turnOfTheLoop();
      turns++;
    }
    await fitting;
    // In this thread each of the four steps would be one turn.
    expect(turns).toBeGreaterThan(20);
  });
});

describe("errors of a worker", () => {
  it("keep their classes", async () => {
    const [here, there] = await both({ optimizer: sgd({ learningRate: 1e30 }) });
    const errors = await Promise.all(
      [here, there].map((model) => rejectionOf(model.fit(data, { epochs: 9 }))),
    );
    for (const error of errors) expect(error).toBeInstanceOf(DivergedError);
    expect((errors[1] as Error).message).toBe((errors[0] as Error).message);
    expect(weightBits(there)).toEqual(weightBits(here));
    const tight = compile(network(), { ...settings, memoryLimit: 1000, worker: true });
    expect(await rejectionOf(tight)).toBeInstanceOf(OutOfMemoryError);
  });

  it("come within a second when it dies, and leave the weights of the last report", async () => {
    const threads: Thread[] = [];
    const worker = () => {
      const thread = new Thread(source, { eval: true });
      threads.push(thread);
      return webLike(thread);
    };
    const model = await compile(network(), { ...settings, worker });
    models.push(model as Model);
    let reported: unknown;
    const fitting = model.fit(data, {
      epochs: 1_000_000,
      onEpoch: ({ epoch }) => {
        reported = weightBits(model);
        if (epoch === 3) void threads[0]?.terminate();
      },
    });
    const error = await rejectionOf(fitting);
    expect(error).toBeInstanceOf(WorkerError);
    expect((error as Error).message).toMatch(/^worker: .*The model holds the weights of its last report\.$/);
    expect(weightBits(model)).toEqual(reported);
    expect(await rejectionOf(model.predict(data.x))).toBeInstanceOf(WorkerError);
    // Its snapshot goes on in another model.
    const other = await compile(network(), settings);
    other.restore(model.snapshot());
    await other.fit(data);
  });

  it("come from the last step too: what is reported done has its weights here", async () => {
    let thread: Thread;
    let reads = 0;
    const worker = () => {
      thread = new Thread(source, { eval: true });
      const web = webLike(thread);
      return {
        ...web,
        postMessage(message: unknown, transfer: ArrayBuffer[]) {
          // The first is that of compile, the second that of the end of fit.
          if ((message as RequestMessage).request.kind === "read" && ++reads === 2) web.terminate();
          web.postMessage(message, transfer);
        },
      };
    };
    const model = await compile(network(), { ...settings, worker });
    models.push(model as Model);
    const before = weightBits(model);
    expect(await rejectionOf(model.fit(data, { epochs: 2 }))).toBeInstanceOf(WorkerError);
    expect(weightBits(model)).toEqual(before);
    // What was lost is made again: the snapshot counts no step whose weights it has not.
    const other = await compile(network(), settings);
    other.restore(model.snapshot());
    await other.fit(data, { epochs: 2, resume: true });
    const whole = await compile(network(), settings);
    await whole.fit(data, { epochs: 2 });
    expect(weightBits(other)).toEqual(weightBits(whole));
  });

  it("of a module that is no engine leave no thread behind", async () => {
    let made = 0;
    const worker = () => {
      made++;
      return webLike(new Thread(source, { eval: true }));
    };
    const engine = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0);
    expect(await rejectionOf(compile(network(), { ...settings, engine, worker }))).toBeInstanceOf(
      OptionError,
    );
    expect(made).toBe(0);
  });

  it("of a compile that fails end the worker, which nobody could dispose of", async () => {
    let ended = 0;
    const worker = () => {
      const thread = webLike(new Thread(source, { eval: true }));
      return {
        ...thread,
        terminate: () => {
          ended++;
          thread.terminate();
        },
      };
    };
    const failing = compile(network(), { ...settings, memoryLimit: 1000, worker });
    expect(await rejectionOf(failing)).toBeInstanceOf(OutOfMemoryError);
    expect(ended).toBe(1);
    const bare = new Thread(source, { eval: true });
    const wrong = compile(network(), { ...settings, worker: () => bare as never });
    expect(((await rejectionOf(wrong)) as Error).message).toContain("needs a Worker as pages have it");
    await bare.terminate();
  });

  it("come when it never answers, as a script that is another", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      let ended = 0;
      const deaf = {
        postMessage: () => undefined,
        addEventListener: () => undefined,
        terminate: () => ended++,
      };
      const compiling = rejectionOf(compile(network(), { ...settings, worker: () => deaf }));
      while (vi.getTimerCount() === 0) await new Promise((done) => setImmediate(done));
      vi.advanceTimersByTime(10_000);
      const error = await compiling;
      expect(error).toBeInstanceOf(WorkerError);
      expect((error as Error).message).toContain("did not answer within ten seconds");
      expect(ended).toBeGreaterThan(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("name the versions when it is of another build", async () => {
    const old = source.replace(/protocol:\w+/, "protocol:0");
    expect(old).not.toBe(source);
    const worker = () => webLike(new Thread(old, { eval: true }));
    const error = await rejectionOf(compile(network(), { ...settings, worker }));
    expect(error).toBeInstanceOf(WorkerError);
    expect((error as Error).message).toContain(`speaks version 0, and this is version ${PROTOCOL}`);
  });

  it("say what worker may be, and that there are none", async () => {
    const wrong = compile(network(), { ...settings, worker: "yes" as never });
    expect(await rejectionOf(wrong)).toBeInstanceOf(OptionError);
    vi.stubGlobal("process", { ...process, getBuiltinModule: () => undefined });
    try {
      const error = await rejectionOf(compile(network(), { ...settings, worker: true }));
      expect(error).toBeInstanceOf(WorkerError);
      expect((error as Error).message).toContain("there are no workers here");
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it("refuse a disposed model, in the midst of fit too", async () => {
    const [, there] = await both();
    const fitting = there.fit(data, {
      epochs: 1_000_000,
      onEpoch: ({ epoch }) => epoch === 2 && there.dispose(),
    });
    expect(await rejectionOf(fitting)).toBeInstanceOf(DisposedError);
    expect(await rejectionOf(there.predict(data.x))).toBeInstanceOf(DisposedError);
  });
});

/** A thread of Node in the clothes of a web worker. */
function webLike(thread: Thread) {
  return {
    postMessage: (message: unknown, transfer: ArrayBuffer[]) => thread.postMessage(message, transfer),
    terminate: () => void thread.terminate(),
    addEventListener(type: string, listener: (event: never) => void) {
      if (type === "message") thread.on("message", (data) => listener({ data } as never));
      if (type === "error") thread.on("error", (error) => listener({ message: error.message } as never));
      if (type === "close") thread.on("exit", () => listener({} as never));
    },
  };
}

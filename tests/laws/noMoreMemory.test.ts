/**
 * The runtime gives no more memory: each growth of a whole programme of calls fails once, here and in a worker. Each
 * time the error is typed, the weights are the last good ones, and the same call is right when there is memory again.
 */
import { Worker as Thread } from "node:worker_threads";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import source from "../../build/worker.ts";
import {
  adam,
  compile,
  dense,
  input,
  layerNorm,
  type Model,
  OutOfMemoryError,
  sequential,
} from "../../src/index.ts";
import { weightBits as bitsByName, rejectionOf, rowsOf } from "../given/models.ts";

const PAGE = 65536;
/** In one text: what differs in thousands of numbers, nobody reads. */
const weightBits = (model: Model) => JSON.stringify(bitsByName(model));
/** Wide enough that each call below needs pages that none before it needed. */
const WIDTH = 64;
const network = () =>
  sequential(input(WIDTH), dense(WIDTH, { activation: "tanh", name: "hidden" }), layerNorm(), dense(WIDTH));

const rows = (count: number) => ({ x: rowsOf(count, WIDTH), y: rowsOf(count, WIDTH, 2) });
const few = rows(8);
const many = rows(200);

/** How growths fare, wherever the engine is: the n-th fails, all others are made. */
interface Memory {
  /** Counted from 1; 0 lets all succeed. */
  failAt(n: number): void;
  growths(): Promise<number>;
  readonly worker: false | (() => never);
}

const grow = WebAssembly.Memory.prototype.grow;
afterEach(() => {
  WebAssembly.Memory.prototype.grow = grow;
});
const threads: Thread[] = [];
afterAll(() => Promise.all(threads.map((one) => one.terminate())));

function here(): Memory {
  let count = 0;
  let failing = 0;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number) {
    if (++count === failing) throw new RangeError("Maximum memory size exceeded");
    return grow.call(this, pages);
  };
  return {
    failAt: (n) => {
      count = 0;
      failing = n;
    },
    growths: async () => count,
    worker: false,
  };
}

/** Counts in memory that both threads share. */
function there(): Memory {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const patch = `
    const { workerData: counts } = process.getBuiltinModule("node:worker_threads");
    const grow = WebAssembly.Memory.prototype.grow;
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (++counts[0] === counts[1]) throw new RangeError("Maximum memory size exceeded");
      return grow.call(this, pages);
    };`;
  const worker = () => {
    const thread = new Thread(patch + source, { eval: true, workerData: shared });
    threads.push(thread);
    return {
      postMessage: (message: unknown, transfer: ArrayBuffer[]) => thread.postMessage(message, transfer),
      terminate: () => void thread.terminate(),
      addEventListener(type: string, listener: (event: never) => void) {
        if (type === "message") thread.on("message", (data) => listener({ data } as never));
        if (type === "error") thread.on("error", (error) => listener({ message: error.message } as never));
      },
    } as never;
  };
  return {
    failAt: (n) => {
      shared[0] = 0;
      shared[1] = n;
    },
    growths: async () => shared[0] as number,
    worker,
  };
}

const makeModel = ({ worker }: Memory) =>
  compile(network(), {
    loss: "meanSquaredError",
    optimizer: adam(),
    seed: 4,
    clipNorm: 1,
    worker: worker as false,
  });

/** Calls, each of which may need more memory than the ones before. */
const calls: readonly [string, (model: Model) => unknown][] = [
  ["predict", (model) => model.predict(few.x)],
  ["fit", (model) => model.fit(few, { batchSize: 8 })],
  ["fit with larger batches and more data", (model) => model.fit(many, { batchSize: 64 })],
  ["evaluate", (model) => model.evaluate(many)],
  ["activations", (model) => model.activations(many.x, ["hidden"])],
  ["freeze", (model) => model.freeze("hidden")],
  ["fit what is left", (model) => model.fit(few, { batchSize: 8 })],
  ["unfreeze", (model) => model.unfreeze("hidden")],
  ["fit of batches", (model) => model.fit([rows(128)])],
  ["fit in micro-batches", (model) => model.fit(many, { batchSize: 200, accumulate: 2 })],
];

const isRight = (error: unknown) => {
  expect(error).toBeInstanceOf(OutOfMemoryError);
  const { code, message, requiredBytes } = error as OutOfMemoryError;
  expect(code).toBe("WASMGRAD_OUT_OF_MEMORY");
  expect(message).toMatch(/^memory: needs \d+ bytes, has \d+, and the runtime gives no more\. Use a smaller/);
  expect(requiredBytes).toBeGreaterThan(PAGE);
};

/** Makes all calls, each once more when it fails; how many failed. */
async function makeAll(model: Model, memory: Memory): Promise<number> {
  let failures = 0;
  for (const [name, call] of calls) {
    const before = weightBits(model);
    try {
      await call(model);
    } catch (error) {
      failures++;
      isRight(error);
      expect(weightBits(model) === before, `weights after ${name}`).toBe(true);
      memory.failAt(0);
      await call(model);
    }
  }
  return failures;
}

describe.each([
  ["in this thread", here],
  ["in a worker", there],
])("memory that does not grow, %s", (_, makeMemory) => {
  it("fails one call with a typed error, whichever growth it is, and costs nothing else", async () => {
    const memory = makeMemory();
    memory.failAt(0);
    const whole = await makeModel(memory);
    const atStart = await memory.growths();
    await makeAll(whole as Model, memory);
    const growths = await memory.growths();
    const expected = weightBits(whole as Model);
    whole.dispose();
    expect(growths).toBeGreaterThan(atStart + 2);
    for (let n = 1; n <= growths; n++) {
      memory.failAt(n);
      if (n <= atStart) {
        isRight(await rejectionOf(makeModel(memory)));
        memory.failAt(0);
      }
      const model = await makeModel(memory);
      const failures = await makeAll(model as Model, memory);
      expect(failures, `of growth ${n}`).toBe(n <= atStart ? 0 : 1);
      expect(weightBits(model as Model) === expected, `weights after growth ${n}`).toBe(true);
      model.dispose();
    }
  });

  it("in the midst of a stream leaves the weights of the batches before", async () => {
    const memory = makeMemory();
    const batches = [rows(32), rows(300)];
    memory.failAt(0);
    const twin = await makeModel(memory);
    const seen = [weightBits(twin as Model)];
    await twin.fit(batches.slice(0, 1));
    seen.push(weightBits(twin as Model));
    const failedAfter: number[] = [];
    for (let n = 1; ; n++) {
      memory.failAt(0);
      const model = await makeModel(memory);
      memory.failAt(n);
      const error = await model.fit(batches).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error === undefined) break;
      isRight(error);
      failedAfter.push(seen.indexOf(weightBits(model as Model)));
    }
    expect(failedAfter).not.toContain(-1);
    expect(failedAfter).toContain(1);
  });

  it("leaves what was changed while it rested, until there is memory again", async () => {
    const memory = makeMemory();
    memory.failAt(0);
    const model = await makeModel(memory);
    model.freeze("hidden");
    await model.fit(few, { batchSize: 8 });
    const other = await makeModel(here());
    await other.fit(few, { batchSize: 8 });
    memory.failAt(0);
    const snapshot = other.snapshot();
    const bits = weightBits(other as Model);
    model.unfreeze("hidden");
    model.restore(snapshot);
    expect(weightBits(model as Model) === bits).toBe(true);
    expect(await model.predict(few.x)).toEqual(await other.predict(few.x));
    await Promise.all([model.fit(few, { batchSize: 8 }), other.fit(few, { batchSize: 8 })]);
    expect(weightBits(model as Model) === weightBits(other as Model)).toBe(true);
    model.dispose();
  });
});

describe("an instance that there is no memory for", () => {
  it("is an OutOfMemoryError of compile", async () => {
    const { Instance } = WebAssembly;
    class Failing {
      constructor() {
        throw new RangeError("WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory");
      }
    }
    WebAssembly.Instance = Failing as never;
    try {
      const error = await rejectionOf(compile(network(), { loss: "meanSquaredError" }));
      expect(error).toBeInstanceOf(OutOfMemoryError);
      expect((error as Error).message).toContain("engine: the runtime gives no memory for it");
    } finally {
      WebAssembly.Instance = Instance;
    }
  });
});

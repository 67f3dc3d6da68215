/** Memory is planned before the first step, and nothing is allocated while training. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import {
  adam,
  compile,
  customLayer,
  dense,
  type Examples,
  type FitOptions,
  input,
  sequential,
  sgd,
  type Value,
} from "../../../src/index.js";
import { constant, matmul } from "../../../src/ops/index.js";
import { howMany } from "../../given/depth.ts";
import { rowsOf, weightBits } from "../../given/models.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes of live objects on JavaScript's heap. */
function liveHeap(): number {
  // Twice: what finalizers of the first round let go of, the second collects.
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const PAGE = 65536;
const MEGABYTE = 2 ** 20;
const STEPS_PER_EPOCH = 100;
const STEPS = howMany(20_000, 100_000);
const data = { x: Float32Array.from(rowsOf(400, 2).flat()), y: Float32Array.from(rowsOf(400, 1).flat()) };
const tiny = () =>
  compile(sequential(input(2), dense(3, "tanh"), dense(1)), {
    loss: "meanSquaredError",
    batchSize: 4,
    seed: 1,
  });

/** Growth of the live heap over `steps` steps, once warm, and every size that linear memory had. */
async function growthOver(
  steps: number,
  source: () => Examples | (() => Generator<Examples>),
  options: FitOptions,
) {
  const model = await tiny();
  const sizes = new Set<number>();
  const train = (epochs: number) => model.fit(source(), { batchSize: 4, epochs, ...options });
  // Compilers and caches settle first.
  await train(20);
  sizes.add(model.memory.total);
  const before = liveHeap();
  for (let done = 0; done < steps; done += 10 * STEPS_PER_EPOCH) {
    await train(10);
    sizes.add(model.memory.total);
  }
  return { growth: liveHeap() - before, sizes };
}

describe("live bytes of the heap", () => {
  it("count what is kept, and not what is let go", () => {
    const make = () => Array.from({ length: 50_000 }, (_, i) => ({ i }));
    const before = liveHeap();
    const kept = make();
    const grown = liveHeap() - before;
    make();
    expect(grown).toBeGreaterThan(MEGABYTE);
    expect(liveHeap() - before).toBeLessThan(1.2 * grown);
    expect(kept).toHaveLength(50_000);
  });
});

describe(`${STEPS} steps of fit`, () => {
  it("leave linear memory exactly as large and JavaScript's heap within 1 MB", async () => {
    const { growth, sizes } = await growthOver(STEPS, () => data, {});
    expect(sizes.size).toBe(1);
    expect(growth).toBeLessThan(MEGABYTE);
  }, 60_000);

  it("do so in one fit, whose reports are all that is kept", async () => {
    const model = await tiny();
    await model.fit(data, { batchSize: 4, epochs: 20 });
    const total = model.memory.total;
    const before = liveHeap();
    const history = await model.fit(data, { batchSize: 4, epochs: STEPS / STEPS_PER_EPOCH });
    expect(liveHeap() - before).toBeLessThan(MEGABYTE);
    expect(history.reduce((sum, { steps }) => sum + steps, 0)).toBe(STEPS);
    expect(model.memory.total).toBe(total);
  }, 60_000);

  it("do so when every step is reported", async () => {
    let reported = 0;
    const { growth, sizes } = await growthOver(STEPS, () => data, { onStep: () => reported++ });
    expect(reported).toBe(STEPS + 20 * STEPS_PER_EPOCH);
    expect(sizes.size).toBe(1);
    expect(growth).toBeLessThan(MEGABYTE);
  }, 60_000);

  it("do so over a stream", async () => {
    const batch = { x: data.x.subarray(0, 8), y: data.y.subarray(0, 4) };
    const stream = function* () {
      for (let i = 0; i < STEPS_PER_EPOCH; i++) yield batch;
    };
    const { growth, sizes } = await growthOver(STEPS, () => stream, {});
    expect(sizes.size).toBe(1);
    expect(growth).toBeLessThan(MEGABYTE);
  }, 60_000);

  it("do so with predict and evaluate between them", async () => {
    const model = await tiny();
    const sizes = new Set<number>();
    const onEpoch = async () => {
      await model.predict(data.x);
      sizes.add(model.memory.total);
    };
    await model.fit(data, { batchSize: 4, epochs: 20, validation: data, onEpoch });
    const before = liveHeap();
    await model.fit(data, { batchSize: 4, epochs: 100, validation: data, onEpoch });
    expect(liveHeap() - before).toBeLessThan(MEGABYTE);
    expect(sizes.size).toBe(1);
  }, 60_000);
});

describe("a model that was disposed", () => {
  it("has let go of its memory, even while something still points to the model", async () => {
    const network = sequential(input(500), dense(1000));
    const models = [];
    liveHeap();
    const before = process.memoryUsage().external;
    for (let i = 0; i < 10; i++) models.push(await compile(network, { loss: "meanSquaredError" }));
    const each = models[0]?.memory.total as number;
    liveHeap();
    expect(process.memoryUsage().external - before).toBeGreaterThan(9 * each);
    for (const model of models) model.dispose();
    liveHeap();
    expect(process.memoryUsage().external - before).toBeLessThan(each);
    expect(models).toHaveLength(10);
  });
});

describe("the memory plan", () => {
  const settings = { loss: "meanSquaredError", batchSize: 16 } as const;
  const network = () => sequential(input(7), dense(20, "relu"), dense(3));
  /** Parameters, each rounded up to a cache line of 64 bytes. */
  const parameterBytes = [7 * 20, 20, 20 * 3, 3].reduce((sum, n) => sum + Math.ceil((n * 4) / 64) * 64, 0);

  it("is known before the first step, adds up, and is what is held, rounded to pages", async () => {
    const { memory } = await compile(network(), settings);
    const { planned, staged, total, peak, ...parts } = memory;
    expect(Object.keys(parts).sort()).toEqual(
      ["arena", "chunk", "gradients", "parameters", "program", "scratch", "slots"].sort(),
    );
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(planned);
    expect(total).toBe(Math.ceil(planned / PAGE) * PAGE);
    expect(staged).toBe(total - planned);
    expect(peak.bytes).toBeLessThanOrEqual(memory.arena);
  });

  it("names the layers whose buffers live at the peak, which sum up to it", async () => {
    const { memory } = await compile(network(), settings);
    const { peak } = memory;
    expect(peak.live.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(peak.bytes);
    const sizes = peak.live.map(({ bytes }) => bytes);
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    // The hidden layer's activations are needed until its gradient is known: 16 rows of 20 floats.
    expect(peak.live).toContainEqual({ layer: "dense", op: "linear", bytes: 16 * 20 * 4 });
  });

  it("is drawn with a line for each buffer, and refuses a picture without columns", async () => {
    const model = await compile(network(), settings);
    const lines = model.lifetimes({ columns: 10 }).split("\n");
    expect(lines.filter((line) => line.startsWith("dense "))[0]).toMatch(
      /^dense +linear +1280 +\d+ +\.*#+\.*$/,
    );
    expect(lines.at(-1)).toMatch(new RegExp(`^needed at one time +${model.memory.peak.bytes} `));
    expect(model.lifetimes({ most: 1 })).toMatch(/and \d+ smaller ones/);
    expect(() => model.lifetimes({ columns: 0 })).toThrow(
      "lifetimes: columns is 0; needs an integer of at least 1",
    );
  });

  it("is not left by training on data that fits into what the last page leaves over", async () => {
    const model = await compile(network(), settings);
    const { memory } = model;
    const few = { x: rowsOf(16, 7), y: rowsOf(16, 3) };
    expect(memory.total - memory.planned).toBeGreaterThan(16 * 11 * 4 + 64 * 2);
    await model.fit(few, { batchSize: 16, validation: few, onEpoch: () => model.predict(few.x) });
    expect(model.memory).toEqual(memory);
  });

  it("has as many bytes of gradients as of parameters, and as many again for each slot", async () => {
    const slotsOf = { sgd: 0, momentum: 1, adam: 2 };
    const optimizers = { sgd: sgd(), momentum: sgd({ momentum: 0.9 }), adam: adam() };
    for (const name of ["sgd", "momentum", "adam"] as const) {
      const { memory } = await compile(network(), { ...settings, optimizer: optimizers[name] });
      expect(memory.parameters).toBe(parameterBytes);
      expect(memory.gradients).toBe(parameterBytes);
      expect(memory.slots).toBe(slotsOf[name] * parameterBytes);
    }
  });

  it("holds constants once for all methods, wherever they were made", async () => {
    const table = Array.from({ length: 50 }, (_, i) => Array.from({ length: 50 }, (_, j) => (i * j) % 7));
    const outside = constant(table);
    const bytesWith = async (...constants: (() => Value)[]) => {
      const layer = customLayer({
        kind: "fixed",
        build: ([h]) => constants.reduce((product, one) => matmul(product, one()), h!),
      });
      const model = await compile(sequential(input(50), layer, dense(1)), { loss: "meanSquaredError" });
      await model.fit({ x: rowsOf(4, 50), y: rowsOf(4, 1) });
      return model.memory.parameters;
    };
    const bare = await bytesWith();
    const bytes = Math.ceil((4 * 50 * 50) / 64) * 64;
    const anew = () => constant(table);
    expect((await bytesWith(anew)) - bare).toBe(bytes);
    expect((await bytesWith(anew, () => constant([...table].reverse()))) - bare).toBe(2 * bytes);
    // In one graph they are two values.
    expect((await bytesWith(anew, () => outside)) - bare).toBe(2 * bytes);
    expect((await bytesWith(() => outside, anew, anew)) - bare).toBe(3 * bytes);
  });

  it("has neither gradients nor slots for a network that only predicts", async () => {
    const { memory } = await compile(network(), { batchSize: 16 });
    expect([memory.parameters, memory.gradients, memory.slots]).toEqual([parameterBytes, 0, 0]);
  });

  it("grows with the rows of a step, in what holds rows alone", async () => {
    const small = (await compile(network(), settings)).memory;
    const large = (await compile(network(), { ...settings, batchSize: 64 })).memory;
    expect(large.arena).toBeGreaterThan(2 * small.arena);
    expect(large.chunk).toBe(4 * small.chunk);
    expect([large.parameters, large.slots, large.program]).toEqual([
      small.parameters,
      small.slots,
      small.program,
    ]);
  });

  it("grows when fit needs more rows, and then is that of a model compiled for them", async () => {
    const model = await compile(network(), settings);
    await model.fit({ x: rowsOf(64, 7), y: rowsOf(64, 3) }, { batchSize: 64 });
    const compiled = await compile(network(), { ...settings, batchSize: 64 });
    const plans = [model, compiled].map(({ memory }) =>
      Object.entries(memory).filter(([part]) => part !== "total" && part !== "staged"),
    );
    expect(plans[0]).toHaveLength(9);
    expect(plans[0]).toEqual(plans[1]);
  });

  it("holds staged rows of bytes in a quarter of what floats need", async () => {
    const held = async (x: Uint8Array | Float32Array) => {
      const model = await compile(sequential(input(1000), dense(1)), { loss: "meanSquaredError" });
      const before = model.memory.total;
      await model.fit({ x, y: new Float32Array(1000) });
      return model.memory.total - before;
    };
    const bytes = await held(new Uint8Array(1_000_000));
    const floats = await held(new Float32Array(1_000_000));
    expect(bytes).toBeLessThan(1_000_000 + 3 * PAGE);
    expect(floats).toBeGreaterThan(4_000_000 - PAGE);
  });

  it("keeps staged rows within dataMemory", async () => {
    const model = await compile(sequential(input(1000), dense(1)), { loss: "meanSquaredError" });
    const before = model.memory.total;
    await model.fit({ x: new Float32Array(1_000_000), y: new Float32Array(1000) }, { dataMemory: 500_000 });
    expect(model.memory.total - before).toBeLessThanOrEqual(500_000 + PAGE);
    expect(Object.keys(weightBits(model))).toEqual(["dense/kernel", "dense/bias"]);
  });
});

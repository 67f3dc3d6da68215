/** Random networks of all that layers can be wired to: what the engine computes is what the f64 reference does. */
import { describe, expect, it } from "vitest";
import { adam, compile, GradientError, OutOfMemoryError, sgd } from "../../src/index.js";
import { howMany } from "../given/depth.ts";
import { bitsOf, rowsOf } from "../given/models.js";
import { checkGradients, plain, scoresInF64 } from "../graph/inF64.js";
import { dice, optionsFor, randomNetwork } from "./randomNetwork.js";

const ROWS = 11;

function dataFor(net: ReturnType<typeof randomNetwork>, seed: number) {
  const x = Object.fromEntries(
    net.inputs.map(({ name, shape }, i) => [name, rowsOf(ROWS, shape[1] as number, seed * 7 + i)]),
  );
  const kinds = Array.from({ length: ROWS }, (_, i) => (i * 5 + seed) % 3);
  return { x, y: { first: rowsOf(ROWS, 2, seed + 100), second: kinds } };
}

describe.each(Array.from({ length: howMany(12, 80) }, (_, i) => i + 1))("random network %i", (seed) => {
  const net = randomNetwork(seed);
  const data = dataFor(net, seed);
  const options = optionsFor(seed);
  const ready = (more = {}) =>
    compile(net, { ...options, optimizer: sgd({ learningRate: 0.01 }), clipNorm: 1, ...more } as never);

  it("evaluates as its graph does in f64", async () => {
    const model = await ready({ batchSize: ROWS });
    const expected = scoresInF64(net, options, data, plain(model.weights()));
    const report = (await model.evaluate(data)) as unknown as {
      loss: number;
      outputs: Record<string, Record<string, number>>;
    };
    expect(report.loss).toBeCloseTo(expected.loss as number, 4);
    for (const [path, value] of Object.entries(expected)) {
      const [, output, score] = path.split("/");
      if (output !== undefined) expect(report.outputs[output]?.[score as string], path).toBeCloseTo(value, 4);
    }
  });

  it("has the gradients of differences in f64", async () => {
    expect(await checkGradients(net, options, data, { perParameter: 2, tolerance: 3e-4 })).toBeGreaterThan(0);
  });

  it("shows its layers without changing what it predicts", async () => {
    const model = await ready({ batchSize: 4 });
    const before = await model.predict(data.x as never);
    const names = net.layers.map(({ name }) => name);
    const all = (await model.activations(data.x as never, names)) as Record<string, Float32Array>;
    expect(await model.predict(data.x as never)).toEqual(before);
    expect(all.first).toEqual((before as unknown as Record<string, Float32Array>).first);
    for (const name of [names[1], names.at(-2)] as string[]) {
      expect((await model.activations(data.x as never, [name]))[name]).toEqual(all[name]);
    }
  });

  it("keeps what is frozen, and trains the rest", async () => {
    const below = dice(seed + 1000);
    const names = net.layers.filter(({ parameters }) => parameters.length > 0).map(({ name }) => name);
    const chosen = names.filter((name) => name !== "first" && name !== "second" && below(2) === 1);
    if (chosen.length === 0) chosen.push(names.find((name) => name !== "second") as string);
    const train = async (isLate: boolean) => {
      const model = await ready();
      // A layer is left out without which nothing trained would reach one of the losses: that is refused.
      const frozen = chosen.filter((name) => {
        try {
          model.freeze(name);
          return true;
        } catch (error) {
          expect(error).toBeInstanceOf(GradientError);
          return false;
        }
      });
      // Nothing can be frozen where each loss hangs by one layer.
      if (frozen.length === 0) return;
      model.unfreeze(...frozen);
      if (isLate) await model.fit(data as never, { batchSize: 3, epochs: 1, shuffle: false });
      model.freeze(...frozen);
      const before = bitsOf(model.weights());
      await model.fit(data as never, { batchSize: 5, accumulate: isLate ? 2 : 1 });
      const after = bitsOf(model.weights());
      for (const name of Object.keys(after)) {
        if (frozen.some((one) => name.startsWith(`${one}/`))) expect(after[name], name).toEqual(before[name]);
      }
      // Not the kernel: what it is called on may be the difference of a node and itself.
      expect(after["second/bias"]).not.toEqual(before["second/bias"]);
    };
    await train(false);
    await train(true);
  });
});

describe.each([1, 4, 12, 20])("random network %i in less memory than it takes", (seed) => {
  const net = randomNetwork(seed);
  const rows = 300;
  const x = Object.fromEntries(
    net.inputs.map(({ name, shape }, i) => [name, rowsOf(rows, shape[1] as number, seed * 7 + i)]),
  );
  const second = Array.from({ length: rows }, (_, i) => (i * 5 + seed) % 3);
  const data = { x, y: { first: rowsOf(rows, 2, seed + 100), second } };
  const train = async (memoryLimit?: number) => {
    const limit = memoryLimit === undefined ? {} : { memoryLimit };
    const options = { ...optionsFor(seed), optimizer: adam(), clipNorm: 1, batchSize: 256, ...limit };
    const model = await compile(net, options as never);
    await model.fit(data as never, { batchSize: 256, dataMemory: 1 });
    return { model, bits: bitsOf(model.weights()), program: model.disassemble() };
  };
  /** Bytes that are asked for; the limit itself where it is enough. */
  const neededFor = async (memoryLimit: number) => {
    const outcome = await train(memoryLimit).catch((error: unknown) => error);
    if (!(outcome instanceof Error)) return memoryLimit;
    expect(outcome).toBeInstanceOf(OutOfMemoryError);
    return (outcome as OutOfMemoryError).requiredBytes;
  };

  it("trains to the same bits, or says what is missing", async () => {
    const free = await train();
    const { planned, arena } = free.model.memory;
    // compile says what the plan needs, fit what the staged rows need beside it, if that is more.
    const forPlan = await neededFor(planned - arena);
    expect(forPlan).toBeGreaterThan(planned - arena);
    const tight = await train(await neededFor(forPlan));
    expect(tight.bits).toEqual(free.bits);
    expect(tight.program).not.toBe(free.program);
    expect(tight.model.memory.planned).toBeLessThan(planned);
    expect(tight.model.memory.planned).toBeGreaterThan(planned - arena);
  });
});

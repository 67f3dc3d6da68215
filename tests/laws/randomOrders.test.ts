/** Whatever is asked of a model, and in whatever order: what only looks changes no bit, and memory is what it was. */
import { describe, expect, it } from "vitest";
import { adam, batchNorm, compile, dense, dropout, input, type Model, sequential } from "../../src/index.js";
import { howMany } from "../given/depth.js";
import { rowsOf, weightBits } from "../given/models.js";
import { dice } from "../network/randomNetwork.js";

const ORDERS = howMany(6, 20);
const CALLS = howMany(25, 250);

const data = { x: rowsOf(23, 4), y: rowsOf(23, 2, 2) };
const ready = () =>
  compile(sequential(input(4), dense(6, "tanh"), batchNorm(), dropout(0.3), dense(2)), {
    loss: "meanSquaredError",
    optimizer: adam({ learningRate: 0.01 }),
    clipNorm: 1,
    batchSize: 8,
    seed: 3,
  });

type Call = (model: Model, below: (n: number) => number) => unknown;

/** They change what the model is; how, is drawn anew for each call. */
const changing: Record<string, Call> = {
  fit: (model, below) => model.fit(data, { batchSize: 1 + below(8), epochs: 1 + below(2) }),
  fitInMicroBatches: (model, below) => model.fit(data, { batchSize: 4, accumulate: 1 + below(3) }),
  fitAStream: (model, below) => {
    const rows = 1 + below(8);
    const batch = { x: data.x.slice(0, rows), y: data.y.slice(0, rows) };
    return model.fit(() => [batch, batch]);
  },
  freeze: (model, below) => model.freeze(["dense", "batchNorm"][below(2)] as string),
  unfreeze: (model) => model.unfreeze("*"),
  setWeights: (model, below) => model.setWeights({ "dense/bias": rowsOf(1, 6, below(100))[0] as number[] }),
};

const looking: Record<string, Call> = {
  predict: (model, below) => model.predict(data.x.slice(0, 1 + below(23))),
  evaluate: (model, below) => {
    const rows = 1 + below(23);
    return model.evaluate({ x: data.x.slice(0, rows), y: data.y.slice(0, rows) });
  },
  activations: (model) => model.activations(data.x, ["dense"]),
  weights: (model) => model.weights(),
  summary: (model) => model.summary(),
  snapshotAndRestore: (model) => model.restore(model.snapshot()),
};

const all = { ...changing, ...looking };
const names = Object.keys(all);

/** Makes a call with numbers of its own, so that those of the next do not depend on it. */
const make = (name: string, model: Model, seed: number) => all[name]?.(model, dice(seed));

describe.each(Array.from({ length: ORDERS }, (_, i) => i + 1))(`order %i of ${CALLS} calls`, (seed) => {
  const below = dice(seed);
  const order = Array.from({ length: CALLS }, () => names[below(names.length)] as string);

  it("ends in the bits of one in which nothing looks, after every call", async () => {
    const [watched, alone] = await Promise.all([ready(), ready()]);
    for (const [i, name] of order.entries()) {
      await make(name, watched, i);
      if (name in changing) await make(name, alone, i);
      expect(weightBits(watched), `call ${i}, ${name}`).toEqual(weightBits(alone));
    }
  });

  it("needs no more memory than each call once", async () => {
    const model = await ready();
    for (const name of names) await make(name, model, 0);
    await model.fit(data, { batchSize: 8 });
    const { total } = model.memory;
    for (const [i, name] of order.entries()) {
      await make(name, model, i);
      expect(model.memory.total, `call ${i}, ${name}`).toBe(total);
    }
  });
});

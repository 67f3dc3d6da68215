/** Frozen parameters: they keep their bits, have no gradient, no slot and no instruction. */
import { describe, expect, it } from "vitest";
import { add, multiply } from "../../src/graph/primitives/elementwise/binary.js";
import {
  adam,
  compile,
  customLayer,
  dense,
  dropout,
  input,
  network,
  OptionError,
  sequential,
  sgd,
} from "../../src/index.js";
import { errorOf } from "../given/errorOf.js";
import { bitsOf, rejectionOf, rowsOf } from "../given/models.js";

const x = rowsOf(40, 6);
const y = rowsOf(40, 2, 2);
const data = { x, y };
const fitting = { batchSize: 8, epochs: 2 };

interface Frozen {
  readonly first?: boolean;
  readonly middle?: boolean;
  readonly last?: boolean;
}

const chain = ({ first = true, middle = true, last = true }: Frozen = {}) =>
  sequential(
    input(6),
    dense(7, { activation: "tanh", name: "first", trainable: first }),
    dense(5, { activation: "relu", name: "middle", trainable: middle }),
    dropout(0.25),
    dense(2, { name: "last", trainable: last }),
  );

const OPTIMIZERS = {
  "plain descent": () => sgd({ learningRate: 0.05 }),
  momentum: () => sgd({ learningRate: 0.05, momentum: 0.9, weightDecay: 0.01 }),
  adam: () => adam({ learningRate: 0.01, weightDecay: 0.01 }),
  adamW: () => adam({ learningRate: 0.01, weightDecay: 0.1, decoupled: true }),
};

const options = (optimizer = adam({ learningRate: 0.01 })) =>
  ({ loss: "meanSquaredError", optimizer, seed: 5, clipNorm: 0.5 }) as const;

const FROZEN: [Frozen, string[]][] = [
  [{ first: false }, ["first"]],
  [{ middle: false }, ["middle"]],
  [{ last: false }, ["last"]],
  [{ first: false, last: false }, ["first", "last"]],
  [{ first: false, middle: false }, ["first", "middle"]],
];
const align = (bytes: number) => Math.ceil(bytes / 64) * 64;
const BYTES: Record<string, number> = {
  first: align(4 * 42) + align(4 * 7),
  middle: align(4 * 35) + align(4 * 5),
  last: align(4 * 10) + align(4 * 2),
};
const names = Object.keys(BYTES);

describe.each(Object.entries(OPTIMIZERS))("with %s", (_, optimizer) => {
  it.each(FROZEN)("%o keeps every bit of the frozen, and changes all others", async (trainable, frozen) => {
    const model = await compile(chain(trainable), options(optimizer() as never));
    const before = bitsOf(model.weights());
    await model.fit(data, fitting);
    for (const [name, bits] of Object.entries(bitsOf(model.weights()))) {
      const isFrozen = frozen.includes(name.split("/")[0] as string);
      if (isFrozen) expect(bits, name).toEqual(before[name]);
      else expect(bits, name).not.toEqual(before[name]);
    }
  });

  it.each(FROZEN)("freezing by pattern is %o from the start, to the bit", async (trainable, frozen) => {
    const fixed = await compile(chain(trainable), options(optimizer() as never));
    const model = await compile(chain(), options(optimizer() as never));
    model.freeze(...frozen);
    expect(bitsOf(model.weights())).toEqual(bitsOf(fixed.weights()));
    expect(model.memory).toEqual(fixed.memory);
    expect(model.disassemble()).toBe(fixed.disassemble());
    const history = await model.fit(data, fitting);
    const expected = await fixed.fit(data, fitting);
    expect(bitsOf(model.weights())).toEqual(bitsOf(fixed.weights()));
    expect(history.map(({ loss }) => loss)).toEqual(expected.map(({ loss }) => loss));
  });
});

describe("a frozen layer", () => {
  it.each(FROZEN)("%o has no gradient and no slot", async (trainable, frozen) => {
    const { gradients, slots, parameters } = (await compile(chain(trainable), options())).memory;
    const trained = names.filter((name) => !frozen.includes(name));
    const bytes = trained.reduce((sum, name) => sum + (BYTES[name] as number), 0);
    expect(gradients).toBe(bytes);
    expect(slots).toBe(2 * bytes);
    expect(parameters).toBe(names.reduce((sum, name) => sum + (BYTES[name] as number), 0));
  });

  it("has no instruction of the backward pass", async () => {
    const products = async (trainable: Frozen) => {
      const text = (await compile(chain(trainable), options())).disassemble();
      const lines = text.split("\n").filter((line) => /matmul/i.test(line));
      return Object.fromEntries(
        names.map((name) => [name, lines.filter((line) => line.includes(name)).length]),
      );
    };
    // Forward one product each; backward one for the kernel and, but for the first layer, one for the input.
    expect(await products({})).toEqual({ first: 2, middle: 3, last: 3 });
    expect(await products({ first: false })).toEqual({ first: 1, middle: 2, last: 3 });
    expect(await products({ middle: false })).toEqual({ first: 2, middle: 2, last: 3 });
    expect(await products({ last: false })).toEqual({ first: 2, middle: 3, last: 2 });
    expect(await products({ first: false, middle: false })).toEqual({ first: 1, middle: 1, last: 2 });
    expect(await products({ first: false, middle: false, last: false })).toEqual({
      first: 1,
      middle: 1,
      last: 1,
    });
  });

  it("needs less room for activations", async () => {
    const arena = async (trainable: Frozen) =>
      (await compile(chain(trainable), { ...options(), batchSize: 1024 })).memory.arena;
    expect(await arena({ first: false, middle: false })).toBeLessThan(await arena({}));
  });
});

describe("patterns", () => {
  const nested = () => {
    const encoder = sequential(input(6), dense(4, { name: "a" }), dense(3, { name: "b" }));
    const start = input(6);
    const named = network({ ...encoder.ends, name: "encoder" });
    return network({ inputs: start, outputs: dense(2, { name: "a" })(named(start)) });
  };
  const frozenAfter = async (...patterns: string[]) => {
    const model = await compile(nested(), options());
    model.freeze(...patterns);
    const before = bitsOf(model.weights());
    await model.fit(data);
    const after = bitsOf(model.weights());
    return Object.keys(after).filter((name) => `${after[name]}` === `${before[name]}`);
  };

  it.each<[string[], string[]]>([
    [["encoder"], ["encoder/a/kernel", "encoder/a/bias", "encoder/b/kernel", "encoder/b/bias"]],
    [["encoder/a"], ["encoder/a/kernel", "encoder/a/bias"]],
    [["a"], ["a/kernel", "a/bias"]],
    [["*a"], ["encoder/a/kernel", "encoder/a/bias", "a/kernel", "a/bias"]],
    [["*/bias"], ["encoder/a/bias", "encoder/b/bias", "a/bias"]],
    [["encoder/*/kernel"], ["encoder/a/kernel", "encoder/b/kernel"]],
    [
      ["encoder/b", "a/bias"],
      ["encoder/b/kernel", "encoder/b/bias", "a/bias"],
    ],
  ])("%j mean %j", async (patterns, expected) => {
    expect(await frozenAfter(...patterns)).toEqual(expected);
  });

  it("take letters as they are", async () => {
    const model = await compile(
      sequential(input(6), dense(2, { name: "a.c" }), dense(2, { name: "abc" })),
      options(),
    );
    model.freeze("a.c");
    expect(model.memory.gradients).toBe(align(16) + align(8));
    expect(model.memory.parameters).toBe(align(48) + align(8) + align(16) + align(8));
  });

  it.each<[unknown[], string]>([
    [[], "freeze: there is no pattern; needs the names of layers"],
    [["encode"], 'freeze: there is no layer with parameters "encode". Did you mean "encoder"?'],
    [["b"], 'freeze: there is no layer with parameters "b".'],
    [[3], "freeze: a pattern is 3; needs a string."],
    [["a", "nothing*"], 'freeze: there is no layer with parameters "nothing*"'],
  ])("%j are refused, and change nothing", async (patterns, says) => {
    const model = await compile(nested(), options());
    const { memory } = model;
    const error = errorOf(() => model.freeze(...(patterns as string[])));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(says);
    expect(model.memory).toEqual(memory);
  });
});

describe("unfreezing", () => {
  it("keeps the weights, and the slots of what stayed trained", async () => {
    const train = async (optimizer: () => ReturnType<typeof sgd>, isInterrupted: boolean) => {
      const model = await compile(chain(), options(optimizer() as never));
      await model.fit(data, fitting);
      if (isInterrupted) {
        const before = bitsOf(model.weights());
        model.freeze("first", "middle/bias");
        expect(bitsOf(model.weights())).toEqual(before);
        model.unfreeze("middle");
        model.unfreeze("*");
        expect(bitsOf(model.weights())).toEqual(before);
      }
      await model.fit(data, { ...fitting, epochs: 1 });
      return bitsOf(model.weights());
    };
    // With no slot, nothing is lost on the way; with momentum, only the velocity of what was frozen.
    const plain = () => sgd({ learningRate: 0.05 });
    expect(await train(plain, true)).toEqual(await train(plain, false));
  });

  it("starts only the slots anew that were given up", async () => {
    const velocities = async (frozen: string[]) => {
      const model = await compile(chain(), {
        ...options(sgd({ learningRate: 0.1, momentum: 0.5 }) as never),
        clipNorm: 1e6,
      });
      await model.fit(data, fitting);
      if (frozen.length > 0) {
        model.freeze(...frozen);
        model.unfreeze(...frozen);
      }
      return { model, before: model.weights() };
    };
    const kept = await velocities([]);
    const reset = await velocities(["first"]);
    expect(bitsOf(reset.before)).toEqual(bitsOf(kept.before));
    await kept.model.fit(data, { batchSize: 40 });
    await reset.model.fit(data, { batchSize: 40 });
    const [a, b] = [bitsOf(kept.model.weights()), bitsOf(reset.model.weights())];
    // The step's gradients are equal, so only the velocities of the first layer can make a difference.
    expect(Object.keys(a).filter((name) => `${a[name]}` !== `${b[name]}`)).toEqual([
      "first/kernel",
      "first/bias",
    ]);
  });

  it("of layers that were frozen by their network trains them", async () => {
    const model = await compile(chain({ first: false, middle: false, last: false }), options());
    expect(model.memory.gradients).toBe(0);
    expect(await rejectionOf(model.fit(data))).toBeInstanceOf(OptionError);
    model.unfreeze("last");
    await model.fit(data, fitting);
    model.freeze("last");
    expect(await rejectionOf(model.fit(data))).toBeInstanceOf(OptionError);
    model.unfreeze("*");
    const whole = await compile(chain(), options());
    expect(model.memory).toEqual(whole.memory);
    // The same program, but that their training begins now.
    expect(model.disassemble().replace("since=10", "since=0")).toBe(whole.disassemble());
  });

  it("goes on with larger batches and accumulation", async () => {
    const model = await compile(chain(), { ...options(), batchSize: 4 });
    model.freeze("first");
    const before = bitsOf(model.weights());
    await model.fit(data, { batchSize: 40 });
    await model.fit(data, { batchSize: 40, accumulate: 4 });
    model.freeze("middle");
    await model.fit(data, { batchSize: 16, accumulate: 2 });
    const after = bitsOf(model.weights());
    expect(after["first/kernel"]).toEqual(before["first/kernel"]);
    expect(after["middle/kernel"]).not.toEqual(before["middle/kernel"]);
  });
});

describe("a parameter of a custom layer", () => {
  const scaled = (flags: { trainable?: boolean; decay?: boolean }) =>
    customLayer({
      kind: "scaled",
      parameters: ([, features]) => ({
        gain: { shape: [features as number], initializer: 1, ...flags },
        offset: { shape: [features as number], initializer: 0.5 },
      }),
      build: ([h], { gain, offset }) => add(multiply(h!, gain), offset),
    });

  it("declared not to be trained keeps its bits", async () => {
    const model = await compile(sequential(input(6), scaled({ trainable: false }), dense(2)), options());
    await model.fit(data, fitting);
    const weights = model.weights();
    expect([...(weights["scaled/gain"]?.data ?? [])]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...(weights["scaled/offset"]?.data ?? [])]).not.toContain(0.5);
    expect(model.memory.gradients).toBe(align(24) + align(48) + align(8));
  });

  it.each([
    ["plain descent", () => sgd({ learningRate: 0.1, weightDecay: 0.5 })],
    ["adamW", () => adam({ learningRate: 0.1, weightDecay: 0.5, decoupled: true })],
  ])("does not decay when it says so, with %s", async (_, optimizer) => {
    // Where all inputs are zero, gain has no gradient: only decay could change it.
    const zeros = { x: x.map((row) => row.map(() => 0)), y };
    const gain = async (flags: { decay?: boolean }) => {
      const model = await compile(sequential(input(6), scaled(flags), dense(2)), {
        ...options(optimizer() as never),
        clipNorm: 1e3,
      });
      await model.fit(zeros, { batchSize: 40 });
      return model.weights()["scaled/gain"]?.data[0] as number;
    };
    expect(await gain({ decay: false })).toBe(1);
    // One step: 1 − 0.1 · 0.5 · 1.
    expect(await gain({ decay: true })).toBeCloseTo(0.95, 6);
    expect(await gain({})).toBeCloseTo(0.95, 6);
  });
});

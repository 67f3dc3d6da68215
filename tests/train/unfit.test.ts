/** Pieces that do not fit each other, and lists that users must not be able to break a model with. */
import { describe, expect, it } from "vitest";
import { DataError, OptionError, ShapeError } from "../../src/check/errors.ts";
import {
  type ActivationName,
  activation,
  adam,
  compile,
  dense,
  dropout,
  input,
  type LossName,
  rescale,
  sequential,
  sgd,
  type Weight,
} from "../../src/index.ts";
import { rejectionOf, rowsOf } from "../given/models.ts";

const ending = (name: ActivationName) => sequential(input(3), dense(2, name));
const few = { x: rowsOf(8, 3), y: [0, 1, 0, 1, 1, 0, 1, 0] };

describe("a loss", () => {
  it.each<[LossName, ActivationName, string]>([
    ["crossEntropy", "sigmoid", "binaryCrossEntropy"],
    ["binaryCrossEntropy", "softmax", "crossEntropy"],
  ])("%s refuses a %s, and names the loss that fits", async (loss, name, fits) => {
    const error = await rejectionOf(compile(ending(name), { loss }));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain(`${loss}: the output is a ${name} of layer "dense"`);
    expect((error as Error).message).toContain(`use "${fits}"`);
  });

  it("refuses a softmax behind a dropout, which makes of probabilities what is neither", async () => {
    const network = sequential(input(3), dense(2, "softmax"), dropout(0.5));
    const error = await rejectionOf(compile(network, { loss: "crossEntropy" }));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain('a dropout of layer "dropout", lies between 0 and 2');
  });

  it.each<[LossName, ActivationName]>([
    ["crossEntropy", "linear"],
    ["crossEntropy", "logSoftmax"],
    ["crossEntropy", "softmax"],
    ["binaryCrossEntropy", "linear"],
    ["binaryCrossEntropy", "sigmoid"],
  ])("%s takes a %s", async (loss, name) => {
    await expect(compile(ending(name), { loss })).resolves.toBeDefined();
  });
});

describe("a metric", () => {
  it("is refused when it compares outputs with labels", async () => {
    const options = { loss: "crossEntropy", metrics: ["binaryAccuracy"] } as const;
    const error = await rejectionOf(compile(ending("softmax"), options));
    expect((error as Error).message).toContain(
      'compile: metric "binaryAccuracy" compares [rows, 2] with [rows]',
    );
  });

  it("is refused when it is named twice", async () => {
    const options = { loss: "crossEntropy", metrics: ["accuracy", "accuracy"] } as const;
    const error = await rejectionOf(compile(ending("softmax"), options));
    expect((error as Error).message).toBe('compile: metric "accuracy" is named twice; needs it once.');
  });
});

describe("a number that f32 cannot tell from its bound", () => {
  it.each([
    ["beta1", () => adam({ beta1: 0.99999999 }), "in f32 1"],
    ["beta2", () => adam({ beta2: 0.99999999 }), "in f32 1"],
    ["epsilon", () => adam({ epsilon: 1e-50 }), "in f32 0"],
    ["weightDecay", () => sgd({ weightDecay: 1e39 }), "in f32 Infinity"],
    ["learningRate", () => sgd({ learningRate: 1e-50 }), "in f32 0"],
    ["scale", () => rescale(1e39), "in f32 Infinity"],
    ["rate", () => dropout(0.99999999), "in f32 1"],
  ])("is refused for %s", (name, make, says) => {
    expect(make).toThrow(OptionError);
    expect(make).toThrow(name);
    expect(make).toThrow(says);
  });
});

describe("fit", () => {
  it.each([{ shuffle: true }, { dataMemory: 2 ** 20 }])("refuses %j for a stream", async (options) => {
    const model = await compile(ending("softmax"), { loss: "crossEntropy" });
    const error = await rejectionOf(model.fit([few], options));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain("is for arrays; a stream");
  });

  it("says how data is given when it gets x and y one after the other", async () => {
    const model = await compile(ending("softmax"), { loss: "crossEntropy" });
    const error = await rejectionOf(model.fit(few.x as never, few.y as never));
    expect((error as Error).message).toContain("Give the data as fit({ x, y }, options)");
  });

  it("says how validation is given when it gets a pair", async () => {
    const model = await compile(ending("softmax"), { loss: "crossEntropy" });
    const error = await rejectionOf(model.fit(few, { validation: [few.x, few.y] as never }));
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain("fit: validation: ");
    expect((error as Error).message).toContain("Give { x, y }");
  });
});

describe("evaluate", () => {
  it("says how data is given when it gets x and y one after the other", async () => {
    const model = await compile(ending("softmax"), { loss: "crossEntropy" });
    const error = await rejectionOf(model.evaluate(few.x as never, few.y as never));
    expect((error as Error).message).toContain("Give the data as evaluate({ x, y }, options)");
  });

  it("of a long stream lets timers run, and hears an abort", async () => {
    const model = await compile(ending("softmax"), { loss: "crossEntropy" });
    function* batches() {
      for (;;) yield few;
    }
    const signal = AbortSignal.timeout(30);
    const error = await rejectionOf(model.evaluate(batches, { signal }));
    expect((error as Error).name).toBe("TimeoutError");
  });
});

describe("what a model gives", () => {
  it("can be changed without changing the model", async () => {
    const model = await compile(ending("linear"));
    const before = model.weights();
    const { shape, data } = model.weights()["dense/kernel"] as Weight;
    (shape as number[]).push(99);
    data.fill(7);
    expect(model.weights()).toEqual(before);
    expect(() => model.setWeights(before)).not.toThrow();
  });
});

describe("accuracy", () => {
  it("is an exact share: hits over rows, in whatever batches", async () => {
    const model = await compile(ending("softmax"), {
      loss: "crossEntropy",
      metrics: ["accuracy"],
      batchSize: 7,
    });
    model.setWeights({ "dense/kernel": [1, 0, 0, 0, 0, 0], "dense/bias": [0, 0] });
    const x = Array.from({ length: 60 }, (_, i) => [i < 20 ? 1 : -1, 0, 0]);
    const { accuracy } = await model.evaluate({ x, y: new Uint8Array(60) });
    expect(accuracy).toBe(20 / 60);
  });
});

describe("accuracy of several outputs a row", () => {
  it.each([41, 47, 83, 123])("is exactly 1 when all %d are right", async (outputs) => {
    const model = await compile(sequential(input(1), dense(outputs, "sigmoid")), {
      loss: "binaryCrossEntropy",
      metrics: ["accuracy"],
    });
    model.setWeights({
      "dense/kernel": new Float32Array(outputs),
      "dense/bias": new Float32Array(outputs).fill(3),
    });
    const { accuracy } = await model.evaluate({ x: [[0], [0]], y: new Uint8Array(2 * outputs).fill(1) });
    expect(accuracy).toBe(1);
  });
});

describe("setWeights", () => {
  it.each([[new Map()], [[]]])("refuses what has no names", async (weights) => {
    const model = await compile(ending("linear"));
    expect(() => model.setWeights(weights as never)).toThrow("needs an object of weights by name");
  });
});

describe("onEpoch", () => {
  const epochsUntil = async (answer: (epoch: number) => unknown) => {
    const model = await compile(ending("softmax"), { loss: "crossEntropy" });
    return (await model.fit(few, { epochs: 5, onEpoch: ({ epoch }) => answer(epoch) })).length;
  };

  it('ends training when it answers "stop", at once or later', async () => {
    expect(await epochsUntil((epoch) => (epoch === 2 ? "stop" : ""))).toBe(2);
    expect(await epochsUntil(async (epoch) => (epoch === 3 ? "stop" : undefined))).toBe(3);
  });

  it.each([false, 0, null, "go on", true])(
    "goes on when it answers %j, as functions of one line do",
    async (answer) => {
      expect(await epochsUntil(() => answer)).toBe(5);
    },
  );
});

describe("a function in place of what it makes", () => {
  it("is refused with a word on calling it", async () => {
    const error = await rejectionOf(
      compile(ending("softmax"), { loss: "crossEntropy", optimizer: sgd as never }),
    );
    expect((error as Error).message).toContain("there is no optimizer a function. Call it");
  });
});

describe("a layer", () => {
  it("can be part of a second network, with an input of another width", () => {
    const shared = dense(4);
    expect(sequential(input(3), shared).outputs[0]!.shape).toEqual([-1, 4]);
    expect(sequential(input(5), activation("relu"), shared).layers.at(-1)?.parameters[0]?.shape).toEqual([
      5, 4,
    ]);
  });
});

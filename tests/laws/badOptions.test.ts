/** Issue 2, "Bad input": options are refused by name, with the nearest right one, before anything is built. */
import { describe, expect, it } from "vitest";
import {
  activation,
  adam,
  add,
  binaryCrossEntropy,
  type CompileOptions,
  compile,
  crossEntropy,
  dense,
  dropout,
  type FitOptions,
  flatten,
  input,
  meanSquaredError,
  network,
  OptionError,
  rescale,
  ShapeError,
  sequential,
  sgd,
} from "../../src/index.js";
import { rejectionOf, rowsOf, weightBits } from "../given/models.js";

/** What a user without types could pass. */
type Anything = never;
const wrong = (value: unknown) => value as Anything;
const small = () => sequential(input(3), dense(2));
const data = { x: rowsOf(8, 3), y: rowsOf(8, 2, 2) };

function refusalOf(build: () => unknown): Error {
  try {
    build();
  } catch (error) {
    return error as Error;
  }
  throw new Error("was not refused");
}

describe("layers refuse", () => {
  it.each<[string, () => unknown, string]>([
    [
      "a misspelled activation",
      () => dense(3, wrong("rleu")),
      'dense: there is no activation "rleu". Did you mean "relu"?',
    ],
    ["a misspelled activation layer", () => activation(wrong("sigmod")), 'Did you mean "sigmoid"?'],
    ["a name in other letters", () => dense(3, wrong("ReLU")), 'Did you mean "relu"?'],
    ["a name like none", () => dense(3, wrong("quux")), "Known: linear, relu, leakyRelu, elu"],
    ["a name that every object has", () => dense(3, wrong("toString")), 'there is no activation "toString"'],
    [
      "a number for an activation",
      () => dense(3, { activation: wrong(5) }),
      "there is no activation 5. Known: linear",
    ],
    [
      "a misspelled initializer",
      () => dense(3, { kernelInitializer: wrong("glorotUnifrom") }),
      'Did you mean "glorotUniform"?',
    ],
    [
      "a misspelled bias initializer",
      () => dense(3, { biasInitializer: wrong("zeroes") }),
      'Did you mean "zeros"?',
    ],
    [
      "a misspelled option",
      () => dense(3, wrong({ activaton: "relu" })),
      'dense: there is no option "activaton". Did you mean "activation"?',
    ],
    [
      "the layer by its name",
      () => dense(3, { name: "hidden", useBias: wrong(1) }),
      'dense "hidden": useBias is 1; needs true or false',
    ],
    ["null for options", () => dense(3, wrong(null)), "dense: options are null; needs an object"],
    ["a list for options", () => dense(3, wrong([])), "dense: options are an array of 0; needs an object"],
    ["zero units", () => dense(0), "dense: units is 0; needs an integer of at least 1"],
    ["half a unit", () => dense(1.5), "dense: units is 1.5; needs an integer of at least 1"],
    ["units as text", () => dense(wrong("10")), 'dense: units is "10"; needs an integer'],
    ["a number for a name", () => dense(3, { name: wrong(7) }), "dense: name is 7; needs a string"],
    ["an empty name", () => dense(3, { name: "" }), 'dense: name is ""; needs at least one letter'],
    ["dropping everything", () => dropout(1), "dropout: rate is 1; needs a number in [0, 1)"],
    ["a negative rate", () => dropout(-0.1), "dropout: rate is -0.1; needs a number in [0, 1)"],
    [
      "a rate that is 1 in f32",
      () => dropout(0.99999999),
      "dropout: rate is 0.99999999, in f32 1; needs a number in [0, 1)",
    ],
    ["no rate", () => dropout(wrong(undefined)), "dropout: rate is undefined; needs a number in [0, 1)"],
    ["a scale that is not finite", () => rescale(Number.NaN), "rescale: scale is NaN; needs a finite number"],
    [
      "an offset as text",
      () => rescale(1, { offset: wrong("1") }),
      'rescale: offset is "1"; needs a finite number',
    ],
    [
      "an option of flatten",
      () => flatten(wrong({ nmae: "a" })),
      'flatten: there is no option "nmae". Did you mean "name"?',
    ],
    ["an option of add", () => add(wrong({ axis: 1 })), 'add: there is no option "axis"'],
    [
      "an input of no features",
      () => input(0),
      "input: an axis of its shape is 0; needs an integer of at least 1",
    ],
  ])("%s", (_, build, says) => {
    const error = refusalOf(build);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(says);
  });

  it.each<[string, () => unknown, string]>([
    [
      "an input without shape",
      () => input(wrong(undefined)),
      "input: shape is undefined; needs a number, as in input(4)",
    ],
    ["an input of no axes", () => input([]), "input: shape is []; needs at least one axis, as in input(4)"],
    [
      "a chain without input",
      () => sequential(wrong(dense(2))),
      "sequential: the first argument is a function; needs input(…)",
    ],
    [
      "a chain with a stranger",
      () => sequential(input(2), wrong("relu")),
      'sequential: argument 2 is "relu"; needs a layer such as dense(10)',
    ],
    [
      "several outputs",
      () => network({ inputs: input(2), outputs: wrong([input(2)]) }),
      "network: outputs is an array of 1; needs a node, or an object of nodes by name",
    ],
  ])("%s", (_, build, says) => {
    const error = refusalOf(build);
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toContain(says);
  });
});

describe("losses and optimizers refuse", () => {
  it.each<[string, () => unknown, string]>([
    [
      "a misspelled option of sgd",
      () => sgd(wrong({ learnRate: 1 })),
      'sgd: there is no option "learnRate". Did you mean "learningRate"?',
    ],
    [
      "a misspelled option of adam",
      () => adam(wrong({ beta_1: 0.9 })),
      'adam: there is no option "beta_1". Did you mean "beta1"?',
    ],
    [
      "a learning rate of 0",
      () => sgd({ learningRate: 0 }),
      "sgd: learningRate is 0; needs a positive number",
    ],
    [
      "a negative learning rate",
      () => adam({ learningRate: -1 }),
      "adam: learningRate is -1; needs a positive number",
    ],
    [
      "a learning rate as text",
      () => adam({ learningRate: wrong("1e-3") }),
      'adam: learningRate is "1e-3"; needs a positive number',
    ],
    ["a momentum of 1", () => sgd({ momentum: 1 }), "sgd: momentum is 1; needs a number in [0, 1)"],
    [
      "nesterov without momentum",
      () => sgd({ nesterov: true }),
      "sgd: momentum is 0; needs a number in (0, 1) with nesterov",
    ],
    [
      "nesterov as text",
      () => sgd({ momentum: 0.9, nesterov: wrong("no") }),
      'sgd: nesterov is "no"; needs true or false',
    ],
    [
      "a decay below 0",
      () => sgd({ weightDecay: -1 }),
      "sgd: weightDecay is -1; needs a number of at least 0",
    ],
    ["a beta2 of 1", () => adam({ beta2: 1 }), "adam: beta2 is 1; needs a number in [0, 1)"],
    ["an epsilon of 0", () => adam({ epsilon: 0 }), "adam: epsilon is 0; needs a positive number"],
    [
      "a misspelled reduction",
      () => meanSquaredError({ reduction: wrong("avg") }),
      'meanSquaredError: there is no reduction "avg"',
    ],
    ["a misspelled option", () => crossEntropy(wrong({ reducton: "sum" })), 'Did you mean "reduction"?'],
    ["null", () => binaryCrossEntropy(wrong(null)), "binaryCrossEntropy: options are null; needs an object"],
  ])("%s", (_, build, says) => {
    const error = refusalOf(build);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain(says);
  });
});

describe("compile refuses", () => {
  it.each<[string, unknown, string]>([
    [
      "a misspelled loss",
      { loss: "meanSquareError" },
      'compile: there is no loss "meanSquareError". Did you mean "meanSquaredError"?',
    ],
    [
      "a loss of another framework",
      { loss: "mse" },
      'compile: there is no loss "mse". Did you mean "meanSquaredError"?',
    ],
    [
      "a loss that there is not",
      { loss: "quux" },
      "Known: meanSquaredError, sumOfSquares, meanAbsoluteError, huber",
    ],
    [
      "a misspelled optimizer",
      { optimizer: "adm" },
      'compile: there is no optimizer "adm". Did you mean "adam"?',
    ],
    [
      "a misspelled metric",
      { loss: "crossEntropy", metrics: ["acuracy"] },
      'compile: there is no metric "acuracy". Did you mean "accuracy"?',
    ],
    [
      "a misspelled option",
      { optimiser: "adam" },
      'compile: there is no option "optimiser". Did you mean "optimizer"?',
    ],
    ["a misspelled precision", { precision: "exakt" }, 'Did you mean "exact"?'],
    [
      "metrics that are no list",
      { loss: "crossEntropy", metrics: "accuracy" },
      'compile: metrics is "accuracy"; needs an array, as ["accuracy"]',
    ],
    [
      "metrics without a loss",
      { metrics: ["accuracy"] },
      "compile: there are metrics but no loss; needs a loss",
    ],
    ["a negative seed", { seed: -1 }, "compile: seed is -1; needs an integer of at least 0"],
    ["a fractional seed", { seed: 0.5 }, "compile: seed is 0.5; needs an integer of at least 0"],
    ["batchSize 0", { batchSize: 0 }, "compile: batchSize is 0; needs an integer of at least 1"],
    ["clipping to 0", { clipNorm: 0 }, "compile: clipNorm is 0; needs a positive number"],
    ["a memoryLimit as text", { memoryLimit: "1 GB" }, 'compile: memoryLimit is "1 GB"; needs an integer'],
    ["null for options", null, "compile: options are null; needs an object"],
    [
      "null for an optimizer",
      { optimizer: null },
      "compile: there is no optimizer null. Known: sgd, adagrad",
    ],
    ["null for a loss", { loss: null }, "compile: there is no loss null. Known: meanSquaredError"],
    [
      "a number for an optimizer",
      { optimizer: 0.01 },
      "compile: there is no optimizer 0.01. Known: sgd, adagrad",
    ],
  ])("%s", async (_, options, says) => {
    const error = await rejectionOf(compile(small(), options as CompileOptions));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(says);
  });

  it.each([[undefined], [null], ["network"], [[dense(2)]]])("%j for a network", async (given) => {
    const error = await rejectionOf(compile(wrong(given)));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain("needs what sequential(…) or network(…) returns");
  });

  it("a loss that does not fit the output, and says which does", async () => {
    const one = sequential(input(3), dense(1, "sigmoid"));
    const error = await rejectionOf(compile(one, { loss: "crossEntropy" }));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toBe(
      "crossEntropy: output is [rows, 1]; needs at least two classes in its last axis. " +
        'For one output that says yes or no, use "binaryCrossEntropy".',
    );
  });

  it("accuracy beside a loss without decisions, and says what fits", async () => {
    for (const loss of ["meanSquaredError", "sumOfSquares"] as const) {
      const error = await rejectionOf(compile(small(), { loss, metrics: ["accuracy"] }));
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toContain(
        `metric "accuracy" does not fit the loss ${loss}; needs crossEntropy`,
      );
      expect((error as Error).message).toContain('use "meanAbsoluteError"');
    }
  });

  it("an error in numbers beside a loss on labels", async () => {
    const settings = { loss: "crossEntropy", metrics: ["meanAbsoluteError"] } as const;
    const error = await rejectionOf(compile(small(), settings));
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as Error).message).toContain('metric "meanAbsoluteError" compares [rows, 2] with [rows]');
  });
});

describe("fit refuses, and changes nothing,", () => {
  it.each<[string, unknown, string]>([
    ["a misspelled option", { epoch: 3 }, 'fit: there is no option "epoch". Did you mean "epochs"?'],
    ["an abbreviated option", { lr: 3 }, 'fit: there is no option "lr". Known: epochs, batchSize'],
    ["epochs 0", { epochs: 0 }, "fit: epochs is 0; needs an integer of at least 1"],
    ["epochs as text", { epochs: "5" }, 'fit: epochs is "5"; needs an integer'],
    ["half a batch", { batchSize: 0.5 }, "fit: batchSize is 0.5; needs an integer"],
    [
      "a shuffle that is neither true nor false",
      { shuffle: "no" },
      'fit: shuffle is "no"; needs true or false',
    ],
    ["no room for data", { dataMemory: 0 }, "fit: dataMemory is 0; needs a positive number of bytes"],
    ["onEpoch that is no function", { onEpoch: 1 }, "fit: onEpoch is 1; needs a function"],
    ["onStep that is no function", { onStep: {} }, "fit: onStep is an object (Object); needs a function"],
    [
      "a signal that is none",
      { signal: new AbortController() },
      "fit: signal is an object (AbortController); needs an AbortSignal",
    ],
    ["null for options", null, "fit: options are null; needs an object"],
    ["null for epochs", { epochs: null }, "fit: epochs is null; needs an integer"],
  ])("%s", async (_, options, says) => {
    const model = await compile(small(), { loss: "meanSquaredError" });
    const before = weightBits(model);
    const error = await rejectionOf(model.fit(data, options as FitOptions));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toContain(says);
    expect(weightBits(model)).toEqual(before);
    await model.fit(data);
    expect(weightBits(model)).not.toEqual(before);
  });

  it("validation that does not fit, before the first step", async () => {
    const model = await compile(small(), { loss: "meanSquaredError" });
    const before = weightBits(model);
    for (const stranger of [null, 0, "", "text", {}]) {
      const refused = await rejectionOf(model.fit(data, { validation: wrong(stranger) }));
      expect((refused as Error).message).toContain("fit: validation: the data is ");
      expect((refused as Error).message).toContain("needs { x, y }, or an iterable of batches");
    }
    const error = await rejectionOf(model.fit(data, { validation: { x: rowsOf(4, 2), y: rowsOf(4, 2) } }));
    expect((error as Error).message).toContain(
      "fit: validation: x: row 0 has 2 numbers; needs rows of 3 numbers",
    );
    expect(weightBits(model)).toEqual(before);
  });

  it("validation whose targets have another form than the training data's, before the first step", async () => {
    const model = await compile(sequential(input(3), dense(2, "softmax")), { loss: "crossEntropy" });
    const before = weightBits(model);
    const labels = { x: data.x, y: data.x.map((_, i) => i % 2) };
    const oneHot = { x: data.x, y: labels.y.map((label) => [1 - label, label]) };
    const error = await rejectionOf(model.fit(labels, { validation: oneHot }));
    expect((error as Error).message).toContain("fit: validation: y has 2 numbers a row");
    expect((error as Error).message).toContain("Give all targets in one form");
    expect(weightBits(model)).toEqual(before);
  });

  it("labels where numbers for each of 10 outputs belong", async () => {
    const model = await compile(sequential(input(3), dense(10)), { loss: "meanSquaredError" });
    const error = await rejectionOf(model.fit({ x: data.x, y: data.x.map((_, i) => i) }));
    expect((error as Error).message).toBe(
      "fit: y: its rows have 1 number; meanSquaredError on an output of [rows, 10] needs 10. " +
        'Integer labels go with "crossEntropy".',
    );
  });

  it("a network that was compiled without a loss", async () => {
    const model = await compile(small());
    const error = await rejectionOf(model.fit(data));
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toBe(
      'fit: the network was compiled without a loss; compile it with one, as { loss: "crossEntropy" }.',
    );
    expect(await model.predict([[1, 2, 3]])).toHaveLength(2);
  });
});

describe("evaluate, predict and disassemble refuse", () => {
  it("options that do not exist", async () => {
    const model = await compile(small(), { loss: "meanSquaredError" });
    for (const [call, who] of [
      [() => model.evaluate(data, wrong({ batchsize: 3 })), "evaluate"],
      [() => model.predict(data.x, wrong({ batchsize: 3 })), "predict"],
    ] as const) {
      const error = await rejectionOf(call());
      expect(error).toBeInstanceOf(OptionError);
      expect((error as Error).message).toContain(`${who}: there is no option "batchsize"`);
    }
    const error = refusalOf(() => model.disassemble(wrong("evalute")));
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toContain('disassemble: there is no method "evalute". Did you mean "evaluate"?');
  });
});

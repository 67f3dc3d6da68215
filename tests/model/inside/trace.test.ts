/** model.trace: the tutorials' examples as text, equal to values worked in f64, and new weights that are those of fit. */
import { describe, expect, it } from "vitest";
import {
  adam,
  compile,
  DivergedError,
  dense,
  exponentialMovingAverage,
  input,
  rmsprop,
  sequential,
  sgd,
} from "../../../src/index.js";
import { bitsOf, rejectionOf, rowsOf, weightBits } from "../../given/models.js";
import { dataOf, names, networks, ROWS, settings } from "./networks.js";

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));

/** The numbers of a text below a title, up to the next title. */
function numbersBelow(text: string, title: string, from = 0): number[] {
  const lines = text.slice(from).split("\n");
  const start = lines.findIndex((line) => line.trim().startsWith(title));
  if (start < 0) throw new Error(`there is no "${title}"`);
  const found: number[] = [];
  for (const line of lines.slice(start + 1)) {
    if (!/^\s*-?\d/.test(line)) break;
    found.push(...line.trim().split(/\s+/).map(Number));
  }
  return found;
}

const shown = (values: readonly number[], digits = 6) => values.map((value) => Number(value.toFixed(digits)));

/** Half a unit of the last digit, and what f32 rounds: numbers of about 1. */
function expectShown(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(0.5e-6 + 2 ** -22);
  });
}

describe("the 2-2-1 network without biases of the tutorials", () => {
  const x = [0.35, 0.7] as const;
  const kernel = [
    [0.2, 0.3],
    [0.2, 0.3],
  ] as const;
  const outputs = [0.3, 0.9] as const;
  const target = 0.5;
  const sums = [0, 1].map((j) => x.reduce((sum, one, i) => sum + one * (kernel[i]?.[j] as number), 0));
  const hidden = sums.map(sigmoid);
  const sum = hidden.reduce((total, h, j) => total + h * (outputs[j] as number), 0);
  const y = sigmoid(sum);
  const delta = (y - target) * y * (1 - y);
  const deltas = hidden.map((h, j) => delta * (outputs[j] as number) * h * (1 - h));

  const model = async () => {
    const network = sequential(
      input(2),
      dense(2, { activation: "sigmoid", useBias: false, name: "hidden" }),
      dense(1, { activation: "sigmoid", useBias: false, name: "output" }),
    );
    const made = await compile(network, { loss: "sumOfSquares", optimizer: sgd({ learningRate: 1 }) });
    made.setWeights({ "hidden/kernel": kernel.flat(), "output/kernel": [...outputs] });
    return made;
  };

  it("is printed with the tutorial's numbers, which are those of f64", async () => {
    const text = String(await (await model()).trace({ x: [[...x]], y: [[target]] }));
    expect(shown(hidden)).toEqual([0.552308, 0.578105]);
    const output = text.indexOf("output (dense)");
    expectShown(numbersBelow(text, "weighted sums"), sums);
    expectShown(numbersBelow(text, "activations"), hidden);
    expectShown(numbersBelow(text, "weighted sums", output), [sum]);
    expectShown(numbersBelow(text, "activations", output), [y]);
    expectShown([Number(/^loss (\S+)$/m.exec(text)?.[1])], [0.5 * (target - y) ** 2]);
    const backward = text.indexOf("backward");
    expectShown(numbersBelow(text, "by its output", backward), [y - target]);
    expectShown(numbersBelow(text, "by its weighted sums, δ", backward), [delta]);
    expectShown(
      numbersBelow(text, "by output/kernel", backward),
      hidden.map((h) => delta * h),
    );
    const below = text.indexOf("hidden (dense)", backward);
    expectShown(numbersBelow(text, "by its weighted sums, δ", below), deltas);
    expectShown(
      numbersBelow(text, "hidden/kernel becomes", below),
      kernel.flatMap((row, i) => row.map((w, j) => w - (deltas[j] as number) * (x[i] as number))),
    );
    // In the tutorial's order: w11, w21, w12, w22.
    const [w11, w12, w21, w22] = numbersBelow(text, "hidden/kernel becomes", below);
    expect([w11, w21, w12, w22]).toEqual([0.199045, 0.198091, 0.297175, 0.29435]);
    expect(numbersBelow(text, "output/kernel becomes", backward)).toEqual([0.279691, 0.878743]);
  });
});

describe("the 2-2-2 network with biases that Mazur (2015) works by hand", () => {
  // https://mattmazur.com/2015/03/17/a-step-by-step-backpropagation-example/: w1, w2 lead to h1, w3, w4 to h2. His
  // biases stay as they are, so they are frozen here.
  const x = [0.05, 0.1];
  const target = [0.01, 0.99];

  it("is printed with his numbers: the loss 0.298371109, and the new weights", async () => {
    const network = sequential(
      input(2),
      dense(2, { activation: "sigmoid", name: "h" }),
      dense(2, { activation: "sigmoid", name: "o" }),
    );
    const model = await compile(network, { loss: "sumOfSquares", optimizer: sgd({ learningRate: 0.5 }) });
    model.setWeights({
      "h/kernel": [0.15, 0.25, 0.2, 0.3],
      "h/bias": [0.35, 0.35],
      "o/kernel": [0.4, 0.5, 0.45, 0.55],
      "o/bias": [0.6, 0.6],
    });
    model.freeze("*/bias");
    const trace = await model.trace({ x: [x], y: [target] });
    expect(trace.loss).toBeCloseTo(0.298371109, 7);
    const text = String(trace);
    const became = (name: string) => numbersBelow(text, `${name} becomes`);
    // w5⁺ … w8⁺ and w1⁺ … w4⁺ of the post, to the six digits that are printed.
    const [w5, w7, w6, w8] = became("o/kernel");
    expectShown([w5, w6, w7, w8] as number[], [0.35891648, 0.408666186, 0.51130127, 0.561370121]);
    const [w1, w3, w2, w4] = became("h/kernel");
    expectShown([w1, w2, w3, w4] as number[], [0.149780716, 0.19956143, 0.24975114, 0.29950229]);
  });
});

describe("one logistic step", () => {
  it("is printed with the numbers that f64 gives", async () => {
    const model = await compile(sequential(input(2), dense(1, "sigmoid")), {
      loss: "binaryCrossEntropy",
      optimizer: sgd({ learningRate: 0.1 }),
    });
    model.setWeights({ "dense/kernel": [0.5, -0.5], "dense/bias": [0.1] });
    const text = (await model.trace({ x: [[1, 2]], y: [[1]] })).toString();
    const error = sigmoid(1 * 0.5 - 2 * 0.5 + 0.1) - 1;
    expectShown(numbersBelow(text, "by its weighted sums, δ"), [error]);
    expectShown(numbersBelow(text, "dense/kernel becomes"), [0.559868766, -0.380262468]);
    expectShown(numbersBelow(text, "dense/bias becomes"), [0.159868766]);
    // Worked from the logits, the loss knows nothing of the sigmoid.
    expect(text).not.toContain("by its output");
  });
});

describe("a trace", () => {
  const optimizers = {
    sgd: sgd({ learningRate: 0.1, momentum: 0.9 }),
    adam: adam({ weightDecay: 0.01 }),
    rmsprop: rmsprop(),
    averaged: exponentialMovingAverage("adam"),
  };

  it.each(names)(
    "of %s has the new weights of fit, to the bit, with any optimizer, and changes nothing",
    async (name) => {
      const data = dataOf(name);
      const one = { epochs: 1, batchSize: ROWS, shuffle: false };
      for (const optimizer of Object.values(optimizers)) {
        const model = await compile(networks[name](), { ...settings, optimizer, clipNorm: 0.5 });
        for (let step = 0; step < 3; step++) {
          const before = weightBits(model);
          const trace = await model.trace(data);
          expect(weightBits(model)).toEqual(before);
          expect(trace.step).toBe(step);
          const steps: { loss: number; gradientNorm: number }[] = [];
          await model.fit(data, { ...one, onStep: (report) => void steps.push(report) });
          expect([trace.loss, trace.gradientNorm]).toEqual([steps[0]?.loss, steps[0]?.gradientNorm]);
          const after = Object.fromEntries(
            trace.parameters.map((one) => [one.name, { shape: one.shape, data: one.after }]),
          );
          expect(bitsOf(after)).toEqual(weightBits(model));
        }
      }
    },
  );

  it.each(names)("of %s has the gradients that gradients() gives, to the bit", async (name) => {
    const model = await compile(networks[name](), settings);
    const data = dataOf(name);
    const { parameters, layers } = await model.trace(data);
    const found = await model.gradients(data);
    for (const { name: key, gradient } of parameters) expect(gradient).toEqual(found[key]?.data);
    const last = layers.at(-1);
    const { [last?.name as string]: delta } = await model.gradients(data, { of: [last?.name as string] });
    expect(last?.outputGradient?.data).toEqual(delta?.data);
    // In training, as the step goes: dropout drops and batch normalization takes its rows.
    if (name === "a perceptron") expect(last?.output.data).toEqual(await model.predict(data.x));
  });

  it("is of a model in a worker too, and of one that has trained, to the same bits", async () => {
    const data = dataOf("a perceptron");
    const here = await compile(networks["a perceptron"](), settings);
    const there = await compile(networks["a perceptron"](), { ...settings, worker: true });
    try {
      for (const model of [here, there]) await model.fit(data, { epochs: 3 });
      const [one, two] = [await here.trace(data), await there.trace(data)];
      expect(String(two)).toBe(String(one));
      expect(two.parameters).toEqual(one.parameters);
    } finally {
      there.dispose();
    }
  });

  it("leaves out what is too much to read, and the backward pass where nobody wants it", async () => {
    const model = await compile(sequential(input(20), dense(30, "relu"), dense(1)), {
      loss: "meanSquaredError",
    });
    const trace = await model.trace(
      { x: rowsOf(10, 20), y: rowsOf(10, 1) },
      { most: 3, digits: 2, backward: false },
    );
    const lines = String(trace).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
    expect(lines.filter((line) => line.includes("… 7 more rows")).length).toBeGreaterThan(2);
    expect(String(trace)).not.toContain("backward");
    // As data all of it is there.
    expect(trace.layers[0]?.output.data).toHaveLength(200);
  });

  it("refuses what fit refuses, and a step that diverges leaves the model as it was", async () => {
    const model = await compile(sequential(input(2), dense(1)), {
      loss: "meanSquaredError",
      optimizer: sgd({ learningRate: 1e30 }),
    });
    expect(String(await rejectionOf(model.trace({ x: [[1, 2, 3]], y: [[1]] })))).toContain(
      "trace: x: row 0 has 3 numbers; needs rows of 2 numbers",
    );
    expect(
      String(await rejectionOf(model.trace({ x: [[1, 2]], y: [[1]] }, { digit: 3 } as never))),
    ).toContain('Did you mean "digits"?');
    const before = weightBits(model);
    const error = await rejectionOf(model.trace({ x: [[1e10, 2]], y: [[1]] }));
    expect(error).toBeInstanceOf(DivergedError);
    expect(weightBits(model)).toEqual(before);
  });
});

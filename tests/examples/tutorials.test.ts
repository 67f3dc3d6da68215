/**
 * The tutorials' own examples, worked here in f64 and compared with what the engine's f32 comes to.
 *
 * - one logistic step, and the 2-2-1 network whose numbers courses hand around as "a step by step example"
 * - XOR (Rumelhart, Hinton & Williams 1986)
 */
import { describe, expect, it } from "vitest";
import { compile, dense, input, meanSquaredError, sequential, sgd } from "../../src/index.js";

const sigmoid = (z: number) => 1 / (1 + Math.exp(-z));
const dataOf = (weights: Readonly<Record<string, { data: Float32Array }>>, name: string) => [
  ...(weights[name]?.data ?? []),
];

/** Half a unit in the tenth digit after the point is beyond f32: agree to one of its roundings. */
function expectClose(found: readonly number[], expected: readonly number[], tolerance = 2 ** -23): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => {
    expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(tolerance);
  });
}

describe("one logistic step", () => {
  // x = [1, 2], w = [0.5, −0.5], b = 0.1, target 1, learning rate 0.1
  const x = [1, 2] as const;
  const w = [0.5, -0.5] as const;
  const b = 0.1;
  const error = sigmoid(x[0] * w[0] + x[1] * w[1] + b) - 1;
  const expected = { w: [w[0] - 0.1 * error * x[0], w[1] - 0.1 * error * x[1]], b: b - 0.1 * error };

  it("comes to the tutorial's numbers in f64", () => {
    expect(expected.w.map((value) => value.toFixed(10))).toEqual(["0.5598687660", "-0.3802624680"]);
    expect(expected.b.toFixed(10)).toBe("0.1598687660");
  });

  it("comes to them in the engine", async () => {
    const model = await compile(sequential(input(2), dense(1, "sigmoid")), {
      loss: "binaryCrossEntropy",
      optimizer: sgd({ learningRate: 0.1 }),
    });
    model.setWeights({ "dense/kernel": [...w], "dense/bias": [b] });
    await model.fit({ x: [[...x]], y: [[1]] });
    expectClose(dataOf(model.weights(), "dense/kernel"), expected.w);
    expectClose(dataOf(model.weights(), "dense/bias"), [expected.b]);
  });
});

describe("the 2-2-1 network without biases", () => {
  // In the tutorial's names w_ij leads from input i to hidden unit j, so the kernel is [[w11, w12], [w21, w22]].
  const x = [0.35, 0.7] as const;
  const kernel = [
    [0.2, 0.3],
    [0.2, 0.3],
  ] as const;
  const outputs = [0.3, 0.9] as const;
  const target = 0.5;

  interface Weights {
    readonly kernel: readonly (readonly number[])[];
    readonly outputs: readonly number[];
  }

  function forward({ kernel, outputs }: Weights): { hidden: number[]; output: number } {
    const hidden = [0, 1].map((j) =>
      sigmoid(x.reduce((sum, one, i) => sum + one * (kernel[i]?.[j] as number), 0)),
    );
    return { hidden, output: sigmoid(hidden.reduce((sum, h, j) => sum + h * (outputs[j] as number), 0)) };
  }

  /** One step of gradient descent at rate 1 on ½(t − y)², by the chain rule. */
  function step(weights: Weights): Weights {
    const { hidden, output } = forward(weights);
    const deltaOutput = (output - target) * output * (1 - output);
    const deltaHidden = hidden.map((h, j) => deltaOutput * (weights.outputs[j] as number) * h * (1 - h));
    return {
      kernel: weights.kernel.map((row, i) =>
        row.map((w, j) => w - (deltaHidden[j] as number) * (x[i] as number)),
      ),
      outputs: weights.outputs.map((w, j) => w - deltaOutput * (hidden[j] as number)),
    };
  }

  const before = { kernel, outputs };
  const after = step(before);

  it("comes to the tutorial's numbers in f64", () => {
    const { hidden, output } = forward(before);
    expect(hidden.map((h) => h.toFixed(6))).toEqual(["0.552308", "0.578105"]);
    expect(output.toFixed(6)).toBe("0.665074");
    // In the tutorial's order: w11, w21, w12, w22, then the two of the output.
    const [[w11, w12], [w21, w22]] = after.kernel as [[number, number], [number, number]];
    expect([w11, w21, w12, w22, ...after.outputs].map((w) => w.toFixed(6))).toEqual([
      "0.199045",
      "0.198091",
      "0.297175",
      "0.294350",
      "0.279691",
      "0.878743",
    ]);
    expect(forward(after).output.toFixed(6)).toBe("0.659554");
  });

  it("comes to them in the engine", async () => {
    const network = sequential(
      input(2),
      dense(2, { activation: "sigmoid", useBias: false, name: "hidden" }),
      dense(1, { activation: "sigmoid", useBias: false, name: "output" }),
    );
    const model = await compile(network, { loss: "sumOfSquares", optimizer: sgd({ learningRate: 1 }) });
    model.setWeights({ "hidden/kernel": kernel.flat(), "output/kernel": [...outputs] });
    expectClose([...(await model.predict([[...x]]))], [forward(before).output]);
    const [report] = await model.fit({ x: [[...x]], y: [[target]] });
    expectClose([report?.loss as number], [0.5 * (target - forward(before).output) ** 2]);
    expectClose(dataOf(model.weights(), "hidden/kernel"), after.kernel.flat());
    expectClose(dataOf(model.weights(), "output/kernel"), after.outputs);
    expectClose([...(await model.predict([[...x]]))], [forward(after).output]);
  });
});

describe("XOR with 2-4-1 sigmoid units", () => {
  it("is learned from at least 48 of 50 seeds: full batch, rate 0.1 on the summed squared error, 10,000 epochs", async () => {
    const x = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const targets = [0, 1, 1, 0];
    const network = sequential(input(2), dense(4, "sigmoid"), dense(1, "sigmoid"));
    const failed: number[] = [];
    const solutions = new Set<string>();
    for (let seed = 0; seed < 50; seed++) {
      const model = await compile(network, {
        loss: meanSquaredError({ reduction: "sum" }),
        optimizer: sgd({ learningRate: 0.1 }),
        batchSize: 4,
        seed,
      });
      const history = await model.fit({ x, y: targets }, { epochs: 10_000, batchSize: 4 });
      expect(history).toHaveLength(10_000);
      const outputs = await model.predict(x);
      if (!targets.every((target, i) => Math.abs((outputs[i] as number) - target) < 0.2)) failed.push(seed);
      solutions.add(String(outputs));
    }
    expect(failed.length).toBeLessThanOrEqual(2);
    // Each seed finds a solution of its own: it is not one run fifty times.
    expect(solutions.size).toBe(50);
  }, 120_000);
});

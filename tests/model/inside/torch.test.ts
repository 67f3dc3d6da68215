/** model.gradients beside PyTorch's autograd, whose numbers tests/peers/torch/gradients.py writes in f64. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { batchNorm, compile, concatenate, dense, input, l2, network } from "../../../src/index.js";

interface Step {
  readonly loss: number;
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const torch = JSON.parse(
  readFileSync(new URL("../../peers/torch/gradients.json", import.meta.url), "utf8"),
) as {
  readonly rows: number;
  readonly start: Readonly<Record<string, number[]>>;
  readonly label: number[];
  readonly data: Readonly<Record<"left" | "right" | "target" | "sampleWeight", number[]>>;
  readonly training: Step;
  readonly inference: Step;
};

function net() {
  const left = input(3);
  const right = input(3);
  const encoder = dense(4, { activation: "tanh", name: "encoder" });
  const joint = concatenate()(encoder(left), encoder(right));
  const hidden = dense(5, { activation: "relu", kernelRegularizer: l2(0.01), name: "hidden" })(
    batchNorm()(joint),
  );
  return network({
    inputs: { left, right },
    outputs: {
      price: dense(1, { name: "price" })(hidden),
      kind: dense(3, { activation: "softmax", name: "kind" })(hidden),
    },
  });
}

const rowsOf = (flat: readonly number[], columns: number) =>
  Array.from({ length: flat.length / columns }, (_, i) => flat.slice(i * columns, (i + 1) * columns));

const { left, right, target, sampleWeight } = torch.data;
const data = {
  x: { left: rowsOf(left, 3), right: rowsOf(right, 3) },
  y: { price: rowsOf(target, 1), kind: torch.label },
  sampleWeight: { price: sampleWeight },
};

async function model() {
  const made = await compile(net(), {
    loss: { price: "meanSquaredError", kind: "crossEntropy" },
    lossWeights: { price: 1, kind: 0.5 },
  });
  made.setWeights(torch.start);
  return made;
}

/** Relative to the largest of a tensor: f32 has 24 bits, and batch normalization takes differences. */
const TOLERANCE = 2e-6;

function expectClose(found: ArrayLike<number>, expected: readonly number[], name: string): void {
  expect(found.length, name).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs), 1e-3);
  expected.forEach((value, i) => {
    const error = Math.abs((found[i] as number) - value) / largest;
    expect(error, `${name}[${i}] is ${found[i]}, in PyTorch ${value}`).toBeLessThan(TOLERANCE);
  });
}

describe.each(["training", "inference"] as const)("gradients in %s", (mode) => {
  const { gradients } = torch[mode];

  it("are PyTorch's, by parameters, by layers before and behind their activations, and by inputs", async () => {
    const found = await (await model()).gradients(data, {
      of: Object.keys(gradients),
      training: mode === "training",
    });
    expect(Object.keys(found)).toEqual(Object.keys(gradients));
    for (const [name, expected] of Object.entries(gradients)) {
      expectClose((found[name] as { data: Float32Array }).data, expected, name);
    }
  });
});

describe("the trace of that network", () => {
  it("has PyTorch's gradients and loss too", async () => {
    const trace = await (await model()).trace(data);
    const { gradients, loss } = torch.training;
    expect(Math.abs(trace.loss - loss)).toBeLessThan(1e-5);
    for (const { name, gradient } of trace.parameters) {
      if (gradient) expectClose(gradient, gradients[name] as number[], name);
    }
    const named = new Map(trace.layers.map((layer) => [layer.name, layer]));
    expectClose(
      named.get("kind")?.preActivationGradient?.data ?? [],
      gradients["kind/preActivation"] as number[],
      "kind",
    );
    // The loss is worked from the logits: nothing goes through the softmax.
    expect(named.get("kind")?.outputGradient).toBeUndefined();
    const encoders = trace.layers.filter(({ name }) => name === "encoder");
    expect(encoders.map(({ inputs }) => inputs.length)).toEqual([1, 1]);
    expectClose(encoders[0]?.outputGradient?.data ?? [], gradients.encoder as number[], "encoder");
  });
});

/** Convolutions and pooling beside PyTorch's numbers, which tests/peers/torch/convolution.py writes: values, gradients. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileFunction } from "../../../src/autodiff/index.ts";
import {
  adaptiveAveragePool2d,
  averagePool2d,
  conv1d,
  conv1dTranspose,
  conv2d,
  conv2dTranspose,
  depthwiseConv2d,
  type Layer,
  maxPool1d,
  maxPool2d,
  upsample2d,
  type Value,
  zeroPad2d,
} from "../../../src/index.ts";

interface Parameter {
  readonly shape: number[];
  readonly data: number[];
  readonly gradient: number[];
}

interface Measured {
  readonly name: string;
  readonly shape: number[];
  readonly x: number[];
  readonly parameters: Parameter[];
  readonly yShape: number[];
  readonly w: number[];
  readonly y: number[];
  readonly dx: number[];
}

const torch = JSON.parse(
  readFileSync(new URL("../../peers/torch/convolution.json", import.meta.url), "utf8"),
) as { readonly layers: Measured[] };

const layers: Readonly<Record<string, () => Layer>> = {
  conv2d: () => conv2d(5, 3),
  conv2dSame: () => conv2d(9, 3, { padding: "same" }),
  conv2dStrided: () => conv2d(4, [3, 2], { strides: [2, 3], padding: [1, 0] }),
  conv2dDilated: () => conv2d(3, 3, { dilationRate: 2, padding: 2 }),
  conv2dGrouped: () => conv2d(4, 3, { groups: 2, padding: 1 }),
  conv2dOfOnePlace: () => conv2d(17, 1),
  conv2dAsymmetric: () => conv2d(3, 4, { padding: [1, [0, 2]], strides: 2 }),
  depthwiseConv2d: () => depthwiseConv2d(3, { padding: 1 }),
  depthwiseConv2dTwice: () => depthwiseConv2d(3, { depthMultiplier: 2, strides: 2 }),
  conv1d: () => conv1d(4, 5, { strides: 2, padding: 2 }),
  conv1dCausal: () => conv1d(4, 3, { padding: "causal", dilationRate: 2 }),
  conv2dTranspose: () => conv2dTranspose(3, 3),
  conv2dTransposeStrided: () => conv2dTranspose(5, 3, { strides: 2, padding: 1, outputPadding: 1 }),
  conv1dTranspose: () => conv1dTranspose(4, 4, { strides: 3, padding: 1 }),
  maxPool2d: () => maxPool2d(),
  maxPool2dPadded: () => maxPool2d(3, { strides: 2, padding: 1 }),
  maxPool1d: () => maxPool1d(3, { strides: 2 }),
  averagePool2d: () => averagePool2d(),
  averagePool2dCounting: () => averagePool2d(3, { strides: 2, padding: 1, countPadding: true }),
  averagePool2dInside: () => averagePool2d(3, { strides: 2, padding: 1 }),
  adaptiveAveragePool2d: () => adaptiveAveragePool2d([3, 2]),
  upsample2d: () => upsample2d(),
  zeroPad2d: () =>
    zeroPad2d([
      [0, 3],
      [2, 1],
    ]),
};

/** Within 1e−5 of numbers that are about 1. */
function expectNear(what: string, found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length, what).toBe(expected.length);
  expected.forEach((value, i) => {
    const error = Math.abs(found[i]! - value);
    const text = `${what}, element ${i}: ${found[i]} instead of ${value}`;
    expect(error, text).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
  });
}

/** A layer as a function of its input and its parameters, in training. */
function functionOf(layer: Layer) {
  const nothing = () => undefined;
  const context = { training: true, node: 0, frozen: false, addLoss: nothing, setAverage: nothing };
  return ({ x, kernel, bias }: Readonly<Record<"x" | "kernel" | "bias", Value>>) =>
    layer.definition.build([x], kernel === undefined ? [] : [kernel, bias], context);
}

describe("a layer", () => {
  it("has each of PyTorch's to be compared with", () => {
    expect(torch.layers.map(({ name }) => name)).toEqual(Object.keys(layers));
  });

  it.each(torch.layers)("$name is PyTorch's, and so are its gradients", async (measured) => {
    const { name, shape, x, parameters, yShape, w, y, dx } = measured;
    const layer = layers[name]!();
    const declared = layer.definition.parameters([shape]);
    expect(declared.map((one) => one.shape)).toEqual(parameters.map((one) => one.shape));
    expect(layer.definition.shape([shape])).toEqual(yShape);

    const names = ["x", ...["kernel", "bias"].slice(0, parameters.length)];
    const all = [{ shape, data: x, gradient: dx }, ...parameters];
    const inputs = Object.fromEntries(names.map((key, i) => [key, all[i]!.shape]));
    const numbers = Object.fromEntries(names.map((key, i) => [key, Float32Array.from(all[i]!.data)]));
    const build = functionOf(layer) as (values: Readonly<Record<string, Value>>) => Value;
    const run = await compileFunction(build, { inputs, gradients: true, seeds: true });
    const { value, gradients } = run(numbers, Float32Array.from(w));
    expectNear("y", value, y);
    names.forEach((key, i) => {
      expectNear(`gradient of ${key}`, gradients[key]!, all[i]!.gradient);
    });
  });
});

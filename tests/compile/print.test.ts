/** The programs of a small network as text, beside the fixtures that were read line by line. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Method } from "../../assembly/isa/control.ts";
import { elementwiseKinds } from "../../src/compile/facts/elementwise.ts";
import { instruction } from "../../src/compile/instruction.ts";
import { print } from "../../src/compile/print.ts";
import { dense } from "../../src/layers/dense/dense.ts";
import { input } from "../../src/layers/input.ts";
import { dropout } from "../../src/layers/noise/dropout.ts";
import { rescale } from "../../src/layers/shape/reshaping.ts";
import { crossEntropy } from "../../src/losses/index.ts";
import { sequential } from "../../src/network/sequential.ts";
import { adam } from "../../src/optimizers/adam.ts";
import { Loaded } from "../cases/machine.ts";

const fixture = (name: string) =>
  readFileSync(new URL(`../given/programs/${name}.txt`, import.meta.url), "utf8").trimEnd();

const network = sequential(
  input(3),
  rescale(0.5),
  dense(4, "relu"),
  dropout(0.25),
  dense(2, { activation: "softmax", name: "classes" }),
);
const { program } = new Loaded(network, {
  loss: crossEntropy(),
  metrics: ["accuracy"],
  optimizer: adam({ weightDecay: 0.01, decoupled: true }),
  clipNorm: 1,
  rows: 8,
}).machine;

describe("print", () => {
  it.each([
    ["train", Method.Train],
    ["evaluate", Method.Evaluate],
    ["predict", Method.Predict],
    ["initialize", Method.Initialize],
  ])("shows %s one instruction a line, with its places, counts and layer", (name, method) => {
    expect(print(program.methods[method]!)).toBe(fixture(name));
  });

  it("shows nothing for a method without instructions", () => {
    expect(print([])).toBe("");
  });

  it("tells rows, multiples of rows and constants apart", () => {
    const sizes = [
      { factor: 1, perRow: true },
      { factor: 12, perRow: true },
      { factor: 12, perRow: false },
    ];
    const lines = sizes.map((count) =>
      print([
        instruction(elementwiseKinds.Tanh, "here", {
          y: null,
          x: null,
          count: { count },
          alpha: { real: 0.5 },
          beta: { real: 0 },
        }),
      ]),
    );
    expect(lines.map((line) => line.replaceAll(/ +/g, " "))).toEqual([
      "0 Tanh y=none x=none count=rows alpha=0.5 beta=0 ; here",
      "0 Tanh y=none x=none count=rows*12 alpha=0.5 beta=0 ; here",
      "0 Tanh y=none x=none count=12 alpha=0.5 beta=0 ; here",
    ]);
  });
});

/** Cases of the matrix products. */
import fc from "fast-check";
import { Activation, Form } from "../../assembly/isa.ts";
import type { Shape } from "../../src/graph/shape.ts";
import { ops } from "../../src/ops/index.ts";
import type { Accuracy, Application, OpCase } from "./case.ts";
import { uniform } from "./domains.ts";
import { leading, size } from "./shapes.ts";

const weights = uniform(-1, 1);

/** An f32 sum of k products, relative to the sum of their absolute values. */
const PRODUCT: Accuracy = { relative: 2e-6, floor: "terms" };

function matmulOf(form: Form, lead: Shape, m: number, n: number, k: number): Application {
  const shapes: Record<Form, readonly [Shape, Shape]> = {
    [Form.AB]: [
      [...lead, k],
      [k, n],
    ],
    [Form.ABt]: [
      [...lead, k],
      [n, k],
    ],
    [Form.AtB]: [
      [...lead, m],
      [...lead, n],
    ],
  };
  return {
    inputs: shapes[form].map((shape) => ({ shape, domain: weights })),
    build: ([a, b]) => ops.matmul(a!, b!, { form }),
    attributes: { form: Form[form] },
  };
}

/** Weights as a network has them, so that the sums stay of the size of the inputs. */
const linearOf = (lead: Shape, n: number, k: number, activation: Activation): Application => ({
  inputs: [
    { shape: [...lead, k], domain: weights },
    { shape: [k, n], domain: uniform(-1 / Math.sqrt(k), 1 / Math.sqrt(k)) },
    { shape: [n], domain: weights },
  ],
  build: ([a, b, bias]) => ops.linear(a!, b!, bias!, { activation }),
  attributes: { activation: Activation[activation] },
});

const forms = fc.constantFrom(Form.AB, Form.AtB, Form.ABt);
const activations = fc.constantFrom(Activation.None, Activation.Relu, Activation.Sigmoid, Activation.Tanh);

export const products = {
  matmul: {
    applications: fc.tuple(forms, leading, size, size, size).map((all) => matmulOf(...all)),
    accuracy: PRODUCT,
    gradient: "finite differences",
    large: matmulOf(Form.AB, [64], 0, 256, 784),
  },
  linear: {
    applications: fc.tuple(leading, size, size, activations).map((all) => linearOf(...all)),
    // No activation is steeper than 1, and sigmoid and tanh add their own two units in the last place.
    accuracy: { relative: 2e-6, floor: 1 },
    gradient: "finite differences",
    large: linearOf([64], 256, 784, Activation.Relu),
  },
} as const satisfies Record<string, OpCase>;

/** Cases of the matrix products. */
import fc from "fast-check";
import { Activation, Form } from "../../../assembly/isa/matmul.ts";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Accuracy, Application, OpCase } from "../case.ts";
import { uniform } from "../domains.ts";
import { leading, size } from "../shapes.ts";

const weights = uniform(-1, 1);

/** An f32 sum of k products, relative to the sum of their absolute values. */
export const PRODUCT: Accuracy = { relative: 2e-6, floor: "terms" };

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

/** Shapes of the two operands of a product of that form. */
function operandsOf(form: Form, { m, n, k }: BatchProduct): [Shape, Shape] {
  return [form === Form.AtB ? [k, m] : [m, k], form === Form.ABt ? [n, k] : [k, n]];
}

export interface BatchProduct {
  /** The leading axes of either operand, which broadcast. */
  readonly batchA: Shape;
  readonly batchB: Shape;
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

const axis = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 2, arbitrary: fc.integer({ min: 10, max: 20 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);

/** Which axes of a batch an operand repeats, and how many leading ones it leaves out. */
const repeats = fc.tuple(fc.tuple(fc.boolean(), fc.boolean()), fc.nat(2));

/** Products of any batches that broadcast, with rows in the batch, as the m or n or k of it, or nowhere. */
export const batchProduct: fc.Arbitrary<BatchProduct> = fc
  .tuple(
    fc.constantFrom("none", "batch", "m", "n", "k"),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
    fc.tuple(repeats, repeats),
    fc.tuple(axis, axis, axis),
  )
  .map(([rows, sizes, [repeatsA, repeatsB], [m, n, k]]) => {
    const batch = rows === "batch" && sizes.length > 0 ? sizes.with(sizes.length - 1, ROWS) : sizes;
    const part = ([ones, missing]: typeof repeatsA) => {
      const shape = batch.map((batchSize, i) => (ones[i] ? 1 : batchSize));
      const full = shape.findIndex((batchSize) => batchSize !== 1);
      return shape.slice(Math.min(missing, full < 0 ? shape.length : full));
    };
    const size = (name: string, fixed: number) => (rows === name ? ROWS : fixed);
    return {
      batchA: part(repeatsA),
      batchB: part(repeatsB),
      m: size("m", m),
      n: size("n", n),
      k: size("k", k),
    };
  });

function batchMatmulOf(form: Form, product: BatchProduct): Application {
  const [a, b] = operandsOf(form, product);
  return {
    inputs: [
      { shape: [...product.batchA, ...a], domain: weights },
      { shape: [...product.batchB, ...b], domain: weights },
    ],
    build: ([left, right]) => ops.batchMatmul(left!, right!, { form }),
    attributes: { form: Form[form] },
  };
}

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
  batchMatmul: {
    applications: fc.tuple(forms, batchProduct).map((all) => batchMatmulOf(...all)),
    accuracy: PRODUCT,
    gradient: "finite differences",
    large: batchMatmulOf(Form.ABt, { batchA: [ROWS, 4], batchB: [ROWS, 4], m: 32, n: 32, k: 16 }),
  },
} as const satisfies Record<string, OpCase>;

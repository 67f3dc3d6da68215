/** Random graphs: chains and joins of ops on [rows, columns], with residuals, views, broadcasts and shared values. */
import fc from "fast-check";
import { Form } from "../../assembly/isa/matmul.ts";
import { backward } from "../../src/graph/backward.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { schedule } from "../../src/graph/schedule.ts";
import { ROWS, type Shape } from "../../src/graph/shape.ts";
import type { Value } from "../../src/graph/value.ts";
import { uniform } from "./domains.ts";
import { chainRule } from "./gradients.ts";
import { Inputs } from "./prepare.ts";
import type { EngineFeed } from "./run.ts";

interface Step {
  readonly kind: number;
  /** Which of the values so far are its operands. */
  readonly a: number;
  readonly b: number;
  readonly columns: number;
}

interface Building {
  readonly a: Value;
  readonly b: Value;
  readonly columns: number;
  readonly node: number;
  parameter(shape: Shape): Value;
}

const width = (x: Value): number => x.shape.at(-1)!;

/** b, brought to the columns of a. */
const fitted = ({ a, b, parameter }: Building): Value =>
  width(a) === width(b) ? b : ops.matmul(b, parameter([width(b), width(a)]), { form: Form.AB });

/** Each keeps its numbers near 1, so that no depth of graph leaves the finite. */
const builders: readonly ((building: Building) => Value)[] = [
  ({ a, columns, parameter }) => ops.matmul(a, parameter([width(a), columns]), { form: Form.AB }),
  ({ a, columns, parameter }) => {
    const product = ops.matmul(a, parameter([width(a), columns]), { form: Form.AB });
    return ops.relu(ops.add(product, parameter([columns])));
  },
  ({ a, columns, parameter }) =>
    ops.tanh(ops.add(ops.matmul(a, parameter([width(a), columns]), { form: Form.AB }), parameter([columns]))),
  ({ a }) => ops.relu(a),
  ({ a }) => ops.tanh(a),
  ({ a }) => ops.sigmoid(a),
  ({ a }) => ops.softmax(a),
  ({ a }) => ops.affine(a, { scale: 0.5, offset: -0.25 }),
  ({ a, node }) => ops.dropout(a, { rate: 0.25, node }),
  (building) => ops.affine(ops.add(building.a, fitted(building)), { scale: 0.5, offset: 0 }),
  (building) => ops.multiply(building.a, ops.sigmoid(fitted(building))),
  (building) => ops.maximum(building.a, fitted(building)),
  // One number for each row, taken away from all its columns.
  ({ a }) => ops.subtract(a, ops.reshape(ops.mean(a, { axes: [1] }), { shape: [ROWS, 1] })),
  ({ a }) => ops.subtract(a, ops.mean(a, { axes: [0] })),
  ({ a }) => ops.tanh(ops.reshape(ops.reshape(a, { shape: [ROWS, 1, width(a)] }), { shape: a.shape })),
  ({ a }) => ops.multiply(a, a),
];

export interface RandomGraph {
  readonly roots: readonly Value[];
  readonly feed: EngineFeed;
  readonly maxRows: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.nat(builders.length - 1),
    a: fc.nat(3),
    b: fc.nat(9),
    columns: fc.constantFrom(1, 3, 4, 5, 16),
  }),
  { minLength: 1, maxLength: 14 },
);

export interface RandomLoss {
  /** Σ weights · y / n: a scalar. */
  readonly loss: Value;
  readonly parameters: readonly Value[];
  /** Every step's value, the input first. */
  readonly values: readonly Value[];
  readonly feed: EngineFeed;
  readonly maxRows: number;
}

/** A graph of up to 14 steps that ends in a scalar. */
export const randomLoss: fc.Arbitrary<RandomLoss> = fc
  .record({ steps, rows: fc.integer({ min: 1, max: 6 }), spare: fc.nat(4), seed: fc.integer() })
  .map(({ steps: all, rows, spare, seed }) => {
    const inputs = new Inputs({ rows, seed });
    const parameters: Value[] = [];
    const parameter = (shape: Shape) => {
      const { value } = inputs.add({ shape }, uniform(-0.5, 0.5));
      parameters.push(value);
      return value;
    };
    const values = [inputs.add({ shape: [ROWS, 5] }, uniform(-1, 1)).value];
    all.forEach(({ kind, a, b, columns }, node) => {
      // Mostly the newest value, so that the graph is deep; sometimes one long past, so that it is kept.
      const operands = { a: values.at(-1 - (a % values.length))!, b: values[b % values.length]! };
      values.push(builders[kind]!({ ...operands, columns, node, parameter }));
    });
    const y = values.at(-1)!;
    const loss = ops.mean(ops.multiply(y, inputs.weights(y)), { axes: [0, 1] });
    return { loss, parameters, values, feed: inputs.feed, maxRows: rows + spare };
  });

/** Two values of a random graph, or its loss with the gradients by all its parameters. */
export const randomGraph: fc.Arbitrary<RandomGraph> = fc
  .tuple(randomLoss, fc.boolean())
  .map(([{ loss, parameters, values, feed, maxRows }, differentiate]) => {
    const gradients = differentiate ? backward(loss, parameters, chainRule) : [];
    const results = differentiate ? [loss] : [values.at(-1)!, values[values.length >> 1]!];
    return { roots: [...results, ...gradients.filter((value) => value !== null)], feed, maxRows };
  });

/** How many values of a graph are of an op. */
export const countOf = (roots: readonly Value[], op: { readonly name: string }): number =>
  schedule(roots).filter((value) => value.op === op).length;

/** Training graphs of deep networks, built from ops: as large as a test wants them. */
import { Form } from "../../assembly/isa/matmul.ts";
import type { Place } from "../../src/compile/instruction.ts";
import { type PlanInput, viewed } from "../../src/compile/memory/plan.ts";
import { backward } from "../../src/graph/backward.ts";
import { rewrites } from "../../src/graph/primitives/fuse.ts";
import { ops } from "../../src/graph/primitives/index.ts";
import { parameter, source } from "../../src/graph/primitives/step/source.ts";
import { rewrite } from "../../src/graph/rewrite.ts";
import { schedule } from "../../src/graph/schedule.ts";
import { type Shape, sizeOf } from "../../src/graph/shape.ts";
import { inLayer, type Value } from "../../src/graph/value.ts";
import { chainRule } from "./gradients.ts";

export interface Chain {
  readonly layers: number;
  readonly width: number;
  readonly rows: number;
  /** Adds each layer's input to its result. */
  readonly residual?: boolean;
}

/** The training step of relu layers, rewritten, with parameters and gradients outside the arena. */
export function trainingChain({ layers, width, rows, residual = false }: Chain): PlanInput {
  const parameters: Value[] = [];
  const weight = (shape: Shape) => {
    const name = `p${parameters.length}`;
    const value = parameter({ name, shape, initial: { low: -0.1, high: 0.1 } });
    parameters.push(value);
    return value;
  };
  let x: Value = source({ slot: 0, row: [width], scale: 1, offset: 0 });
  for (let i = 0; i < layers; i++) {
    x = inLayer(`layer${i}`, () => {
      const product = ops.matmul(x, weight([width, width]), { form: Form.AB });
      const h = ops.relu(ops.add(product, weight([width])));
      return residual ? ops.add(x, h) : h;
    });
  }
  const loss = inLayer("loss", () => ops.mean(ops.square(x), { axes: [0, 1] }));
  const report = ops.report(loss, { slot: 0, weighted: true, divisor: 1 });
  // Last layer first, as the compiler orders them.
  const found = backward(loss, parameters, chainRule).toReversed();
  const [root, ...gradients] = rewrite([report, ...found.filter((value) => value !== null)], rewrites());
  const order = schedule([root!, ...gradients]);
  const outside = new Set(gradients.map(viewed));
  const pinned = new Map<Value, Place>();
  const end = { parameters: 0, gradients: 0 };
  order.forEach((value) => {
    const isParameter = value.op === (parameter as unknown);
    if (!isParameter && !outside.has(value)) return;
    const segment = isParameter ? "parameters" : "gradients";
    const size = sizeOf(value.shape);
    const bytes = 64 * Math.ceil(size.factor / 16);
    pinned.set(value, { segment, offset: end[segment], bytes, size, content: -1 });
    end[segment] += bytes;
  });
  return { order, pinned, kept: new Set(), rows };
}

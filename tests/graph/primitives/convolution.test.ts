/** One rule for the order of sums: a convolution has the bits of the product of its patches and its kernel. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Form } from "../../../assembly/isa/matmul.ts";
import { backward } from "../../../src/graph/backward.ts";
import type { ConvolutionAttributes } from "../../../src/graph/primitives/convolution/sizes.ts";
import { ops } from "../../../src/graph/primitives/index.ts";
import { evaluate } from "../../../src/graph/reference/evaluate.ts";
import type { Value } from "../../../src/graph/value.ts";
import { uniform } from "../../cases/domains.ts";
import { chainRule } from "../../cases/gradients.ts";
import { Inputs } from "../../cases/prepare.ts";
import { GraphProgram, sameBits } from "../../cases/run.ts";
import { howMany } from "../../given/depth.ts";

interface Sizes {
  readonly side: number;
  readonly channels: number;
  readonly filters: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: number;
}

const IMAGES = 2;

const attributesOf = ({ stride, dilation, padding }: Sizes): ConvolutionAttributes => ({
  strides: [stride, stride],
  dilation: [dilation, dilation],
  padding: [padding, padding, padding, padding],
  groups: 1,
});

/** [places, kernel · kernel · channels] as values of the graph: each patch is a slice of the padded map. */
function patches(x: Value, of: Sizes, places: number): Value {
  const { padding, kernel, stride, dilation, channels } = of;
  const around = { before: [0, padding, padding, 0], after: [0, padding, padding, 0] };
  const padded = ops.pad(x, { ...around, between: [0, 0, 0, 0], value: 0 });
  const columns: Value[] = [];
  for (let a = 0; a < kernel; a++) {
    for (let b = 0; b < kernel; b++) {
      columns.push(
        ops.slice(padded, {
          starts: [0, a * dilation, b * dilation, 0],
          sizes: [IMAGES, places, places, channels],
          steps: [1, stride, stride, 1],
        }),
      );
    }
  }
  const joined = columns.reduce((left, right) => ops.concat(left, right, { axis: 3 }));
  return ops.reshape(joined, { shape: [IMAGES * places * places, kernel * kernel * channels] });
}

const sizes: fc.Arbitrary<Sizes> = fc.record({
  side: fc.integer({ min: 5, max: 12 }),
  channels: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 60, max: 70 })),
  filters: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 8, max: 25 })),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 2 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  padding: fc.integer({ min: 0, max: 2 }),
});

describe("a convolution", () => {
  it("has the bits of the product of its patches, sums of more than one part among them", () => {
    const check = (of: Sizes) => {
      const inputs = new Inputs({ rows: 1, seed: of.side });
      const add = (shape: readonly number[]) => inputs.add({ shape }, uniform(-1, 1)).value;
      const x = add([IMAGES, of.side, of.side, of.channels]);
      const kernel = add([of.kernel, of.kernel, of.channels, of.filters]);
      const y = ops.conv2d(x, kernel, attributesOf(of));
      const flat = ops.reshape(kernel, { shape: [of.kernel * of.kernel * of.channels, of.filters] });
      const product = ops.matmul(patches(x, of, y.shape[1]!), flat, { form: Form.AB });
      const [found] = new GraphProgram([y], { maxRows: 1 }).run(inputs.feed);
      const [expected] = new GraphProgram([product], { maxRows: 1 }).run(inputs.feed);
      expect(sameBits(found!, expected!)).toBe(true);
    };
    fc.assert(fc.property(sizes, check), { numRuns: howMany(40, 500), seed: 2 });
  });

  it("has gradients of gradients", () => {
    const of = { side: 5, channels: 2, filters: 3, kernel: 3, stride: 2, dilation: 1, padding: 1 };
    const inputs = new Inputs({ rows: 1, seed: 3 });
    const x = inputs.add({ shape: [IMAGES, 5, 5, 2] }, uniform(-1, 1)).value;
    const kernel = inputs.add({ shape: [3, 3, 2, 3] }, uniform(-1, 1)).value;
    const total = (value: Value) => ops.sum(ops.square(value), { axes: value.shape.map((_, axis) => axis) });
    const loss = total(ops.square(ops.conv2d(x, kernel, attributesOf(of))));
    const [dx, dkernel] = backward(loss, [x, kernel], chainRule) as [Value, Value];
    const penalty = ops.add(total(dx), total(dkernel));
    const second = backward(penalty, [x, kernel], chainRule) as [Value, Value];
    const found = new GraphProgram(second, { maxRows: 1 }).run(inputs.feed);
    evaluate(second, inputs.feed).forEach(({ data }, i) => {
      const size = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(size).toBeGreaterThan(1);
      data.forEach((value, j) => {
        expect(Math.abs(found[i]![j]! - value)).toBeLessThan(1e-5 * size);
      });
    });
  });
});

/** Cases of convolution and its adjoints. */
import fc from "fast-check";
import { Activation } from "../../../assembly/isa/matmul.ts";
import type {
  ConvolutionAttributes,
  Padding,
  Pair,
} from "../../../src/graph/primitives/convolution/sizes.ts";
import { ops } from "../../../src/graph/primitives/index.ts";
import { ROWS, type Shape } from "../../../src/graph/shape.ts";
import type { Accuracy, Application, OpCase } from "../case.ts";
import { awayFromZero, uniform } from "../domains.ts";

interface Sizes {
  readonly isPerRow: boolean;
  /** Of the result. */
  readonly places: Pair;
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly dilation: Pair;
  /** Zeros before either axis, and after. */
  readonly before: Pair;
  readonly after: Pair;
  readonly groups: number;
  /** Channels of a group, and outputs of it. */
  readonly terms: number;
  readonly outputs: number;
}

const pair = (one: fc.Arbitrary<number>): fc.Arbitrary<Pair> => fc.tuple(one, one);
const between = (min: number, max: number) => fc.integer({ min, max });

/** Every remainder of a panel of 8 and of 16, and what first layers have. */
const channels = fc.oneof(between(1, 5), fc.constantFrom(7, 8, 9, 15, 16, 17, 24, 33));

/** Multiplications of a trial for each image at most: finite differences compute it many times. */
const MOST = 2000;

/** Smaller groups, then a smaller kernel, then a smaller map, until a trial is small enough. */
function bounded(sizes: Sizes): Sizes {
  const { places, kernel, groups, terms, outputs } = sizes;
  const work = places[0] * places[1] * kernel[0] * kernel[1] * groups * terms * outputs;
  if (work <= MOST) return sizes;
  if (groups > 1) return bounded({ ...sizes, groups: 1 });
  if (places[0] * places[1] > 6) {
    const [rows, columns] = places;
    return bounded({ ...sizes, places: rows > columns ? [rows - 1, columns] : [rows, columns - 1] });
  }
  if (kernel[0] * kernel[1] > 4) return bounded({ ...sizes, kernel: [Math.min(kernel[0], 2), 2] });
  return bounded({ ...sizes, terms: Math.ceil(terms / 2), outputs });
}

const general = fc.record({
  isPerRow: fc.boolean(),
  places: pair(between(1, 8)),
  kernel: pair(fc.oneof({ weight: 3, arbitrary: fc.constant(3) }, { weight: 4, arbitrary: between(1, 6) })),
  strides: pair(between(1, 3)),
  dilation: pair(fc.oneof({ weight: 2, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: between(2, 3) })),
  before: pair(between(0, 3)),
  after: pair(between(0, 3)),
  groups: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: between(2, 4) }),
  terms: channels,
  outputs: channels,
});

/** As most networks have them: a square kernel around each place, and a channel for each group. */
const usual = fc
  .record({ sizes: general, radius: between(0, 2), isDepthwise: fc.boolean(), channels })
  .map(({ sizes, radius, isDepthwise, channels: groups }): Sizes => {
    const around = {
      kernel: [2 * radius + 1, 2 * radius + 1],
      before: [radius, radius],
      after: [radius, radius],
    } as const;
    const plain = {
      ...sizes,
      ...around,
      dilation: [1, 1],
      strides: [sizes.strides[0], sizes.strides[0]],
    } as const;
    return isDepthwise ? { ...plain, groups, terms: 1, outputs: 1 } : { ...plain, groups: 1 };
  });

/** Sums of more than one part, over maps of more than one block and longer than one chunk. */
const long = fc
  .record({
    wide: between(60, 140),
    terms: between(250, 300),
    isLong: fc.boolean(),
    isPerRow: fc.boolean(),
    outputs: between(1, 2),
  })
  .map(
    ({ wide, terms, isLong, isPerRow, outputs }): Sizes => ({
      isPerRow,
      places: isLong ? [2, 1] : [3, wide],
      kernel: [2, 2],
      strides: [1, 1],
      dilation: [1, 1],
      before: [1, 0],
      after: [0, 1],
      groups: 1,
      terms: isLong ? terms : 1,
      outputs,
    }),
  );

const sizes: fc.Arbitrary<Sizes> = fc.oneof(
  { weight: 4, arbitrary: general.map(bounded) },
  { weight: 4, arbitrary: usual.map(bounded) },
  { weight: 1, arbitrary: long },
);

/** The shapes of a trial. A map may be smaller than its kernel: the padding makes up for it. */
function shapesOf(of: Sizes) {
  const along = (axis: 0 | 1) => {
    const extent = (of.kernel[axis] - 1) * of.dilation[axis] + 1;
    const seen = (of.places[axis] - 1) * of.strides[axis] + extent;
    const before = Math.min(of.before[axis], seen - 1);
    const after = Math.min(of.after[axis], seen - 1 - before);
    return { size: seen - before - after, before, after };
  };
  const [height, width] = [along(0), along(1)];
  const images = of.isPerRow ? ROWS : 2;
  const attributes: ConvolutionAttributes = {
    strides: of.strides,
    dilation: of.dilation,
    padding: [height.before, height.after, width.before, width.after] satisfies Padding,
    groups: of.groups,
  };
  const size: Pair = [height.size, width.size];
  const x: Shape = [images, ...size, of.groups * of.terms];
  const kernel: Shape = [...of.kernel, of.terms, of.groups * of.outputs];
  const y: Shape = [images, ...of.places, of.groups * of.outputs];
  return { x, kernel, y, attributes, size };
}

const numbers = uniform(-1, 1);

const conv2dOf = (of: Sizes): Application => {
  const { x, kernel, attributes } = shapesOf(of);
  return {
    inputs: [x, kernel].map((shape) => ({ shape, domain: numbers })),
    build: ([map, weights]) => ops.conv2d(map!, weights!, attributes),
    attributes,
  };
};

const gradInputOf = (of: Sizes): Application => {
  const { y, kernel, attributes, size } = shapesOf(of);
  return {
    inputs: [y, kernel].map((shape) => ({ shape, domain: numbers })),
    build: ([dy, weights]) => ops.conv2dGradInput(dy!, weights!, { ...attributes, size }),
    attributes: { ...attributes, size },
  };
};

const gradKernelOf = (of: Sizes): Application => {
  const { x, y, attributes } = shapesOf(of);
  return {
    inputs: [x, y].map((shape) => ({ shape, domain: numbers })),
    build: ([map, dy]) => ops.conv2dGradKernel(map!, dy!, { ...attributes, kernelSize: of.kernel }),
    attributes: { ...attributes, kernelSize: of.kernel },
  };
};

interface Fused {
  readonly of: Sizes;
  readonly isTransposed: boolean;
  readonly activation: Activation;
}

const linearOf = ({ of, isTransposed, activation }: Fused): Application => {
  const { x, kernel, y, attributes, size } = shapesOf(of);
  const [from, to] = isTransposed ? [y, x] : [x, y];
  const terms = of.kernel[0] * of.kernel[1] * Math.max(of.terms, of.outputs);
  const all = { ...attributes, activation, size: isTransposed ? size : null };
  return {
    inputs: [
      { shape: from, domain: numbers },
      // Sums that a bias is larger than, so that none comes near to 0, where finite differences fail.
      { shape: kernel, domain: numbers, smooth: uniform(-0.9 / terms, 0.9 / terms) },
      { shape: to.slice(-1), domain: numbers, smooth: awayFromZero(1, 2) },
    ],
    build: ([map, weights, bias]) => ops.linearConv2d(map!, weights!, bias!, all),
    attributes: all,
  };
};

const fused: fc.Arbitrary<Fused> = fc.record({
  of: sizes,
  isTransposed: fc.boolean(),
  activation: fc.constantFrom(Activation.None, Activation.Relu),
});

const LARGE: Sizes = {
  isPerRow: false,
  places: [14, 14],
  kernel: [3, 3],
  strides: [1, 1],
  dilation: [1, 1],
  before: [1, 1],
  after: [1, 1],
  groups: 1,
  terms: 32,
  outputs: 64,
};

/** An f32 sum of products, relative to the sum of their absolute values. */
const PRODUCT: Accuracy = { relative: 2e-6, floor: "terms" };

const linear = (apply: (of: Sizes) => Application): OpCase => ({
  applications: sizes.map(apply),
  accuracy: PRODUCT,
  gradient: "finite differences",
  large: apply(LARGE),
});

export const convolutions = {
  conv2d: linear(conv2dOf),
  conv2dGradInput: linear(gradInputOf),
  conv2dGradKernel: linear(gradKernelOf),
  linearConv2d: {
    applications: fused.map(linearOf),
    // A rectifier hides the size of its terms.
    accuracy: { relative: 2e-6, floor: 16 },
    gradient: "finite differences",
    large: linearOf({ of: LARGE, isTransposed: false, activation: Activation.Relu }),
  },
} as const satisfies Record<string, OpCase>;

/** What a convolution is beside its tensors, and the sizes that follow. */
import { ConvolutionAlgorithm } from "../../../../assembly/isa/convolution.js";
import { ShapeError } from "../../../check/errors.js";
import { formatShape, ROWS, type Shape } from "../../shape.js";
import { count } from "../operands.js";

/** One number for the height, one for the width. */
export type Pair = readonly [number, number];

/** Zeros above, below, to the left and to the right of a map. */
export type Padding = readonly [top: number, bottom: number, left: number, right: number];

export interface ConvolutionAttributes {
  readonly strides: Pair;
  /** Places from one tap of the kernel to the next. */
  readonly dilation: Pair;
  readonly padding: Padding;
  /** Parts of the channels that do not see each other. */
  readonly groups: number;
}

/** Images, height, width and channels; four numbers once checked. */
export type Map4 = readonly [number, number, number, number];

/** Places that a kernel or window of so many taps covers. */
export const extentOf = (taps: number, dilation: number): number => (taps - 1) * dilation + 1;

/** Places of a result along an axis; at most 0 where the window does not fit. */
export const placesOf = (size: number, extent: number, stride: number, padding: number): number =>
  Math.floor((size + padding - extent) / stride) + 1;

/** @throws ShapeError unless x is [images, height, width, channels], of which the last three are known */
export function checkMap(who: string, x: Shape): Map4 {
  if (x.length === 4 && !x.slice(1).includes(ROWS)) return x as unknown as Map4;
  const mend =
    x.length === 3 && !x.slice(1).includes(ROWS)
      ? ` For maps of one channel make the input [${x[1]}, ${x[2]}, 1].`
      : "";
  throw new ShapeError(`${who}: input is ${formatShape(x)}; needs [rows, height, width, channels].${mend}`);
}

/** Channels are few where they come first: what such a map most likely is. */
const firstChannels = ([, channels, height, width]: Map4): string =>
  channels <= 4 && Math.min(height, width) > channels
    ? ` Its channels seem to come first; needs them last: [${height}, ${width}, ${channels}].`
    : ' Take padding "same", a smaller window, or fewer layers that halve the map.';

const named = (height: number, width: number) => `${height} × ${width}`;

/** Places of a result. @throws ShapeError where a window does not fit the padded map */
export function fitWindow(who: string, x: Map4, extent: Pair, strides: Pair, padding: Padding): Pair {
  const [, height, width] = x;
  const [top, bottom, left, right] = padding;
  const rows = placesOf(height, extent[0], strides[0], top + bottom);
  const columns = placesOf(width, extent[1], strides[1], left + right);
  if (rows > 0 && columns > 0) return [rows, columns];
  const padded = named(height + top + bottom, width + left + right);
  throw new ShapeError(
    `${who}: input is ${formatShape(x)}, ${padded} with its padding; needs at least the ${named(...extent)} that its ` +
      `window covers.${firstChannels(x)}`,
  );
}

/** Shape of a convolution's result. @throws ShapeError naming both shapes where they do not fit */
export function convolvedShape(
  who: string,
  x: Shape,
  kernel: Shape,
  attributes: ConvolutionAttributes,
): Shape {
  const map = checkMap(who, x);
  const { strides, dilation, padding, groups } = attributes;
  const [kernelHeight, kernelWidth, terms, outputs] = kernel as Map4;
  if (kernel.length !== 4 || terms * groups !== map[3] || outputs % groups !== 0) {
    const of = groups === 1 ? "" : ` in ${groups} groups`;
    throw new ShapeError(
      `${who}: input is ${formatShape(x)}, kernel ${formatShape(kernel)}${of}; needs a kernel ` +
        `[height, width, ${groups === 1 ? "channels" : "channels / groups"}, outputs], its outputs a multiple of the groups.`,
    );
  }
  const extent: Pair = [extentOf(kernelHeight, dilation[0]), extentOf(kernelWidth, dilation[1])];
  return [map[0], ...fitWindow(who, map, extent, strides, padding), outputs];
}

/** A convolution as a product of matrices, where its patches lie as rows of one: x[m, k] · kernel[k, n]. */
export interface AsProduct {
  readonly m: ReturnType<typeof count>;
  readonly n: ReturnType<typeof count>;
  readonly k: ReturnType<typeof count>;
}

/** Of a kernel of one place, or as large as the map. */
export function asProduct(
  x: Shape,
  kernel: Shape,
  y: Shape,
  { strides, dilation, padding, groups }: ConvolutionAttributes,
): AsProduct | null {
  if (groups !== 1 || padding.some((zeros) => zeros !== 0)) return null;
  const [, height, width] = x as Map4;
  const [kernelHeight, kernelWidth, terms, outputs] = kernel as Map4;
  const isPlace = kernelHeight === 1 && kernelWidth === 1 && strides.every((stride) => stride === 1);
  const isMap =
    extentOf(kernelHeight, dilation[0]) === kernelHeight &&
    extentOf(kernelWidth, dilation[1]) === kernelWidth &&
    kernelHeight === height &&
    kernelWidth === width;
  if (!isPlace && !isMap) return null;
  return {
    m: count(y.slice(0, 3)),
    n: count([outputs]),
    k: count([kernelHeight * kernelWidth * terms]),
  };
}

/** Runs of floats shorter than this are not worth a loop of their own (measured). */
const SHORT_RUN = 8;

/** A function of shapes alone. @param run floats that lie side by side in a row of the kernel, and for one tap */
export function algorithmOf(
  x: Shape,
  kernel: Shape,
  { dilation, groups }: ConvolutionAttributes,
  direction: "forward" | "adjoint",
): ConvolutionAlgorithm {
  const [, , , inputs] = x as Map4;
  const [, kernelWidth, terms, outputs] = kernel as Map4;
  if (groups > 1 && groups === inputs && groups === outputs) return ConvolutionAlgorithm.Depthwise;
  const tap = direction === "forward" ? terms : outputs / groups;
  const run = groups === 1 && dilation[1] === 1 ? kernelWidth * tap : tap;
  return run < SHORT_RUN ? ConvolutionAlgorithm.Taps : ConvolutionAlgorithm.Segments;
}

/** The fields of a record, x being the map that a convolution takes and y the one that it gives. */
export function sizesOf(x: Shape, kernel: Shape, y: Shape, attributes: ConvolutionAttributes) {
  const { strides, dilation, padding, groups } = attributes;
  const [, height, width, inputs] = x as Map4;
  const [kernelHeight, kernelWidth, terms] = kernel as Map4;
  const [, outHeight, outWidth, outputs] = y as Map4;
  const [strideHeight, strideWidth] = strides;
  const [dilationHeight, dilationWidth] = dilation;
  const [top, , left] = padding;
  return {
    images: count(x.slice(0, 1)),
    height,
    width,
    inputs,
    outHeight,
    outWidth,
    outputs,
    kernelHeight,
    kernelWidth,
    terms,
    groups,
    strideHeight,
    strideWidth,
    dilationHeight,
    dilationWidth,
    top,
    left,
  };
}

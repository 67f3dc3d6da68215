/** The greatest or the mean of each window of a map, channel by channel. */
import { ShapeError } from "../../../check/errors.js";
import { convolutionKinds } from "../../../compile/facts/convolution.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, type Shape, sameShape } from "../../shape.js";
import type { Value } from "../../value.js";
import { count } from "../operands.js";
import { checkMap, fitWindow, type Map4, type Padding, type Pair } from "./sizes.js";

/** Windows of one size, a stride apart. */
export interface SteppedWindows {
  readonly window: Pair;
  readonly strides: Pair;
  /** At most half of the window, so that each sees the map. */
  readonly padding: Padding;
  /** Whether a mean counts the zeros of the padding. */
  readonly countsPadding: boolean;
}

/** So many windows, spread over the map: window i is from ⌊i · size / n⌋ to before ⌈(i + 1) · size / n⌉. */
export interface AdaptiveWindows {
  readonly places: Pair;
}

export type PoolAttributes = SteppedWindows | AdaptiveWindows;

export type PoolGradAttributes = PoolAttributes & {
  /** Height and width of the map. */
  readonly size: Pair;
};

/** Shape of a pooled map. @throws ShapeError where a window does not fit, or sees nothing but padding */
export function pooledShape(who: string, x: Shape, attributes: PoolAttributes): Shape {
  const map = checkMap(who, x);
  if ("places" in attributes) return [map[0], ...attributes.places, map[3]];
  const { window, strides, padding } = attributes;
  const [top, bottom, left, right] = padding;
  if (Math.max(top, bottom) * 2 > window[0] || Math.max(left, right) * 2 > window[1]) {
    throw new ShapeError(
      `${who}: padding is [${padding.join(", ")}] around windows of ${window.join(" × ")}; ` +
        "needs at most half of the window on each side.",
    );
  }
  return [map[0], ...fitWindow(who, map, window, strides, padding), map[3]];
}

/** The fields of a record. */
function sizesOf(x: Shape, y: Shape, attributes: PoolAttributes) {
  const [, height, width, channels] = x as Map4;
  const [, outHeight, outWidth] = y as Map4;
  const isAdaptive = "places" in attributes;
  const stepped: SteppedWindows = isAdaptive
    ? { window: [0, 0], strides: [0, 0], padding: [0, 0, 0, 0], countsPadding: false }
    : attributes;
  const [top, bottom, left, right] = stepped.padding;
  return {
    images: count(x.slice(0, 1)),
    height,
    width,
    channels,
    outHeight,
    outWidth,
    windowHeight: stepped.window[0],
    windowWidth: stepped.window[1],
    strideHeight: stepped.strides[0],
    strideWidth: stepped.strides[1],
    top,
    bottom,
    left,
    right,
    adaptive: Number(isAdaptive),
    countsPadding: Number(stepped.countsPadding),
  };
}

/** Shape of the map that was pooled. @throws ShapeError unless dy is what its pooling has */
function unpooledShape(who: string, dy: Shape, attributes: PoolGradAttributes): Shape {
  const [images, , , channels] = checkMap(who, dy);
  const x = [images, ...attributes.size, channels];
  const y = pooledShape(who, x, attributes);
  if (sameShape(y, dy)) return x;
  throw new ShapeError(`${who}: dy is ${formatShape(dy)}; needs ${formatShape(y)}.`);
}

/** dx from x and dy: each dy goes to where its window's greatest lies, to the first of equals. First order only. */
export const maxPool2dGrad: OpFunction<[Value, Value], PoolAttributes> = defineOp<
  [Value, Value],
  PoolAttributes
>({
  name: "maxPool2dGrad",
  shape: ([x]) => x.shape,
  vjp: "none",
  lower: (emit, [x, dy], dx, attributes) =>
    emit(convolutionKinds.MaxPool2dGrad, { dx, x, dy, ...sizesOf(x.shape, dy.shape, attributes) }),
});

/** y = the greatest of each window; padding is never the greatest. */
export const maxPool2d: OpFunction<[Value], PoolAttributes> = defineOp<[Value], PoolAttributes>({
  name: "maxPool2d",
  role: "passes",
  shape: ([x], attributes) => pooledShape("maxPool2d", x.shape, attributes),
  vjp: ([x], _, dy, attributes) => [maxPool2dGrad(x, dy, attributes)],
  lower: (emit, [x], y, attributes) =>
    emit(convolutionKinds.MaxPool2d, { y, x, ...sizesOf(x.shape, y.shape, attributes) }),
});

/** y = the mean of each window. */
export const averagePool2d: OpFunction<[Value], PoolAttributes> = defineOp<[Value], PoolAttributes>({
  name: "averagePool2d",
  role: "passes",
  shape: ([x], attributes) => pooledShape("averagePool2d", x.shape, attributes),
  vjp: ([x], _, dy, attributes) => {
    const [, height, width] = x.shape as Map4;
    return [averagePool2dGrad(dy, { ...attributes, size: [height, width] })];
  },
  lower: (emit, [x], y, attributes) =>
    emit(convolutionKinds.AveragePool2d, { y, x, ...sizesOf(x.shape, y.shape, attributes) }),
});

/** dx: each dy in equal parts to what its window sees. The adjoint of the mean, which is its own adjoint's. */
export const averagePool2dGrad: OpFunction<[Value], PoolGradAttributes> = defineOp<
  [Value],
  PoolGradAttributes
>({
  name: "averagePool2dGrad",
  shape: ([dy], attributes) => unpooledShape("averagePool2dGrad", dy.shape, attributes),
  vjp: (_, __, dx, { size: _size, ...attributes }) => [averagePool2d(dx, attributes)],
  lower: (emit, [dy], dx, attributes) =>
    emit(convolutionKinds.AveragePool2dGrad, { dx, dy, ...sizesOf(dx.shape, dy.shape, attributes) }),
});

/**
 * Convolution and its two adjoints. It is linear in the map and in the kernel, so each of the three is the gradient of
 * another, to any order.
 */
import { Activation, Form } from "../../../../assembly/isa/matmul.js";
import { ShapeError } from "../../../check/errors.js";
import { convolutionKinds } from "../../../compile/facts/convolution.js";
import { matmulKinds } from "../../../compile/facts/matmul.js";
import { defineOp, type OpFunction } from "../../op.js";
import { formatShape, type Shape, sameShape } from "../../shape.js";
import type { Emit, Operand, Value } from "../../value.js";
import { reluGrad } from "../elementwise/unary.js";
import { sum } from "../reduce/sum.js";
import {
  algorithmOf,
  asProduct,
  type ConvolutionAttributes,
  checkMap,
  convolvedShape,
  type Map4,
  type Pair,
  sizesOf,
} from "./sizes.js";

export interface GradInputAttributes extends ConvolutionAttributes {
  /** Height and width of the map that the convolution takes. */
  readonly size: Pair;
}

export interface GradKernelAttributes extends ConvolutionAttributes {
  /** Height and width of the kernel. */
  readonly kernelSize: Pair;
}

export interface LinearConv2dAttributes extends ConvolutionAttributes {
  readonly activation: Activation;
  /** Of a transposed convolution height and width of its result; null for a convolution. */
  readonly size: Pair | null;
}

/** The attributes that all share. */
const shared = ({ strides, dilation, padding, groups }: ConvolutionAttributes): ConvolutionAttributes => ({
  strides,
  dilation,
  padding,
  groups,
});

interface Epilogue {
  readonly bias: Operand;
  readonly activation: Activation;
}

const NOTHING: Epilogue = { bias: null, activation: Activation.None };

type Lowered = readonly [x: Value, kernel: Value, y: Value];

function lowerConv2d(
  emit: Emit,
  [x, kernel, y]: Lowered,
  attributes: ConvolutionAttributes,
  epilogue: Epilogue,
) {
  const product = asProduct(x.shape, kernel.shape, y.shape, attributes);
  if (product) {
    emit(matmulKinds.Matmul, { y, a: x, b: kernel, ...product, form: Form.AB, ...epilogue });
    return;
  }
  const algorithm = algorithmOf(x.shape, kernel.shape, attributes, "forward");
  const sizes = sizesOf(x.shape, kernel.shape, y.shape, attributes);
  emit(convolutionKinds.Conv2d, { y, x, kernel, ...sizes, algorithm, ...epilogue });
}

function lowerGradInput(
  emit: Emit,
  [x, kernel, y]: Lowered,
  attributes: ConvolutionAttributes,
  epilogue: Epilogue,
) {
  const product = asProduct(x.shape, kernel.shape, y.shape, attributes);
  // A bias has one number for each channel, which is not each column where the kernel has several places.
  if (product && (epilogue === NOTHING || sameShape(kernel.shape.slice(0, 2), [1, 1]))) {
    const { m, n: k, k: n } = product;
    emit(matmulKinds.Matmul, { y: x, a: y, b: kernel, m, n, k, form: Form.ABt, ...epilogue });
    return;
  }
  const algorithm = algorithmOf(x.shape, kernel.shape, attributes, "adjoint");
  const sizes = sizesOf(x.shape, kernel.shape, y.shape, attributes);
  emit(convolutionKinds.Conv2dGradInput, { x, y, kernel, ...sizes, algorithm, ...epilogue });
}

/** The fused op, where the kernels have that activation. */
function activated(value: Value, activation: Activation, bias?: Value): Value | undefined {
  const attributes = value.attributes as ConvolutionAttributes & Partial<LinearConv2dAttributes>;
  const { activation: known = Activation.None, size = null } = attributes;
  if (known !== Activation.None || (activation !== Activation.None && activation !== Activation.Relu)) return;
  const inputs = (bias === undefined ? value.inputs : [...value.inputs, bias]) as [Value, Value, Value];
  return linearConv2d(...inputs, { ...shared(attributes), size, activation });
}

const withBias = (value: Value, bias: Value) => activated(value, Activation.None, bias);

/** y[n, r, c, o] = Σ x[n, r · stride + a · dilation − top, …, t] · kernel[a, b, t, o]: x [n, h, w, c], kernel HWIO. */
export const conv2d: OpFunction<[Value, Value], ConvolutionAttributes> = defineOp<
  [Value, Value],
  ConvolutionAttributes
>({
  name: "conv2d",
  role: "multiplies",
  shape: ([x, kernel], attributes) => convolvedShape("conv2d", x.shape, kernel.shape, attributes),
  vjp: ([x, kernel], _, dy, attributes) => productGradients(x, kernel, dy, attributes),
  lower: (emit, [x, kernel], y, attributes) => lowerConv2d(emit, [x, kernel, y], attributes, NOTHING),
  withBias,
});

function productGradients(
  x: Value,
  kernel: Value,
  dy: Value,
  attributes: ConvolutionAttributes,
): [Value, Value] {
  const [, height, width] = x.shape as Map4;
  const [kernelHeight, kernelWidth] = kernel.shape as Map4;
  return [
    conv2dGradInput(dy, kernel, { ...shared(attributes), size: [height, width] }),
    conv2dGradKernel(x, dy, { ...shared(attributes), kernelSize: [kernelHeight, kernelWidth] }),
  ];
}

/** Whether y is what a convolution makes of x. */
function checkResult(who: string, x: Shape, kernel: Shape, y: Shape, attributes: ConvolutionAttributes) {
  const expected = convolvedShape(who, x, kernel, attributes);
  if (sameShape(expected, y)) return;
  throw new ShapeError(
    `${who}: ${formatShape(y)} is not what a convolution makes of ${formatShape(x)} by a kernel ` +
      `${formatShape(kernel)}; needs ${formatShape(expected)}.`,
  );
}

/** Shape of the map whose convolution has the shape of y. */
function mapShape(who: string, y: Shape, kernel: Shape, attributes: GradInputAttributes): Shape {
  const [images] = checkMap(who, y);
  const x = [images, ...attributes.size, (kernel[2] as number) * attributes.groups];
  checkResult(who, x, kernel, y, attributes);
  return x;
}

/** x = Kᵀ y, K being the linear map of conv2d: the gradient by its input, and the transposed convolution. */
export const conv2dGradInput: OpFunction<[Value, Value], GradInputAttributes> = defineOp<
  [Value, Value],
  GradInputAttributes
>({
  name: "conv2dGradInput",
  role: "multiplies",
  shape: ([y, kernel], attributes) => mapShape("conv2dGradInput", y.shape, kernel.shape, attributes),
  vjp: ([y, kernel], _, dx, attributes) => transposedGradients(y, kernel, dx, attributes),
  lower: (emit, [y, kernel], x, attributes) => lowerGradInput(emit, [x, kernel, y], attributes, NOTHING),
  withBias,
});

function transposedGradients(
  y: Value,
  kernel: Value,
  dx: Value,
  attributes: ConvolutionAttributes,
): [Value, Value] {
  const [kernelHeight, kernelWidth] = kernel.shape as Map4;
  return [
    conv2d(dx, kernel, shared(attributes)),
    conv2dGradKernel(dx, y, { ...shared(attributes), kernelSize: [kernelHeight, kernelWidth] }),
  ];
}

/** dkernel[a, b, t, o] = Σ x[n, r · stride + a · dilation − top, …, t] · dy[n, r, c, o]. */
export const conv2dGradKernel: OpFunction<[Value, Value], GradKernelAttributes> = defineOp<
  [Value, Value],
  GradKernelAttributes
>({
  name: "conv2dGradKernel",
  shape: ([x, dy], attributes) => {
    const [, , , channels] = checkMap("conv2dGradKernel", x.shape);
    const kernel = [...attributes.kernelSize, channels / attributes.groups, dy.shape[3] as number];
    checkResult("conv2dGradKernel", x.shape, kernel, dy.shape, attributes);
    return kernel;
  },
  vjp: ([x, dy], _, dkernel, attributes) => {
    const [, height, width] = x.shape as Map4;
    return [
      conv2dGradInput(dy, dkernel, { ...shared(attributes), size: [height, width] }),
      conv2d(x, dkernel, shared(attributes)),
    ];
  },
  lower: (emit, [x, dy], dkernel, attributes) => {
    const product = asProduct(x.shape, dkernel.shape, dy.shape, attributes);
    if (product) {
      const { m: k, n, k: m } = product;
      emit(matmulKinds.Matmul, { y: dkernel, a: x, b: dy, m, n, k, form: Form.AtB, ...NOTHING });
      return;
    }
    const algorithm = algorithmOf(x.shape, dkernel.shape, attributes, "forward");
    const sizes = sizesOf(x.shape, dkernel.shape, dy.shape, attributes);
    emit(convolutionKinds.Conv2dGradKernel, { dkernel, x, dy, ...sizes, algorithm });
  },
});

/** y = activation(conv2d(x, kernel) + bias), or that of the transposed one: what layers become when ops are fused. */
export const linearConv2d: OpFunction<[Value, Value, Value], LinearConv2dAttributes> = defineOp<
  [Value, Value, Value],
  LinearConv2dAttributes
>({
  name: "linearConv2d",
  role: "multiplies",
  shape: ([x, kernel, bias], attributes) => {
    const { size } = attributes;
    const y =
      size === null
        ? convolvedShape("linearConv2d", x.shape, kernel.shape, attributes)
        : mapShape("linearConv2d", x.shape, kernel.shape, { ...attributes, size });
    if (sameShape(bias.shape, y.slice(-1))) return y;
    throw new ShapeError(
      `linearConv2d: bias is ${formatShape(bias.shape)}; needs ${formatShape(y.slice(-1))}.`,
    );
  },
  vjp: ([x, kernel], y, dy, attributes) => {
    const dz = attributes.activation === Activation.Relu ? reluGrad(y, dy) : dy;
    const gradients = attributes.size === null ? productGradients : transposedGradients;
    return [...gradients(x, kernel, dz, attributes), sum(dz, { axes: [0, 1, 2] })];
  },
  lower: (emit, [x, kernel, bias], y, attributes) => {
    const epilogue = { bias, activation: attributes.activation };
    if (attributes.size === null) lowerConv2d(emit, [x, kernel, y], attributes, epilogue);
    else lowerGradInput(emit, [y, kernel, x], attributes, epilogue);
  },
  withActivation: activated,
});

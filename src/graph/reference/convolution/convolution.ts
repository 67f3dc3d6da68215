/** Convolution by its definition: a sum over triples of an element of the map, one of the kernel and one of the result. */
import { Activation } from "../../../../assembly/isa/matmul.js";
import type {
  GradInputAttributes,
  GradKernelAttributes,
  LinearConv2dAttributes,
} from "../../primitives/convolution/convolution.js";
import type { ConvolutionAttributes } from "../../primitives/convolution/sizes.js";
import type { Shape } from "../../shape.js";
import type { Definition } from "../definition.js";
import { length, type NdArray } from "../ndArray.js";

type Visit = (x: number, kernel: number, y: number) => void;

/** Flat places of all triples whose element of the map is not padding. */
function eachTriple(
  x: Shape,
  kernel: Shape,
  y: Shape,
  attributes: ConvolutionAttributes,
  visit: Visit,
): void {
  const { strides, dilation, padding, groups } = attributes;
  const [images, height, width, channels] = x as [number, number, number, number];
  const [kernelHeight, kernelWidth, terms, outputs] = kernel as [number, number, number, number];
  const [, rows, columns] = y as [number, number, number, number];
  for (let n = 0; n < images; n++) {
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        for (let a = 0; a < kernelHeight; a++) {
          for (let b = 0; b < kernelWidth; b++) {
            const row = r * strides[0] + a * dilation[0] - padding[0];
            const column = c * strides[1] + b * dilation[1] - padding[2];
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            for (let o = 0; o < outputs; o++) {
              const first = Math.floor(o / (outputs / groups)) * terms;
              for (let t = 0; t < terms; t++) {
                visit(
                  ((n * height + row) * width + column) * channels + first + t,
                  ((a * kernelWidth + b) * terms + t) * outputs + o,
                  ((n * rows + r) * columns + c) * outputs + o,
                );
              }
            }
          }
        }
      }
    }
  }
}

const zeros = (shape: Shape): NdArray => ({ shape, data: new Float64Array(length(shape)) });

export const conv2d: Definition<ConvolutionAttributes> = ([x, kernel], shape, attributes) => {
  const y = zeros(shape);
  eachTriple(x!.shape, kernel!.shape, shape, attributes, (i, j, k) => {
    y.data[k]! += x!.data[i]! * kernel!.data[j]!;
  });
  return y;
};

export const conv2dGradInput: Definition<GradInputAttributes> = ([y, kernel], shape, attributes) => {
  const x = zeros(shape);
  eachTriple(shape, kernel!.shape, y!.shape, attributes, (i, j, k) => {
    x.data[i]! += y!.data[k]! * kernel!.data[j]!;
  });
  return x;
};

export const conv2dGradKernel: Definition<GradKernelAttributes> = ([x, dy], shape, attributes) => {
  const kernel = zeros(shape);
  eachTriple(x!.shape, shape, dy!.shape, attributes, (i, j, k) => {
    kernel.data[j]! += x!.data[i]! * dy!.data[k]!;
  });
  return kernel;
};

export const linearConv2d: Definition<LinearConv2dAttributes> = (
  [x, kernel, bias],
  shape,
  attributes,
  feed,
) => {
  const { size, activation } = attributes;
  const product =
    size === null
      ? conv2d([x!, kernel!], shape, attributes, feed)
      : conv2dGradInput([x!, kernel!], shape, { ...attributes, size }, feed);
  const data = product.data.map((value, i) => value + bias!.data[i % bias!.data.length]!);
  return { shape, data: activation === Activation.Relu ? data.map((value) => Math.max(value, 0)) : data };
};

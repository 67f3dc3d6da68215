/** Convolution and its adjoint, which is the transposed convolution. */
import { ConvolutionAlgorithm } from "../../isa/convolution";
import { Activation } from "../../isa/matmul";
import { LOWEST, ZEROS } from "./constants";
import { convolve, withoutTerms } from "./convolve";
import { depthwise } from "./depthwise";
import { adjointPass, forwardPass, Pass, PASS_BYTES } from "./pass";
import { ConvolutionShape } from "./shape";

/** y = max(the sums of a pass + bias, floor), by the algorithm that the shapes have. */
function runPass(
  y: usize,
  x: usize,
  kernel: usize,
  bias: usize,
  activation: u32,
  images: u32,
  pass: Pass,
  algorithm: u32,
): void {
  const scratch = changetype<usize>(pass) + PASS_BYTES;
  const floor = activation == Activation.Relu ? ZEROS : LOWEST;
  if (pass.taps() == 0) withoutTerms(y, bias, floor, images, pass);
  else if (algorithm == ConvolutionAlgorithm.Depthwise)
    depthwise(y, x, kernel, bias, floor, images, pass, scratch);
  else convolve(y, x, kernel, bias, floor, images, pass, algorithm, scratch);
}

/**
 * y[n, r, c, o] = max(Σ x[n, r · stride + a · dilation − top, c · stride + b · dilation − left, t] · kernel[a, b, t, o]
 * + bias[o], floor), over kernel rows a, kernel columns b and the channels t of the group of o, x being 0 outside.
 *
 * @param y       [images, outHeight, outWidth, outputs] out, aliases nothing
 * @param x       [images, height, width, inputs]
 * @param kernel  [kernelHeight, kernelWidth, inputs / groups, outputs]
 * @param bias    [outputs], or 0 for none
 * @param scratch see src/compile/facts/convolution.ts for its bytes
 */
export function conv2d(
  y: usize,
  x: usize,
  kernel: usize,
  bias: usize,
  images: u32,
  shape: ConvolutionShape,
  activation: u32,
  scratch: usize,
): void {
  const pass = changetype<Pass>(scratch);
  forwardPass(pass, shape);
  runPass(y, x, kernel, bias, activation, images, pass, shape.algorithm);
}

/**
 * x = max(Kᵀ y + bias, floor), K being the linear map of conv2d: one pass for each phase of the strides, whose places see
 * the same taps. Operands as in conv2d, but bias [inputs].
 */
export function conv2dGradInput(
  x: usize,
  y: usize,
  kernel: usize,
  bias: usize,
  images: u32,
  shape: ConvolutionShape,
  activation: u32,
  scratch: usize,
): void {
  const pass = changetype<Pass>(scratch);
  const pixel = <usize>shape.inputs << 2;
  for (let r: u32 = 0; r < min(shape.strideHeight, shape.height); r++) {
    for (let c: u32 = 0; c < min(shape.strideWidth, shape.width); c++) {
      adjointPass(pass, shape, r, c);
      const first = x + (<usize>r * shape.width + c) * pixel;
      runPass(first, y, kernel, bias, activation, images, pass, shape.algorithm);
    }
  }
}

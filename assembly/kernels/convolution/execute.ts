/** Convolutions of maps with two axes, channels last, and pooling. */
import { Control, Status } from "../../isa/control";
import {
  AveragePool2dGradRecord,
  AveragePool2dRecord,
  Conv2dGradInputRecord,
  Conv2dGradKernelRecord,
  Conv2dRecord,
  ConvolutionAlgorithm,
  ConvolutionOp,
  MaxPool2dGradRecord,
  MaxPool2dRecord,
} from "../../isa/convolution";
import { count, word } from "../../record";
import { conv2d, conv2dGradInput } from "./convolution";
import { depthwiseGradKernel } from "./depthwiseGrad";
import { conv2dGradKernel } from "./kernelGrad";
import { averagePool2d, averagePool2dGrad, maxPool2d, maxPool2dGrad, PoolShape } from "./pool";
import { ConvolutionShape } from "./shape";

/** Decodes a record of the family and runs its kernel. */
export function execute(control: usize, r: usize, _thread: u32, _threads: u32): u32 {
  const op = load<i32>(r);
  switch (op) {
    case ConvolutionOp.Conv2d:
      return executeConv2d(control, r);
    case ConvolutionOp.Conv2dGradInput:
      return executeGradInput(control, r);
    case ConvolutionOp.Conv2dGradKernel:
      return executeGradKernel(control, r);
    case ConvolutionOp.MaxPool2d:
      return executeMaxPool(control, r);
    case ConvolutionOp.MaxPool2dGrad:
      return executeMaxPoolGrad(control, r);
    case ConvolutionOp.AveragePool2d:
      return executeAveragePool(control, r);
    case ConvolutionOp.AveragePool2dGrad:
      return executeAveragePoolGrad(control, r);
    default:
      return Status.UnknownOp;
  }
}

/** The sizes from a record's field `height` on, where they lie. */
@inline
function sizes<S>(r: usize, height: i32): S {
  return changetype<S>(r + (<usize>height << 2));
}

function executeConv2d(control: usize, r: usize): u32 {
  conv2d(
    word(r, Conv2dRecord.y),
    word(r, Conv2dRecord.x),
    word(r, Conv2dRecord.kernel),
    word(r, Conv2dRecord.bias),
    count(control, r, Conv2dRecord.images),
    sizes<ConvolutionShape>(r, Conv2dRecord.height),
    word(r, Conv2dRecord.activation),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
}

function executeGradInput(control: usize, r: usize): u32 {
  conv2dGradInput(
    word(r, Conv2dGradInputRecord.x),
    word(r, Conv2dGradInputRecord.y),
    word(r, Conv2dGradInputRecord.kernel),
    word(r, Conv2dGradInputRecord.bias),
    count(control, r, Conv2dGradInputRecord.images),
    sizes<ConvolutionShape>(r, Conv2dGradInputRecord.height),
    word(r, Conv2dGradInputRecord.activation),
    load<u32>(control, Control.scratch),
  );
  return Status.Ok;
}

function executeGradKernel(control: usize, r: usize): u32 {
  const dkernel = word(r, Conv2dGradKernelRecord.dkernel);
  const x = word(r, Conv2dGradKernelRecord.x), dy = word(r, Conv2dGradKernelRecord.dy);
  const images = count(control, r, Conv2dGradKernelRecord.images);
  const shape = sizes<ConvolutionShape>(r, Conv2dGradKernelRecord.height);
  const scratch = load<u32>(control, Control.scratch);
  if (shape.algorithm == ConvolutionAlgorithm.Depthwise)
    depthwiseGradKernel(dkernel, x, dy, images, shape, scratch);
  else conv2dGradKernel(dkernel, x, dy, images, shape, scratch);
  return Status.Ok;
}

function executeMaxPool(control: usize, r: usize): u32 {
  const images = count(control, r, MaxPool2dRecord.images);
  const shape = sizes<PoolShape>(r, MaxPool2dRecord.height);
  maxPool2d(word(r, MaxPool2dRecord.y), word(r, MaxPool2dRecord.x), images, shape);
  return Status.Ok;
}

function executeMaxPoolGrad(control: usize, r: usize): u32 {
  const images = count(control, r, MaxPool2dGradRecord.images);
  const shape = sizes<PoolShape>(r, MaxPool2dGradRecord.height);
  const x = word(r, MaxPool2dGradRecord.x), dy = word(r, MaxPool2dGradRecord.dy);
  maxPool2dGrad(word(r, MaxPool2dGradRecord.dx), x, dy, images, shape);
  return Status.Ok;
}

function executeAveragePool(control: usize, r: usize): u32 {
  const images = count(control, r, AveragePool2dRecord.images);
  const shape = sizes<PoolShape>(r, AveragePool2dRecord.height);
  averagePool2d(word(r, AveragePool2dRecord.y), word(r, AveragePool2dRecord.x), images, shape);
  return Status.Ok;
}

function executeAveragePoolGrad(control: usize, r: usize): u32 {
  const images = count(control, r, AveragePool2dGradRecord.images);
  const shape = sizes<PoolShape>(r, AveragePool2dGradRecord.height);
  averagePool2dGrad(word(r, AveragePool2dGradRecord.dx), word(r, AveragePool2dGradRecord.dy), images, shape);
  return Status.Ok;
}

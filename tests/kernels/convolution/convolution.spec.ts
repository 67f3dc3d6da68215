import { ConvolutionAlgorithm } from "../../../assembly/isa/convolution";
import { conv2d, conv2dGradInput } from "../../../assembly/kernels/convolution/convolution";
import { depthwiseGradKernel } from "../../../assembly/kernels/convolution/depthwiseGrad";
import { conv2dGradKernel } from "../../../assembly/kernels/convolution/kernelGrad";
import { ConvolutionShape } from "../../../assembly/kernels/convolution/shape";
import { at, buffer, guarded, near, samples, samplesAtMemoryEnd } from "../floats";

const images: u32 = 2;

/** Room for any of the shapes below. */
const scratch = heap.alloc(1 << 20);

function shapeOf(
  side: u32,
  terms: u32,
  outputs: u32,
  groups: u32,
  kernel: u32,
  stride: u32,
  dilation: u32,
  padding: u32,
  algorithm: u32,
): ConvolutionShape {
  const s = changetype<ConvolutionShape>(heap.alloc(offsetof<ConvolutionShape>()));
  s.height = side;
  s.width = side + 1;
  s.inputs = terms * groups;
  s.outputs = outputs * groups;
  s.terms = terms;
  s.groups = groups;
  s.kernelHeight = kernel;
  s.kernelWidth = kernel;
  s.strideHeight = stride;
  s.strideWidth = stride;
  s.dilationHeight = dilation;
  s.dilationWidth = dilation;
  s.top = padding;
  s.left = padding;
  s.outHeight = (s.height + 2 * padding - (kernel - 1) * dilation - 1) / stride + 1;
  s.outWidth = (s.width + 2 * padding - (kernel - 1) * dilation - 1) / stride + 1;
  s.algorithm = algorithm;
  return s;
}

/** Σ over all triples of an element of x, one of the kernel and one of y of which the place `which` is fixed. */
function total(
  s: ConvolutionShape,
  x: usize,
  kernel: usize,
  y: usize,
  fixed: u32,
  which: u32,
  size: bool,
): f64 {
  let sum: f64 = 0;
  const perGroup = s.outputs / s.groups;
  for (let n: u32 = 0; n < images; n++) {
    for (let r: u32 = 0; r < s.outHeight; r++) {
      for (let c: u32 = 0; c < s.outWidth; c++) {
        for (let a: u32 = 0; a < s.kernelHeight; a++) {
          for (let b: u32 = 0; b < s.kernelWidth; b++) {
            const row = <i32>(r * s.strideHeight + a * s.dilationHeight) - s.top;
            const column = <i32>(c * s.strideWidth + b * s.dilationWidth) - s.left;
            if (row < 0 || row >= <i32>s.height || column < 0 || column >= <i32>s.width) continue;
            for (let o: u32 = 0; o < s.outputs; o++) {
              const yAt = ((n * s.outHeight + r) * s.outWidth + c) * s.outputs + o;
              if (fixed == 2 && yAt != which) continue;
              for (let t: u32 = 0; t < s.terms; t++) {
                const channel = (o / perGroup) * s.terms + t;
                const xAt = ((n * s.height + <u32>row) * s.width + <u32>column) * s.inputs + channel;
                const kAt = ((a * s.kernelWidth + b) * s.terms + t) * s.outputs + o;
                if ((fixed == 0 && xAt != which) || (fixed == 1 && kAt != which)) continue;
                const left: f64 = fixed == 0 ? <f64>at(kernel, kAt) : <f64>at(x, xAt);
                const right: f64 = fixed == 2 ? <f64>at(kernel, kAt) : <f64>at(y, yAt);
                sum += size ? abs(left * right) : left * right;
              }
            }
          }
        }
      }
    }
  }
  return sum;
}

/** Whether a result is its definition, at the ends and some places between. */
function holds(
  s: ConvolutionShape,
  result: usize,
  n: u32,
  x: usize,
  kernel: usize,
  y: usize,
  fixed: u32,
): bool {
  for (let i: u32 = 0; i < 9; i++) {
    const which = i < 8 ? (i * (n - 1)) / 8 : n - 1;
    const scale = max(1, total(s, x, kernel, y, fixed, which, true));
    if (!near(at(result, which), total(s, x, kernel, y, fixed, which, false), 2e-6, scale)) return false;
  }
  return guarded(result, n);
}

/** All three kernels of a shape, their operands ending where memory ends. */
function agrees(s: ConvolutionShape): bool {
  const xs = images * s.height * s.width * s.inputs;
  const ys = images * s.outHeight * s.outWidth * s.outputs;
  const ks = s.kernelHeight * s.kernelWidth * s.terms * s.outputs;
  const y = buffer(ys), dx = buffer(xs), dkernel = buffer(ks);
  const kernel = samplesAtMemoryEnd(ks);
  const x = samples(xs, 3);
  conv2d(y, samplesAtMemoryEnd(xs), kernel, 0, images, s, 0, scratch);
  if (!holds(s, y, ys, samplesAtMemoryEnd(xs), kernel, 0, 2)) return false;
  const dy = samplesAtMemoryEnd(ys);
  conv2dGradInput(dx, dy, kernel, 0, images, s, 0, scratch);
  if (!holds(s, dx, xs, 0, kernel, dy, 0)) return false;
  if (s.algorithm == ConvolutionAlgorithm.Depthwise) depthwiseGradKernel(dkernel, x, dy, images, s, scratch);
  else conv2dGradKernel(dkernel, x, dy, images, s, scratch);
  return holds(s, dkernel, ks, x, 0, dy, 1);
}

const segments = ConvolutionAlgorithm.Segments;
const taps = ConvolutionAlgorithm.Taps;
const depthwise = ConvolutionAlgorithm.Depthwise;

describe("a convolution and its adjoints", () => {
  it("are their definition by any algorithm, for channels that fill no vector, and read nothing beyond their operands", () => {
    for (let algorithm: u32 = segments; algorithm <= <u32>taps; algorithm++) {
      expect(agrees(shapeOf(5, 1, 1, 1, 3, 1, 1, 1, algorithm))).toBe(true);
      expect(agrees(shapeOf(6, 3, 17, 1, 3, 2, 1, 0, algorithm))).toBe(true);
      expect(agrees(shapeOf(7, 5, 9, 1, 2, 1, 3, 2, algorithm))).toBe(true);
      expect(agrees(shapeOf(4, 2, 3, 3, 3, 3, 2, 2, algorithm))).toBe(true);
    }
  });

  it("are their definition with a kernel for each channel", () => {
    expect(agrees(shapeOf(6, 1, 1, 5, 3, 1, 1, 1, depthwise))).toBe(true);
    expect(agrees(shapeOf(7, 1, 1, 8, 3, 2, 1, 0, depthwise))).toBe(true);
    expect(agrees(shapeOf(5, 1, 1, 3, 5, 1, 1, 2, depthwise))).toBe(true);
  });

  it("are their definition where a sum has several parts, and a kernel is larger than the map", () => {
    expect(agrees(shapeOf(3, 70, 10, 1, 3, 1, 1, 1, segments))).toBe(true);
    expect(agrees(shapeOf(2, 3, 4, 1, 5, 1, 1, 2, segments))).toBe(true);
  });
});

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
} from "../../../assembly/isa/convolution.js";
import { MATMUL_KC } from "../../../assembly/isa/limits.js";
import { Family } from "../../../assembly/isa/op.js";
import { type FieldOf, fact, family } from "./fact.js";

/** The fields that all three records have. */
type Size = (field: Exclude<FieldOf<typeof Conv2dGradKernelRecord>, "dkernel" | "dy">) => number;

/** Places of a block, and those of a chunk of a kernel's gradient: see assembly/kernels/convolution/. */
const BLOCK_PIXELS = 112;
const CHUNK_PIXELS = 64;
const LARGE_CHUNK_PIXELS = 128;
const LARGE_KERNEL = 1024;

const roundUp = (x: number, multiple: number) => Math.ceil(x / multiple) * multiple;
const lines = (floats: number) => roundUp(4 * floats, 64);

/** What a kernel walks along one axis: see Pass in assembly/kernels/convolution/pass.ts. */
interface Walk {
  readonly places: number;
  readonly step: number;
  readonly taps: number;
  readonly jump: number;
}

const seen = ({ step, taps, jump }: Walk, places: number) => (places - 1) * step + (taps - 1) * jump + 1;

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

/** A convolution's walk over its result, or the longest of its adjoint's phases. */
function walks(size: Size, isAdjoint: boolean): [Walk, Walk] {
  const along = (axis: "Height" | "Width"): Walk => {
    const [taps, stride, dilation] = [size(`kernel${axis}`), size(`stride${axis}`), size(`dilation${axis}`)];
    if (!isAdjoint) return { places: size(`out${axis}`), step: stride, taps, jump: dilation };
    const places = Math.ceil(size(axis === "Height" ? "height" : "width") / stride);
    const factor = commonDivisor(stride, dilation);
    return { places, step: 1, taps: Math.ceil((taps * factor) / stride), jump: dilation / factor };
  };
  return [along("Height"), along("Width")];
}

/** Rows that are computed at once, and bytes of what they see. */
function block([rows, columns]: readonly [Walk, Walk], pixels: number, pitch: number) {
  const most = Math.min(rows.places, Math.max(1, Math.floor(pixels / columns.places)));
  return { places: most * columns.places, source: seen(rows, most) * seen(columns, columns.places) * pitch };
}

const PASS_BYTES = 192;

/** See `prepare` in assembly/kernels/convolution/convolve.ts, and depthwise.ts. */
function passBytes(size: Size, isAdjoint: boolean): number {
  const [rows, columns] = walks(size, isAdjoint);
  const groups = size("groups");
  const [channels, result] = isAdjoint
    ? [size("outputs"), size("inputs")]
    : [size("inputs"), size("outputs")];
  const taps = rows.taps * columns.taps;
  if (size("algorithm") === ConvolutionAlgorithm.Depthwise) {
    const pitch = roundUp(4 * channels, 16);
    return (
      PASS_BYTES + 64 + lines(taps) + (taps + 1) * pitch + block([rows, columns], BLOCK_PIXELS, pitch).source
    );
  }
  const { places, source } = block([rows, columns], BLOCK_PIXELS, 4 * channels);
  const terms = (taps * channels) / groups;
  const runs = taps + Math.floor(terms / MATMUL_KC) + 1;
  const tables = 128 + lines(terms / MATMUL_KC + 2) + lines(Math.max(2 * runs, terms));
  const packed = lines(terms * groups * roundUp(result / groups, 8));
  return PASS_BYTES + tables + lines(16 * places) + packed + source;
}

/** See `prepare` in assembly/kernels/convolution/kernelGrad.ts, and depthwiseGrad.ts. */
function kernelGradBytes(size: Size): number {
  const [rows, columns] = walks(size, false);
  const [channels, groups, terms] = [size("inputs"), size("groups"), size("terms")];
  const taps = rows.taps * columns.taps;
  if (size("algorithm") === ConvolutionAlgorithm.Depthwise) {
    const pitch = roundUp(4 * channels, 16);
    const rounded = roundUp(taps, 4);
    const { places, source } = block([rows, columns], BLOCK_PIXELS, pitch);
    return PASS_BYTES + lines(rounded) + (rounded + places) * pitch + source;
  }
  const pixels = terms * (size("outputs") / groups) < LARGE_KERNEL ? CHUNK_PIXELS : LARGE_CHUNK_PIXELS;
  const rounded = roundUp(taps * terms, 4);
  const width = groups * roundUp(size("outputs") / groups, 8);
  const { source } = block([rows, columns], pixels, 4 * channels);
  return PASS_BYTES + 64 + lines(rounded) + lines(rounded * width) + lines(pixels * width) + source;
}

const multiplies = [
  "images",
  "outHeight",
  "outWidth",
  "outputs",
  "kernelHeight",
  "kernelWidth",
  "terms",
] as const;

export const convolutionKinds = family("convolution", Family.Convolution, ConvolutionOp, {
  Conv2d: fact(Conv2dRecord, {
    result: "y",
    reads: ["x", "kernel", "bias"],
    multiplies,
    scratch: (size) => passBytes(size, false),
  }),
  Conv2dGradInput: fact(Conv2dGradInputRecord, {
    result: "x",
    reads: ["y", "kernel", "bias"],
    multiplies,
    scratch: (size) => passBytes(size, true),
  }),
  Conv2dGradKernel: fact(Conv2dGradKernelRecord, {
    result: "dkernel",
    reads: ["x", "dy"],
    multiplies,
    scratch: kernelGradBytes,
  }),
  MaxPool2d: fact(MaxPool2dRecord, { result: "y", reads: ["x"] }),
  MaxPool2dGrad: fact(MaxPool2dGradRecord, { result: "dx", reads: ["x", "dy"] }),
  AveragePool2d: fact(AveragePool2dRecord, { result: "y", reads: ["x"] }),
  AveragePool2dGrad: fact(AveragePool2dGradRecord, { result: "dx", reads: ["dy"] }),
});
